import type { Ports } from '#ports/ports.ts';
import { picturesIn } from '#post/state.ts';

/** Removes those of these pictures, by their hashes, that nothing needs. */
export async function removeUnused(
  { store, pictures }: Pick<Ports, 'store' | 'pictures'>,
  sha256s: readonly string[],
): Promise<void> {
  const used = picturesIn(store.state());
  await pictures.remove(sha256s.filter((sha256) => !used.has(sha256)));
}
