import { systemClock } from '#adapters/system-clock.ts';
import type { Clock } from '#ports/clock.ts';

/** A clock that tests drive. */
export interface TestClock extends Clock {
  /** Moves the time on and wakes every sleeper whose time has come. */
  advance(ms: number): void;
  /** How many are asleep. */
  sleepers(): number;
}

const shortPauseMs = 30_000;
const manyPauses = 100;

/**
 * Time stands still until `advance`. A pause of less than half a minute, such as between two tries, is over at
 * once and moves the time on by itself; a longer one waits for `advance`. `id`: where ids come from.
 */
export function createTestClock(
  start = new Date('2026-11-22T12:00:00Z'),
  id: Clock['id'] = systemClock.id,
): TestClock {
  let now = start.getTime();
  let shortPauses = 0;
  let asleep: { readonly until: number; readonly wake: () => void }[] = [];
  return {
    now: () => new Date(now),
    id,
    async sleep(ms, signal) {
      signal?.throwIfAborted();
      if (ms < shortPauseMs) {
        now += ms;
        shortPauses += 1;
        // Who tries again and again until something is over leaves the others some time.
        if (shortPauses > manyPauses) await new Promise((resolve) => setTimeout(resolve, 5));
        else await new Promise((resolve) => setImmediate(resolve));
        return;
      }
      await new Promise<void>((resolve, reject) => {
        const sleeper = { until: now + ms, wake: resolve };
        asleep.push(sleeper);
        signal?.addEventListener('abort', () => {
          asleep = asleep.filter((each) => each !== sleeper);
          reject(signal.reason);
        });
      });
    },
    advance(ms) {
      now += ms;
      const due = asleep.filter(({ until }) => until <= now);
      asleep = asleep.filter(({ until }) => until > now);
      for (const { wake } of due) wake();
    },
    sleepers: () => asleep.length,
  };
}
