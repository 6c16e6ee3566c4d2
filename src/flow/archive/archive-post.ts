import { PhotoGone } from '#errors.ts';
import type { Ports } from '#ports/ports.ts';
import type { PostIn } from '#post/post.ts';

/** Moves the published photo to the archive folder. May be repeated. Throws `ServiceError`. */
export async function archivePost(
  { store, library, clock, log }: Pick<Ports, 'store' | 'library' | 'clock' | 'log'>,
  post: PostIn<'published'>,
): Promise<void> {
  const path = await library.archive(post.photo).catch((error: unknown) => {
    if (!(error instanceof PhotoGone)) throw error;
    log.warn({ post: post.id }, 'The photo was changed after it was published; it stays where it is');
    return undefined;
  });
  const at = clock.now().toISOString();
  await store.update(post.id, { type: 'archived', at, ...(path !== undefined && { path }) });
}
