import { PhotoGone, UnreadablePicture } from '#errors.ts';
import type { Ports } from '#ports/ports.ts';
import { goesOutUnasked, isFinished, type Post, type PostIn, picturesOf } from '#post/post.ts';
import { approvePost, type Waiting, waitOf } from './approve/approve-post.ts';
import { archivePost } from './archive/archive-post.ts';
import { bothDone } from './both-done.ts';
import { draftPost } from './draft/draft-post.ts';
import type { Preparing } from './draft/prepare-next.ts';
import { giveUp } from './give-up.ts';
import { loadAhead } from './load-ahead.ts';
import { publishPost } from './publish/publish-post.ts';
import { releasePost } from './publish/release-post.ts';
import { removeUnused } from './remove-unused.ts';
import { showCard, showProgress } from './show-card.ts';
import { tellSetAside } from './tell-set-aside.ts';
import { attendDraft } from './unanswered/attend-draft.ts';
import { uploadAhead } from './upload-ahead.ts';
import { withdrawPost } from './withdraw/withdraw-post.ts';

/** `preparing`: drafts that were made ahead; absent: none are. */
export type WorkPorts = Ports & { readonly preparing?: Pick<Preparing, 'take'> };

/**
 * The day of a post: takes it from the state it is in as far as it gets without a decision. Every step saves
 * what it did before the next one begins, so that after a stop anywhere this is simply called again. Only one
 * call at a time for one post. Throws `ServiceError` and `NotSaved`; the post then waits where it is.
 */
export async function workOnPost(ports: WorkPorts, id: string, signal: AbortSignal): Promise<void> {
  let before: Post | undefined;
  for (;;) {
    signal.throwIfAborted();
    const post = ports.store.post(id);
    if (post === undefined || isSameButForCards(post, before)) return;
    await stepOn(ports, post, signal);
    before = post;
  }
}

/** A card that was just shown shows this already. */
function isSameButForCards(post: Post, before: Post | undefined): boolean {
  const rest = (each: Post) => JSON.stringify({ ...each, cards: [] });
  return before !== undefined && rest(post) === rest(before);
}

async function stepOn(ports: WorkPorts, post: Post, signal: AbortSignal): Promise<void> {
  switch (post.state) {
    case 'drafting':
      await bothDone(
        draft(ports, post),
        post.cards.length > 0 ? showProgress(ports, post.id) : Promise.resolve(),
      );
      return;
    case 'awaiting-approval':
      if (!goesOutUnasked(post)) {
        await attendDraft(ports, post);
        await showCard(ports, post.id);
        // While the owner looks.
        loadAhead(ports.platforms, ports.log);
        void uploadAhead(ports, post);
        return;
      }
      // The card comes first, because the channel takes its picture from there; but nobody waits for it.
      await showProgress(ports, post.id);
      await approvePost(ports, post, { revision: post.revision, by: 'automatic', wait: vetoIn(ports) });
      return;
    case 'scheduled':
      // What is due waits for no card: with the chat out of reach the other places still get it in time. But nobody
      // could stop what nobody was shown.
      if (post.wait === 'veto') await showCard(ports, post.id);
      await releasePost(ports, post);
      if (post.wait !== 'veto' && ports.store.post(post.id)?.state === 'scheduled')
        await showCard(ports, post.id);
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
    case 'withdrawing':
      await showProgress(ports, post.id);
      await withdrawPost(ports, post);
      return;
    case 'skipped':
    case 'expired':
    case 'withdrawn':
      await finish(ports, post);
      return;
  }
}

/** With the mode `veto`, what nobody was asked about can be stopped for a while. */
function vetoIn({ settings, clock }: Pick<Ports, 'settings' | 'clock'>): Waiting | undefined {
  const { mode, vetoMinutes } = settings();
  return mode === 'veto' ? waitOf('veto', clock.now(), vetoMinutes * 60_000) : undefined;
}

async function draft(ports: WorkPorts, post: PostIn<'drafting'>): Promise<void> {
  const rest = ports.ownerChat.busyWith(post.draft === undefined ? 'picture' : 'text');
  try {
    await draftPost(ports, post);
  } catch (error) {
    if (!(error instanceof UnreadablePicture) && !(error instanceof PhotoGone)) throw error;
    const isGone = error instanceof PhotoGone;
    await giveUp(ports, post, isGone ? 'gone' : 'unreadable');
    if (isGone) await ports.ownerChat.tell({ kind: 'photo-gone', name: post.photo.name });
    return;
  } finally {
    rest();
  }
  // Not before a photo was found that can be used: thirty broken ones are one message.
  await tellSetAside(ports);
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
  await removeUnused(ports, picturesOf(post));
}
