import type { Ports } from '#ports/ports.ts';
import { type ApprovedPost, isApproved, wentOut } from '#post/post.ts';
import { hasWords } from '#post/search.ts';

/** A part of the posts that are out or were approved and are finished, the newest first. */
export interface HistoryPage {
  /** At most eight. */
  readonly posts: readonly ApprovedPost[];
  readonly hasMore: boolean;
}

const perPage = 8;

/** The page of this number, from 0, of the posts with these words. No more of the history is read than it takes. */
export async function readHistory(
  { store }: Pick<Ports, 'store'>,
  words: string,
  page: number,
): Promise<HistoryPage> {
  const posts: ApprovedPost[] = [];
  let skipped = 0;
  for await (const post of newestOut(store)) {
    if (!hasWords(post, words)) continue;
    if (skipped < page * perPage) skipped += 1;
    else if (posts.length === perPage) return { posts, hasMore: true };
    else posts.push(post);
  }
  return { posts, hasMore: false };
}

/** What is out and still open, as a place where it failed can be tried again for days, among the finished posts. */
async function* newestOut(store: Ports['store']): AsyncIterable<ApprovedPost> {
  const open = Object.values(store.state().posts).filter(isApproved).filter(wentOut).toSorted(newestFirst);
  const ids = new Set(open.map(({ id }) => id));
  for await (const post of store.newestFinished()) {
    // One that is to be taken down is in both.
    if (!isApproved(post) || ids.has(post.id)) continue;
    while (open[0] !== undefined && newestFirst(open[0], post) < 0) yield* open.splice(0, 1);
    yield post;
  }
  yield* open;
}

function newestFirst(one: ApprovedPost, other: ApprovedPost): number {
  return other.createdAt.localeCompare(one.createdAt);
}
