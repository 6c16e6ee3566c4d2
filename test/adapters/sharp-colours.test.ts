import sharp, { type Sharp } from 'sharp';
import { describe, expect, it } from 'vitest';
import { withIccProfile } from '#adapters/png-profile.ts';
import { createSharpRenderer } from '#adapters/sharp.ts';
import { type Colour, plain, quarters } from '../fakes/camera-pictures.ts';
import { difference, inSpace, shown } from '../fakes/colours.ts';
import { numberedColours } from '../fakes/heic-pictures.ts';
import { adobeRgb, cmykProfile, iccProfile, proPhoto, withOtherProfile } from '../fakes/icc.ts';

const renderer = createSharpRenderer();
const limits = { maxBytes: 1e7, maxLongEdge: 2560, minWidth: 1, minRatio: 0, maxRatio: 99 };

const skin: Colour = [224, 172, 140];
const leaf: Colour = [70, 130, 60];
const sky: Colour = [90, 150, 210];
const brick: Colour = [170, 70, 50];
const shade: Colour = [40, 40, 48];
const grey: Colour = [128, 128, 128];
const orange: Colour = [200, 120, 60];
const red: Colour = [220, 30, 30];
const blue: Colour = [30, 50, 210];
const white: Colour = [255, 255, 255];
const colours = { skin, leaf, sky, brick, shade, grey };

async function seen(original: Buffer, x = 0.5, y = 0.5): Promise<Colour> {
  const { render } = await renderer.open(original);
  return shown((await render(limits)).bytes, x, y);
}

describe('a wide gamut', () => {
  const spaces = { a98: iccProfile(adobeRgb), prophoto: iccProfile(proPhoto) };
  const cases = Object.entries(colours).flatMap(([name, colour]) =>
    (['a98', 'prophoto'] as const).map((space) => ({ name, colour, space })),
  );

  it.each(cases)('of $space comes out as the same $name in sRGB', async ({ colour, space }) => {
    const [r, g, b] = inSpace(space, colour).map((value) => Math.round(255 * value));
    const stored: Colour = [r ?? 0, g ?? 0, b ?? 0];
    // Taken as sRGB, the numbers would look dull.
    if (colour !== grey && colour !== shade) expect(difference(stored, colour)).toBeGreaterThan(3);
    const original = withIccProfile(await plain(stored).png().toBuffer(), spaces[space]);
    expect(difference(await seen(original), colour)).toBeLessThan(2);
  });

  it.each(Object.entries(colours))('of Display P3 comes out as the same %s in sRGB', async (_, colour) => {
    for (const image of [plain(colour).png(), plain(colour).jpeg({ quality: 95 }), plain(colour).tiff()]) {
      const original = await image.withIccProfile('p3').toBuffer();
      expect((await sharp(original).metadata()).icc).toBeDefined();
      expect(difference(await seen(original), colour)).toBeLessThan(2.5);
    }
  });
});

describe('Display P3 by numbers alone in an AVIF', () => {
  it.each(Object.entries(colours))('comes out as the same %s in sRGB', async (_, colour) => {
    const avif = plain(colour).avif({ quality: 90, effort: 0, chromaSubsampling: '4:4:4' });
    const original = numberedColours(await avif.withIccProfile('p3').toBuffer());
    expect((await sharp(original).metadata()).icc).toBeUndefined();
    expect(difference(await seen(original), colour)).toBeLessThan(2.5);
  });
});

