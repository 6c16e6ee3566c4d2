import type { Sharp } from 'sharp';
import { UnreadablePicture } from '#errors.ts';
import type { Rendition } from '#ports/renderer.ts';
import {
  hasShapeFor,
  type PictureLimits,
  planRendition,
  type RenditionPlan,
  type Size,
} from '#post/photo.ts';
import { partWithin, type Shape } from '#post/shape.ts';
import { withCredit } from './credit.ts';
import type { Credit } from './exifr.ts';

/** Above this a file is taken for a bomb; the largest cameras have 150 megapixels. */
export const maxPixels = 160_000_000;
/** How whatever comes from elsewhere is opened. */
export const safe = { limitInputPixels: maxPixels } as const;
const qualities = [90, 82, 74, 64, 50];
/**
 * How every picture that goes out is encoded. Thin red and blue edges keep their colour, for a fifth more bytes and no more
 * time. Optimised coding saves a tenth of the bytes and holds the whole picture for it: 24 megapixels take 470 MB, not 140.
 */
export const encoding = { chromaSubsampling: '4:4:4', optimiseCoding: false } as const;
/** Lightness alone, half as much in smooth places as at edges. */
const lightly = { sigma: 0.6, m1: 0.5, m2: 1 };
export const paper = '#ffffff';
const ink = '#000000';

/** The picture decoded once: upright, sRGB, and no larger than a rendition of it can need. */
export interface Master {
  readonly pixels: Buffer;
  readonly raw: { readonly width: number; readonly height: number; readonly channels: 1 | 2 | 3 | 4 };
  /** Made smaller than the photo. */
  readonly isReduced: boolean;
  /** For a rendition that is published; absent, it is one for a machine: without metadata and not sharpened. */
  readonly credit?: Credit;
}

export type SharpModule = typeof import('sharp')['default'];

/** The rendition that fits these limits, as large and as good as they allow. */
export async function render(
  sharp: SharpModule,
  master: Master,
  limits: PictureLimits,
  wanted: Shape,
): Promise<Rendition> {
  const { width, height } = master.raw;
  const shape = hasShapeFor(master.raw, limits) ? undefined : wanted;
  const shown = shape === 'crop' ? await cut(sharp, master, limits) : master;
  for (let plan = planRendition(shown.raw, limits); ; ) {
    const drawn = await draw(sharp, shown, plan, shape);
    for (const quality of qualities) {
      const signed = withCredit(drawn(), master.credit);
      const bytes = await signed.jpeg({ quality, ...encoding }).toBuffer();
      if (bytes.length > limits.maxBytes) continue;
      return { bytes, ...plan.canvas, from: { width, height }, ...(shape && { shape }) };
    }
    const longEdge = Math.max(plan.canvas.width, plan.canvas.height);
    if (longEdge < 100) throw new UnreadablePicture('it cannot be made small enough');
    plan = planRendition(shown.raw, { ...limits, maxLongEdge: Math.round(longEdge * 0.8) });
  }
}

/** The part of the picture that an onlooker's eye goes to, as large as the shape of these limits allows. */
async function cut(sharp: SharpModule, master: Master, limits: PictureLimits): Promise<Master> {
  const { pixels, raw } = master;
  const part = { ...partWithin(raw, limits), fit: 'cover', position: sharp.strategy.attention } as const;
  return { ...master, ...(await pixelsOf(sharp(pixels, { raw }).resize(part))) };
}

/** Something to draw, anew at each call: sharp's own clones are copies of all pixels. */
type Drawn = () => Sharp;

/** The picture as planned, on borders of this shape where the plan has borders. */
async function draw(
  sharp: SharpModule,
  master: Master,
  { picture, canvas }: RenditionPlan,
  shape: Shape | undefined,
): Promise<Drawn> {
  // Before the borders are there, at which sharpening would leave a line.
  const front = () => sharpened(scale(sharp, master, picture), master, picture);
  if (picture.width === canvas.width && picture.height === canvas.height) return front;
  const back = shape === 'blurred' ? await blurred(sharp, master, canvas) : () => plain(sharp, canvas, shape);
  const { pixels, raw } = await pixelsOf(front());
  const left = Math.floor((canvas.width - picture.width) / 2);
  const top = Math.floor((canvas.height - picture.height) / 2);
  return () => back().composite([{ input: pixels, raw, left, top }]);
}

function plain(sharp: SharpModule, canvas: Size, shape: Shape | undefined): Sharp {
  const background = shape === 'black' ? ink : paper;
  return sharp({ create: { ...canvas, channels: 3, background } });
}

/** The picture itself fills the canvas: made tiny, blurred and a little darker, and enlarged again, which is quick. */
async function blurred(sharp: SharpModule, { pixels, raw }: Pixels, canvas: Size): Promise<Drawn> {
  const tiny = {
    width: Math.max(1, Math.round(canvas.width / 24)),
    height: Math.max(1, Math.round(canvas.height / 24)),
  };
  const small = sharp(pixels, { raw })
    .resize({ ...tiny, fit: 'cover' })
    .blur(2)
    .linear(0.8, 0);
  const blur = await pixelsOf(small);
  return () => scale(sharp, blur, canvas);
}

type Pixels = Pick<Master, 'pixels' | 'raw'>;

async function pixelsOf(image: Sharp): Promise<Pixels> {
  const { data, info } = await image.raw({ depth: 'uchar' }).toBuffer({ resolveWithObject: true });
  const { width, height, channels } = info;
  return { pixels: data, raw: { width, height, channels } };
}

function scale(sharp: SharpModule, { pixels, raw }: Pixels, size: Size): Sharp {
  return sharp(pixels, { raw }).resize({ ...size, fit: 'fill' });
}

/** Scaling down softens a picture; one that is as large as it was taken stays as the photographer made it. */
function sharpened(image: Sharp, { isReduced, raw, credit }: Master, { width }: Size): Sharp {
  return credit !== undefined && (isReduced || width < raw.width) ? image.sharpen(lightly) : image;
}
