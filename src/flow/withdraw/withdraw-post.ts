import { PhotoGone } from '#errors.ts';
import { inTime } from '#flow/in-time.ts';
import { showProgress } from '#flow/show-card.ts';
import type { Platform, Withdrawal } from '#ports/platform.ts';
import type { Ports } from '#ports/ports.ts';
import type { WithdrawalEvent } from '#post/delivering.ts';
import type { Delivery, Problem } from '#post/delivery.ts';
import type { Post, PostIn } from '#post/post.ts';

type WithdrawPorts = Pick<
  Ports,
  'store' | 'library' | 'platforms' | 'clock' | 'log' | 'ownerChat' | 'pictures'
>;

/** A platform has limits of its own, at most a minute; this is for one that does not keep them. */
const withdrawLimitMs = 90_000;
/** After so long a place that does not say is left as it is. */
const giveUpMs = 24 * 60 * 60 * 1000;

/**
 * Takes a post down wherever that can be done, and then brings its photo back. May be repeated from wherever it
 * stopped: what is gone stays gone. Where a place does not answer, the post is left as it is, to be taken up again.
 * Throws `ServiceError` and `NotSaved`.
 */
export async function withdrawPost(ports: WithdrawPorts, post: PostIn<'withdrawing'>): Promise<void> {
  const { store, clock } = ports;
  const results = await Promise.allSettled(
    Object.keys(post.deliveries).map((platform) => takeDown(ports, post, platform)),
  );
  for (const result of results) if (result.status === 'rejected') throw result.reason;
  const latest = store.post(post.id);
  if (latest?.state !== 'withdrawing' || Object.values(latest.deliveries).some(isToBeTakenDown)) return;
  const isDown = Object.values(latest.deliveries).some(({ state }) => state === 'withdrawn');
  const path = isDown ? await bringBack(ports, latest) : undefined;
  const at = clock.now().toISOString();
  await store.update(post.id, { type: 'withdrawn', at, ...(path !== undefined && { path }) });
}

/** Asks for it wherever the post is: it is in the history once it is finished, and open again from then on. */
export async function askToWithdraw(
  { store, clock }: Pick<Ports, 'store' | 'clock'>,
  id: string,
  by: number,
) {
  const event = { type: 'withdrawal-asked', at: clock.now().toISOString(), by } as const;
  return (await store.update(id, event)) ?? (await store.reopen(id, event));
}

function isToBeTakenDown(delivery: Delivery): boolean {
  return delivery.state === 'published' && delivery.kept === undefined;
}

async function takeDown(ports: WithdrawPorts, post: PostIn<'withdrawing'>, platform: string): Promise<void> {
  const { store, clock, log } = ports;
  const delivery = post.deliveries[platform];
  if (delivery?.state !== 'published' || !isToBeTakenDown(delivery)) return;
  const became = await tryOnce(ports, post.id, platform, delivery);
  log.info({ post: post.id, platform, became }, 'Tried to take a post down');
  const isGivenUp = clock.now().getTime() - Date.parse(post.withdrawal.at) >= giveUpMs;
  if (became.became === 'unknown' && !isGivenUp) return;
  await store.update(post.id, eventOf(platform, clock.now().toISOString(), became));
  await showProgress(ports, post.id);
}

type Became =
  | { readonly became: 'taken-down' }
  | { readonly became: 'kept'; readonly problem?: Problem }
  | { readonly became: 'unknown'; readonly problem: Problem };

function eventOf(platform: string, at: string, became: Became): WithdrawalEvent {
  if (became.became === 'taken-down') return { type: 'taken-down', platform, at };
  return { type: 'kept', platform, at, ...(became.problem && { problem: became.problem }) };
}

/** Without a place nobody but the owner finds it there. */
async function tryOnce(
  ports: WithdrawPorts,
  postId: string,
  platformId: string,
  { ref, at }: Extract<Delivery, { readonly state: 'published' }>,
): Promise<Became> {
  const platform = ports.platforms.find(({ id }) => id === platformId);
  if (platform === undefined) return { became: 'kept', problem: { kind: 'not-set-up' } };
  if (platform.withdraw === undefined || ref === undefined) return { became: 'kept' };
  const answer = await askPlatform(ports, platform, () =>
    platform.withdraw?.({ postId, ref, at: new Date(at) }),
  );
  if (answer.withdrawal === 'withdrawn') return { became: 'taken-down' };
  const { problem } = answer;
  const isOver = answer.withdrawal === 'refused' && !passing.has(problem.kind);
  return { became: isOver ? 'kept' : 'unknown', problem };
}

const passing = new Set<Problem['kind']>(['rate-limited', 'unreachable', 'timeout', 'out-of-order']);

/** A platform that throws, or does not end, has a bug, and what it did is unknown. */
async function askPlatform(
  { clock, log }: WithdrawPorts,
  { id }: Platform,
  withdraw: () => Promise<Withdrawal> | undefined,
): Promise<Withdrawal> {
  try {
    const answer = await inTime(clock, Promise.resolve(withdraw()), withdrawLimitMs);
    return answer ?? { withdrawal: 'unknown', problem: { kind: 'timeout' } };
  } catch (error) {
    log.error({ platform: id, error: String(error) }, 'A platform threw while a post was taken down');
    return { withdrawal: 'unknown', problem: { kind: 'unexpected' } };
  }
}

/** The photo's new place; undefined: it is nowhere to be found, or another picture now. */
async function bringBack({ library, log }: WithdrawPorts, { id, photo }: Post): Promise<string | undefined> {
  return await library.restore(photo).catch((error: unknown) => {
    if (!(error instanceof PhotoGone)) throw error;
    log.warn({ post: id }, 'The photo was changed after it was published; it stays where it is');
    return undefined;
  });
}