describe('CMYK', () => {
  /** An uncompressed TIFF, whose pixels begin right after its head of 8 bytes. */
  async function cmykTiff(numbers: readonly number[]): Promise<Buffer> {
    const original = await plain(red, 64, 64).withIccProfile('cmyk').tiff({ compression: 'none' }).toBuffer();
    for (let pixel = 0; pixel < 64 * 64; pixel += 1) original.set(numbers, 8 + 4 * pixel);
    return original;
  }

  // What `transicc` of Little CMS 2.14 makes of the same numbers by the same profiles, in the perceptual way. libvips
  // calculates with 8 bits, which costs deep shades a little of their tint.
  it.each([
    ['paper', [0, 0, 0, 0], [255, 255, 255], 0.1],
    ['brick', [0, 192, 221, 87], [164, 62, 38], 4],
    ['shade', [87, 60, 39, 220], [43, 43, 52], 6],
    ['grey', [6, 0, 2, 152], [115, 114, 116], 3],
    ['leaf', [102, 0, 204, 51], [126, 160, 70], 1],
  ] as const)('comes out in sRGB as by its profile: %s', async (_, numbers, wanted, most) => {
    const original = await cmykTiff(numbers);
    expect((await sharp(original).metadata()).space).toBe('cmyk');
    expect(difference(await seen(original), wanted)).toBeLessThan(most);
  });

  it('comes out by its own profile, however odd that is', async () => {
    // Of a press whose cyan was filled with red: CIE Lab 50, 60, 40.
    const profile = cmykProfile({ paper: [100, 0, 0], cyan: [50, 60, 40] });
    const original = withOtherProfile(await cmykTiff([255, 0, 0, 0]), profile);
    expect(difference(await seen(original), [214, 60, 55])).toBeLessThan(2);
  });

  it('is read as a JPEG', async () => {
    const original = await sharp(await cmykTiff([102, 0, 204, 51]))
      .withIccProfile('cmyk')
      .jpeg({ quality: 100 })
      .toBuffer();
    expect((await sharp(original).metadata()).space).toBe('cmyk');
    expect(difference(await seen(original), [126, 160, 70])).toBeLessThan(5);
  });
});

describe('a picture', () => {
  const kinds: Readonly<Record<string, Sharp>> = {
    'JPEG without a profile': plain(orange).jpeg({ quality: 95 }),
    'progressive JPEG': plain(orange).jpeg({ progressive: true, quality: 95 }),
    'PNG of 16 bits': plain(orange).toColourspace('rgb16').png(),
    'TIFF of 16 bits': plain(orange).toColourspace('rgb16').tiff(),
    'PNG with a palette': plain(orange).png({ palette: true }),
    WebP: plain(orange).webp({ quality: 95 }),
    'WebP without losses': plain(orange).webp({ lossless: true }),
    AVIF: plain(orange).avif({ quality: 90, effort: 0 }),
    'AVIF of 10 bits': plain(orange).avif({ quality: 90, effort: 0, bitdepth: 10 }),
    'tiled TIFF': plain(orange).tiff({ tile: true, compression: 'deflate' }),
    GIF: plain(orange).gif(),
  };
  it.each(Object.entries(kinds))('is read: %s', async (_, image) => {
    expect(difference(await seen(await image.toBuffer()), orange)).toBeLessThan(2);
  });

  it.each(['png', 'tiff', 'jpeg', 'webp', 'avif'] as const)('is read in grey: %s', async (format) => {
    const image = plain(grey).toColourspace('b-w').toFormat(format, { quality: 95 });
    expect(difference(await seen(await image.toBuffer()), grey)).toBeLessThan(2);
  });

  it.each(['png', 'tiff', 'webp', 'avif'] as const)(
    'is put on white where it is transparent: %s',
    async (format) => {
      const background = { r: 220, g: 30, b: 30, alpha: 0.5 };
      const image = sharp({ create: { width: 64, height: 64, channels: 4, background } });
      const half = await image
        .toFormat(format, format === 'tiff' ? { compression: 'lzw' } : { quality: 95 })
        .toBuffer();
      expect(difference(await seen(half), [238, 143, 143])).toBeLessThan(2);
    },
  );

  it.each(['gif', 'webp', 'tiff'] as const)('of several in one file is the first: %s', async (format) => {
    const frames = await Promise.all([red, blue].map((colour) => plain(colour, 64, 64).png().toBuffer()));
    const original = await sharp(frames, { join: { animated: true } })
      .toFormat(format, { quality: 95 })
      .toBuffer();
    expect((await sharp(original).metadata()).pages).toBe(2);
    expect(difference(await seen(original), red)).toBeLessThan(2);
    expect((await (await renderer.open(original)).render(limits)).height).toBe(64);
  });

  it.each(['jpeg', 'png', 'webp', 'tiff'] as const)('is turned upright: %s', async (format) => {
    const image = quarters([red, white, blue, white]).withMetadata({ orientation: 6 });
    const original = await image.toFormat(format, { quality: 95 }).toBuffer();
    expect(difference(await seen(original, 0.75, 0.25), red)).toBeLessThan(2);
    expect(difference(await seen(original, 0.25, 0.75), blue)).toBeLessThan(2);
  });
});

