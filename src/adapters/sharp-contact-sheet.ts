import { numberBadge } from './number-badge.ts';
import { type SharpModule, safe } from './sharp-rendition.ts';

const frame = { width: 320, height: 240, gap: 12, perRow: 3 };

/** Small pictures side by side in rows, as one JPEG, each with its number in its corner. */
export async function contactSheet(
  sharp: SharpModule,
  pictures: readonly (Buffer | undefined)[],
  firstNumber = 1,
): Promise<Buffer> {
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
      frames.flatMap((input, index) => {
        const left = gap + (index % perRow) * (width + gap);
        const top = gap + Math.floor(index / perRow) * (height + gap);
        return [
          { input, left, top },
          { ...numberBadge(firstNumber + index), left, top },
        ];
      }),
    )
    .jpeg({ quality: 85 })
    .toBuffer();
}

async function thumbnail(sharp: SharpModule, picture: Buffer | undefined): Promise<Buffer> {
  const { width, height } = frame;
  const background = '#2c2c2e';
  const empty = { create: { width, height, channels: 3 as const, background } };
  if (picture === undefined) return await sharp(empty).png().toBuffer();
  return await sharp(picture, safe)
    .autoOrient()
    .resize({ width, height, fit: 'contain', background })
    .png()
    .toBuffer()
    .catch(() => thumbnail(sharp, undefined));
}
