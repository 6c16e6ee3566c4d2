import sharp from 'sharp';
import type { SimulatedAnswer, SimulatedRequest } from '#simulator/http.ts';
import { parseFields, text } from './form.ts';
import { processingFailed, uploadRefused } from './replies.ts';

/** A picture that waits for its configure call. */
export interface Upload {
  readonly id: string;
  readonly width: number;
  readonly height: number;
}

/** Meta, image specifications of content publishing: JPEG, at most 8 MiB, 4:5 to 1.91:1, 320 to 1440 wide. */
const largestFile = 8 * 1024 * 1024;
const narrowest = 320;
const widest = 1440;
/**
 * Meta, error 36004/2207010 of content publishing: at most 2,200 characters, 30 hashtags and 20 @ tags. Counted
 * in UTF-16 units, the strictest reading of "characters".
 */
const longestCaption = 2200;
const mostHashtags = 30;
const mostMentions = 20;

/** What an uploaded picture is, or why it is not taken. */
export async function checkUpload(
  request: SimulatedRequest,
): Promise<{ readonly refusal: SimulatedAnswer } | { readonly upload: Upload }> {
  const { body, headers } = request;
  if (headers['x-entity-length'] !== String(body.length)) {
    return {
      refusal: uploadRefused('PartialRequestError', 'Partial request (did not match length of file)'),
    };
  }
  const params = parseFields(String(headers['x-instagram-rupload-params'] ?? ''));
  const id = text(params, 'upload_id');
  const isNamed = headers['x-entity-name'] === request.path.split('/').at(-1);
  const isPhoto = text(params, 'media_type') === '1' && /^\d+$/.test(id);
  if (!isNamed || !isPhoto || body.length > largestFile) return { refusal: processingFailed() };
  try {
    const { format, width, height } = await sharp(body).metadata();
    if (format !== 'jpeg') return { refusal: processingFailed() };
    await sharp(body).resize(32).raw().toBuffer(); // fails on a picture that is cut off or damaged
    return { upload: { id, width, height } };
  } catch {
    return { refusal: processingFailed() };
  }
}

/** Half a pixel on each side is allowed for, since a picture cut to 1.91:1 has whole pixels. */
export function isAllowedShape({ width, height }: Upload): boolean {
  const isNotTooWide = (width - 0.5) / (height + 0.5) <= 1.91;
  const isNotTooTall = (width + 0.5) / (height - 0.5) >= 0.8;
  return isNotTooWide && isNotTooTall && width >= narrowest && width <= widest;
}

export function isAllowedCaption(caption: string): boolean {
  const hashtags = caption.match(/#[\p{L}\p{N}_]+/gu) ?? [];
  const mentions = caption.match(/@[A-Za-z0-9_.]+/g) ?? [];
  return (
    caption.length <= longestCaption && hashtags.length <= mostHashtags && mentions.length <= mostMentions
  );
}
