import type { Ports } from '#ports/ports.ts';
import type { SetAside, State } from '#post/state.ts';

/** Tells the owner once which photos were left aside and why, all of them together; untold they stay noted. */
export async function tellSetAside({ store, ownerChat }: Pick<Ports, 'store' | 'ownerChat'>): Promise<void> {
  const untold = Object.entries(store.state().setAside).filter(([, { isUntold }]) => isUntold);
  if (untold.length === 0) return;
  // First noted as told, so that nobody else tells the same meanwhile.
  await store.change((state) => marked(state, untold, false));
  const byReason = Map.groupBy(untold, ([, { reason }]) => reason);
  for (const [reason, photos] of byReason) {
    const names = photos.map(([, { name }]) => name);
    const isTold = await ownerChat.tell({ kind: 'photos-set-aside', reason, names });
    if (!isTold) await store.change((state) => marked(state, photos, true));
  }
}

function marked(state: State, photos: readonly [string, SetAside][], isUntold: boolean): State {
  const setAside = photos.map(([contentHash, photo]) => [contentHash, { ...photo, isUntold }] as const);
  return { ...state, setAside: { ...state.setAside, ...Object.fromEntries(setAside) } };
}
