import { beginPost } from '#post/lifecycle.ts';
import type { Photo } from '#post/photo.ts';
import { goesOutUnasked, type Post } from '#post/post.ts';
import { photosNamed } from '#post/queue.ts';
import type { SetAside, State, Wish } from '#post/state.ts';
import { type ChoosePorts, choosePhoto, type Judged, judge, withHashes } from './choose-photo.ts';
import { type Queue, readQueue } from './read-queue.ts';

/** What became of a wish. */
export type Granted =
  /** `photosLeft`: how many more may come by themselves; absent: the photo was asked for by name. */
  | { readonly begun: Post; readonly photosLeft?: number }
  /** There is a draft already, and it is shown instead. */
  | { readonly waiting: Post }
  | { readonly none: 'no-photos' }
  /** So far only photos were looked at that are passed over; asked again, it looks at more. */
  | { readonly none: 'unfinished' }
  | { readonly none: 'not-found' }
  | { readonly none: 'several'; readonly names: readonly string[] };

/**
 * Begins the post that was wished for, or finds out why there is none. A wish that was granted is gone from the
 * state together with its answer; with any other answer it is still there. Throws `ServiceError`, and then it is,
 * too. Only one call at a time.
 */
export async function grantWish(ports: ChoosePorts, wish: Wish): Promise<Granted> {
  const waiting = waitingInstead(ports.store.state(), wish, ports.clock.now());
  if (waiting !== undefined) return { waiting };
  const byName = wish.name !== undefined;
  const { next, setAside } = await readQueue(ports, byName);
  if (byName) return await grantByName(ports, wish, wantedBy(wish, next));
  const { chosen, judged, isUnfinished } = await choosePhoto(ports, next);
  const learnt = (state: State) => withLearnt(state, judged, setAside, ports.clock.now());
  if (chosen !== undefined) {
    const usedUp = judged.filter((each) => each === chosen || each.likeness?.isSame === true);
    const photosLeft = next.length - usedUp.length;
    return { begun: await begin(ports, wish, chosen, learnt), photosLeft };
  }
  await ports.store.change(learnt);
  return { none: isUnfinished ? 'unfinished' : 'no-photos' };
}

function wantedBy({ contentHash, name = '' }: Wish, photos: readonly Photo[]): readonly Photo[] {
  if (contentHash === undefined) return photosNamed(photos, name);
  return photos.filter((photo) => photo.contentHash === contentHash);
}

async function grantByName(ports: ChoosePorts, wish: Wish, photos: readonly Photo[]): Promise<Granted> {
  const [photo, another] = photos;
  if (photo === undefined) return { none: 'not-found' };
  if (another !== undefined) return { none: 'several', names: photos.map(({ name }) => name) };
  const judged = await judge(ports, photo);
  return { begun: await begin(ports, wish, judged, (state) => withHashes(state, [judged])) };
}

/** Its turn has come: skipped, it waits with all others. */
function withoutPlace(state: State, { id }: Photo): State {
  const { front } = state.queue;
  if (!front?.includes(id)) return state;
  return { ...state, queue: { ...state.queue, front: front.filter((each) => each !== id) } };
}

/** The first draft of a post that takes longer is stuck, and does not stand in for another one. */
const stuckMs = 60 * 60 * 1000;

/** A draft that the owner has yet to decide is enough; one that goes out by itself is none. */
export function waitingInstead(
  { posts }: State,
  wish: Pick<Wish, 'name' | 'isAutomatic'>,
  now: Date,
): Post | undefined {
  if (wish.name !== undefined || wish.isAutomatic) return undefined;
  return Object.values(posts).find((post) => {
    if (goesOutUnasked(post)) return false;
    if (post.state === 'awaiting-approval') return true;
    const isStuck = post.draft === undefined && now.getTime() - Date.parse(post.createdAt) > stuckMs;
    return post.state === 'drafting' && !isStuck;
  });
}

async function begin(
  { store, clock, settings }: ChoosePorts,
  wish: Wish,
  { photo, perceptualHash, likeness }: Judged,
  learnt: (state: State) => State,
): Promise<Post> {
  const at = clock.now().toISOString();
  // One that was taken back while its photo was looked for has its draft, but nobody wants it to go out by itself.
  const latest = store.state().wishes.find((each) => each.id === wish.id);
  const { slot, isAutomatic } = latest ?? { ...wish, isAutomatic: false };
  const lookAlike = likeness && {
    name: likeness.shown.name,
    day: dayIn(settings().timeZone, likeness.shown.at),
    isSame: likeness.isSame,
  };
  const id = `${at.slice(0, 10)}-${clock.id()}`;
  const leftOut = settings().platformsOff;
  const post = beginPost({ id, at, photo, slot, isAutomatic, perceptualHash, lookAlike, leftOut });
  await store.change((state) => ({
    ...withoutPlace(learnt(without(state, wish)), photo),
    posts: { ...state.posts, [post.id]: post },
  }));
  return post;
}

/** A day on the calendar there, as `2026-11-22`. */
function dayIn(timeZone: string, at: Date): string {
  return new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short' }).format(at);
}

/** What was set aside meanwhile stays; what has left the library need not be remembered. */
function withLearnt(state: State, judged: readonly Judged[], inLibrary: Queue['setAside'], now: Date): State {
  const at = now.toISOString();
  const seenBefore = judged
    .filter(({ likeness }) => likeness?.isSame)
    .map(({ photo: { contentHash, name } }): [string, SetAside] => [
      contentHash,
      { name, at, reason: 'seen-before', isUntold: true },
    ]);
  const found = { ...inLibrary, ...Object.fromEntries(seenBefore) };
  const isNew = Object.keys(found).some((contentHash) => state.setAside[contentHash] === undefined);
  const hashed = withHashes(state, judged);
  if (!isNew) return hashed;
  const kept = Object.entries(state.setAside).filter(
    ([contentHash, { isUntold }]) => isUntold || contentHash in found,
  );
  return { ...hashed, setAside: { ...found, ...Object.fromEntries(kept) } };
}

/** The state in which this wish is answered. */
export function without(state: State, wish: Wish): State {
  return { ...state, wishes: state.wishes.filter(({ id }) => id !== wish.id) };
}
