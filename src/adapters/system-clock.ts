import { randomBytes } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import type { Clock } from '#ports/clock.ts';

/** The machine's own time and chance. */
export const systemClock: Clock = {
  now: () => new Date(),
  sleep: (ms, signal) => setTimeout(ms, undefined, { ref: false, ...(signal && { signal }) }),
  id: () =>
    BigInt(`0x${randomBytes(5).toString('hex')}`)
      .toString(36)
      .padStart(8, '0'),
};
