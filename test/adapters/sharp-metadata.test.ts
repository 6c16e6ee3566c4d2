import exifr from 'exifr';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { createSharpRenderer } from '#adapters/sharp.ts';
import { platformDefinitions } from '#platforms/index.ts';
import { packet, plain, type Traces, withTraces } from '../fakes/camera-pictures.ts';
import { heic } from '../fakes/heic-pictures.ts';

const renderer = createSharpRenderer();

const secrets = {
  owner: 'CANARY-Owner',
  serial: 'CANARY-BODY-4711',
  lens: 'CANARY-LENS-0815',
  city: 'CANARY-Home-Street',
  contact: 'CANARY-Contact-Street',
  face: 'CANARY-Face',
  history: 'CANARY-History',
  description: 'CANARY-Description',
} as const;

const kept = {
  title: 'Harbour & “sea”',
  artist: 'Zoë Müller (Studio)',
  copyright: '© 2026 Zoë Müller',
} as const;

const traces: Traces = {
  exif: {
    IFD0: {
      Artist: 'Zoe Mueller',
      Copyright: '(C) 2026',
      Make: 'CANARY-Make',
      ImageDescription: secrets.description,
      Software: 'CANARY-Software',
    },
    IFD2: {
      BodySerialNumber: secrets.serial,
      LensSerialNumber: secrets.lens,
      CameraOwnerName: secrets.owner,
      DateTimeOriginal: '2026:11:22 12:00:00',
    },
    IFD3: {
      GPSLatitudeRef: 'N',
      GPSLatitude: '52/1 31/1 12/1',
      GPSLongitudeRef: 'E',
      GPSLongitude: '13/1 24/1 36/1',
    },
  },
  xmp: [
    '<dc:title><rdf:Alt><rdf:li xml:lang="x-default">Harbour &amp; “sea”</rdf:li></rdf:Alt></dc:title>',
    `<dc:creator><rdf:Seq><rdf:li>${kept.artist}</rdf:li></rdf:Seq></dc:creator>`,
    `<dc:rights><rdf:Alt><rdf:li xml:lang="x-default">${kept.copyright}</rdf:li></rdf:Alt></dc:rights>`,
    `<exif:GPSLatitude>52,31.2N</exif:GPSLatitude><aux:SerialNumber>${secrets.serial}</aux:SerialNumber>`,
    `<Iptc4xmpCore:CreatorContactInfo xmlns:Iptc4xmpCore="http://iptc.org/std/Iptc4xmpCore/1.0/xmlns/" rdf:parseType="Resource"><Iptc4xmpCore:CiAdrExtadr>${secrets.contact}</Iptc4xmpCore:CiAdrExtadr></Iptc4xmpCore:CreatorContactInfo>`,
    `<mwg-rs:Name xmlns:mwg-rs="http://www.metadataworkinggroup.com/schemas/regions/">${secrets.face}</mwg-rs:Name>`,
    `<xmpMM:History xmlns:xmpMM="http://ns.adobe.com/xap/1.0/mm/">${secrets.history}</xmpMM:History>`,
  ].join(''),
  iptc: { 80: ['CANARY-Byline'], 92: [secrets.city], 116: ['CANARY-Notice'], 118: [secrets.contact] },
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

/** All that a rendition says in metadata, but for what EXIF always has to say of a JPEG. */
async function saidBy(bytes: Buffer): Promise<unknown> {
  const { ifd0, exif, xmp, dc, ...others } = (await exifr.parse(bytes, everything)) ?? {};
  const { Artist, Copyright, ...rest } = ifd0 ?? {};
  const formal = ['Orientation', 'XResolution', 'YResolution', 'ResolutionUnit', 'YCbCrPositioning'];
  const technical = ['ExifVersion', 'ComponentsConfiguration', 'FlashpixVersion', 'ColorSpace'];
  expect(formal).toEqual(expect.arrayContaining(Object.keys(rest)));
  expect([...technical, 'ExifImageWidth', 'ExifImageHeight']).toEqual(
    expect.arrayContaining(Object.keys(exif ?? {})),
  );
  expect(Object.keys(others).filter((block) => block !== 'jfif')).toEqual([]);
  return { Artist, Copyright, dc };
}

const limits = { maxBytes: 1e7, maxLongEdge: 2560, minWidth: 1, minRatio: 0, maxRatio: 99 };

describe('metadata', () => {
  it('is really in the pictures of these tests', async () => {
    const original = await withTraces(image.clone(), traces);
    const shown = original.toString('latin1');
    for (const secret of Object.values(secrets)) expect(shown).toContain(secret);
    expect(await exifr.gps(original)).toMatchObject({ latitude: expect.closeTo(52.52, 1) });
    expect(await blocksOf(original)).toEqual(expect.arrayContaining(['exif', 'gps', 'ifd0', 'iptc']));
  });

  const cases = platformDefinitions.map(({ id, pictureLimits }) => [id, pictureLimits] as const);
  it.each(cases)(
    'leaves the house in a rendition for %s as title, artist and copyright alone',
    async (_, its) => {
      const { render } = await renderer.open(await withTraces(image.clone(), traces));
      const { bytes } = await render(its);
      expect(bytes.toString('latin1')).not.toMatch(/CANARY|GPS|Photoshop|8BIM|ICC_PROFILE|MotionPhoto/);
      expect(await saidBy(bytes)).toEqual({
        Artist: 'Zoe Muller (Studio)',
        Copyright: '(C) 2026 Zoe Muller',
        dc: {
          title: { lang: 'x-default', value: 'Harbour &amp; “sea”' },
          creator: kept.artist,
          rights: { lang: 'x-default', value: kept.copyright },
        },
      });
      expect(await exifr.gps(bytes).catch(() => undefined)).toBeUndefined();
      // The picture itself, put into the library again, says the same.
      expect((await renderer.open(bytes)).ownWords).toEqual({ title: kept.title, keywords: [] });
    },
  );

  const formats = ['jpeg', 'png', 'webp', 'avif', 'tiff'] as const;
  it.each(formats)('leaves the house of no %s but for title, artist and copyright', async (format) => {
    const traced = image
      .clone()
      .withExif(traces.exif ?? {})
      .withXmp(packet(traces.xmp ?? ''));
    const original = await traced.toFormat(format, { effort: 1 }).toBuffer();
    expect(original.toString('latin1')).toContain('CANARY');
    const { render, copy } = await renderer.open(original);
    const { bytes } = await render(limits);
    expect(bytes.toString('latin1')).not.toMatch(/CANARY|GPS/);
    expect(await saidBy(bytes)).toMatchObject({ dc: { creator: kept.artist } });
    expect(await blocksOf(await copy(limits))).toEqual([]);
  });

  it('leaves the house of no HEIC but for artist and copyright', async () => {
    const { render, copy } = await renderer.open(heic('telephone'));
    const { bytes } = await render(limits);
    expect(await saidBy(bytes)).toEqual({
      Artist: 'CANARY-Artist',
      Copyright: 'CANARY-Copyright',
      dc: { creator: 'CANARY-Artist', rights: { lang: 'x-default', value: 'CANARY-Copyright' } },
    });
    expect(bytes.toString('latin1')).not.toMatch(/CANARY-(?!Artist|Copyright)|Apple|quiet/);
    expect((await copy(limits)).toString('latin1')).not.toContain('CANARY');
  });

  it('does not leave the house at all in a copy for an AI', async () => {
    const { copy } = await renderer.open(await withTraces(image.clone(), traces));
    const bytes = await copy(limits);
    expect(bytes.toString('latin1')).not.toMatch(/CANARY|Exif|http:|Photoshop|<rdf|ICC_PROFILE|Zo/);
    const { exif, xmp, iptc, icc } = await sharp(bytes).metadata();
    expect([exif, xmp, iptc, icc]).toEqual([undefined, undefined, undefined, undefined]);
    expect(await blocksOf(bytes)).toEqual([]);
  });

  it('does not leave the house in what follows the picture in its file', async () => {
    const original = Buffer.concat([await withTraces(image.clone(), traces), Buffer.from('CANARY-TAIL')]);
    const { render } = await renderer.open(original);
    for (const [, its] of cases) {
      expect((await render(its)).bytes.toString('latin1')).not.toContain('CANARY');
    }
  });

  it('does not leave the house in a contact sheet', async () => {
    const sheet = await renderer.contactSheet([await withTraces(image.clone(), traces)]);
    expect(sheet.toString('latin1')).not.toContain('CANARY');
  });
});

describe('the credit', () => {
  async function creditOf(given: Traces): Promise<unknown> {
    const { render } = await renderer.open(await withTraces(image.clone(), given));
    return saidBy((await render(limits)).bytes);
  }

  it('is none where the file has none', async () => {
    expect(await creditOf({})).toEqual({});
  });

  it.each([
    ['XMP', { xmp: '<dc:creator><rdf:Seq><rdf:li>Mara</rdf:li></rdf:Seq></dc:creator>' }],
    ['IPTC', { iptc: { 80: ['Mara'] } }],
    ['EXIF', { exif: { IFD0: { Artist: 'Mara' } } }],
  ])('is read from %s', async (_, given) => {
    expect(await creditOf(given)).toEqual({ Artist: 'Mara', dc: { creator: 'Mara' } });
  });

  it('in letters that EXIF does not have stands in XMP alone', async () => {
    expect(await creditOf({ iptc: { 80: ['東京 太郎'] } })).toEqual({ dc: { creator: '東京 太郎' } });
  });

  it.each([
    ['a position in degrees', '52.5200, 13.4050'],
    ['a position in minutes', '52°31′12″ N'],
    ['a whole text', 'word '.repeat(60)],
    ['control signs', '\u0007\u0000'],
  ])('is no place for %s', async (_, text) => {
    expect(await creditOf({ iptc: { 80: [text], 116: [text] } })).toEqual({});
  });

  const inXmp = (text: string) => ({
    xmp: `<dc:creator><rdf:Seq><rdf:li>${text}</rdf:li></rdf:Seq></dc:creator>`,
  });
  it.each([
    ['a line feed', { iptc: { 80: ['Mara\nHome Street 1\n12345 Town'] } }],
    // IPTC-IIM 4.2, which older programs write.
    ['a carriage return', { iptc: { 80: ['Mara\rHome Street\rTown'] } }],
    ['a separator of Unicode', { iptc: { 80: ['Mara\u2028Home Street'] } }],
    ['what Adobe writes in XMP', inXmp('Mara&#xA;Home Street')],
    ['the same in decimals', inXmp('Mara&#10;Home Street')],
  ])('is one line, because an address has several, whatever parts them: %s', async (_, given) => {
    expect(await creditOf(given)).toEqual({ Artist: 'Mara', dc: { creator: 'Mara' } });
  });

  it('is no place for an address, wherever it stands', async () => {
    const address = '© 2026 Mara Lund, Home Street 1, 12345 Town';
    const exif = { IFD0: { Artist: address, Copyright: address } };
    for (const given of [{ iptc: { 80: [address], 116: [address] } }, { exif }, inXmp(address)]) {
      expect(await creditOf(given)).toEqual({});
    }
  });

  it('is not taken from what another program calls creator or title', async () => {
    const xmp =
      '<o:title xmlns:o="urn:other">CANARY</o:title><o:creator xmlns:o="urn:other">CANARY</o:creator>';
    expect(await creditOf({ xmp })).toEqual({});
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

  it('may have signs that XML writes in another way', async () => {
    const ownWords = await wordsOf({
      xmp: xmpOf('Sand &amp; sea &#x1F305;', 'A &lt;quiet&gt; evening&#33; &#9999999;'),
    });
    const description = 'A <quiet> evening! &#9999999;';
    expect(ownWords).toMatchObject({ title: 'Sand & sea 🌅', description });
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

  // The first as DJI's drones write it.
  it.each([
    'DCIM\\100MEDIA\\DJI_0012.JPG',
    '/Users/mara/Pictures/fog.dng',
    'C:\\Users\\Mara Lund\\fog',
    'IMG_1234.HEIC',
  ])('are not where a file lay, nor its name: %s', async (text) => {
    const { ownWords, render } = await renderer.open(
      await withTraces(image.clone(), { exif: { IFD0: { ImageDescription: text } }, iptc: { 5: [text] } }),
    );
    expect(ownWords).toEqual({ keywords: [] });
    expect(await saidBy((await render(limits)).bytes)).toEqual({});
  });

  it('come without the lines and keywords that tell a position', async () => {
    const iptc = {
      5: ['Fog'],
      120: ['A quiet morning\r52.5200, 13.4050\rand nobody there'],
      25: ['fog', 'geo:lat=52.5', 'geo:lon=13.4050'],
      90: ['52°31′12″ N'],
    };
    expect(await wordsOf({ iptc })).toEqual({
      title: 'Fog',
      description: 'A quiet morning\nand nobody there',
      keywords: ['fog'],
    });
  });

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
  it.each(['png', 'webp', 'avif', 'tiff'] as const)('are read from a %s', async (format) => {
    const xmp = packet(xmpOf('Harbour', 'A quiet evening', 'sea'));
    const original = await image.clone().withXmp(xmp).toFormat(format).toBuffer();
    expect((await renderer.open(original)).ownWords).toMatchObject({ title: 'Harbour' });
  });
});
