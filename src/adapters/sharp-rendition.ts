import type { Sharp } from 'sharp';
import { UnreadablePicture } from '#errors.ts';
import type { Rendition } from '#ports/renderer.ts';
import { isPadded, type PictureLimits, planRendition, type RenditionPlan, type Size } from '#post/photo.ts';
import { withCredit } from './credit.ts';
import type { Credit } from './exifr.ts';

/** Above this a file is taken for a bomb; the largest cameras have 150 megapixels. */
export const maxPixels = 160_000_000;
const qualities = [90, 82, 74, 64, 50];
/** Thin red and blue edges keep their colour, for a fifth more bytes and no more time. */
const chromaSubsampling = '4:4:4';
/** Lightness alone, half as much in smooth places as at edges. */
const lightly = { sigma: 0.6, m1: 0.5, m2: 1 };
export const paper = '#ffffff';

/** The picture decoded once: upright, sRGB, at most 2560 pixels on its long edge. */
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
export async function render(sharp: SharpModule, master: Master, limits: PictureLimits): Promise<Rendition> {
  for (let edge = limits.maxLongEdge; ; edge = Math.round(edge * 0.8)) {
    const plan = planRendition(master.raw, { ...limits, maxLongEdge: edge });
    for (const quality of qualities) {
      const drawn = withCredit(draw(sharp, master, plan), master.credit);
      const bytes = await drawn.jpeg({ quality, chromaSubsampling }).toBuffer();
      if (bytes.length > limits.maxBytes) continue;
      return { bytes, ...plan.canvas, isPadded: isPadded(plan) };
    }
    if (edge < 100) throw new UnreadablePicture('it cannot be made small enough');
  }
}

function draw(sharp: SharpModule, master: Master, { picture, canvas }: RenditionPlan): Sharp {
  const { pixels, raw } = master;
  const left = Math.floor((canvas.width - picture.width) / 2);
  const top = Math.floor((canvas.height - picture.height) / 2);
  const scaled = sharp(pixels, { raw }).resize({ ...picture, fit: 'fill' });
  return sharpened(scaled, master, picture).extend({
    left,
    top,
    right: canvas.width - picture.width - left,
    bottom: canvas.height - picture.height - top,
    background: paper,
  });
}

/** Scaling down softens a picture; one that is as large as it was taken stays as the photographer made it. */
function sharpened(image: Sharp, { isReduced, raw, credit }: Master, { width }: Size): Sharp {
  return credit !== undefined && (isReduced || width < raw.width) ? image.sharpen(lightly) : image;
}
