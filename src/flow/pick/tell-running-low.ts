import type { Ports } from '#ports/ports.ts';
import type { Agenda } from '#post/agenda.ts';
import { isRunningLow, lastPhotoAt } from '#post/photos-left.ts';

/** Tells the owner that the photos are running out, once until there were enough again. */
export async function tellRunningLow(
  { store, clock, ownerChat }: Pick<Ports, 'store' | 'clock' | 'ownerChat'>,
  agenda: Agenda,
  photosLeft: number,
): Promise<void> {
  const now = clock.now();
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
