import type { Sharp } from 'sharp';
import { UnreadablePicture } from '#errors.ts';
import type { Rendition } from '#ports/renderer.ts';
import { isPadded, type PictureLimits, planRendition, type RenditionPlan } from '#post/photo.ts';

/** Above this a file is taken for a bomb; the largest cameras have 150 megapixels. */
export const maxPixels = 160_000_000;
const qualities = [88, 82, 74, 64, 50];
export const paper = '#ffffff';

/** The picture decoded once: upright, sRGB, at most 2560 pixels on its long edge. */
export interface Master {
  readonly pixels: Buffer;
  readonly raw: { readonly width: number; readonly height: number; readonly channels: 1 | 2 | 3 | 4 };
}

export type SharpModule = typeof import('sharp')['default'];

/** The rendition that fits these limits, as large and as good as they allow. */
export async function render(sharp: SharpModule, master: Master, limits: PictureLimits): Promise<Rendition> {
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
