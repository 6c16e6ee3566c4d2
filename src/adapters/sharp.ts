import type { Metadata, ResizeOptions, Sharp } from 'sharp';
import { UnreadablePicture } from '#errors.ts';
import type { OpenPicture, Renderer } from '#ports/renderer.ts';
import type { Size } from '#post/photo.ts';
import { type Blocks, readMetadata } from './exifr.ts';
import { decodeHeic } from './heic.ts';
import { withIccProfile } from './png-profile.ts';
import { contactSheet } from './sharp-contact-sheet.ts';
import { fullSize } from './sharp-full-size.ts';
import { perceptualHash } from './sharp-perceptual-hash.ts';
import { type Master, maxPixels, paper, render, type SharpModule, safe } from './sharp-rendition.ts';

/** No platform shows more than Telegram's largest size, 2560 pixels. */
const longEdge = 2560;
/** Of a panorama so much is kept, or a cut from it would be small: Instagram's is up to 1440 pixels wide. */
const shortEdge = 1440;
/** But not of the longest ones, which would take too much memory. */
const mostPixels = 12_000_000;
/** libvips reads far more than photos, SVG and other documents among it. */
const loaders = ['Jpeg', 'Png', 'Webp', 'Tiff', 'Nsgif', 'Heif'].map((name) => `VipsForeignLoad${name}`);

/** What is smaller is left to Node. */
const muchBytes = 4_000_000;

/**
 * Collects what lies about beside something as large as this. Node itself waits until there is more: 30 MB of pictures
 * that are done with stay for hours. It takes 100 ms (see `npm run measure-memory`).
 */
function collectGarbage(besideBytes: number): void {
  if (besideBytes < muchBytes) return;
  globalThis.gc?.({ type: 'major', flavor: 'last-resort', execution: 'sync' });
}

/** Pictures by libvips. It is loaded when the first picture is opened. */
export function createSharpRenderer(): Renderer {
  let loading: Promise<SharpModule> | undefined;
  function load(): Promise<SharpModule> {
    loading ??= import('sharp').then(({ default: sharp }) => {
      // Pictures come one at a time and never again: a cache only holds memory.
      sharp.cache(false);
      // More threads for one picture would only take memory: other work goes on beside it.
      sharp.concurrency(1);
      sharp.block({ operation: ['VipsForeignLoad'] });
      sharp.unblock({ operation: loaders });
      return sharp;
    });
    return loading;
  }

  return {
    load,
    async fullSize(original, maxBytes) {
      const sharp = await load();
      return await readably(async () => {
        const { picture, blocks } = await decodable(sharp, original, () => ({}));
        const { credit } = await readMetadata(original, blocks);
        return await fullSize(sharp, picture, { credit, maxBytes });
      });
    },
    async open(original): Promise<OpenPicture> {
      const sharp = await load();
      // What its download has left.
      collectGarbage(original.length);
      const { master, blocks } = await readably(() => develop(sharp, original));
      return openPicture(sharp, master, await readMetadata(original, blocks));
    },
    async measure(picture) {
      const sharp = await load();
      const { format, width, height } = await sharp(picture).metadata();
      return { format, width, height };
    },
    async perceptualHash(picture) {
      const sharp = await load();
      return await perceptualHash(sharp, picture).catch(() => undefined);
    },
    async contactSheet(pictures, firstNumber) {
      return contactSheet(await load(), pictures, firstNumber);
    },
  };
}

/** A function of its own, or the picture would keep the original. */
function openPicture(
  sharp: SharpModule,
  developed: Master,
  { ownWords, credit }: Awaited<ReturnType<typeof readMetadata>>,
): OpenPicture {
  let master: Master | undefined = developed;
  function opened(): Master {
    if (master === undefined) throw new Error('The picture was closed');
    return master;
  }
  return {
    ownWords,
    render: async (limits, shape = 'white') => render(sharp, { ...opened(), credit }, limits, shape),
    copy: async (limits) => (await render(sharp, opened(), limits, 'white')).bytes,
    close() {
      const bytes = master?.pixels.length ?? 0;
      master = undefined;
      collectGarbage(bytes);
    },
  };
}

