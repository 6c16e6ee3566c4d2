import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { createSharpRenderer } from '#adapters/sharp.ts';
import { UnreadablePicture } from '#errors.ts';
import { platformDefinitions } from '#platforms/index.ts';
import { hasShapeFor, type PictureLimits } from '#post/photo.ts';
import { Shape } from '#post/shape.ts';
import { type Colour, plain, pngBomb, quarterMiddles, quarters } from '../fakes/camera-pictures.ts';

const renderer = createSharpRenderer();
const free: PictureLimits = {
  maxBytes: 10_000_000,
  maxLongEdge: 2560,
  minWidth: 1,
  minRatio: 1 / 20,
  maxRatio: 20,
};
const limitsOf = (id: string) => platformDefinitions.find((each) => each.id === id)?.pictureLimits ?? free;

async function render(original: Buffer, limits = free, shape?: Shape) {
  return (await renderer.open(original)).render(limits, shape);
}

/** The colour at a place that is given in parts of width and height. */
async function colourAt(jpeg: Buffer, x: number, y: number): Promise<Colour> {
  const { data, info } = await sharp(jpeg).toColourspace('srgb').raw().toBuffer({ resolveWithObject: true });
  const at = (Math.floor(y * info.height) * info.width + Math.floor(x * info.width)) * info.channels;
  const [r = 0, g = r, b = r] = info.channels === 1 ? [data[at]] : data.subarray(at, at + 3);
  return [r, g, b];
}

function expectColour(actual: Colour, wanted: Colour, tolerance = 12): void {
  const distance = Math.max(...actual.map((value, index) => Math.abs(value - (wanted[index] ?? 0))));
  expect({ actual, wanted, isNear: distance <= tolerance }).toEqual({ actual, wanted, isNear: true });
}

const red: Colour = [220, 30, 30];
const green: Colour = [30, 180, 40];
const blue: Colour = [30, 50, 210];
const yellow: Colour = [230, 210, 40];
const white: Colour = [255, 255, 255];
const stored = [red, green, blue, yellow];

describe('orientation', () => {
  // EXIF 2.32, tag 0x0112: which quarter of the stored picture is seen at the top left, and so on clockwise.
  it.each([
    [1, [0, 1, 2, 3]],
    [2, [1, 0, 3, 2]],
    [3, [2, 3, 0, 1]],
    [4, [3, 2, 1, 0]],
    [5, [0, 3, 2, 1]],
    [6, [3, 0, 1, 2]],
    [7, [2, 1, 0, 3]],
    [8, [1, 2, 3, 0]],
  ])('%i comes out upright', async (orientation, seen) => {
    const original = await quarters(stored).withMetadata({ orientation }).jpeg({ quality: 95 }).toBuffer();
    expect((await sharp(original).metadata()).orientation).toBe(orientation);
    const { bytes, width, height } = await render(original);
    expect([width, height]).toEqual(orientation > 4 ? [160, 240] : [240, 160]);
    for (const [index, [x, y]] of quarterMiddles.entries()) {
      expectColour(await colourAt(bytes, x, y), stored[seen[index] ?? 0] ?? white);
    }
    expect((await sharp(bytes).metadata()).orientation ?? 1).toBe(1);
  });
});

describe('a grey picture', () => {
  it.each(['png', 'jpeg'] as const)('is padded in white: %s', async (format) => {
    const grey = await plain([120, 120, 120], 600, 200).toColourspace('b-w').toFormat(format).toBuffer();
    expect((await sharp(grey).metadata()).space).toBe('b-w');
    const { bytes } = await render(grey, limitsOf('instagram'));
    expectColour(await colourAt(bytes, 0.5, 0.5), [120, 120, 120]);
    expectColour(await colourAt(bytes, 0.5, 0.02), white, 2);
  });
});

