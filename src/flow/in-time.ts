import type { Clock } from '#ports/clock.ts';

/** Longer than a question to a service takes on a bad day; nobody waits longer for an answer to `/status`. */
const questionMs = 30_000;

/** The answer, or undefined when it takes longer than `limitMs`. The work itself is left to its own limits. */
export async function inTime<T>(
  clock: Clock,
  answer: Promise<T>,
  limitMs = questionMs,
): Promise<T | undefined> {
  const over = new AbortController();
  const late = clock.sleep(limitMs, over.signal).then(() => undefined);
  // It rejects when it is not needed any more.
  late.catch(() => undefined);
  return await Promise.race([answer, late]).finally(() => over.abort());
}
