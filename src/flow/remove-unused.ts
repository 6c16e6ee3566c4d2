import type { Ports } from '#ports/ports.ts';
import { picturesOf } from '#post/post.ts';

/** Removes those of these pictures, by their hashes, that belong to no open post. */
export async function removeUnused(
  { store, pictures }: Pick<Ports, 'store' | 'pictures'>,
  sha256s: readonly string[],
): Promise<void> {
  const used = new Set(Object.values(store.state().posts).flatMap(picturesOf));
  await pictures.remove(sha256s.filter((sha256) => !used.has(sha256)));
}