describe('limits', () => {
  const sizes = [
    [3000, 2000],
    [2000, 3000],
    [1500, 1500],
    [4000, 400],
    [300, 3000],
    [3600, 120],
    [50, 40],
    [40, 50],
    [1, 1],
    [1, 4000],
  ] as const;
  const cases = platformDefinitions.flatMap(({ id, pictureLimits }) =>
    Shape.options.flatMap((shape) =>
      sizes
        .filter(([width, height]) => shape === 'white' || !hasShapeFor({ width, height }, pictureLimits))
        .map(([width, height]) => ({ id, width, height, limits: pictureLimits, shape })),
    ),
  );
  it.each(cases)('of $id are kept by $width × $height, $shape', async ({ limits, width, height, shape }) => {
    const rendition = await render(
      await plain(red, width, height).png({ compressionLevel: 1 }).toBuffer(),
      limits,
      shape,
    );
    const { bytes } = rendition;
    const real = await sharp(bytes).metadata();
    expect([real.format, real.width, real.height]).toEqual(['jpeg', rendition.width, rendition.height]);
    expect(bytes.length).toBeLessThanOrEqual(limits.maxBytes);
    const ratio = real.width / real.height;
    expect(ratio).toBeGreaterThanOrEqual(limits.minRatio);
    expect(ratio).toBeLessThanOrEqual(limits.maxRatio);
    expect(real.width).toBeGreaterThanOrEqual(limits.minWidth);
    expect(Math.max(real.width, real.height)).toBeLessThanOrEqual(limits.maxLongEdge);
    expect(real.width).toBeLessThanOrEqual(limits.maxWidth ?? limits.maxLongEdge);
    expect(rendition.shape).toBe(hasShapeFor({ width, height }, limits) ? undefined : shape);
    expect(await renderer.measure(bytes)).toEqual({
      format: 'jpeg',
      width: rendition.width,
      height: rendition.height,
    });
  });

  it('of bytes are kept by a picture that is all noise', async () => {
    const noise = { type: 'gaussian', mean: 128, sigma: 80 } as const;
    const create = { width: 1600, height: 1600, channels: 3, background: '#000', noise } as const;
    const original = await sharp({ create }).png({ compressionLevel: 0 }).toBuffer();
    const { maxBytes } = limitsOf('email');
    const { bytes } = await render(original, limitsOf('email'));
    expect(bytes.length).toBeLessThanOrEqual(maxBytes);
    const small = await render(original, { ...limitsOf('email'), maxBytes: 20_000 });
    expect(small.bytes.length).toBeLessThanOrEqual(20_000);
    expect(small.width).toBeLessThan(1600);
  });

  it.each([
    ['wide', 1200, 300],
    ['tall', 300, 1200],
  ] as const)(
    'are kept by a %s picture with equal white borders, and nothing cut off',
    async (name, width, height) => {
      const { bytes, shape, ...size } = await render(
        await quarters(stored, width, height).png().toBuffer(),
        limitsOf('instagram'),
      );
      expect(shape).toBe('white');
      const trimmed = await sharp(bytes)
        .trim({ background: '#fff', threshold: 40 })
        .toBuffer({ resolveWithObject: true });
      const { trimOffsetLeft = 0, trimOffsetTop = 0, width: inner, height: innerHeight } = trimmed.info;
      const [before, whole, part] =
        name === 'wide' ? [-trimOffsetTop, size.height, innerHeight] : [-trimOffsetLeft, size.width, inner];
      expect(before).toBeGreaterThan(20);
      expect(Math.abs(whole - part - 2 * before)).toBeLessThanOrEqual(4);
      const [x, y] = name === 'wide' ? [0.5, 0.01] : [0.01, 0.5];
      for (const place of [
        [x, y],
        [1 - x, 1 - y],
      ] as const)
        expectColour(await colourAt(bytes, ...place), white, 2);
      expect(inner / innerHeight).toBeCloseTo(width / height, 1);
    },
  );
});

