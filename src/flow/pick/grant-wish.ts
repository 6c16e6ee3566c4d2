import type { Ports } from '#ports/ports.ts';
import { beginPost } from '#post/lifecycle.ts';
import type { Photo } from '#post/photo.ts';
import type { Post } from '#post/post.ts';
import { photosNamed } from '#post/queue.ts';
import type { State, Wish } from '#post/state.ts';
import { nextPhotos } from './next-photos.ts';

/** What became of a wish. */
export type Granted =
  | { readonly begun: Post }
  /** There is a draft already, and it is shown instead. */
  | { readonly waiting: Post }
  | { readonly none: 'no-photos' | 'not-found' }
  | { readonly none: 'several'; readonly names: readonly string[] };

type PickPorts = Pick<Ports, 'store' | 'library' | 'clock'>;

/**
 * Begins the post that was wished for, or finds out why there is none. The wish is gone from the state together
 * with its answer. Throws `ServiceError`; the wish then stays. Only one call at a time.
 */
export async function grantWish(ports: PickPorts, wish: Wish): Promise<Granted> {
  const { store } = ports;
  const waiting = waitingInstead(store.state(), wish, ports.clock.now());
  const granted = waiting === undefined ? await pick(ports, wish) : { waiting };
  if ('photo' in granted) return { begun: await begin(ports, wish, granted.photo) };
  await store.change((state) => without(state, wish));
  return granted;
}

/** A draft that takes longer is stuck, and does not stand in for another one. */
const stuckMs = 60 * 60 * 1000;

/** A draft that the owner has yet to decide is enough; one that goes out by itself waits for nobody. */
function waitingInstead({ posts }: State, wish: Wish, now: Date): Post | undefined {
  if (wish.name !== undefined || wish.isAutomatic) return undefined;
  return Object.values(posts).find(({ state, createdAt }) => {
    if (state === 'awaiting-approval') return true;
    return state === 'drafting' && now.getTime() - Date.parse(createdAt) < stuckMs;
  });
}

async function pick(
  ports: PickPorts,
  { name }: Wish,
): Promise<Exclude<Granted, { readonly begun: Post }> | { readonly photo: Photo }> {
  const queue = await nextPhotos(ports, name !== undefined);
  const photos = name === undefined ? queue.slice(0, 1) : photosNamed(queue, name);
  const [photo, another] = photos;
  if (photo === undefined) return { none: name === undefined ? 'no-photos' : 'not-found' };
  if (another !== undefined) return { none: 'several', names: photos.map((each) => each.name) };
  return { photo };
}

async function begin({ store, clock }: PickPorts, wish: Wish, photo: Photo): Promise<Post> {
  const at = clock.now().toISOString();
  const { slot, isAutomatic } = store.state().wishes.find(({ id }) => id === wish.id) ?? wish;
  const post = beginPost({ id: `${at.slice(0, 10)}-${clock.id()}`, at, photo, slot, isAutomatic });
  await store.change((state) => ({ ...without(state, wish), posts: { ...state.posts, [post.id]: post } }));
  return post;
}

function without(state: State, wish: Wish): State {
  return { ...state, wishes: state.wishes.filter(({ id }) => id !== wish.id) };
}