describe('the quality', () => {
  it('is as high as the limits allow', async () => {
    const texture = { type: 'gaussian', mean: 128, sigma: 40 } as const;
    const original = await sharp({
      create: { width: 400, height: 300, channels: 3, background: '#000', noise: texture },
    })
      .blur(3)
      .png()
      .toBuffer();
    const { bytes } = await (await renderer.open(original)).render(limits);
    const [before, after] = await Promise.all([original, bytes].map((each) => sharp(each).raw().toBuffer()));
    const squares = before?.reduce((sum, value, at) => sum + (value - (after?.[at] ?? 0)) ** 2, 0) ?? 0;
    // Peak signal-to-noise ratio in decibels: 47.5 with a quality of 90, 46.2 with 85.
    expect(10 * Math.log10((255 ** 2 * (before?.length ?? 0)) / squares)).toBeGreaterThan(46.5);
  });
});

describe('saturated edges', () => {
  it('keep their colour', async () => {
    const lines = Buffer.alloc(64 * 64 * 3);
    for (let x = 0; x < 64 * 64; x += 1) lines.set(x % 2 === 0 ? red : blue, 3 * x);
    const original = await sharp(lines, { raw: { width: 64, height: 64, channels: 3 } })
      .png()
      .toBuffer();
    expect(difference(await seen(original, 32.5 / 64, 0.5), red)).toBeLessThan(6);
    expect(difference(await seen(original, 33.5 / 64, 0.5), blue)).toBeLessThan(6);
  });
});

describe('sharpening', () => {
  const edge = async (width: number) => {
    const dark = plain([90, 90, 90], width, width);
    const light = await plain([160, 160, 160], width / 2, width)
      .png()
      .toBuffer();
    return await dark
      .composite([{ input: light, left: width / 2, top: 0 }])
      .png()
      .toBuffer();
  };
  async function rangeOf(jpeg: Buffer): Promise<readonly number[]> {
    const { channels } = await sharp(jpeg).stats();
    return channels.slice(0, 1).flatMap(({ min, max }) => [min, max]);
  }

  it('brings back lightly what scaling down took away', async () => {
    const { render, copy } = await renderer.open(await edge(1000));
    const small = { ...limits, maxLongEdge: 400 };
    const [dark = 0, light = 0] = await rangeOf((await render(small)).bytes);
    const [plainDark = 0, plainLight = 0] = await rangeOf(await copy(small));
    expect([dark < plainDark, light > plainLight]).toEqual([true, true]);
    expect([dark > 70, light < 180]).toEqual([true, true]);
  });

  it('is left out where nothing is scaled down', async () => {
    const { render, copy } = await renderer.open(await edge(400));
    expect(await rangeOf((await render(limits)).bytes)).toEqual(await rangeOf(await copy(limits)));
  });

  it('is done in the largest size too, which a large photo is scaled to', async () => {
    const { render, copy } = await renderer.open(await edge(2700));
    const [dark = 0] = await rangeOf((await render(limits)).bytes);
    const [plainDark = 0] = await rangeOf(await copy(limits));
    expect(dark).toBeLessThan(plainDark);
  });
});
