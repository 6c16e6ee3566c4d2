import { z } from 'zod';
import type { OwnWords } from '#post/photo.ts';
import { creditLine, titleLine, withoutPositions } from '#post/private-words.ts';

/** exifr makes numbers of words such as 1984, and an object of a text that names its language. */
const Word = z.union([
  z.string(),
  z.number().transform(String),
  z.object({ value: z.union([z.string(), z.number()]) }).transform(({ value }) => String(value)),
  z.instanceof(Uint8Array).transform((bytes) => new TextDecoder().decode(bytes)),
]);
/** Of a text in several languages the first is taken, which by the XMP specification is the default one. */
const field = z
  .union([Word, z.array(Word).transform(([first]) => first)])
  .optional()
  .catch(undefined);
const words = z
  .union([z.array(Word), Word.transform((word) => [word])])
  .optional()
  .catch(undefined);

/** The day as the camera wrote it, whatever zone it was in. */
const Day = z
  .string()
  .transform((text) => /^(\d{4})[-:](\d{2})[-:](\d{2})/.exec(text)?.slice(1).join('-'))
  // Cameras whose clock was never set begin in 1970 or 1980.
  .refine((day = '') => z.iso.date().safeParse(day).success && day >= '1990')
  .optional()
  .catch(undefined);

const Metadata = z.object({
  title: field,
  ObjectName: field,
  Headline: field,
  description: field,
  Caption: field,
  ImageDescription: field,
  subject: words,
  Keywords: words,
  DateTimeOriginal: Day,
  City: field,
  Country: field,
  creator: field,
  Artist: field,
  Byline: field,
  rights: field,
  Copyright: field,
  CopyrightNotice: field,
});

/** What a picture says of whose it is: one short line each. */
export interface Credit {
  readonly title?: string;
  readonly artist?: string;
  readonly copyright?: string;
}

/** What cameras write into the description by themselves. */
const cameraWords = /^(olympus digital camera|sony dsc|dcim|default|untitled|screenshot|.{0,2})$/i;
/** Drones write where the file lay, other programs its name; a path can tell who the owner is. */
const fileName =
  /^(dcim|[a-z]:)?[\\/].*$|^.*\.(jpe?g|hei[cf]|png|webp|avif|tiff?|gif|dng|psd|raw|cr[23w]|nef|arw|raf|orf|rw2)$/i;

/** The blocks of metadata that a file brings along, for formats that exifr does not look into. */
export interface Blocks {
  readonly exif?: Buffer | undefined;
  /** The XMP packet. */
  readonly xmp?: Buffer | undefined;
}

/**
 * The photographer's title, description and keywords from IPTC, XMP and EXIF, with the day and the place as words,
 * and the credit; none where nothing is readable. Coordinates are not read.
 */
export async function readMetadata(
  original: Buffer,
  { exif, xmp }: Blocks,
): Promise<{ readonly ownWords: OwnWords; readonly credit: Credit }> {
  const { default: exifr } = await import('exifr');
  const kinds = { xmp: true, iptc: true, tiff: true, exif: true, gps: false };
  // Revived, a date would be one in the machine's zone, and 40 October one in November.
  const options = { ...kinds, mergeOutput: false, reviveValues: false };
  const read = async (bytes: Buffer) => {
    const { exif, ifd0, tiff, iptc, photoshop, dc } =
      (await exifr.parse(bytes, options).catch(() => undefined)) ?? {};
    // By name: another namespace can have a title too, and mean something else by it.
    const found = { ...exif, ...ifd0, ...tiff, ...iptc, ...photoshop, ...dc };
    const fields = Metadata.safeParse(found).data ?? {};
    return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
  };
  const found: z.infer<typeof Metadata> = {
    ...(await read(asJpeg({ exif, xmp }))),
    ...(await read(original)),
  };
  return { ownWords: ownWordsOf(found), credit: creditOf(found) };
}

