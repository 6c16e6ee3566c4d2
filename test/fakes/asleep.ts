import { expect } from 'vitest';
import type { TestClock } from '../test-clock.ts';

/** Waits until somebody sleeps on this clock. */
export async function untilAsleep(clock: TestClock): Promise<void> {
  await expect.poll(() => clock.sleepers(), { interval: 2 }).toBe(1);
}
