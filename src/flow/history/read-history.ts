import type { Ports } from '#ports/ports.ts';
import { type ApprovedPost, isApproved } from '#post/post.ts';
import { hasWords } from '#post/search.ts';

/** A part of the finished posts that were approved, the newest first. */
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
  for await (const post of store.newestFinished()) {
    if (!isApproved(post) || !hasWords(post, words)) continue;
    if (skipped < page * perPage) skipped += 1;
    else if (posts.length === perPage) return { posts, hasMore: true };
    else posts.push(post);
  }
  return { posts, hasMore: false };
}
