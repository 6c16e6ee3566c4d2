import exifr from 'exifr';
import sharp from 'sharp';
import { expect, it } from 'vitest';
import { createSharpRenderer } from '#adapters/sharp.ts';
import { UnreadablePicture } from '#errors.ts';
import { plain, quarters, withTraces } from '../fakes/camera-pictures.ts';
import { heic } from '../fakes/heic-pictures.ts';

const { fullSize } = createSharpRenderer();
const plenty = 50_000_000;
const red = [220, 30, 30] as const;
const blue = [30, 50, 210] as const;

async function made(original: Buffer, maxBytes = plenty): Promise<Buffer> {
  const bytes = await fullSize(original, maxBytes);
  if (bytes === undefined) throw new Error('It was not made');
  return bytes;
}

/** The colour at the top left. */
async function firstPixel(bytes: Buffer): Promise<readonly number[]> {
  const pixels = await sharp(bytes).extract({ left: 4, top: 4, width: 1, height: 1 }).raw().toBuffer();
  return [...pixels];
}

it('is as large as the photo, and upright in its pixels', async () => {
  const lying = await quarters([red, red, blue, blue], 4000, 3000)
    .withMetadata({ orientation: 6 })
    .jpeg()
    .toBuffer();
  const bytes = await made(lying);
  const { format, width, height, orientation = 1 } = await sharp(bytes).metadata();
  expect([format, width, height, orientation]).toEqual(['jpeg', 3000, 4000, 1]);
  // Turned a quarter clockwise, the left side, which is red above and blue below, is on top.
  expect((await firstPixel(bytes))[2]).toBeGreaterThan(190);
});

it('says title, artist and copyright, and nothing else that was in the photo', async () => {
  const secret = 'CANARY';
  const original = await withTraces(plain(red, 1600, 1200), {
    exif: {
      IFD0: { Artist: 'Zoe Mueller', Copyright: '(C) 2026', Make: secret, ImageDescription: secret },
      IFD2: { BodySerialNumber: secret, CameraOwnerName: secret },
      IFD3: { GPSLatitudeRef: 'N', GPSLatitude: '52/1 31/1 12/1', GPSLongitude: '13/1 24/1 36/1' },
    },
    xmp: `<dc:title>Harbour</dc:title><exif:GPSLatitude>52,31.2N</exif:GPSLatitude><aux:SerialNumber>${secret}</aux:SerialNumber>`,
    iptc: { 92: [secret], 118: [secret] },
  });
  expect(original.toString('latin1').split(secret).length).toBeGreaterThan(5);
  const bytes = await made(original);
  const text = bytes.toString('latin1');
  expect(text).not.toMatch(/CANARY|GPS|Photoshop|8BIM|ICC_PROFILE/);
  expect(await exifr.gps(bytes)).toBeUndefined();
  expect(await exifr.parse(bytes, { xmp: true })).toMatchObject({
    Artist: 'Zoe Mueller',
    Copyright: '(C) 2026',
    title: { value: 'Harbour' },
  });
});

it.each([
  ['only a title', { xmp: '<dc:title>Harbour</dc:title>' }],
  ['no credit at all', {}],
])('says nothing of a place where there is %s', async (_, credit) => {
  const exif = { IFD0: { Make: 'CANARY' }, IFD3: { GPSLatitude: '52/1 31/1 12/1' } };
  const bytes = await made(await withTraces(plain(red), { exif, ...credit }));
  expect(bytes.toString('latin1')).not.toMatch(/CANARY|GPS|Exif/);
});

it.each([
  [
    'PNG with 16 bits and glass',
    () => plain(red).ensureAlpha(0).toColourspace('rgb16').png().toBuffer(),
    120,
  ],
  ['grey picture', () => plain(red).toColourspace('b-w').jpeg().toBuffer(), 120],
  ['HEIC', async () => heic('telephone'), 240],
])('is a JPEG in sRGB of a %s', async (_, picture, width) => {
  const found = await sharp(await made(await picture())).metadata();
  expect([found.format, found.space, found.depth, found.hasAlpha]).toEqual(['jpeg', 'srgb', 'uchar', false]);
  expect(Math.max(found.width, found.height)).toBe(width);
});

it('shows what shines through as paper', async () => {
  const glass = await plain(red).ensureAlpha(0).png().toBuffer();
  for (const value of await firstPixel(await made(glass))) expect(value).toBeGreaterThan(250);
});

it('is made worse rather than too large, and not at all where that does not help', async () => {
  const noise = { type: 'gaussian', mean: 128, sigma: 30 } as const;
  const original = await sharp({
    create: { width: 800, height: 600, channels: 3, background: '#888', noise },
  })
    .png()
    .toBuffer();
  const best = await made(original);
  const smaller = await made(original, best.length - 1);
  expect(smaller.length).toBeLessThan(best.length);
  expect((await sharp(smaller).metadata()).width).toBe(800);
  expect(await fullSize(original, 1000)).toBeUndefined();
});

it('refuses what is no picture', async () => {
  await expect(fullSize(Buffer.from('no picture'), plenty)).rejects.toThrow(UnreadablePicture);
});