/** The lengths of a JPEG's code tables (ITU-T T.81, B.2.4.2). */
function codeTables(jpeg: Buffer): number[] {
  const lengths: number[] = [];
  for (let at = 2; jpeg[at + 1] !== 0xda; ) {
    const length = jpeg.readUInt16BE(at + 2);
    if (jpeg[at + 1] === 0xc4) lengths.push(length);
    at += 2 + length;
  }
  return lengths;
}

it('is encoded line by line: with the general code tables, not with its own ones, for which it is held as a whole', async () => {
  const { bytes } = await render(await plain(red).jpeg().toBuffer());
  // ITU-T T.81, K.3: 12 and 162 codes, for lightness and for colour.
  expect(codeTables(bytes)).toEqual([31, 181, 31, 181]);
});

describe('a shape that is chosen', () => {
  const limits = limitsOf('instagram');

  it('is black where black is wanted', async () => {
    const { bytes } = await render(await plain(red, 1200, 300).png().toBuffer(), limits, 'black');
    expectColour(await colourAt(bytes, 0.5, 0.02), [0, 0, 0], 2);
    expectColour(await colourAt(bytes, 0.5, 0.98), [0, 0, 0], 2);
    expectColour(await colourAt(bytes, 0.5, 0.5), red);
  });

  it('is the picture itself, blurred and darker, behind the sharp one', async () => {
    const original = await quarters(stored, 1200, 300).png().toBuffer();
    const { bytes, height } = await render(original, limits, 'blurred');
    expect(height).toBe(629);
    const darker = (colour: Colour) => colour.map((value) => value * 0.8) as unknown as Colour;
    expectColour(await colourAt(bytes, 0.05, 0.02), darker(red), 25);
    expectColour(await colourAt(bytes, 0.95, 0.02), darker(green), 25);
    expectColour(await colourAt(bytes, 0.95, 0.98), darker(blue), 25);
    expectColour(await colourAt(bytes, 0.05, 0.98), darker(yellow), 25);
    // Where the four meet, the picture is sharp and what is behind it is not.
    expectColour(await colourAt(bytes, 0.48, 0.45), red);
    expectColour(await colourAt(bytes, 0.52, 0.45), green);
  });

  it('shows nothing of what is small in the blurred one', async () => {
    const stripes = Buffer.alloc(1440 * 360, 0).map((_, at) => ((at % 1440) % 40 < 20 ? 255 : 0));
    const raw = { width: 1440, height: 360, channels: 1 } as const;
    const { bytes } = await render(await sharp(stripes, { raw }).png().toBuffer(), limits, 'blurred');
    const { data, info } = await sharp(bytes).greyscale().raw().toBuffer({ resolveWithObject: true });
    const row = data.subarray(5 * info.width + 200, 5 * info.width + 1200);
    expect(Math.max(...row) - Math.min(...row)).toBeLessThan(80);
  });

  it.each(Shape.options)('of a grey picture is drawn as well: %s', async (shape) => {
    const grey = await plain([120, 120, 120], 600, 200).toColourspace('b-w').png().toBuffer();
    const { bytes } = await render(grey, limits, shape);
    expectColour(await colourAt(bytes, 0.5, 0.5), [120, 120, 120]);
  });

  it('is cropped to what the eye goes to, from edge to edge', async () => {
    const spot = await plain(red, 200, 200).png().toBuffer();
    for (const left of [40, 1750]) {
      const image = plain([90, 110, 90], 2000, 400).composite([{ input: spot, left, top: 100 }]);
      const { bytes, width, height, from } = await render(await image.png().toBuffer(), limits, 'crop');
      expect([width, height, from]).toEqual([764, 400, { width: 2000, height: 400 }]);
      const { data } = await sharp(bytes).raw().toBuffer({ resolveWithObject: true });
      let reds = 0;
      for (let at = 0; at < data.length; at += 3)
        if ((data[at] ?? 0) > 180 && (data[at + 1] ?? 0) < 80) reds += 1;
      // The whole spot is there.
      expect(reds).toBeGreaterThan(200 * 200 * 0.97);
      expectColour(await colourAt(bytes, 0.5, 0.01), [90, 110, 90]);
    }
  });

  it.each([
    [10_000, 800, 1440, 754],
    [800, 10_000, 800, 1000],
    // So long that not all of its pixels are kept.
    [30_000, 1000, 1206, 632],
  ])('cuts %i × %i from the photo as it is, not from a small one', async (width, height, wide, high) => {
    const panorama = await plain(red, width, height).jpeg().toBuffer();
    const cut = await render(panorama, limits, 'crop');
    expect(Math.abs(cut.width - wide)).toBeLessThan(8);
    expect(Math.abs(cut.height - high)).toBeLessThan(8);
  });

  it('is needed by no picture whose own shape is taken', async () => {
    const original = await plain(red, 900, 600).png().toBuffer();
    const all = await Promise.all(Shape.options.map((shape) => render(original, limits, shape)));
    for (const made of all) expect(made).toEqual(all[0]);
    expect(all[0]).not.toHaveProperty('shape');
  });
});

