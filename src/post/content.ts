import type { CaptionLimits } from './caption.ts';
import type { Content } from './delivery.ts';
import { countHashtags, countMentions, cutAtWord, fitCaption } from './fit-caption.ts';
import { hasShapeFor, type PictureLimits } from './photo.ts';
import { currentAltText, currentText, type PostIn } from './post.ts';

/** What a platform takes. */
export interface Limits {
  readonly pictureLimits: PictureLimits;
  readonly captionLimits: CaptionLimits;
}

/** What a platform would get of a draft; undefined: no picture was made for it. */
export function contentFor(
  post: PostIn<'awaiting-approval'>,
  { id, captionLimits }: Limits & { readonly id: string },
): Content | undefined {
  const picture = post.draft.pictures[id];
  if (picture === undefined) return undefined;
  const { maxAltText } = captionLimits;
  const altText = maxAltText === undefined ? undefined : currentAltText(post);
  const fullSize = post.draft.fullSizes?.[id];
  const { text, entities } = fitCaption(currentText(post), captionLimits);
  return {
    caption: text,
    ...(entities && { entities }),
    picture,
    ...(altText !== undefined && { altText: cutAtWord(altText, maxAltText ?? 0) }),
    ...(fullSize !== undefined && { fullSize }),
  };
}

/** What each platform will get, by its id. One that the owner does not want, or that would not take it, is left out. */
export function contentsFor(
  post: PostIn<'awaiting-approval'>,
  platforms: readonly (Limits & { readonly id: string })[],
): Readonly<Record<string, Content>> {
  const wanted = platforms.filter(({ id }) => !post.leftOut?.includes(id));
  const contents = wanted.flatMap((platform): [string, Content][] => {
    const content = contentFor(post, platform);
    return content && misfitOf(content, platform) === undefined ? [[platform.id, content]] : [];
  });
  return Object.fromEntries(contents);
}

/** What about a content a platform would refuse. */
export type Misfit = 'format' | 'bytes' | 'size' | 'ratio' | 'text-length' | 'hashtags' | 'mentions';

/**
 * The first limit that a content breaks; undefined: the platform takes it. Everything is made to fit, so that there is
 * one only by a mistake of ours; it is then better noticed before the owner is asked than by the platform.
 */
export function misfitOf({ caption, picture }: Content, limits: Limits): Misfit | undefined {
  const { pictureLimits, captionLimits } = limits;
  const { maxLength, maxHashtags, maxMentions = Number.POSITIVE_INFINITY } = captionLimits;
  const { width, height, sizeBytes, format = 'jpeg' } = picture;
  const { maxLongEdge, maxWidth = maxLongEdge, maxSides = Number.POSITIVE_INFINITY } = pictureLimits;
  const isSizeFine =
    Math.max(width, height) <= maxLongEdge &&
    width <= maxWidth &&
    width + height <= maxSides &&
    width >= pictureLimits.minWidth;
  if (format !== 'jpeg') return 'format';
  if (sizeBytes > pictureLimits.maxBytes) return 'bytes';
  if (!isSizeFine) return 'size';
  if (!hasShapeFor(picture, pictureLimits)) return 'ratio';
  if (caption.length > maxLength) return 'text-length';
  if (countHashtags(caption) > maxHashtags) return 'hashtags';
  return countMentions(caption) > maxMentions ? 'mentions' : undefined;
}
