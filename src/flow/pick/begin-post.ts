import type { Ports } from '#ports/ports.ts';
import { beginPost } from '#post/lifecycle.ts';
import type { Photo } from '#post/photo.ts';
import type { Post } from '#post/post.ts';
import { photosNamed } from '#post/queue.ts';
import { nextPhotos } from './next-photos.ts';

export interface Wish {
  /** A photo's name or a part of it; absent: whatever is next in the queue. */
  readonly name?: string | undefined;
  /** The slot that is served by this post, saved together with it. */
  readonly slot?: string | undefined;
  readonly isAutomatic: boolean;
}

export type Begun =
  | { readonly begun: Post }
  | { readonly none: 'no-photos' }
  | { readonly none: 'not-found' }
  | { readonly none: 'several'; readonly names: readonly string[] };

/** Takes the next photo, or the one that is wished for, and saves a new post for it. */
export async function beginNextPost(
  ports: Pick<Ports, 'store' | 'library' | 'clock'>,
  { name, slot, isAutomatic }: Wish,
): Promise<Begun> {
  const queue = await nextPhotos(ports);
  const photos = name === undefined ? queue.slice(0, 1) : photosNamed(queue, name);
  const [photo, another] = photos;
  if (photo === undefined) return { none: name === undefined ? 'no-photos' : 'not-found' };
  if (another !== undefined) return { none: 'several', names: photos.map((each) => each.name) };
  return { begun: await save(ports, photo, slot, isAutomatic) };
}

async function save(
  { store, clock }: Pick<Ports, 'store' | 'clock'>,
  photo: Photo,
  slot: string | undefined,
  isAutomatic: boolean,
): Promise<Post> {
  const at = clock.now().toISOString();
  const post = beginPost({ id: `${at.slice(0, 10)}-${clock.id()}`, at, photo, slot, isAutomatic });
  await store.change((state) => ({
    ...state,
    posts: { ...state.posts, [post.id]: post },
    servedSlots: slot === undefined ? state.servedSlots : rememberSlot(state.servedSlots, slot),
  }));
  return post;
}

const rememberedSlots = 100;

/** The newest slots; old ones are beyond their grace and need no memory. */
export function rememberSlot(served: readonly string[], slot: string): string[] {
  return [...served.filter((each) => each !== slot), slot].slice(-rememberedSlots);
}
