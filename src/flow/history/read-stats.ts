import type { Ports } from '#ports/ports.ts';
import { createTally, firstOut, type Stats } from '#post/stats.ts';

export interface HistoryStats extends Stats {
  /** Photos that went out ever and were not taken down, or may have. */
  readonly inAll: number;
}

/** Of the posts that are open and those of the last twelve months; no more than a month of them is in memory. */
export async function readStats({
  store,
  clock,
  settings,
}: Pick<Ports, 'store' | 'clock' | 'settings'>): Promise<HistoryStats> {
  const now = clock.now();
  const since = new Date(now);
  since.setUTCFullYear(now.getUTCFullYear() - 1);
  const { posts: open, reactions = {} } = store.state();
  const tally = createTally(settings().timeZone, now, reactions);
  const content = new Set(store.publishedContent());
  for (const post of Object.values(open)) {
    tally.add(post);
    if (firstOut(post) !== undefined) content.add(post.photo.contentHash);
  }
  for await (const post of store.newestFinished()) {
    if (post.createdAt < since.toISOString()) break;
    // One that is to be taken down is in both.
    if (open[post.id] === undefined) tally.add(post);
  }
  return { ...tally.stats(), inAll: content.size };
}
