import type { Photo } from '#post/photo.ts';
import type { PostIn } from '#post/post.ts';
import { arranged, type Move } from '#post/queue.ts';
import type { SetAside } from '#post/state.ts';
import { readUpcoming } from './read-queue.ts';

type QueuePorts = Parameters<typeof readUpcoming>[0];

/** A photo that the owner has taken out of the queue. */
export interface Removed {
  readonly contentHash: string;
  readonly name: string;
}

export interface QueueView {
  /** A part of the queue: the photos from the place `from` on, counted from 0. */
  readonly next: readonly Photo[];
  readonly from: number;
  readonly total: number;
  readonly setAside: readonly SetAside[];
  readonly removed: readonly Removed[];
  /** The names of the photos whose drafts wait for the owner or are being prepared. */
  readonly waiting: readonly string[];
  /** Those that go out by themselves, the first one first; times as in ISO 8601. */
  readonly scheduled: readonly { readonly name: string; readonly publishAt: string }[];
  /** The posts of both kinds that have a card. */
  readonly cards: readonly (PostIn<'awaiting-approval'> | PostIn<'scheduled'>)[];
}

/** So many photos from `from` on, or the last ones where there are no more; throws `ServiceError`. */
export async function viewQueue(ports: QueuePorts, count: number, from = 0): Promise<QueueView> {
  const { next, setAside } = await readUpcoming(ports);
  const lastPage = Math.max(0, Math.ceil(next.length / count) - 1) * count;
  const start = Math.min(from, lastPage);
  const posts = Object.values(ports.store.state().posts);
  const scheduled = posts
    .filter((post) => post.state === 'scheduled')
    .toSorted((a, b) => Date.parse(a.publishAt) - Date.parse(b.publishAt));
  return {
    next: next.slice(start, start + count),
    from: start,
    total: next.length,
    setAside: Object.values(setAside),
    removed: Object.entries(setAside).flatMap(([contentHash, { name, reason }]) =>
      reason === 'removed' ? [{ contentHash, name }] : [],
    ),
    waiting: posts
      .filter(({ state }) => state === 'drafting' || state === 'awaiting-approval')
      .map(({ photo }) => photo.name),
    scheduled: scheduled.map(({ photo, publishAt }) => ({ name: photo.name, publishAt })),
    cards: [...posts.filter((post) => post.state === 'awaiting-approval'), ...scheduled],
  };
}

/** Gives a photo another place. One that is no longer in the queue changes nothing. Throws `ServiceError`. */
export async function moveInQueue(ports: QueuePorts, photo: Photo, move: Move): Promise<void> {
  const ids = (await readUpcoming(ports)).next.map(({ id }) => id);
  await ports.store.change((state) => ({
    ...state,
    queue: { ...state.queue, front: arranged(ids, state.queue.front, photo.id, move) },
  }));
}

/** Forgets all places, and shuffles anew. */
export async function shuffleQueue({ store, clock }: Pick<QueuePorts, 'store' | 'clock'>): Promise<void> {
  await store.change((state) => ({ ...state, queue: { resting: state.queue.resting, seed: clock.id() } }));
}

/** The photo does not come by itself any more; by its name it does. */
export async function removeFromQueue(
  { store, clock }: Pick<QueuePorts, 'store' | 'clock'>,
  { contentHash, name }: Photo,
): Promise<void> {
  const removed = { name, at: clock.now().toISOString(), reason: 'removed' as const };
  await store.change((state) => ({ ...state, setAside: { ...state.setAside, [contentHash]: removed } }));
}

/** The photo comes by itself again. Others that were left aside stay so. */
export async function putBackInQueue(
  { store }: Pick<QueuePorts, 'store'>,
  contentHash: string,
): Promise<void> {
  await store.change((state) => {
    const { [contentHash]: photo, ...setAside } = state.setAside;
    return photo?.reason === 'removed' ? { ...state, setAside } : state;
  });
}
