import { describe, expect, it } from 'vitest';
import { createSharpRenderer } from '#adapters/sharp.ts';
import { UnreadablePicture } from '#errors.ts';
import { packet, plain, pngBomb, quarters } from '../fakes/camera-pictures.ts';
import { type Chance, createChance } from '../fakes/chance.ts';
import { heic, hugeHeic } from '../fakes/heic-pictures.ts';

const renderer = createSharpRenderer();
const limits = { maxBytes: 1e7, maxLongEdge: 2560, minWidth: 1, minRatio: 0, maxRatio: 99 };
const image = quarters([
  [220, 30, 30],
  [30, 180, 40],
  [30, 50, 210],
  [230, 210, 40],
]);
const traced = image
  .withExif({ IFD0: { Artist: 'Mara', ImageDescription: 'A quiet evening' } })
  .withXmp(packet('<dc:format>image</dc:format>'));

const originals: Readonly<Record<string, Buffer>> = {
  jpeg: await traced.clone().jpeg().toBuffer(),
  png: await traced.clone().png().toBuffer(),
  webp: await traced.clone().webp().toBuffer(),
  tiff: await traced.clone().tiff({ compression: 'lzw' }).toBuffer(),
  gif: await traced.clone().gif().toBuffer(),
  avif: await traced.clone().avif({ effort: 0 }).toBuffer(),
  heic: heic('telephone'),
};

function patched(bytes: Buffer | undefined, change: (bytes: Buffer) => void): Buffer {
  const copy = Buffer.from(bytes ?? '');
  change(copy);
  return copy;
}

describe('a file that claims to be huge', () => {
  const side = 65_000;
  const bombs: Readonly<Record<string, Buffer>> = {
    // ITU T.81, B.2.2: height and width follow the marker, the length and the precision.
    JPEG: patched(originals['jpeg'], (bytes) => {
      const frame = bytes.lastIndexOf(Buffer.from([0xff, 0xc0, 0x00, 0x11]));
      bytes.writeUInt16BE(side, frame + 5);
      bytes.writeUInt16BE(side, frame + 7);
    }),
    // RFC 9649, 2.7: the canvas of VP8X in 24 bits each, less one.
    WebP: patched(originals['webp'], (bytes) => {
      const canvas = bytes.indexOf('VP8X') + 12;
      bytes.writeUIntLE(16_000, canvas, 3);
      bytes.writeUIntLE(16_000, canvas + 3, 3);
    }),
    // GIF89a, 18 and 20: the screen, and the place and size of the picture upon it.
    GIF: patched(originals['gif'], (bytes) => {
      const frame = bytes.indexOf(Buffer.from([0x2c, 0, 0, 0, 0, 240, 0, 160, 0]));
      for (const at of [6, 8, frame + 5, frame + 7]) bytes.writeUInt16LE(side, at);
    }),
    // TIFF 6.0: tags 256 and 257 as LONG or SHORT, the value in their last four bytes.
    TIFF: patched(originals['tiff'], (bytes) => {
      const directory = bytes.readUInt32LE(4);
      for (let entry = directory + 2; entry < directory + 26; entry += 12) {
        if (![256, 257].includes(bytes.readUInt16LE(entry))) continue;
        bytes.writeUInt16LE(4, entry + 2);
        bytes.writeUInt32LE(1_000_000, entry + 8);
      }
    }),
    AVIF: patched(originals['avif'], (bytes) => {
      const size = bytes.indexOf('ispe') + 8;
      bytes.writeUInt32BE(side, size);
      bytes.writeUInt32BE(side, size + 4);
    }),
    HEIC: hugeHeic(30_000, 30_000),
    PNG: pngBomb(16_000, 16_000, true),
    'PNG that is one line': pngBomb(1, 200_000_000, false),
  };

  it.each(Object.entries(bombs))('is refused, and takes no memory: %s', async (_, bytes) => {
    const before = process.resourceUsage().maxRSS;
    await expect(renderer.open(bytes)).rejects.toBeInstanceOf(UnreadablePicture);
    expect((process.resourceUsage().maxRSS - before) / 1024).toBeLessThan(150);
  });
});

