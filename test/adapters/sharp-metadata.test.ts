import exifr from 'exifr';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { createSharpRenderer } from '#adapters/sharp.ts';
import { platformDefinitions } from '#platforms/index.ts';
import { packet, plain, type Traces, withTraces } from '../fakes/camera-pictures.ts';

const renderer = createSharpRenderer();

const secrets = {
  artist: 'CANARY-Artist-Name',
  copyright: 'CANARY-Copyright',
  serial: 'CANARY-BODY-4711',
  lens: 'CANARY-LENS-0815',
  city: 'CANARY-Home-Street',
  byline: 'CANARY-Byline',
} as const;

const traces: Traces = {
  exif: {
    IFD0: {
      Artist: secrets.artist,
      Copyright: secrets.copyright,
      Make: 'CANARY-Make',
      ImageDescription: 'CANARY-D',
    },
    IFD2: {
      BodySerialNumber: secrets.serial,
      LensSerialNumber: secrets.lens,
      DateTimeOriginal: '2026:11:22 12:00:00',
    },
    IFD3: {
      GPSLatitudeRef: 'N',
      GPSLatitude: '52/1 31/1 12/1',
      GPSLongitudeRef: 'E',
      GPSLongitude: '13/1 24/1 36/1',
    },
  },
  xmp: `<exif:GPSLatitude>52,31.2N</exif:GPSLatitude><aux:SerialNumber>${secrets.serial}</aux:SerialNumber><dc:creator><rdf:Seq><rdf:li>${secrets.artist}</rdf:li></rdf:Seq></dc:creator>`,
  iptc: { 80: [secrets.byline], 92: [secrets.city], 116: [secrets.copyright] },
};

const everything = {
  tiff: true,
  ifd1: true,
  exif: true,
  gps: true,
  xmp: true,
  iptc: true,
  icc: true,
  jfif: true,
  makerNote: true,
  userComment: true,
  mergeOutput: false,
} as const;

/** What exifr finds in a file, by the kind of block. */
async function blocksOf(bytes: Buffer): Promise<readonly string[]> {
  const found: unknown = await exifr.parse(bytes, everything).catch(() => undefined);
  return Object.keys(found ?? {}).sort();
}

const image = plain([200, 120, 60], 1600, 1200);

describe('metadata', () => {
  it('is really in the pictures of these tests', async () => {
    const original = await withTraces(image.clone(), traces);
    const shown = original.toString('latin1');
    for (const secret of Object.values(secrets)) expect(shown).toContain(secret);
    expect(await exifr.gps(original)).toMatchObject({ latitude: expect.closeTo(52.52, 1) });
    expect(await blocksOf(original)).toEqual(expect.arrayContaining(['exif', 'gps', 'ifd0', 'iptc']));
  });

  const cases = platformDefinitions.map(({ id, pictureLimits }) => [id, pictureLimits] as const);
  it.each(cases)('does not leave the house in a rendition for %s', async (_, limits) => {
    const { render } = await renderer.open(await withTraces(image.clone(), traces));
    const { bytes } = await render(limits);
    const shown = bytes.toString('latin1');
    for (const secret of [...Object.values(secrets), 'CANARY']) expect(shown).not.toContain(secret);
    for (const block of ['Exif', 'http://ns.adobe.com', 'Photoshop', '8BIM', '<rdf', 'ICC_PROFILE']) {
      expect(shown).not.toContain(block);
    }
    expect((await blocksOf(bytes)).filter((block) => block !== 'jfif')).toEqual([]);
    expect(await exifr.gps(bytes).catch(() => undefined)).toBeUndefined();
    const { exif, xmp, iptc, icc } = await sharp(bytes).metadata();
    expect([exif, xmp, iptc, icc]).toEqual([undefined, undefined, undefined, undefined]);
  });

  it('does not leave the house in what follows the picture in its file', async () => {
    const original = Buffer.concat([await withTraces(image.clone(), traces), Buffer.from('CANARY-TAIL')]);
    const { render } = await renderer.open(original);
    for (const [, limits] of cases)
      expect((await render(limits)).bytes.toString('latin1')).not.toContain('CANARY');
  });

  it('does not leave the house in a contact sheet', async () => {
    const sheet = await renderer.contactSheet([await withTraces(image.clone(), traces)]);
    expect(sheet.toString('latin1')).not.toContain('CANARY');
  });
});

const lang = (text: string) => `<rdf:Alt><rdf:li xml:lang="x-default">${text}</rdf:li></rdf:Alt>`;
const bag = (...words: readonly string[]) =>
  `<rdf:Bag>${words.map((word) => `<rdf:li>${word}</rdf:li>`).join('')}</rdf:Bag>`;
const xmpOf = (title: string, description: string, ...words: readonly string[]) =>
  `<dc:title>${lang(title)}</dc:title><dc:description>${lang(description)}</dc:description><dc:subject>${bag(...words)}</dc:subject>`;

async function wordsOf(given: Traces) {
  return (await renderer.open(await withTraces(image.clone(), given))).ownWords;
}

