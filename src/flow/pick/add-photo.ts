import { UnreadablePicture } from '#errors.ts';
import type { Ports } from '#ports/ports.ts';
import { nameToKeep } from '#post/file-name.ts';
import { noteName, type Photo, pictureName } from '#post/photo.ts';
import type { Post } from '#post/post.ts';
import { withInFront } from '#post/queue.ts';
import type { State } from '#post/state.ts';
import { waitingInstead } from './grant-wish.ts';

/** A file that an owner has sent. */
export interface SentPhoto {
  readonly name: string;
  readonly bytes: Buffer;
  /** What was written with it; kept as the photo's note. Absent: nothing. */
  readonly note?: string | undefined;
  /** The photo of the same album that came before it, by id. */
  readonly behind?: string | undefined;
  /** Telegram user id. */
  readonly by: number;
}

export type Added =
  /** `draft`: its draft is on the way; `next`: it is in front of the queue, because another draft waits. */
  | { readonly became: 'draft' | 'next'; readonly photo: Photo }
  /** It is out already, or about to be. */
  | { readonly became: 'published' }
  /** Nothing was kept. */
  | { readonly became: 'no-picture' };

type AddPorts = Pick<Ports, 'store' | 'library' | 'renderer' | 'clock'>;

/**
 * Puts a photo into the library and asks for its draft. May be repeated: there is no second file and no second draft.
 * Throws `ServiceError` and `NotSaved`; what is in the library by then stays there.
 */
export async function addPhoto(
  ports: AddPorts,
  { name, bytes, note, behind, by }: SentPhoto,
): Promise<Added> {
  const { store, library, clock } = ports;
  const format = await formatOf(ports, bytes);
  if (format === undefined) return { became: 'no-picture' };
  const photo = await library.add(pictureName(nameToKeep(name), format), bytes);
  if (note !== undefined) await library.add(noteName(photo.name), Buffer.from(note));
  if (store.publishedContent().has(photo.contentHash)) return { became: 'published' };
  let became = 'draft' as 'draft' | 'next' | 'published';
  await store.change((state) => {
    const before = already(state, photo);
    if (before !== undefined) {
      became = before;
      return state;
    }
    const wanted = comingAgain(state, photo);
    const isAwaited = state.wishes.some(({ isWaiting }) => isWaiting);
    if (isAwaited || isOccupied(state, clock.now())) {
      became = isAwaited ? 'draft' : 'next';
      return {
        ...wanted,
        queue: { ...wanted.queue, front: withInFront(wanted.queue.front, photo.id, behind) },
      };
    }
    const at = clock.now().toISOString();
    const { contentHash } = photo;
    const wish = { id: clock.id(), at, by, name: photo.name, contentHash, isAutomatic: false };
    return { ...wanted, wishes: [...wanted.wishes, wish] };
  });
  return became === 'published' ? { became } : { became, photo };
}

/** Of the content; undefined: it is no picture, or it is broken. */
async function formatOf({ renderer }: AddPorts, bytes: Buffer): Promise<string | undefined> {
  try {
    (await renderer.open(bytes)).close();
  } catch (error) {
    if (error instanceof UnreadablePicture) return undefined;
    throw error;
  }
  return (await renderer.measure(bytes)).format;
}

const ended = new Set<Post['state']>(['skipped', 'expired']);
const undecided = new Set<Post['state']>(['drafting', 'awaiting-approval']);

/** Whether there is nothing left to ask for; undefined: there is. */
function already({ posts, wishes }: State, { contentHash }: Photo): 'draft' | 'published' | undefined {
  const post = Object.values(posts).find(
    (each) => each.photo.contentHash === contentHash && !ended.has(each.state),
  );
  if (post !== undefined) return undecided.has(post.state) ? 'draft' : 'published';
  return wishes.some((wish) => wish.contentHash === contentHash) ? 'draft' : undefined;
}

/** One draft at a time. */
function isOccupied(state: State, now: Date): boolean {
  const isAsked = state.wishes.some(({ slot }) => slot === undefined);
  return isAsked || waitingInstead(state, { isAutomatic: false }, now) !== undefined;
}

/** Who sends a photo wants it, whatever was decided of it before. */
function comingAgain(state: State, { contentHash }: Photo): State {
  const { [contentHash]: _rest, ...resting } = state.queue.resting;
  const { [contentHash]: _aside, ...setAside } = state.setAside;
  return { ...state, queue: { ...state.queue, resting }, setAside };
}
