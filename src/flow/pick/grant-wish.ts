import type { Ports } from '#ports/ports.ts';
import { beginPost } from '#post/lifecycle.ts';
import type { Photo } from '#post/photo.ts';
import { goesOutUnasked, type Post } from '#post/post.ts';
import { photosNamed } from '#post/queue.ts';
import type { State, Wish } from '#post/state.ts';
import { nextPhotos } from './next-photos.ts';

/** What became of a wish. */
export type Granted =
  | { readonly begun: Post }
  /** There is a draft already, and it is shown instead. */
  | { readonly waiting: Post }
  | { readonly none: 'no-photos' }
  | { readonly none: 'not-found' }
  | { readonly none: 'several'; readonly names: readonly string[] };

type PickPorts = Pick<Ports, 'store' | 'library' | 'clock'>;

/**
 * Begins the post that was wished for, or finds out why there is none. A wish that was granted is gone from the
 * state together with its answer; with any other answer it is still there. Throws `ServiceError`, and then it is,
 * too. Only one call at a time.
 */
export async function grantWish(ports: PickPorts, wish: Wish): Promise<Granted> {
  const waiting = waitingInstead(ports.store.state(), wish, ports.clock.now());
  if (waiting !== undefined) return { waiting };
  const picked = await pick(ports, wish);
  return 'photo' in picked ? { begun: await begin(ports, wish, picked.photo) } : picked;
}

/** The first draft of a post that takes longer is stuck, and does not stand in for another one. */
const stuckMs = 60 * 60 * 1000;

/** A draft that the owner has yet to decide is enough; one that goes out by itself is none. */
function waitingInstead({ posts }: State, wish: Wish, now: Date): Post | undefined {
  if (wish.name !== undefined || wish.isAutomatic) return undefined;
  return Object.values(posts).find((post) => {
    if (goesOutUnasked(post)) return false;
    if (post.state === 'awaiting-approval') return true;
    const isStuck = post.draft === undefined && now.getTime() - Date.parse(post.createdAt) > stuckMs;
    return post.state === 'drafting' && !isStuck;
  });
}

async function pick(
  ports: PickPorts,
  { name }: Wish,
): Promise<Extract<Granted, { readonly none: string }> | { readonly photo: Photo }> {
  const queue = await nextPhotos(ports, name !== undefined);
  const photos = name === undefined ? queue.slice(0, 1) : photosNamed(queue, name);
  const [photo, another] = photos;
  if (photo === undefined) return { none: name === undefined ? 'no-photos' : 'not-found' };
  if (another !== undefined) return { none: 'several', names: photos.map((each) => each.name) };
  return { photo };
}

async function begin({ store, clock }: PickPorts, wish: Wish, photo: Photo): Promise<Post> {
  const at = clock.now().toISOString();
  // One that was taken back while its photo was looked for has its draft, but nobody wants it to go out by itself.
  const latest = store.state().wishes.find(({ id }) => id === wish.id);
  const { slot, isAutomatic } = latest ?? { ...wish, isAutomatic: false };
  const post = beginPost({ id: `${at.slice(0, 10)}-${clock.id()}`, at, photo, slot, isAutomatic });
  await store.change((state) => ({ ...without(state, wish), posts: { ...state.posts, [post.id]: post } }));
  return post;
}

/** The state in which this wish is answered. */
export function without(state: State, wish: Wish): State {
  return { ...state, wishes: state.wishes.filter(({ id }) => id !== wish.id) };
}
