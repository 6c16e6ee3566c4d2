import sharp from 'sharp';
import { refusals } from './replies.ts';

/** Meta, image specifications of content publishing: JPEG, at most 8 MiB, 4:5 to 1.91:1. */
const largestFile = 8 * 1024 * 1024;

/** Fetches a picture as Meta does, and looks at it. Throws a refusal. */
export async function fetchPicture(url: string): Promise<Buffer> {
  const bytes = await fetchBytes(url);
  if (bytes === undefined) throw refusals.notFetched(url);
  if (bytes.length > largestFile) throw refusals.tooLarge();
  const { format, width, height } = await sharp(bytes)
    .metadata()
    .catch(() => ({ format: undefined, width: 0, height: 0 }));
  if (format !== 'jpeg') throw refusals.wrongFormat();
  // Half a pixel is allowed for on each side, since a picture cut to 1.91:1 has whole pixels.
  const isNotTooWide = (width - 0.5) / (height + 0.5) <= 1.91;
  const isNotTooTall = (width + 0.5) / (height - 0.5) >= 0.8;
  if (!isNotTooWide || !isNotTooTall) throw refusals.wrongRatio(width, height);
  return bytes;
}

/** The simulator goes nowhere but to this machine. */
async function fetchBytes(url: string): Promise<Buffer | undefined> {
  if (!URL.canParse(url) || !['127.0.0.1', 'localhost'].includes(new URL(url).hostname)) return undefined;
  const response = await fetch(url).catch(() => undefined);
  return response?.ok === true ? Buffer.from(await response.arrayBuffer()) : undefined;
}
