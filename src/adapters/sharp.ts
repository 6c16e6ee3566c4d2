import type { Sharp } from 'sharp';
import { UnreadablePicture } from '#errors.ts';
import type { OpenPicture, Renderer, Rendition } from '#ports/renderer.ts';
import { isPadded, type PictureLimits, planRendition, type RenditionPlan } from '#post/photo.ts';
import { readOwnWords } from './exifr.ts';

/** Above this a file is taken for a bomb; the largest cameras have 150 megapixels. */
const maxPixels = 160_000_000;
/** No platform shows more than Telegram's largest size, 2560 pixels. */
const masterEdge = 2560;
const formats = new Set(['jpeg', 'png', 'webp', 'tiff', 'gif', 'heif']);
const qualities = [88, 82, 74, 64, 50];
const paper = '#ffffff';

/** The picture decoded once: upright, sRGB, at most 2560 pixels on its long edge. */
interface Master {
  readonly pixels: Buffer;
  readonly raw: { readonly width: number; readonly height: number; readonly channels: 1 | 2 | 3 | 4 };
}

type SharpModule = typeof import('sharp')['default'];

/** Pictures by libvips. It is loaded when the first picture is opened. */
export function createSharpRenderer(): Renderer {
  let loading: Promise<SharpModule> | undefined;
  function load(): Promise<SharpModule> {
    loading ??= import('sharp').then(({ default: sharp }) => {
      // Pictures come one at a time and never again: a cache only holds memory.
      sharp.cache(false);
      return sharp;
    });
    return loading;
  }

  return {
    async open(original): Promise<OpenPicture> {
      const sharp = await load();
      const { master, xmp } = await develop(sharp, original);
      const ownWords = await readOwnWords(original, xmp);
      return { ownWords, render: (limits) => render(sharp, master, limits) };
    },
    async contactSheet(pictures) {
      return contactSheet(await load(), pictures);
    },
  };
}

/** The master, and the XMP packet that the file brings along. */
async function develop(
  sharp: SharpModule,
  original: Buffer,
): Promise<{ readonly master: Master; readonly xmp: Buffer | undefined }> {
  try {
    const image = sharp(original, { limitInputPixels: maxPixels });
    const { format, xmp } = await image.metadata();
    if (format === undefined || !formats.has(format)) throw new UnreadablePicture('this is no photo format');
    const { data, info } = await image
      .autoOrient()
      .resize({ width: masterEdge, height: masterEdge, fit: 'inside', withoutEnlargement: true })
      .flatten({ background: paper })
      .toColourspace('srgb')
      .raw({ depth: 'uchar' })
      .toBuffer({ resolveWithObject: true });
    const { width, height, channels } = info;
    return { master: { pixels: data, raw: { width, height, channels } }, xmp };
  } catch (error) {
    if (error instanceof UnreadablePicture) throw error;
    throw new UnreadablePicture(error instanceof Error ? (error.message.split('\n')[0] ?? '') : 'unknown');
  }
}

async function render(sharp: SharpModule, master: Master, limits: PictureLimits): Promise<Rendition> {
  for (let edge = limits.maxLongEdge; ; edge = Math.round(edge * 0.8)) {
    const plan = planRendition(master.raw, { ...limits, maxLongEdge: edge });
    for (const quality of qualities) {
      const bytes = await draw(sharp, master, plan).jpeg({ quality }).toBuffer();
      if (bytes.length > limits.maxBytes) continue;
      return { bytes, ...plan.canvas, isPadded: isPadded(plan) };
    }
    if (edge < 100) throw new UnreadablePicture('it cannot be made small enough');
  }
}

function draw(sharp: SharpModule, { pixels, raw }: Master, { picture, canvas }: RenditionPlan): Sharp {
  const left = Math.floor((canvas.width - picture.width) / 2);
  const top = Math.floor((canvas.height - picture.height) / 2);
  return sharp(pixels, { raw })
    .resize({ ...picture, fit: 'fill' })
    .extend({
      left,
      top,
      right: canvas.width - picture.width - left,
      bottom: canvas.height - picture.height - top,
      background: paper,
    });
}

const frame = { width: 320, height: 240, gap: 12, perRow: 3 };

async function contactSheet(sharp: SharpModule, pictures: readonly (Buffer | undefined)[]): Promise<Buffer> {
  const { width, height, gap, perRow } = frame;
  const columns = Math.min(perRow, Math.max(1, pictures.length));
  const rows = Math.max(1, Math.ceil(pictures.length / perRow));
  const frames = await Promise.all(pictures.map((picture) => thumbnail(sharp, picture)));
  return await sharp({
    create: {
      width: columns * (width + gap) + gap,
      height: rows * (height + gap) + gap,
      channels: 3,
      background: '#1c1c1e',
    },
  })
    .composite(
      frames.map((input, index) => ({
        input,
        left: gap + (index % perRow) * (width + gap),
        top: gap + Math.floor(index / perRow) * (height + gap),
      })),
    )
    .jpeg({ quality: 85 })
    .toBuffer();
}

async function thumbnail(sharp: SharpModule, picture: Buffer | undefined): Promise<Buffer> {
  const { width, height } = frame;
  const background = '#2c2c2e';
  const empty = { create: { width, height, channels: 3 as const, background } };
  if (picture === undefined) return await sharp(empty).png().toBuffer();
  return await sharp(picture, { limitInputPixels: maxPixels })
    .autoOrient()
    .resize({ width, height, fit: 'contain', background })
    .png()
    .toBuffer()
    .catch(() => thumbnail(sharp, undefined));
}
