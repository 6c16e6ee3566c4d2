import type { Photo } from './photo.ts';
import { isApproved, type Post, wentOut } from './post.ts';

/** A picture that went out or is about to, as it is compared with others. */
export interface Shown {
  /** What it looks like: `perceptualHash` of `Renderer`. */
  readonly hash: string;
  readonly name: string;
  /** When it was approved, or begun where it was not yet. */
  readonly at: Date;
  readonly isPublished: boolean;
}

/** Another picture that a photo looks like. */
export interface Likeness {
  readonly shown: Shown;
  /** The very same picture, perhaps saved anew: not only one of the same burst. */
  readonly isSame: boolean;
}

/**
 * Bits of 120 in which two hashes may differ. Measured (test/adapters/perceptual-hash.test.ts): saved anew, resized or
 * darkened up to 10; moved, cropped, turned or brightened up to 32; different photos 44 and more.
 */
const sameBits = 10;
const nearBits = 32;

/**
 * What a picture looks like: the same one as was ever published, else the newest of those within the days that look
 * much like it. Undefined: nothing.
 */
export function likenessOf(
  hash: string,
  shown: readonly Shown[],
  { now, days }: { readonly now: Date; readonly days: number },
): Likeness | undefined {
  const since = now.getTime() - days * dayMs;
  let nearest: Likeness | undefined;
  for (const each of shown) {
    const isRecent = each.at.getTime() > since;
    if (!isRecent && !each.isPublished) continue;
    const bits = distance(hash, each.hash);
    if (each.isPublished && bits <= sameBits) return { shown: each, isSame: true };
    const isNewer = nearest === undefined || each.at > nearest.shown.at;
    if (isRecent && bits <= nearBits && isNewer) nearest = { shown: each, isSame: false };
  }
  return nearest;
}

const dayMs = 24 * 60 * 60 * 1000;

/** In how many bits two hashes of the same length differ. */
export function distance(a: string, b: string): number {
  let bits = 0;
  for (let digit = 0; digit < a.length; digit += 1) {
    const differing = Number.parseInt(a.charAt(digit), 16) ^ Number.parseInt(b.charAt(digit), 16);
    bits += bitsOf[differing] ?? 4;
  }
  return bits;
}

const bitsOf = Array.from({ length: 16 }, (_, digit) => digit.toString(2).replaceAll('0', '').length);

/** A post's picture, where it is known what it looks like and it has not ended unseen. */
export function shownIn(post: Post): readonly Shown[] {
  if (post.perceptualHash === undefined || post.state === 'expired' || post.state === 'skipped') return [];
  const at = new Date(isApproved(post) ? post.approval.at : post.createdAt);
  return [{ hash: post.perceptualHash, name: post.photo.name, at, isPublished: wentOut(post) }];
}

/**
 * The queue with the photos that are passed over for now behind all others, those first whose time is over first.
 * The rest keeps its order.
 */
export function keepApart(
  photos: readonly Photo[],
  likenesses: ReadonlyMap<string, Likeness>,
): readonly Photo[] {
  const likeness = ({ contentHash }: Photo) => likenesses.get(contentHash);
  const time = (photo: Photo) => likeness(photo)?.shown.at.getTime() ?? 0;
  const passedOver = photos.filter(likeness).sort((a, b) => time(a) - time(b));
  return [...photos.filter((photo) => likeness(photo) === undefined), ...passedOver];
}
