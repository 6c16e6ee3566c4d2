import sharp from 'sharp';
import { scene } from '../fakes/shots.ts';

/** Width and height of a camera's picture. */
export const cameras = {
  '12 megapixels': [4242, 2828],
  '24 megapixels': [6000, 4000],
  '50 megapixels': [8660, 5774],
} as const;

/** A JPEG with the grain of a photo, another picture for each seed. */
export async function photo(seed: number, [width, height]: readonly [number, number]): Promise<Buffer> {
  const side = 512;
  const noise = { type: 'gaussian', mean: 128, sigma: 24 } as const;
  const grain = await sharp({ create: { width: side, height: side, channels: 3, background: '#000', noise } })
    .png()
    .toBuffer();
  return await sharp(await scene(seed, 900, 600))
    .resize(width, height, { fit: 'fill' })
    .composite([{ input: grain, tile: true, blend: 'soft-light' }])
    .jpeg({ quality: 92 })
    .toBuffer();
}
