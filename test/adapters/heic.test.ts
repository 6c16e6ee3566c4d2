import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { decodeHeic } from '#adapters/heic.ts';
import { createSharpRenderer } from '#adapters/sharp.ts';
import { UnreadablePicture } from '#errors.ts';
import { type Colour, plain, quarterMiddles } from '../fakes/camera-pictures.ts';
import { difference, shown } from '../fakes/colours.ts';
import { burstHeic, heic, hugeHeic, numberedColours, turnedHeic } from '../fakes/heic-pictures.ts';

const renderer = createSharpRenderer();
const limits = { maxBytes: 1e7, maxLongEdge: 2560, minWidth: 1, minRatio: 0, maxRatio: 99 };
const red: Colour = [220, 30, 30];
const green: Colour = [30, 180, 40];
const blue: Colour = [30, 50, 210];
const yellow: Colour = [230, 210, 40];
/** From the top left clockwise. */
const upright = [red, green, blue, yellow];

async function render(original: Buffer) {
  return (await renderer.open(original)).render(limits);
}

async function expectQuarters(original: Buffer, wanted: readonly Colour[]): Promise<void> {
  const { bytes } = await render(original);
  for (const [index, [x, y]] of quarterMiddles.entries()) {
    expect(difference(await shown(bytes, x, y), wanted[index] ?? [0, 0, 0])).toBeLessThan(2);
  }
}

describe('a HEIC photo', () => {
  it('shows its colours of Display P3 in sRGB', async () => {
    await expectQuarters(heic('telephone'), upright);
  });

  it('shows them as well where numbers alone say so', async () => {
    await expectQuarters(numberedColours(heic('telephone')), upright);
  });

  // Its EXIF says 6 all the while: only the box counts, or pictures of telephones would be turned twice.
  it.each([
    [0, [240, 160], upright],
    [1, [160, 240], [green, blue, yellow, red]],
    [2, [240, 160], [blue, yellow, red, green]],
    [3, [160, 240], [yellow, red, green, blue]],
  ] as const)('turned by %i quarters comes out upright, once', async (quarters, size, seen) => {
    const { width, height } = await render(turnedHeic(quarters));
    expect([width, height]).toEqual(size);
    await expectQuarters(turnedHeic(quarters), seen);
  });

  it('is mirrored where its file says so', async () => {
    await expectQuarters(heic('mirrored'), [green, red, yellow, blue]);
  });

  it.each([
    [0, [120, 88], upright],
    [3, [88, 120], [yellow, red, green, blue]],
  ] as const)(
    'of tiles is put together and turned as a whole, by %i quarters',
    async (quarters, size, seen) => {
      const original = turnedHeic(quarters, 'grid');
      const { bytes, width, height } = await render(original);
      expect([width, height]).toEqual(size);
      await expectQuarters(original, seen);
      const pixels = await sharp(bytes).raw().toBuffer();
      const isMagenta = (at: number) =>
        (pixels[at] ?? 0) + (pixels[at + 2] ?? 0) - (pixels[at + 1] ?? 0) > 400;
      expect(Array.from({ length: pixels.length / 3 }, (_, at) => isMagenta(3 * at))).not.toContain(true);
    },
  );

  it.each(['transparent', 'premultiplied'] as const)(
    'shows nothing of what nobody is to see: %s',
    async (name) => {
      const { bytes } = await render(heic(name));
      expect(difference(await shown(bytes, 0.1, 0.5), red)).toBeLessThan(2);
      expect(difference(await shown(bytes, 0.5, 0.5), [238, 143, 143])).toBeLessThan(2);
      expect(difference(await shown(bytes, 0.95, 0.5), [255, 255, 255])).toBeLessThan(2);
    },
  );

  it('with 10 bits and no profile is taken as sRGB', async () => {
    await expectQuarters(heic('ten-bit'), upright);
  });

  it.each([
    [1, red],
    [2, blue],
  ] as const)('of several pictures is the main one: %i', async (main, colour) => {
    const { bytes } = await render(burstHeic(main));
    expect(difference(await shown(bytes, 0.5, 0.5), colour)).toBeLessThan(2);
  });

  it('brings its words and its day along, and no position', async () => {
    const { ownWords } = await renderer.open(heic('telephone'));
    expect(ownWords).toEqual({ description: 'A quiet evening', keywords: [], takenOn: '2026-10-04' });
  });

  it('is an empty frame of a contact sheet', async () => {
    const sheet = await renderer.contactSheet([heic('telephone'), await plain(red).jpeg().toBuffer()]);
    expect(difference(await shown(sheet, 0.25, 0.5), [44, 44, 46])).toBeLessThan(2);
    expect(difference(await shown(sheet, 0.75, 0.5), red)).toBeLessThan(2);
  });
});

describe('a HEIC file that is none', () => {
  const broken: Readonly<Record<string, Buffer>> = {
    'one without its last tenth': heic('telephone').subarray(0, 2250),
    'its head alone': heic('telephone').subarray(0, 900),
    'one that claims 400 megapixels': hugeHeic(20_000, 20_000),
    'one that claims 4,000 gigapixels': hugeHeic(2_000_000, 2_000_000),
    'one of another codec': Buffer.from(
      heic('telephone').toString('latin1').replaceAll('hvc1', 'xyz1'),
      'latin1',
    ),
  };
  it.each(Object.entries(broken))('is refused: %s', async (_, bytes) => {
    await expect(renderer.open(bytes)).rejects.toBeInstanceOf(UnreadablePicture);
  });
});

describe('the thread that decodes', () => {
  const task = { bytes: heic('telephone'), maxPixels: 100_000 };
  const thread = (name: string) => new URL(`../fakes/threads/${name}.ts`, import.meta.url);

  it('refuses more pixels than asked for', async () => {
    await expect(decodeHeic({ ...task, maxPixels: 240 * 160 - 1 })).rejects.toThrow('38400 pixels');
    expect(await decodeHeic({ ...task, maxPixels: 240 * 160 })).toMatchObject({ width: 240, height: 160 });
  });

  it.each([
    ['silent', 50, 'too long'],
    ['ending', 30_000, 'without an answer'],
    ['missing', 30_000, 'no whole HEIC'],
  ])('makes an unreadable picture when it is %s', async (name, limitMs, reason) => {
    const decoding = decodeHeic(task, { worker: thread(name), limitMs });
    await expect(decoding).rejects.toThrow(reason);
    await expect(decoding).rejects.toBeInstanceOf(UnreadablePicture);
  });
});
