import { z } from 'zod';
import { cleanName } from './file-name.ts';

/** A picture file in the library. Identity is `contentHash` for what it shows, `id` for where it lies. */
export const Photo = z.object({
  /** The library's id of the file; survives moving and renaming. */
  id: z.string(),
  path: z.string(),
  name: z.string(),
  sizeBytes: z.number(),
  /** Equal for equal bytes, whatever the file is called. */
  contentHash: z.string(),
});
export type Photo = Readonly<z.infer<typeof Photo>>;

/** Larger files are no photos that we can handle, and not a byte of them is downloaded. */
export const largestPhotoBytes = 100 * 1024 * 1024;

/** Width and height in pixels, as the picture is seen (orientation applied). */
export interface Size {
  readonly width: number;
  readonly height: number;
}

/** What the photographer wrote into the file (IPTC, XMP or EXIF), and the day that the camera noted. */
export const OwnWords = z.object({
  title: z.string().optional(),
  description: z.string().optional(),
  keywords: z.array(z.string()),
  /** The day on the camera's clock, as `2026-11-22`. */
  takenOn: z.string().optional(),
  /** City and country as words, never from coordinates. */
  place: z.string().optional(),
});
export type OwnWords = Readonly<z.infer<typeof OwnWords>>;

/** A note that lies beside the photo says more than what is written in it, because it was made for this. */
export function withNote({ title, description, ...others }: OwnWords, note: string | undefined): OwnWords {
  if (note !== undefined) return { ...others, description: note };
  return {
    ...others,
    ...(title !== undefined && { title }),
    ...(description !== undefined && { description }),
  };
}

/** What a platform accepts as a picture. Ratios are width divided by height; edges and widths are in pixels. */
export interface PictureLimits {
  readonly maxBytes: number;
  readonly maxLongEdge: number;
  /** Absent: no more than the long edge. */
  readonly maxWidth?: number;
  /** Width and height together; absent: no limit. */
  readonly maxSides?: number;
  readonly minWidth: number;
  readonly minRatio: number;
  readonly maxRatio: number;
}

/** How a picture is brought within the limits: scaled to `picture`, then padded to `canvas`. */
export interface RenditionPlan {
  readonly picture: Size;
  readonly canvas: Size;
}

/**
 * The largest rendition of a picture of this size that the limits allow. Nothing is ever cut off: a picture
 * that is too wide or too tall is padded. Nothing is enlarged, except up to `minWidth`.
 */
export function planRendition(size: Size, limits: PictureLimits): RenditionPlan {
  const picture = scaled(size, scaleWithin(boundsOf(size, limits), limits));
  const bounds = boundsOf(picture, limits);
  // Away from the forbidden side, so that whole pixels keep to the ratio too.
  const canvas = { width: Math.ceil(bounds.width), height: Math.ceil(bounds.height) };
  // Whole pixels can be a shade too wide or too tall where the picture itself is not: that makes no border.
  return hasShapeFor(size, limits) ? { picture: canvas, canvas } : { picture, canvas };
}

/** Whether a picture of this size needs neither borders nor a cut. */
export function hasShapeFor({ width, height }: Size, { minRatio, maxRatio }: PictureLimits): boolean {
  return width / height >= minRatio && width / height <= maxRatio;
}

function scaleWithin({ width, height }: Size, limits: PictureLimits): number {
  const { maxLongEdge, maxWidth = maxLongEdge, maxSides = Number.POSITIVE_INFINITY, minWidth } = limits;
  const shrink = Math.min(
    1,
    maxLongEdge / Math.max(width, height),
    maxWidth / width,
    // Both sides can be rounded up.
    (maxSides - 2) / (width + height),
  );
  // A hair's breadth of a picture would grow too long in becoming wide enough.
  return Math.min(Math.max(shrink, minWidth / width), maxLongEdge / Math.max(width, height));
}

/** The picture with the borders that its shape needs. */
function boundsOf({ width, height }: Size, { minRatio, maxRatio }: PictureLimits): Size {
  return { width: Math.max(width, height * minRatio), height: Math.max(height, width / maxRatio) };
}

function scaled(size: Size, scale: number): Size {
  return {
    width: Math.max(1, Math.round(size.width * scale)),
    height: Math.max(1, Math.round(size.height * scale)),
  };
}

const formats = /\.(jpe?g|png|webp|avif|hei[cf]|tiff?|gif)$/i;

/** Such as `.txt` or `.mp4`; what follows the dot in "Dr. Who" is none. */
const ending = /\.[a-z0-9]{1,10}$/i;

/**
 * Whether a file may be a picture by its name: it has the ending of one, or none at all. Whether it is one shows its
 * content when it is opened; but files that say themselves to be something else are not downloaded to look.
 */
export function isPictureName(name: string): boolean {
  // macOS keeps the picture of a folder in a file called `Icon` and a carriage return.
  const isHidden = name === '' || name.startsWith('.') || name === 'Icon\r';
  return !isHidden && (formats.test(name) || !ending.test(name));
}

/** The ending of each format that sharp names. */
const endings: Readonly<Record<string, string>> = { jpeg: 'jpg', heif: 'heic' };

/** The name for a picture of this format, so that it is found in the library again: its own where that will do. */
export function pictureName(name: string, format: string): string {
  return isPictureName(name) ? name : `${name}.${endings[format] ?? format}`;
}

/** The text file that is the note of the photo of this name. */
export function noteName(name: string): string {
  return `${name.replace(/(?<=.)\.[^.]*$/, '')}.txt`;
}

/** A caption of last resort from the file's name: `harbour-at-dusk.jpg` becomes "Harbour at dusk". */
export function nameAsWords(name: string): string | undefined {
  const words = cleanName(name)
    .replaceAll('\uFFFD', ' ')
    .replace(/\.[^.]*$/, '')
    .replace(/[_-]+/g, ' ')
    .trim();
  const isCameraName =
    /^(dsc[fn]?|img|mvimg|pxl|dji|_?mg|gopr|gx|sam|p|screenshot|photo|image)?[\s\d]*\d/i.test(words);
  if (isCameraName || !/\p{L}{3}/u.test(words)) return undefined;
  return words.charAt(0).toUpperCase() + words.slice(1);
}
