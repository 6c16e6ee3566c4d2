import { NotSaved } from '#errors.ts';
import { inTime } from '#flow/in-time.ts';
import { showProgress } from '#flow/show-card.ts';
import type { Outcome, Platform, Publication } from '#ports/platform.ts';
import type { Ports } from '#ports/ports.ts';
import type { DeliveryEvent } from '#post/delivering.ts';
import type { Delivery, Problem } from '#post/delivery.ts';
import { isTooEarly, longestWaitMs } from '#post/delivery.ts';
import { deliveryOf, type Post } from '#post/post.ts';
import { preparePublication } from './prepare-publication.ts';
import { sendFullSize } from './send-full-size.ts';

type DeliverPorts = Pick<Ports, 'store' | 'pictures' | 'platforms' | 'clock' | 'log' | 'ownerChat'>;

/** The pauses between attempts that surely did not publish anything; after the last one it has failed. */
const pausesMs = [5_000, 30_000, 120_000, 600_000];
const saveAgainMs = 30_000;
/** A platform has limits of its own, at most two minutes in all; this is for one that does not keep them. */
const publishLimitMs = 150_000;

/**
 * Takes one delivery from `waiting` to where it stays. The intent is on disk before the request leaves, the
 * outcome after. An attempt with unknown outcome ends it: nothing is repeated blindly. One that has to wait for
 * its time is left waiting.
 */
export async function deliver(
  ports: DeliverPorts,
  postId: string,
  platformId: string,
  signal: AbortSignal,
): Promise<void> {
  for (;;) {
    signal.throwIfAborted();
    const post = ports.store.post(postId);
    const delivery = deliveryOf(post, platformId);
    if (post === undefined || delivery?.state !== 'waiting') return;
    if (isTooEarly(delivery, ports.clock.now())) return;
    const event = await attempt(ports, post, platformId, delivery);
    if (event === undefined) return;
    await saveOutcome(ports, postId, event, signal);
    await showProgress(ports, postId);
    if (event.type !== 'delivered') continue;
    const followed = await sendFullSize(ports, postId, platformId, signal);
    if (followed === undefined) continue;
    await saveOutcome(ports, postId, followed, signal);
    await showProgress(ports, postId);
  }
}

/** One attempt; undefined: somebody else has begun meanwhile. */
async function attempt(
  ports: DeliverPorts,
  post: Post,
  platformId: string,
  delivery: Extract<Delivery, { readonly state: 'waiting' }>,
): Promise<DeliveryEvent | undefined> {
  const { store, clock, log, platforms } = ports;
  const at = () => clock.now().toISOString();
  const platform = platforms.find((each) => each.id === platformId);
  if (platform === undefined) return failed(platformId, at(), { kind: 'not-set-up' });
  const publication = await preparePublication(ports, post, platformId, delivery);
  if (publication === undefined) {
    return failed(platformId, at(), { kind: 'unexpected', detail: 'the prepared picture is missing' });
  }
  const begun = await store.update(post.id, { type: 'sending', platform: platformId, at: at() });
  if (begun === undefined || 'refused' in begun) return undefined;
  const outcome = await publishOnce(ports, platform, publication);
  log.info(
    { post: post.id, platform: platformId, attempt: delivery.attempts + 1, outcome },
    'Delivery tried',
  );
  return eventOf(outcome, platform, delivery.attempts, clock.now());
}

/** A platform that throws, or does not end, has a bug, and what it did before is unknown. */
async function publishOnce(
  { clock, log }: DeliverPorts,
  platform: Platform,
  publication: Publication,
): Promise<Outcome> {
  try {
    const outcome = await inTime(clock, platform.publish(publication), publishLimitMs);
    if (outcome !== undefined) return outcome;
    log.error({ platform: platform.id }, 'A platform did not end');
    return { outcome: 'uncertain', problem: { kind: 'timeout' } };
  } catch (error) {
    log.error({ platform: platform.id, error: String(error) }, 'A platform threw');
    return { outcome: 'uncertain', problem: { kind: 'unexpected' } };
  }
}

function eventOf(
  outcome: Outcome,
  { id: platform, look }: Platform,
  attemptsBefore: number,
  now: Date,
): DeliveryEvent {
  const at = now.toISOString();
  const canLook = look !== undefined;
  switch (outcome.outcome) {
    case 'published': {
      const { ref, url, missed } = outcome;
      const details = { ...(url !== undefined && { url }), ...(missed && { missed }) };
      return { type: 'delivered', platform, at, ref, ...details };
    }
    case 'partly': {
      const { ref, problem, reached, missed } = outcome;
      const notBefore = nextTime(attemptsBefore, now);
      return notBefore === undefined
        ? { type: 'delivered', platform, at, ref, missed }
        : {
            type: 'postponed',
            platform,
            notBefore,
            problem,
            partly: { reached: [...reached], missed: [...missed] },
          };
    }
    case 'failed':
      return failed(platform, at, outcome.problem);
    case 'uncertain':
      return { type: 'lost-sight', platform, at, problem: outcome.problem, canLook };
    case 'not-sent': {
      const { problem, waitMs, isUntried = false } = outcome;
      // What was not even begun uses no attempt up.
      const notBefore = nextTime(isUntried ? 0 : attemptsBefore, now, waitMs);
      if (notBefore === undefined) return failed(platform, at, problem);
      return { type: 'postponed', platform, notBefore, problem, ...(isUntried && { isUntried }) };
    }
  }
}

/** Undefined: there were enough attempts. */
function nextTime(attemptsBefore: number, now: Date, waitMs?: number): string | undefined {
  const pauseMs = pausesMs[attemptsBefore];
  if (pauseMs === undefined) return undefined;
  const inMs = Math.min(Math.max(waitMs ?? pauseMs, 1_000), longestWaitMs);
  return new Date(now.getTime() + inMs).toISOString();
}

/** An outcome that cannot be saved is kept in mind and saved as soon as the disk lets it. */
async function saveOutcome(
  { store, clock, ownerChat, log }: DeliverPorts,
  postId: string,
  event: DeliveryEvent,
  signal: AbortSignal,
): Promise<void> {
  for (let isFirst = true; ; isFirst = false) {
    try {
      await store.update(postId, event);
      return;
    } catch (error) {
      if (!(error instanceof NotSaved)) throw error;
      log.error({ post: postId, code: error.code }, 'An outcome could not be saved');
      if (isFirst) await ownerChat.tell({ kind: 'not-saved', code: error.code });
      await clock.sleep(saveAgainMs, signal);
    }
  }
}

function failed(platform: string, at: string, problem: Problem): DeliveryEvent {
  return { type: 'delivery-failed', platform, at, problem };
}
