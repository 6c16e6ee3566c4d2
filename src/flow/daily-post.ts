import { PhotoGone, UnreadablePicture } from '#errors.ts';
import type { Ports } from '#ports/ports.ts';
import type { Photo } from '#post/photo.ts';
import { isFinished, type Post, type PostIn, picturesOf } from '#post/post.ts';
import type { State } from '#post/state.ts';
import { approvePost } from './approve/approve-post.ts';
import { archivePost } from './archive/archive-post.ts';
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
      await Promise.all([draft(ports, post), post.cards.length > 0 && showProgress(ports, post.id)]);
      return;
    case 'awaiting-approval':
      await showCard(ports, post.id);
      if (mayGoOutUnasked(post)) await approvePost(ports, post, { revision: post.revision, by: 'automatic' });
      return;
    case 'publishing':
      await Promise.all([publishPost(ports, post, signal), showProgress(ports, post.id)]);
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

async function giveUp(
  { store, clock, ownerChat, log }: Ports,
  post: PostIn<'drafting'>,
  reason: PostIn<'expired'>['reason'],
): Promise<void> {
  const at = clock.now().toISOString();
  const { name, contentHash } = post.photo;
  log.warn({ post: post.id, photo: name, reason }, 'The photo cannot be used');
  const replacement = {
    id: clock.id(),
    at,
    isAutomatic: post.isAutomatic,
    ...(post.slot && { slot: post.slot }),
  };
  await store.change((state) => ({
    ...(reason === 'gone' ? resting(state, contentHash, clock.now()) : setAside(state, post.photo, at)),
    wishes: [...state.wishes, replacement],
  }));
  await store.update(post.id, { type: 'expired', at, reason });
  await ownerChat.tell({ kind: reason === 'gone' ? 'photo-gone' : 'photo-set-aside', name });
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
  const isOver = isFinished(post, ports.clock.now());
  await showCard(ports, post.id);
  if (!isOver) return;
  await ports.store.finish(post.id);
  const used = new Set(Object.values(ports.store.state().posts).flatMap(picturesOf));
  await ports.pictures.remove(picturesOf(post).filter((sha256) => !used.has(sha256)));
}

/** Only the first text does, and not one that the AI was perhaps tricked into. */
function mayGoOutUnasked(post: PostIn<'awaiting-approval'>): boolean {
  return post.isAutomatic && post.revision === 1 && post.captions.at(-1)?.isSuspicious !== true;
}
