import { inTime } from '#flow/in-time.ts';
import { describeError } from '#flow/tell-trouble.ts';
import type { CodeOutcome, Platform } from '#ports/platform.ts';
import type { Ports } from '#ports/ports.ts';
import type { DeliveryChoice, Problem } from '#post/delivery.ts';
import { deliveryOf } from '#post/post.ts';

/** A platform that waits for a code. */
export interface AwaitedCode {
  /** Its name, as the owner reads it. */
  readonly name: string;
  readonly from: NonNullable<Problem['code']>;
}

/** Undefined: this delivery does not fail for want of a code any more, or the platform has stopped waiting for it. */
export function awaitedCode(
  { store, platforms }: Pick<Ports, 'store' | 'platforms'>,
  { id, platform, round }: DeliveryChoice,
): AwaitedCode | undefined {
  const delivery = deliveryOf(store.post(id), platform);
  if (delivery?.state !== 'failed' || delivery.round !== round) return undefined;
  const from = delivery.problem.code;
  const asking = platforms.find((each) => each.id === platform);
  return from && asking?.awaitsCode?.() ? { name: asking.name, from } : undefined;
}

/** Hands the code over, within half a minute. Never rejects. */
export async function enterCode(
  ports: Pick<Ports, 'store' | 'platforms' | 'clock' | 'log'>,
  choice: DeliveryChoice,
  code: string,
): Promise<CodeOutcome> {
  const platform = ports.platforms.find(({ id }) => id === choice.platform);
  if (platform?.enterCode === undefined || awaitedCode(ports, choice) === undefined) return { code: 'over' };
  const outcome = await inTime(ports.clock, answer(ports, platform, code));
  return outcome ?? { code: 'unanswered', problem: { kind: 'timeout' } };
}

/** A platform that throws all the same has a bug, and no words for the owner. */
async function answer({ log }: Pick<Ports, 'log'>, platform: Platform, code: string): Promise<CodeOutcome> {
  try {
    return (await platform.enterCode?.(code)) ?? { code: 'over' };
  } catch (error) {
    log.error({ platform: platform.id, error: describeError(error) }, 'A platform threw over a code');
    return { code: 'refused', problem: { kind: 'unexpected' } };
  }
}
