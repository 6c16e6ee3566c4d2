import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp, { type Exif } from 'sharp';
import { autumnPath } from './samples/autumn-path.ts';
import { dunes } from './samples/dunes.ts';
import { harbourAtDusk } from './samples/harbour-at-dusk.ts';
import { lighthouse } from './samples/lighthouse.ts';
import { loneTree } from './samples/lone-tree.ts';
import { type Scene, seeded, toSvg } from './samples/paint.ts';
import { rainyStreet } from './samples/rainy-street.ts';
import { snowyCabin } from './samples/snowy-cabin.ts';
import { sunriseOverMountains } from './samples/sunrise-over-mountains.ts';

interface Sample {
  readonly file: string;
  readonly scene: () => Scene;
  readonly takenAt: string;
  readonly title?: string;
  readonly description?: string;
  /** Stored turned a quarter to the left with EXIF orientation 6, as a telephone does. */
  readonly sideways?: boolean;
  /** Where it was taken, in degrees as EXIF writes them. */
  readonly home?: { readonly latitude: string; readonly longitude: string };
}

const photographer = 'Mara Lindqvist';

const samples: readonly Sample[] = [
  { file: 'sunrise-over-the-ridge.jpg', scene: sunriseOverMountains, takenAt: '2026:05:17 05:42:10' },
  {
    file: 'harbour-at-dusk.jpg',
    scene: harbourAtDusk,
    takenAt: '2026:08:29 20:51:44',
    title: 'Harbour at dusk',
    description: 'The old harbour a quarter of an hour after sunset, without a breath of wind.',
  },
  { file: 'DSC_0412.jpg', scene: lighthouse, takenAt: '2026:07:03 21:33:02' },
  {
    // A fictional home: the position lies in the open North Sea.
    file: 'IMG_20261018_161204.jpg',
    scene: autumnPath,
    takenAt: '2026:10:18 16:12:04',
    title: 'The way home',
    description: 'The path behind the house, in the one week when everything is gold.',
    sideways: true,
    home: { latitude: '56/1 20/1 1520/100', longitude: '3/1 11/1 4210/100' },
  },
  { file: 'dunes-panorama.jpg', scene: dunes, takenAt: '2026:02:11 17:20:31' },
  { file: 'DSC_0977.jpg', scene: rainyStreet, takenAt: '2025:11:30 19:08:55' },
  {
    file: 'cabin-under-stars.jpg',
    scene: snowyCabin,
    takenAt: '2026:01:09 22:47:19',
    title: 'Cabin under stars',
  },
  { file: 'DSCF3320.jpg', scene: loneTree, takenAt: '2026:06:24 18:05:37' },
];

function exifOf(sample: Sample): Exif {
  const { description, home, takenAt } = sample;
  return {
    IFD0: {
      Artist: photographer,
      Copyright: `(c) ${takenAt.slice(0, 4)} ${photographer}`,
      Make: 'Darkroom',
      Model: 'Simulator',
      DateTime: takenAt,
      ...(description === undefined ? {} : { ImageDescription: description }),
    },
    IFD2: { DateTimeOriginal: takenAt },
    ...(home === undefined
      ? {}
      : {
          IFD3: {
            GPSLatitudeRef: 'N',
            GPSLatitude: home.latitude,
            GPSLongitudeRef: 'E',
            GPSLongitude: home.longitude,
          },
        }),
  };
}

function xmpOf(sample: Sample): string | undefined {
  const { title, description } = sample;
  if (title === undefined) return undefined;
  const text = (name: string, value: string): string =>
    `<dc:${name}><rdf:Alt><rdf:li xml:lang="x-default">${value}</rdf:li></rdf:Alt></dc:${name}>`;
  return `<?xpacket begin="\uFEFF" id="W5M0MpCehiHzreSzNTczkc9d"?><x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/">${text('title', title)}${description === undefined ? '' : text('description', description)}<dc:creator><rdf:Seq><rdf:li>${photographer}</rdf:li></rdf:Seq></dc:creator></rdf:Description></rdf:RDF></x:xmpmeta><?xpacket end="w"?>`;
}

/** Film grain, made at half the size so that it survives the compression as grain and not as dots. */
async function grain(width: number, height: number, seed: number): Promise<Buffer> {
  const random = seeded(seed);
  const [w, h] = [Math.ceil(width / 2), Math.ceil(height / 2)];
  const values = Buffer.alloc(w * h);
  for (let at = 0; at < values.length; at += 1) {
    values[at] = 128 + (random() + random() + random() - 1.5) * 13;
  }
  return sharp(values, { raw: { width: w, height: h, channels: 1 } })
    .resize(width, height, { kernel: 'cubic' })
    .toColourspace('srgb')
    .png({ compressionLevel: 1 })
    .toBuffer();
}

async function develop(sample: Sample, seed: number): Promise<Buffer> {
  const scene = sample.scene();
  const { width, height } = scene;
  const vignette = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}"><defs><radialGradient id="v" r="0.75"><stop offset="0.6" stop-color="#000" stop-opacity="0"/><stop offset="1" stop-color="#000" stop-opacity="0.38"/></radialGradient></defs><rect width="100%" height="100%" fill="url(#v)"/></svg>`;
  const painted = await sharp(Buffer.from(toSvg(scene)), { unlimited: true })
    .flatten()
    .blur(0.7)
    .composite([
      { input: Buffer.from(vignette) },
      { input: await grain(width, height, seed), blend: 'soft-light' },
    ])
    .png({ compressionLevel: 1 })
    .toBuffer();
  const xmp = xmpOf(sample);
  const turned = sample.sideways ? sharp(painted).rotate(-90) : sharp(painted);
  const written = turned
    .withExif(exifOf(sample))
    .withMetadata({ orientation: sample.sideways ? 6 : 1 })
    .jpeg({ quality: 64, mozjpeg: true });
  return (xmp === undefined ? written : written.withXmp(xmp)).toBuffer();
}

/** Paints the sample photos into a folder; the same bytes each time with the same sharp. */
export async function makeSamples(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (const [index, sample] of samples.entries()) {
    await writeFile(join(folder, sample.file), await develop(sample, 1000 + index));
  }
}

if (import.meta.main) await makeSamples(join(import.meta.dirname, '..', '..', 'data', 'samples'));
