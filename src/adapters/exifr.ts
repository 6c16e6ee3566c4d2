import { z } from 'zod';
import type { OwnWords } from '#post/photo.ts';

const Text = z.union([
  z.string(),
  z.object({ value: z.string() }).transform(({ value }) => value),
  z.instanceof(Uint8Array).transform((bytes) => new TextDecoder().decode(bytes)),
]);
const field = Text.optional().catch(undefined);
const words = z
  .union([z.array(z.string()), z.string().transform((word) => [word])])
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
});

/** What cameras write into the description by themselves. */
const cameraWords = /^(olympus digital camera|sony dsc|dcim|default|untitled|screenshot|.{0,2})$/i;

/** The photographer's title, description and keywords from IPTC, XMP and EXIF; none where nothing is readable. */
export async function readOwnWords(original: Buffer): Promise<OwnWords> {
  const { default: exifr } = await import('exifr');
  const options = { xmp: true, iptc: true, tiff: true, exif: false, gps: false, mergeOutput: true };
  const metadata: unknown = await exifr.parse(original, options).catch(() => undefined);
  const parsed = Metadata.safeParse(metadata ?? {});
  if (!parsed.success) return { keywords: [] };
  const { data } = parsed;
  const title = firstOf(data.title, data.ObjectName, data.Headline);
  const description = firstOf(data.description, data.Caption, data.ImageDescription);
  return {
    ...(title !== undefined && { title }),
    ...(description !== undefined && description !== title && { description }),
    keywords: (data.subject ?? data.Keywords ?? []).map(clean).filter((word) => word !== ''),
  };
}

function firstOf(...texts: readonly (string | undefined)[]): string | undefined {
  return texts.map((text) => clean(text ?? '')).find((text) => text !== '' && !cameraWords.test(text));
}

function clean(text: string): string {
  return text
    .toWellFormed()
    .replace(/(?!\n)\p{Cc}/gu, ' ')
    .trim()
    .slice(0, 1000);
}
