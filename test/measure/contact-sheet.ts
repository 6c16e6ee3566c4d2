import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { stdout } from 'node:process';
import sharp, { type Sharp } from 'sharp';
import { createSharpRenderer } from '#adapters/sharp.ts';
import { platformDefinitions } from '#platforms/index.ts';
import { instagramPictures } from '#platforms/instagram/rules.ts';
import type { PictureLimits } from '#post/photo.ts';
import { Shape } from '#post/shape.ts';
import { heic, turnedHeic } from '../fakes/heic-pictures.ts';

// `npm run contact-sheet`: what every platform would get of awkward photos, as one picture to be looked at. A row for
// each platform and then for each other shape on Instagram, a column for each photo, in the order of `photos`; on grey,
// so that borders are seen.
const cell = { width: 200, height: 200, gap: 8 };
const folder = join(import.meta.dirname, '../../data');

/** One of the samples in another shape. */
function sample(name: string, width: number, height: number): Sharp {
  return sharp(join(folder, 'samples', name)).resize({ width, height, fit: 'cover' });
}

/** Stored so that this EXIF orientation brings it upright, as a camera does. */
async function stored(orientation: number): Promise<Buffer> {
  const upright = await sample('harbour-at-dusk.jpg', 1500, 1000).png().toBuffer();
  // The way back from 6 is 8 and the other way round; all others undo themselves.
  const back = orientation === 6 ? 8 : orientation === 8 ? 6 : orientation;
  const turned = await sharp(upright).withMetadata({ orientation: back }).png().toBuffer();
  return await sharp(await sharp(turned).autoOrient().png().toBuffer())
    .withMetadata({ orientation })
    .jpeg()
    .toBuffer();
}

const clear = { create: { width: 900, height: 900, channels: 4, background: '#0000' } } as const;
const leaf = await sample('DSCF3320.jpg', 600, 600).png().toBuffer();
const photos: readonly Buffer[] = await Promise.all([
  sample('DSC_0412.jpg', 1000, 2600).jpeg().toBuffer(),
  sample('dunes-panorama.jpg', 3000, 700).jpeg().toBuffer(),
  sample('harbour-at-dusk.jpg', 1500, 1000).withIccProfile('p3').jpeg().toBuffer(),
  sample('harbour-at-dusk.jpg', 1500, 1000).withIccProfile('cmyk').jpeg().toBuffer(),
  sharp(clear)
    .composite([{ input: leaf }])
    .png()
    .toBuffer(),
  sample('DSCF3320.jpg', 1200, 1200).toColourspace('b-w').jpeg().toBuffer(),
  heic('telephone'),
  turnedHeic(3),
  ...[1, 2, 3, 4, 5, 6, 7, 8].map(stored),
]);

const rows: readonly (readonly [PictureLimits, Shape])[] = [
  ...platformDefinitions.map(({ pictureLimits }) => [pictureLimits, 'white'] as const),
  ...Shape.options.filter((shape) => shape !== 'white').map((shape) => [instagramPictures, shape] as const),
];

const renderer = createSharpRenderer();
const cells = await Promise.all(
  photos.flatMap((photo, column) =>
    rows.map(async ([limits, shape], row) => {
      const { bytes } = await (await renderer.open(photo)).render(limits, shape);
      const { width, height, gap } = cell;
      const input = await sharp(bytes).resize({ width, height, fit: 'inside' }).png().toBuffer();
      return { input, left: gap + column * (width + gap), top: gap + row * (height + gap) };
    }),
  ),
);
const sheet = {
  width: photos.length * (cell.width + cell.gap) + cell.gap,
  height: rows.length * (cell.height + cell.gap) + cell.gap,
  channels: 3,
  background: '#8a8a8e',
} as const;
await mkdir(folder, { recursive: true });
const file = join(folder, 'contact-sheet.png');
await writeFile(file, await sharp({ create: sheet }).composite(cells).png().toBuffer());
stdout.write(`${file}\n`);
