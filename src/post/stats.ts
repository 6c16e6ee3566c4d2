import { type Delivery, isSettled, mayBeOut } from './delivery.ts';
import { type ApprovedPost, isApproved, type Post } from './post.ts';
import type { Reactions } from './reactions.ts';
import { monthsIn } from './spending.ts';

/** What many posts tell together. */
export interface Stats {
  /** Posts that went out this month and were not taken down, or may have. */
  readonly thisMonth: number;
  /** In the order in which they were met. */
  readonly places: readonly PlaceStats[];
  /** Half of all posts were published faster; undefined: none was. From the decision, or from the time it was put off to. */
  readonly medianSeconds: number | undefined;
  /** To all these posts. */
  readonly reactions: number;
  /** At most three with the most reactions, of those that have any. */
  readonly mostLiked: readonly Liked[];
}

/** How often posts arrived at a platform. */
export interface PlaceStats {
  readonly platform: string;
  readonly published: number;
  /** With those that failed or were given up. */
  readonly settled: number;
}

export interface Liked {
  readonly post: ApprovedPost;
  readonly reactions: number;
  readonly url: string | undefined;
}

/** Adds up posts one by one, so that they need not all be in memory. */
export interface Tally {
  /** Each post once; one that was not approved counts for nothing. */
  add(post: Post): void;
  stats(): Stats;
}

const mostLikedShown = 3;

export function createTally(timeZone: string, now: Date, reactions: Reactions): Tally {
  const monthOf = monthsIn(timeZone);
  const month = monthOf(now);
  const places = new Map<string, PlaceStats>();
  const seconds: number[] = [];
  let thisMonth = 0;
  let reactionsInAll = 0;
  let mostLiked: readonly Liked[] = [];

  function addDelivery(platform: string, delivery: Delivery, post: ApprovedPost): void {
    if (isSettled(delivery)) {
      const { published, settled } = places.get(platform) ?? { published: 0, settled: 0 };
      const arrived = delivery.state === 'published' || delivery.state === 'withdrawn' ? 1 : 0;
      places.set(platform, { platform, published: published + arrived, settled: settled + 1 });
    }
    // Only an answer tells when it was published; a look or an owner tells when it was found.
    if (delivery.state !== 'published' || delivery.via !== 'answer') return;
    const since = post.publishAt ?? post.approval.at;
    seconds.push(Math.max(0, Date.parse(delivery.at) - Date.parse(since)) / 1000);
  }

  /** Nobody but Telegram tells of them. */
  function addReactions(post: ApprovedPost): void {
    const { telegram } = post.deliveries;
    if (telegram?.state !== 'published') return;
    const count = reactions[telegram.ref ?? ''] ?? 0;
    if (count === 0) return;
    reactionsInAll += count;
    mostLiked = [...mostLiked, { post, reactions: count, url: telegram.url }]
      .sort((a, b) => b.reactions - a.reactions)
      .slice(0, mostLikedShown);
  }

  return {
    add(post) {
      if (!isApproved(post)) return;
      for (const [platform, delivery] of Object.entries(post.deliveries))
        addDelivery(platform, delivery, post);
      const outAt = firstOut(post);
      if (outAt !== undefined && monthOf(outAt) === month) thisMonth += 1;
      addReactions(post);
    },
    stats: () => ({
      thisMonth,
      places: [...places.values()],
      medianSeconds: median(seconds),
      reactions: reactionsInAll,
      mostLiked,
    }),
  };
}

/** When a post went out or may have; undefined: it did not, or it was taken down. */
export function firstOut(post: Post): Date | undefined {
  if (!isApproved(post)) return undefined;
  const times = Object.values(post.deliveries).flatMap((delivery) =>
    mayBeOut(delivery) && 'at' in delivery ? [Date.parse(delivery.at)] : [],
  );
  return times.length === 0 ? undefined : new Date(Math.min(...times));
}

/** Of an even number of them, the mean of the two in the middle. */
function median(numbers: readonly number[]): number | undefined {
  const sorted = numbers.toSorted((a, b) => a - b);
  const [low, high] = [sorted[(sorted.length - 1) >> 1], sorted[sorted.length >> 1]];
  return low === undefined || high === undefined ? undefined : (low + high) / 2;
}
