import type { Ports } from '#ports/ports.ts';
import type { ApprovedPost } from '#post/post.ts';
import { deliver } from './deliver.ts';
import { lookFor } from './look-for.ts';

/**
 * Publishes to all platforms at once, each on its own, and looks for what was lost sight of. Resolves when none has
 * anything to do now.
 */
export async function publishPost(
  ports: Pick<Ports, 'store' | 'pictures' | 'platforms' | 'clock' | 'log' | 'ownerChat'>,
  post: ApprovedPost,
  signal: AbortSignal,
): Promise<void> {
  const work = Object.entries(post.deliveries).map(([platform, { state }]) => {
    if (state === 'waiting') return deliver(ports, post.id, platform, signal);
    return state === 'uncertain' ? lookFor(ports, post, platform) : undefined;
  });
  const results = await Promise.allSettled(work);
  for (const result of results) if (result.status === 'rejected') throw result.reason;
}
