import type { Clock } from '#ports/clock.ts';
import type { Publisher } from '#ports/platform.ts';
import { policies } from '#ports/policies.ts';
import { createBreaker } from './breaker.ts';

/**
 * The platform with a breaker before it: while it is down, what is published is surely not sent, and is told when to
 * come again; a try that the owner asked for goes out all the same. Looking, checking and taking down are left as they
 * are.
 */
export function withBreaker(publisher: Publisher, clock: Clock): Publisher {
  const breaker = createBreaker(policies.publishing.breaker, clock);
  return {
    ...publisher,
    async publish(publication) {
      const leave = breaker.ask(publication.round > 1);
      if ('waitMs' in leave) {
        const { problem, waitMs } = leave;
        return { outcome: 'not-sent', problem, waitMs, isUntried: true };
      }
      try {
        const outcome = await publisher.publish(publication);
        leave.ended(outcome.outcome === 'published' ? undefined : outcome.problem);
        return outcome;
      } finally {
        leave.unused();
      }
    },
  };
}