describe('what is no picture', () => {
  const svg =
    '<svg xmlns="http://www.w3.org/2000/svg" width="50" height="50"><rect width="50" height="50"/></svg>';
  const broken: Readonly<Record<string, () => Buffer | Promise<Buffer>>> = {
    'an empty file': () => Buffer.alloc(0),
    'a text': () => Buffer.from('This is not a picture, whatever it is called.'),
    'an SVG': () => Buffer.from(svg),
    'a JPEG that is cut off': async () => {
      const whole = await quarters(stored, 600, 400).jpeg().toBuffer();
      return whole.subarray(0, whole.length / 2);
    },
    'a PNG that is cut off': async () => {
      const whole = await quarters(stored, 600, 400).png().toBuffer();
      return whole.subarray(0, whole.length - 60);
    },
    'the head of a JPEG': async () => (await plain(red).jpeg().toBuffer()).subarray(0, 200),
    'a bomb of 900 megapixels': () => pngBomb(30_000, 30_000, false),
    'a bomb of 200 megapixels that is whole': () => pngBomb(20_000, 10_000, true),
    'a bomb that is one line': () => pngBomb(400_000_000, 1, false),
  };
  it.each(Object.entries(broken))('is refused: %s', async (_, make) => {
    await expect(renderer.open(await make())).rejects.toBeInstanceOf(UnreadablePicture);
  });
});

describe('the contact sheet', () => {
  const columnsAndRows = [
    [0, 1, 1],
    [1, 1, 1],
    [3, 3, 1],
    [4, 3, 2],
    [7, 3, 3],
  ] as const;
  it.each(columnsAndRows)('has %i pictures in %i columns and %i rows', async (count, columns, rows) => {
    const picture = await plain(red, 640, 480).jpeg().toBuffer();
    const sheet = await renderer.contactSheet(Array.from({ length: count }, () => picture));
    expect(await sharp(sheet).metadata()).toMatchObject({
      format: 'jpeg',
      width: columns * 332 + 12,
      height: rows * 252 + 12,
    });
    for (let index = 0; index < columns * rows; index += 1) {
      const x = ((index % columns) + 0.5) / columns;
      const y = (Math.floor(index / columns) + 0.5) / rows;
      const [r] = await colourAt(sheet, x, y);
      expect([index, r > 150]).toEqual([index, index < count]);
    }
  });

  it('leaves an empty frame for a picture that is broken or missing, and turns the others upright', async () => {
    const turned = await quarters(stored).withMetadata({ orientation: 3 }).jpeg().toBuffer();
    const sheet = await renderer.contactSheet([Buffer.from('broken'), undefined, turned]);
    for (const x of [1 / 6, 3 / 6]) expectColour(await colourAt(sheet, x, 0.5), [44, 44, 46]);
    expectColour(await colourAt(sheet, 5 / 6 - 0.06, 0.4), blue, 20);
  });
});