function ownWordsOf(found: z.infer<typeof Metadata>): OwnWords {
  const title = publicOf(found.title, found.ObjectName, found.Headline);
  const description = publicOf(found.description, found.Caption, found.ImageDescription);
  const keywords = found.subject ?? found.Keywords ?? [];
  const takenOn = found.DateTimeOriginal;
  const place = [publicOf(found.City), publicOf(found.Country)].filter((part) => part !== undefined);
  return {
    ...(takenOn !== undefined && { takenOn }),
    ...(place.length > 0 && { place: [...new Set(place)].join(', ') }),
    ...(title !== undefined && { title }),
    ...(description !== undefined && description !== title && { description }),
    keywords: keywords.map((word) => withoutPositions(clean(word))).filter((word) => word !== ''),
  };
}

/** The first text, without what tells a position. */
function publicOf(...texts: readonly (string | undefined)[]): string | undefined {
  return withoutPositions(firstOf(...texts) ?? '') || undefined;
}

function creditOf(found: z.infer<typeof Metadata>): Credit {
  const title = titleLine(firstOf(found.title, found.ObjectName) ?? '');
  const artist = creditLine(firstOf(found.creator, found.Artist, found.Byline) ?? '');
  const copyright = creditLine(firstOf(found.rights, found.Copyright, found.CopyrightNotice) ?? '');
  return {
    ...(title !== undefined && { title }),
    ...(artist !== undefined && { artist }),
    ...(copyright !== undefined && { copyright }),
  };
}

/** A JPEG segment has 65,535 bytes, its length and its name among them. */
const longestSegment = 65_000;
const exifName = Buffer.from('Exif\0\0');
const xmpName = Buffer.from('http://ns.adobe.com/xap/1.0/\0');

/** The blocks in the one place where exifr finds them in any case. */
function asJpeg({ exif, xmp }: Blocks): Buffer {
  // Some formats name the block within itself.
  const tiff = exif?.subarray(0, exifName.length).equals(exifName) ? exif.subarray(exifName.length) : exif;
  const segments = [segment(exifName, tiff), segment(xmpName, xmp)];
  return Buffer.concat([Buffer.from([0xff, 0xd8]), ...segments, Buffer.from([0xff, 0xd9])]);
}

function segment(name: Buffer, content: Buffer | undefined): Buffer {
  if (content === undefined || content.length > longestSegment) return Buffer.alloc(0);
  const head = Buffer.from([0xff, 0xe1, 0, 0]);
  head.writeUInt16BE(2 + name.length + content.length, 2);
  return Buffer.concat([head, name, content]);
}

function firstOf(...texts: readonly (string | undefined)[]): string | undefined {
  return texts
    .map((text) => clean(text ?? ''))
    .find((text) => text !== '' && !cameraWords.test(text) && !fileName.test(text));
}

function clean(text: string): string {
  return unescaped(fromUtf8(text))
    .toWellFormed()
    .replace(lineEnd, '\n')
    .replace(/(?!\n)\p{Cc}/gu, ' ')
    .trim()
    .slice(0, 1000);
}

/** As Unicode has them; IPTC uses the carriage return alone. */
const lineEnd = /\r\n|[\r\v\f\u0085\u2028\u2029]/g;

const escapes: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

/** exifr leaves XML as it is written; Adobe's programs write the end of a line as `&#xA;`. */
function unescaped(text: string): string {
  return text.replace(
    /&(?:(amp|lt|gt|quot|apos)|#(\d{1,7})|#x([\da-f]{1,6}));/gi,
    (all, name, decimal, hex) => {
      if (name !== undefined) return escapes[name] ?? all;
      const point = hex === undefined ? Number(decimal) : Number.parseInt(hex, 16);
      return point > 0x10ffff ? all : String.fromCodePoint(point);
    },
  );
}

/** exifr reads IPTC as Latin-1; most programs write it as UTF-8. */
function fromUtf8(text: string): string {
  if ([...text].some((sign) => sign > '\u00ff')) return text;
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(Buffer.from(text, 'latin1'));
  } catch {
    // It really is Latin-1.
    return text;
  }
}
