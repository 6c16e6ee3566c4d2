import { withCredit } from './credit.ts';
import type { Credit } from './exifr.ts';
import { encoding, paper, type SharpModule, safe } from './sharp-rendition.ts';

const qualities = [95, 90, 82, 74];

/** As `Renderer.fullSize` promises it. It is decoded and encoded line by line, and whole only where it is turned. */
export async function fullSize(
  sharp: SharpModule,
  picture: Buffer,
  { credit, maxBytes }: { readonly credit: Credit; readonly maxBytes: number },
): Promise<Buffer | undefined> {
  for (const quality of qualities) {
    const image = sharp(picture, safe).autoOrient().flatten({ background: paper }).toColourspace('srgb');
    const bytes = await withCredit(image, credit)
      .jpeg({ quality, ...encoding })
      .toBuffer();
    if (bytes.length <= maxBytes) return bytes;
  }
  return undefined;
}