describe('what is no photo', () => {
  const others: Readonly<Record<string, Buffer>> = {
    'nothing at all': Buffer.alloc(0),
    'one byte': Buffer.from([0xff]),
    'a text': Buffer.from('This is not a picture, whatever it is called.'),
    'an SVG': Buffer.from(
      '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><rect width="9" height="9"/></svg>',
    ),
    'an SVG that reads a file': Buffer.from(
      '<?xml version="1.0"?><!DOCTYPE svg [<!ENTITY f SYSTEM "file:///etc/passwd">]><svg xmlns="http://www.w3.org/2000/svg"><text>&f;</text></svg>',
    ),
    'a PDF': Buffer.from('%PDF-1.7\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF'),
    'a portable pixmap': Buffer.from('P6 2 2 255 123456789012'),
    'a table': Buffer.from('1,2\n3,4\n'),
    'a ZIP': Buffer.concat([Buffer.from('PK\x03\x04'), Buffer.alloc(60)]),
    'a film': Buffer.concat([Buffer.from('\0\0\0\x18ftypmp42\0\0\0\0mp42isom', 'latin1'), Buffer.alloc(60)]),
    zeros: Buffer.alloc(100_000),
  };
  it.each(Object.entries(others))('is refused: %s', async (_, bytes) => {
    await expect(renderer.open(bytes)).rejects.toBeInstanceOf(UnreadablePicture);
  });

  it('may follow a photo in its file, and is gone from what is published', async () => {
    const tail = Buffer.from('PK34<script>alert("CANARY")</script>');
    const { render } = await renderer.open(Buffer.concat([originals['jpeg'] ?? tail, tail]));
    expect((await render(limits)).bytes.includes('CANARY')).toBe(false);
  });
});

describe('a photo that is cut off', () => {
  const cuts = Object.keys(originals).flatMap((format) =>
    [0.02, 0.3, 0.6, 0.9].map((part) => ({ format, part })),
  );
  it.each(cuts)('after $part of its $format is refused', async ({ format, part }) => {
    const whole = originals[format] ?? Buffer.alloc(0);
    const start = whole.subarray(0, Math.floor(part * whole.length));
    await expect(renderer.open(start)).rejects.toBeInstanceOf(UnreadablePicture);
  });
});

/** A few bytes changed, doubled or left out. */
function mutated(original: Buffer, chance: Chance): Buffer {
  let bytes = Buffer.from(original);
  for (let changes = chance.number(1, 6); changes > 0; changes -= 1) {
    const at = chance.number(0, bytes.length - 1);
    const length = chance.number(1, 16);
    const kind = chance.number(0, 5);
    if (kind === 0) bytes = Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + length)]);
    else if (kind === 1) bytes = Buffer.concat([bytes.subarray(0, at + length), bytes.subarray(at)]);
    else bytes[at] = chance.oneOf([0, 1, 127, 128, 255, chance.number(0, 255)]);
  }
  return bytes;
}

describe('a damaged photo', () => {
  // Each HEIC has a thread of its own, which takes its time to start.
  const rounds = Object.keys(originals).map((format) => ({ format, count: format === 'heic' ? 40 : 160 }));
  it.each(rounds)(
    'is decoded or refused, $count times as $format',
    { timeout: 120_000 },
    async ({ format, count }) => {
      const chance = createChance(20_261_122);
      const before = process.resourceUsage().maxRSS;
      for (let round = 0; round < count; round += 1) {
        const bytes = mutated(originals[format] ?? Buffer.alloc(0), chance);
        const opened = await renderer.open(bytes).catch((error: unknown) => error);
        if (opened instanceof Error) expect([round, opened.name]).toEqual([round, 'UnreadablePicture']);
        else expect(opened).toHaveProperty('ownWords.keywords');
      }
      expect((process.resourceUsage().maxRSS - before) / 1024).toBeLessThan(300);
      expect((await renderer.open(await plain([1, 2, 3]).png().toBuffer())).ownWords.keywords).toEqual([]);
    },
  );
});

it('takes what the largest camera makes for no bomb', async () => {
  // Phase One IQ4: 14204 × 10652.
  const original = await plain([90, 150, 210], 14_204, 10_652).jpeg().toBuffer();
  expect(await (await renderer.open(original)).render(limits)).toMatchObject({ width: 2560, height: 1920 });
});
