import { PhotoGone, UnreadablePicture } from '#errors.ts';
import type { Ports } from '#ports/ports.ts';
import { advance, isRefusal } from '#post/lifecycle.ts';
import type { Photo } from '#post/photo.ts';
import { goesOutUnasked, isFinished, type Post, type PostIn, picturesOf } from '#post/post.ts';
import type { State } from '#post/state.ts';
import { approvePost } from './approve/approve-post.ts';
import { archivePost } from './archive/archive-post.ts';
import { bothDone } from './both-done.ts';
import { draftPost } from './draft/draft-post.ts';
import { publishPost } from './publish/publish-post.ts';
import { showCard, showProgress } from './show-card.ts';

/**
 * The day of a post: takes it from the state it is in as far as it gets without a decision. Every step saves
 * what it did before the next one begins, so that after a stop anywhere this is simply called again. Only one
 * call at a time for one post. Throws `ServiceError` and `NotSaved`; the post then waits where it is.
 */
export async function workOnPost(ports: Ports, id: string, signal: AbortSignal): Promise<void> {
  let before: Post | undefined;
  for (;;) {
    signal.throwIfAborted();
    const post = ports.store.post(id);
    if (post === undefined || post === before) return;
    await stepOn(ports, post, signal);
    before = post;
  }
}

async function stepOn(ports: Ports, post: Post, signal: AbortSignal): Promise<void> {
  switch (post.state) {
    case 'drafting':
      await bothDone(
        draft(ports, post),
        post.cards.length > 0 ? showProgress(ports, post.id) : Promise.resolve(),
      );
      return;
    case 'awaiting-approval':
      if (!goesOutUnasked(post)) return await showCard(ports, post.id);
      // The card comes first, because the channel takes its picture from there; but nobody waits for it.
      await showProgress(ports, post.id);
      await approvePost(ports, post, { revision: post.revision, by: 'automatic' });
      return;
    case 'publishing':
      await bothDone(publishPost(ports, post, signal), showProgress(ports, post.id));
      await showCard(ports, post.id);
      return;
    case 'published':
      await archivePost(ports, post);
      return;
    case 'archived':
    case 'failed':
      await publishPost(ports, post, signal);
      await finish(ports, ports.store.post(post.id) ?? post);
      return;
    case 'skipped':
    case 'expired':
      await finish(ports, post);
      return;
  }
}

async function draft(ports: Ports, post: PostIn<'drafting'>): Promise<void> {
  try {
    await draftPost(ports, post);
  } catch (error) {
    if (!(error instanceof UnreadablePicture) && !(error instanceof PhotoGone)) throw error;
    await giveUp(ports, post, error instanceof PhotoGone ? 'gone' : 'unreadable');
  }
}

/** The post ends and the next photo is wished for in one step, so that a slot keeps exactly one post. */
async function giveUp(
  { store, clock, ownerChat, log }: Ports,
  { id, photo }: PostIn<'drafting'>,
  reason: PostIn<'expired'>['reason'],
): Promise<void> {
  const at = clock.now().toISOString();
  log.warn({ post: id, photo: photo.name, reason }, 'The photo cannot be used');
  await store.change((state) => {
    const post = state.posts[id];
    const expired = post && advance(post, { type: 'expired', at, reason });
    if (post?.state !== 'drafting' || expired === undefined || isRefusal(expired)) return state;
    const { isAutomatic, slot } = post;
    const replacement = { id: clock.id(), at, isAutomatic, ...(slot !== undefined && { slot }) };
    return {
      ...(reason === 'gone' ? resting(state, photo.contentHash, clock.now()) : setAside(state, photo, at)),
      posts: { ...state.posts, [id]: expired },
      wishes: [...state.wishes, replacement],
    };
  });
  await ownerChat.tell({ kind: reason === 'gone' ? 'photo-gone' : 'photo-set-aside', name: photo.name });
}

function setAside(state: State, { contentHash, name }: Photo, at: string): State {
  return { ...state, setAside: { ...state.setAside, [contentHash]: { name, at } } };
}

const goneRestMs = 60 * 60 * 1000;

/** A listing can be behind what is really there: the same photo is not tried again at once. */
function resting(state: State, contentHash: string, now: Date): State {
  const until = new Date(now.getTime() + goneRestMs).toISOString();
  return { ...state, queue: { ...state.queue, resting: { ...state.queue.resting, [contentHash]: until } } };
}

/** The card is brought up to date a last time before the post leaves the state. */
async function finish(ports: Ports, post: Post): Promise<void> {
  const now = ports.clock.now();
  const isOver = isFinished(post, now);
  await showCard(ports, post.id);
  const latest = ports.store.post(post.id);
  // The owner can have pressed a button meanwhile.
  if (!isOver || latest === undefined || !isFinished(latest, now)) return;
  await ports.store.finish(post.id);
  if (ports.store.post(post.id) !== undefined) return;
  const used = new Set(Object.values(ports.store.state().posts).flatMap(picturesOf));
  await ports.pictures.remove(picturesOf(post).filter((sha256) => !used.has(sha256)));
}
