import { UnreadablePicture } from '#errors.ts';
import type { OpenPicture, Renderer } from '#ports/renderer.ts';
import { readOwnWords } from './exifr.ts';
import { contactSheet } from './sharp-contact-sheet.ts';
import { perceptualHash } from './sharp-perceptual-hash.ts';
import { type Master, maxPixels, paper, render, type SharpModule } from './sharp-rendition.ts';

/** No platform shows more than Telegram's largest size, 2560 pixels. */
const masterEdge = 2560;
const formats = new Set(['jpeg', 'png', 'webp', 'tiff', 'gif', 'heif']);

/** Pictures by libvips. It is loaded when the first picture is opened. */
export function createSharpRenderer(): Renderer {
  let loading: Promise<SharpModule> | undefined;
  function load(): Promise<SharpModule> {
    loading ??= import('sharp').then(({ default: sharp }) => {
      // Pictures come one at a time and never again: a cache only holds memory.
      sharp.cache(false);
      return sharp;
    });
    return loading;
  }

  return {
    async open(original): Promise<OpenPicture> {
      const sharp = await load();
      const { master, xmp } = await develop(sharp, original);
      const ownWords = await readOwnWords(original, xmp);
      return { ownWords, render: (limits) => render(sharp, master, limits) };
    },
    async perceptualHash(picture) {
      const sharp = await load();
      return await perceptualHash(sharp, picture).catch(() => undefined);
    },
    async contactSheet(pictures) {
      return contactSheet(await load(), pictures);
    },
  };
}

/** The master, and the XMP packet that the file brings along. */
async function develop(
  sharp: SharpModule,
  original: Buffer,
): Promise<{ readonly master: Master; readonly xmp: Buffer | undefined }> {
  try {
    const image = sharp(original, { limitInputPixels: maxPixels });
    const { format, xmp } = await image.metadata();
    if (format === undefined || !formats.has(format)) throw new UnreadablePicture('this is no photo format');
    const { data, info } = await image
      .autoOrient()
      .resize({ width: masterEdge, height: masterEdge, fit: 'inside', withoutEnlargement: true })
      .flatten({ background: paper })
      .toColourspace('srgb')
      .raw({ depth: 'uchar' })
      .toBuffer({ resolveWithObject: true });
    const { width, height, channels } = info;
    return { master: { pixels: data, raw: { width, height, channels } }, xmp };
  } catch (error) {
    if (error instanceof UnreadablePicture) throw error;
    throw new UnreadablePicture(error instanceof Error ? (error.message.split('\n')[0] ?? '') : 'unknown');
  }
}
