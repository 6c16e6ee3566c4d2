import type { Ports } from '#ports/ports.ts';
import { isRunningLow, lastPhotoAt } from '#post/photos-left.ts';
import { agendaOf } from '#post/settings.ts';

/** Tells the owner that the photos are running out, once until there were enough again. */
export async function tellRunningLow(
  { store, clock, ownerChat, settings }: Pick<Ports, 'store' | 'clock' | 'ownerChat' | 'settings'>,
  photosLeft: number,
): Promise<void> {
  const now = clock.now();
  const agenda = agendaOf(settings());
  const isLow = isRunningLow(agenda, now, photosLeft);
  if (isLow === (store.state().isRunningLow === true)) return;
  if (isLow) {
    const last = lastPhotoAt(agenda, now, photosLeft);
    const isTold = await ownerChat.tell({ kind: 'running-low', photosLeft, last });
    // Who was not reached is told at the next slot.
    if (!isTold) return;
  }
  await store.change((state) => ({ ...state, isRunningLow: isLow }));
}
