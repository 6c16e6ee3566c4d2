import type { Ports } from '#ports/ports.ts';
import type { Slot } from '#post/agenda.ts';
import { afterRestart, isLeftToHistory } from '#post/restart.ts';
import { type Generation, picturesIn } from '#post/state.ts';

/** To be called after a start, before anything else happens: puts the state right for what a stop leaves behind. */
export async function resumePosts(
  { store, pictures, clock, platforms }: Pick<Ports, 'store' | 'pictures' | 'clock' | 'platforms'>,
  generation: Generation,
  lastSlot: Slot | undefined,
): Promise<void> {
  const ids = Object.keys(store.state().posts);
  const found = await Promise.all(
    ids.map((id) => (generation === 'put-back' ? store.finished(id) : undefined)),
  );
  const restart = {
    at: clock.now().toISOString(),
    generation,
    canLook: (platform: string) => platforms.find(({ id }) => id === platform)?.look !== undefined,
    filed: new Set(
      found.flatMap((post) => (post && isLeftToHistory(store.post(post.id), post) ? [post.id] : [])),
    ),
    lastSlot,
  };
  await store.change((state) => afterRestart(state, restart));
  await pictures.keepOnly(picturesIn(store.state()));
}
