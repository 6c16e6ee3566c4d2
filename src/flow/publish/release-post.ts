import { endIfChanged, type LookPorts } from '#flow/approve/look-again.ts';
import type { Ports } from '#ports/ports.ts';
import { isPausedAt } from '#post/pause.ts';
import { hasMissedItsTime, leavesAt, type PostIn } from '#post/post.ts';

/** No undo window is longer: the most that the setting takes. */
const longestUndoMs = 300_000;

/** As long as owners were not heard since a start, what is due waits so long at a time. */
const hearAgainMs = 30_000;

/** What was decided longer ago than this was kept waiting by something else than its undo window. */
const freshMs = 2 * longestUndoMs;

/**
 * Lets a scheduled post go out when its time has come. Its photo is looked at once more, unless it was approved a moment ago.
 * One whose time passed long ago, while Darkroom did not run, is a draft again, and the owner is told; one that could
 * be stopped until then is so soon, as nobody heard who wanted to stop it. After a start owners are heard first.
 * Throws `NotSaved`.
 */
export async function releasePost(
  ports: LookPorts & Pick<Ports, 'ownerChat' | 'settings' | 'hasHeard'>,
  post: PostIn<'scheduled'>,
): Promise<void> {
  const { store, clock, ownerChat } = ports;
  const now = clock.now();
  const at = now.toISOString();
  const { id, revision, wait, publishAt, approval } = post;
  const earlyMs = leavesAt(post).getTime() - now.getTime();
  // A longer undo is that of a clock that was wrong.
  if (earlyMs > 0 && (wait !== 'undo' || earlyMs <= longestUndoMs)) return;
  const isFresh = wait === 'undo' && now.getTime() - Date.parse(approval.at) <= freshMs;
  if (!isFresh && hasMissedItsTime(post, now)) {
    await store.update(id, { type: 'unscheduled', revision, at });
    await ownerChat.tell({ kind: 'publish-missed', name: post.photo.name, at: new Date(publishAt) });
    return;
  }
  if (!ports.hasHeard()) {
    const until = new Date(now.getTime() + hearAgainMs).toISOString();
    await store.update(id, { type: 'put-off', until });
    return;
  }
  // A crash can have come between what an owner chose and what follows from it.
  if (approval.by === 'automatic' && isHeld(ports)) {
    await store.update(id, { type: 'held', at });
    return;
  }
  if (!isFresh) {
    if ((await endIfChanged(ports, post)) !== undefined) return;
    // The owner can have put it off, or taken it back, while the photo was looked at.
    const latest = store.post(id);
    if (latest?.state !== 'scheduled' || latest.publishAt !== publishAt) return;
  }
  await store.update(id, { type: 'released', at });
}

/** Nothing goes out unasked now. */
function isHeld({ store, settings, clock }: Pick<Ports, 'store' | 'settings' | 'clock'>): boolean {
  return settings().mode === 'review' || isPausedAt(store.state().settings.pause, clock.now());
}
