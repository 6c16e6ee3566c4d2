import type { Ports } from '#ports/ports.ts';
import type { Photo } from '#post/photo.ts';
import { queueOf } from '#post/queue.ts';

/**
 * The photos that come next, in order, as the library is now. Files that were published and then changed do not
 * come by themselves; `withChanged` lists them too. Throws `ServiceError`.
 */
export async function nextPhotos(
  { store, library, clock }: Pick<Ports, 'store' | 'library' | 'clock'>,
  withChanged = false,
): Promise<readonly Photo[]> {
  const photos = await library.list();
  const { posts, queue, setAside } = store.state();
  const taken = {
    published: store.publishedContent(),
    publishedFiles: withChanged ? new Set<string>() : store.publishedFiles(),
    setAside: new Set(Object.keys(setAside)),
    open: new Set(Object.values(posts).map((post) => post.photo.contentHash)),
  };
  return queueOf(photos, queue, taken, clock.now());
}
