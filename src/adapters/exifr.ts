import { z } from 'zod';
import type { OwnWords } from '#post/photo.ts';

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
});

/** What cameras write into the description by themselves. */
const cameraWords = /^(olympus digital camera|sony dsc|dcim|default|untitled|screenshot|.{0,2})$/i;

/**
 * The photographer's title, description and keywords from IPTC, XMP and EXIF, with the day and the place as words;
 * none where nothing is readable. Coordinates are not read.
 * `xmp` is the XMP packet, for formats that exifr does not look into.
 */
export async function readOwnWords(original: Buffer, xmp: Buffer | undefined): Promise<OwnWords> {
  const { default: exifr } = await import('exifr');
  const kinds = { xmp: true, iptc: true, tiff: true, exif: true, gps: false };
  // Revived, a date would be one in the machine's zone, and 40 October one in November.
  const options = { ...kinds, mergeOutput: true, reviveValues: false };
  const read = async (bytes: Buffer) => {
    const found: unknown = await exifr.parse(bytes, options).catch(() => undefined);
    return Metadata.safeParse(found).data ?? {};
  };
  const inPacket = xmp !== undefined && xmp.length < longestSegment ? await read(asJpeg(xmp)) : {};
  const inFile = await read(original);
  const title = firstOf(inFile.title, inPacket.title, inFile.ObjectName, inFile.Headline);
  const description = firstOf(
    inFile.description,
    inPacket.description,
    inFile.Caption,
    inFile.ImageDescription,
  );
  const keywords = inFile.subject ?? inPacket.subject ?? inFile.Keywords ?? [];
  const takenOn = inFile.DateTimeOriginal ?? inPacket.DateTimeOriginal;
  const place = [firstOf(inFile.City, inPacket.City), firstOf(inFile.Country, inPacket.Country)].filter(
    (part) => part !== undefined,
  );
  return {
    ...(takenOn !== undefined && { takenOn }),
    ...(place.length > 0 && { place: [...new Set(place)].join(', ') }),
    ...(title !== undefined && { title }),
    ...(description !== undefined && description !== title && { description }),
    keywords: keywords.map(clean).filter((word) => word !== ''),
  };
}

/** A JPEG segment has 65,535 bytes, its length and its name among them. */
const longestSegment = 65_000;
const xmpName = Buffer.from('http://ns.adobe.com/xap/1.0/\0');

/** An XMP packet in the one place where exifr finds it. */
function asJpeg(xmp: Buffer): Buffer {
  const head = Buffer.from([0xff, 0xd8, 0xff, 0xe1, 0, 0]);
  head.writeUInt16BE(2 + xmpName.length + xmp.length, 4);
  return Buffer.concat([head, xmpName, xmp, Buffer.from([0xff, 0xd9])]);
}

function firstOf(...texts: readonly (string | undefined)[]): string | undefined {
  return texts.map((text) => clean(text ?? '')).find((text) => text !== '' && !cameraWords.test(text));
}

function clean(text: string): string {
  return fromUtf8(text)
    .toWellFormed()
    .replace(/(?!\n)\p{Cc}/gu, ' ')
    .trim()
    .slice(0, 1000);
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
