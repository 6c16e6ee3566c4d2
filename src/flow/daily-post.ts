import { PhotoGone, UnreadablePicture } from '#errors.ts';
import type { Ports } from '#ports/ports.ts';
import { isFinished, type Post, type PostIn, picturesOf } from '#post/post.ts';
import { approvePost } from './approve/approve-post.ts';
import { archivePost } from './archive/archive-post.ts';
import { draftPost } from './draft/draft-post.ts';
import { publishPost } from './publish/publish-post.ts';
import { showCard } from './show-card.ts';

/**
 * The day of a post: takes it from the state it is in as far as it gets without a decision. Every step saves
 * what it did before the next one begins, so that after a stop anywhere this is simply called again. Only one
 * call at a time for one post. Answers the post as it was last seen, undefined where there is none. Throws
 * `ServiceError` and `NotSaved`; the post then waits where it is.
 */
export async function workOnPost(ports: Ports, id: string, signal: AbortSignal): Promise<Post | undefined> {
  let before: Post | undefined;
  for (;;) {
    signal.throwIfAborted();
    const post = ports.store.post(id);
    if (post === undefined || post === before) return before;
    await stepOn(ports, post, signal);
    before = post;
  }
}

async function stepOn(ports: Ports, post: Post, signal: AbortSignal): Promise<void> {
  switch (post.state) {
    case 'drafting':
      await Promise.all([draft(ports, post), post.cards.length > 0 && showCard(ports, post.id)]);
      await showCard(ports, post.id);
      return;
    case 'awaiting-approval':
      if (post.cards.length === 0) await showCard(ports, post.id);
      if (mayGoOutUnasked(post)) await approvePost(ports, post, { revision: post.revision, by: 'automatic' });
      return;
    case 'publishing':
      await showCard(ports, post.id);
      await publishPost(ports, post, signal);
      return;
    case 'published':
      await archivePost(ports, post);
      return;
    case 'archived':
    case 'failed':
      await publishPost(ports, post, signal);
      await finish(ports, post.id);
      return;
    case 'skipped':
    case 'expired':
      await finish(ports, post.id);
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
  if (reason === 'unreadable') {
    await store.change((state) => ({
      ...state,
      setAside: { ...state.setAside, [contentHash]: { name, at } },
    }));
  }
  await store.update(post.id, { type: 'expired', at, reason });
  await ownerChat.tell({ kind: reason === 'gone' ? 'photo-gone' : 'photo-set-aside', name });
}

/** The card is brought up to date a last time before the post leaves the state. */
async function finish(ports: Ports, id: string): Promise<void> {
  await showCard(ports, id);
  const post = ports.store.post(id);
  if (post === undefined || !isFinished(post, ports.clock.now())) return;
  await ports.store.finish(id);
  await ports.pictures.remove(picturesOf(post));
}

/** Only the first text does, and not one that the AI was perhaps tricked into. */
function mayGoOutUnasked(post: PostIn<'awaiting-approval'>): boolean {
  return post.isAutomatic && post.revision === 1 && post.captions.at(-1)?.isSuspicious !== true;
}
