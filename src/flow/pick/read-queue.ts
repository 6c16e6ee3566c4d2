import type { Ports } from '#ports/ports.ts';
import { keepApart, likenessOf, type Shown, shownIn } from '#post/look-alike.ts';
import { largestPhotoBytes, type Photo } from '#post/photo.ts';
import { isApproved } from '#post/post.ts';
import { queueOf } from '#post/queue.ts';
import type { SetAside } from '#post/state.ts';

/** The library as it is now. */
export interface Queue {
  /** The photos that may come next, in order. */
  readonly next: readonly Photo[];
  /** Content that does not come by itself, by content hash, as far as it is in the library. */
  readonly setAside: Readonly<Record<string, SetAside>>;
}

type QueuePorts = Pick<Ports, 'store' | 'library' | 'clock' | 'settings'>;

/**
 * The queue as the library is now. A published photo that was changed, saved anew or taken down does not come by itself:
 * only when photos are wanted `byName` it is there. Throws `ServiceError`.
 */
export async function readQueue(
  { store, library, clock }: Pick<QueuePorts, 'store' | 'library' | 'clock'>,
  byName = false,
): Promise<Queue> {
  const photos = await library.list();
  const { posts, queue, setAside: known } = store.state();
  const at = clock.now().toISOString();
  const setAside: Record<string, SetAside> = {};
  for (const { contentHash, name, sizeBytes } of photos) {
    const before = known[contentHash];
    if (before !== undefined) setAside[contentHash] = before;
    else if (sizeBytes > largestPhotoBytes) {
      setAside[contentHash] = { name, at, reason: 'too-large', isUntold: true };
    }
  }
  const leftOut = Object.entries(setAside).filter(
    ([, { reason }]) => !(byName && (reason === 'seen-before' || reason === 'removed' || reason === 'never')),
  );
  const taken = {
    published: byName ? store.publishedContent() : store.publishedContent().union(store.withdrawnContent()),
    publishedFiles: byName ? new Set<string>() : filesOut(store),
    setAside: new Set(leftOut.map(([contentHash]) => contentHash)),
    open: new Set(Object.values(posts).map((post) => post.photo.contentHash)),
  };
  return { next: queueOf(photos, queue, taken, clock.now()), setAside };
}

/** The files of all photos that went out or are about to, also where one place is still to be settled. */
function filesOut(store: QueuePorts['store']): ReadonlySet<string> {
  const posts = Object.values(store.state().posts).filter(
    (post) => isApproved(post) && post.state !== 'failed',
  );
  return new Set([...store.publishedFiles(), ...posts.map(({ photo }) => photo.id)]);
}

/** The same as it will come: what is known to look like another picture waits behind the others. */
export async function readUpcoming(ports: QueuePorts): Promise<Queue> {
  const { next, setAside } = await readQueue(ports);
  const { perceptualHashes = {}, queue } = ports.store.state();
  const shown = shownNow(ports);
  const known = next.flatMap(({ id, contentHash }) => {
    const hash = perceptualHashes[contentHash];
    const likeness = hash === undefined ? undefined : likenessOf(hash, shown, limitsOf(ports));
    const isWanted = queue.front?.includes(id) === true && likeness?.isSame !== true;
    return likeness === undefined || isWanted ? [] : [[contentHash, likeness] as const];
  });
  return { next: keepApart(next, new Map(known)), setAside };
}

/** Every picture that went out or is about to, as far as it is known what it looks like. */
export function shownNow({ store }: Pick<Ports, 'store'>): readonly Shown[] {
  return [...store.publishedPictures(), ...Object.values(store.state().posts).flatMap(shownIn)];
}

export function limitsOf({ clock, settings }: Pick<Ports, 'clock' | 'settings'>) {
  return { now: clock.now(), days: settings().lookAlikeDays };
}