describe('the photographer’s own words', () => {
  it('are read from XMP', async () => {
    expect(
      await wordsOf({ xmp: xmpOf('Über dem Fjord', 'Ein stiller “Abend”', 'Fjord', 'Norwegen') }),
    ).toEqual({
      title: 'Über dem Fjord',
      description: 'Ein stiller “Abend”',
      keywords: ['Fjord', 'Norwegen'],
    });
  });

  it('are read from IPTC', async () => {
    expect(
      await wordsOf({ iptc: { 5: ['Harbour'], 120: ['A quiet evening'], 25: ['sea', 'boats'] } }),
    ).toEqual({
      title: 'Harbour',
      description: 'A quiet evening',
      keywords: ['sea', 'boats'],
    });
  });

  it('are read from EXIF', async () => {
    expect(await wordsOf({ exif: { IFD0: { ImageDescription: 'A quiet evening' } } })).toEqual({
      description: 'A quiet evening',
      keywords: [],
    });
  });

  it('are taken from XMP where all three have some', async () => {
    const ownWords = await wordsOf({
      xmp: xmpOf('From XMP', 'Words from XMP', 'xmp'),
      iptc: { 5: ['From IPTC'], 120: ['Words from IPTC'], 25: ['iptc'] },
      exif: { IFD0: { ImageDescription: 'Words from EXIF' } },
    });
    expect(ownWords).toEqual({ title: 'From XMP', description: 'Words from XMP', keywords: ['xmp'] });
  });

  it('come with the day on the camera’s clock, and with city and country as words', async () => {
    const exif = { IFD2: { DateTimeOriginal: '2026:10:04 00:10:00' } };
    expect(await wordsOf({ exif, iptc: { 90: ['Hamburg'], 101: ['Germany'], 92: ['Home Street'] } })).toEqual(
      {
        takenOn: '2026-10-04',
        place: 'Hamburg, Germany',
        keywords: [],
      },
    );
  });

  it.each(['0000:00:00 00:00:00', '1980:01:01 00:00:00', 'yesterday', '2026:13:40 00:00:00'])(
    'have no day from a clock that was never set: %s',
    async (DateTimeOriginal) => {
      expect((await wordsOf({ exif: { IFD2: { DateTimeOriginal } } })).takenOn).toBeUndefined();
    },
  );

  it('have no place from coordinates', async () => {
    expect(await wordsOf({ exif: traces.exif ?? {} })).not.toHaveProperty('place');
  });

  it('may be a single keyword, and are said once', async () => {
    expect(await wordsOf({ xmp: xmpOf('Harbour', 'Harbour', 'sea') })).toEqual({
      title: 'Harbour',
      keywords: ['sea'],
    });
  });

  it.each(['OLYMPUS DIGITAL CAMERA', 'SONY DSC', '   ', 'x'])(
    'are not what a camera writes: %j',
    async (text) => {
      expect(await wordsOf({ exif: { IFD0: { ImageDescription: text } } })).toEqual({ keywords: [] });
    },
  );

  it('are none in a picture without metadata, or with broken metadata', async () => {
    expect(await wordsOf({})).toEqual({ keywords: [] });
    const jpeg = await withTraces(image.clone(), { iptc: { 5: ['Harbour'] } });
    const broken = Buffer.from(jpeg);
    broken.fill(0xff, 30, 40);
    expect((await renderer.open(broken)).ownWords.keywords).toEqual([]);
  });

  // src/adapters/exifr.ts: exifr hands out IPTC byte by byte as Latin-1.
  it('are read from IPTC in UTF-8', async () => {
    expect(await wordsOf({ iptc: { 5: ['Über dem Fjord'] } })).toMatchObject({ title: 'Über dem Fjord' });
  });

  // src/adapters/exifr.ts, Metadata: exifr makes numbers of such words, and one of them loses all.
  it('may be numbers', async () => {
    expect(await wordsOf({ xmp: xmpOf('1984', 'A quiet evening', 'sea', '2026') })).toEqual({
      title: '1984',
      description: 'A quiet evening',
      keywords: ['sea', '2026'],
    });
  });

  // src/adapters/exifr.ts, Text: a list of translations is not understood.
  it('may be given in several languages', async () => {
    const title =
      '<dc:title><rdf:Alt><rdf:li xml:lang="x-default">Harbour</rdf:li><rdf:li xml:lang="de">Hafen</rdf:li></rdf:Alt></dc:title>';
    expect(await wordsOf({ xmp: title })).toMatchObject({ title: 'Harbour' });
  });

  // src/adapters/exifr.ts: exifr knows no WebP, and does not find XMP in a PNG as libvips writes it.
  it.each(['png', 'webp'] as const)('are read from a %s', async (format) => {
    const xmp = packet(xmpOf('Harbour', 'A quiet evening', 'sea'));
    const original = await image.clone().withXmp(xmp).toFormat(format).toBuffer();
    expect((await renderer.open(original)).ownWords).toMatchObject({ title: 'Harbour' });
  });
});
