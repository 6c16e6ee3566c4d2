import type { Ports } from '#ports/ports.ts';
import { advance, isRefusal } from '#post/lifecycle.ts';
import type { Photo } from '#post/photo.ts';
import type { Post, PostIn } from '#post/post.ts';
import { atRest } from '#post/queue.ts';
import type { State } from '#post/state.ts';

/**
 * The post ends because its photo cannot be used. Where nobody is there to ask for another one, the next photo is
 * wished for in the same step, so that a slot keeps exactly one post. The answer is the post at its end; undefined:
 * it has gone on meanwhile, and nothing was done. Throws `NotSaved`.
 */
export async function giveUp(
  { store, clock, log }: Pick<Ports, 'store' | 'clock' | 'log'>,
  { id, photo, state: from }: PostIn<'drafting' | 'awaiting-approval' | 'scheduled'>,
  reason: PostIn<'expired'>['reason'],
): Promise<Post | undefined> {
  let ended: Post | undefined;
  const at = clock.now().toISOString();
  log.warn({ post: id, photo: photo.name, reason }, 'The photo cannot be used');
  await store.change((state) => {
    const post = state.posts[id];
    const expired = post && advance(post, { type: 'expired', at, reason });
    if (post?.state !== from || expired === undefined || isRefusal(expired)) return state;
    ended = expired;
    const { isAutomatic, slot } = post;
    const replacement = { id: clock.id(), at, isAutomatic, ...(slot !== undefined && { slot }) };
    // An owner who has just decided on a draft asks for the next one when they want it.
    const isReplaced = from === 'drafting' || slot !== undefined;
    return {
      ...(reason === 'unreadable'
        ? setAside(state, photo, at)
        : resting(state, photo.contentHash, clock.now())),
      posts: { ...state.posts, [id]: expired },
      wishes: isReplaced ? [...state.wishes, replacement] : state.wishes,
    };
  });
  return ended;
}

function setAside(state: State, { contentHash, name }: Photo, at: string): State {
  return { ...state, setAside: { ...state.setAside, [contentHash]: { name, at, isUntold: true } } };
}

const goneRestMs = 60 * 60 * 1000;

/** A listing can be behind what is really there: the same photo is not tried again at once. */
function resting(state: State, contentHash: string, now: Date): State {
  const until = new Date(now.getTime() + goneRestMs);
  return { ...state, queue: atRest(state.queue, [contentHash], until, now) };
}
