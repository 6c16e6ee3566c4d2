import type { Ports } from '#ports/ports.ts';
import type { ApprovedPost } from '#post/post.ts';
import { deliver } from './deliver.ts';

/** Publishes to all platforms at once, each on its own. Resolves when none is waiting any more. */
export async function publishPost(
  ports: Pick<Ports, 'store' | 'pictures' | 'platforms' | 'clock' | 'log' | 'ownerChat'>,
  post: ApprovedPost,
  signal: AbortSignal,
): Promise<void> {
  const waiting = Object.entries(post.deliveries).filter(([, delivery]) => delivery.state === 'waiting');
  const results = await Promise.allSettled(
    waiting.map(([platform]) => deliver(ports, post.id, platform, signal)),
  );
  for (const result of results) if (result.status === 'rejected') throw result.reason;
}