/** The master, and the metadata that the file brings along. */
async function develop(
  sharp: SharpModule,
  original: Buffer,
): Promise<{ readonly master: Master; readonly blocks: Blocks }> {
  const sizeFor = (header: Size) => within(masterEdge(header));
  const { picture, header, blocks } = await decodable(sharp, original, sizeFor);
  const { data, info } = await sharp(picture, safe)
    .autoOrient()
    .resize(sizeFor(header))
    .flatten({ background: paper })
    .toColourspace('srgb')
    .raw({ depth: 'uchar' })
    .toBuffer({ resolveWithObject: true });
  const { width, height, channels } = info;
  const isReduced = Math.max(header.width, header.height) > masterEdge(header);
  return { master: { pixels: data, raw: { width, height, channels }, isReduced }, blocks };
}

interface Decodable {
  /** A file that libvips decodes. */
  readonly picture: Buffer;
  /** Of the original. */
  readonly header: Size;
  readonly blocks: Blocks;
}

/** `sizeFor`: what a picture that has to be converted first may be reduced to. */
async function decodable(
  sharp: SharpModule,
  original: Buffer,
  sizeFor: (header: Size) => ResizeOptions,
): Promise<Decodable> {
  const header = await sharp(original, safe).metadata();
  const { exif, xmp } = header;
  const isHeif = header.format === 'heif';
  const picture = isHeif ? await fromHeif(sharp, original, header, sizeFor(header)) : original;
  return { picture, header, blocks: { exif, xmp } };
}

/** Whatever goes wrong with a picture makes it unreadable. */
async function readably<T>(read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof UnreadablePicture) throw error;
    throw new UnreadablePicture(error instanceof Error ? (error.message.split('\n')[0] ?? '') : 'unknown');
  }
}

/** The longer edge that the master of a picture of this size may have, however that lies. */
function masterEdge({ width, height }: Size): number {
  const ratio = Math.max(width, height) / Math.min(width, height);
  return Math.floor(Math.max(longEdge, Math.min(shortEdge * ratio, Math.sqrt(mostPixels * ratio))));
}

function within(edge: number) {
  return { width: edge, height: edge, fit: 'inside', withoutEnlargement: true } as const;
}

/**
 * The picture in a way that libvips reads with its colours: it comes without a decoder for HEVC, and passes over colours
 * that are named by numbers. As a PNG the pixels can carry their profile to it.
 */
async function fromHeif(
  sharp: SharpModule,
  bytes: Buffer,
  { compression, icc }: Metadata,
  size: ResizeOptions,
): Promise<Buffer> {
  const profile = icc ?? (saysDisplayP3(bytes) ? await displayP3(sharp) : undefined);
  if (compression !== 'hevc' && profile === icc) return bytes;
  const png = await (compression === 'hevc' ? await heic(sharp, bytes) : sharp(bytes, safe))
    .resize(size)
    .png({ compressionLevel: 0 })
    .toBuffer();
  return profile === undefined ? png : withIccProfile(png, profile);
}

async function heic(sharp: SharpModule, bytes: Buffer): Promise<Sharp> {
  const { pixels, ...raw } = await decodeHeic({ bytes, maxPixels });
  return sharp(pixels, { raw, ...safe });
}

/** Whether a box `colr` names the primaries of Display P3 (ITU-T H.273: 12). */
function saysDisplayP3(bytes: Buffer): boolean {
  const at = bytes.subarray(0, 65_536).indexOf('colrnclx');
  return at > 0 && bytes.readUInt16BE(at + 8) === 12;
}

async function displayP3(sharp: SharpModule): Promise<Buffer | undefined> {
  const create = { width: 1, height: 1, channels: 3, background: paper } as const;
  return (await sharp(await sharp({ create }).withIccProfile('p3').png().toBuffer()).metadata()).icc;
}
