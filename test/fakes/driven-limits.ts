import { onTestFinished, vi } from 'vitest';

const longMs = 10_000;

export interface DrivenLimits {
  /** All that run now are over. */
  expire(): void;
  /** How long each was meant to be, in milliseconds, in the order in which they began. */
  readonly begun: readonly number[];
}

/**
 * Until the test is over, time limits of ten seconds and more end when they are told to, so that what hangs costs no
 * time and a busy machine ends none too early. Limits of sockets stay: they begin anew with each byte.
 */
export function driveLimits(): DrivenLimits {
  const running = new Map<unknown, () => void>();
  const begun: number[] = [];
  const { setTimeout: wait, clearTimeout: stopWaiting } = globalThis;
  const note = (key: unknown, ms: number, end: () => void) => {
    begun.push(ms);
    running.set(key, end);
  };
  const spies = [
    vi.spyOn(globalThis, 'setTimeout').mockImplementation(((
      call: (...args: unknown[]) => void,
      ms = 0,
      ...args: unknown[]
    ) => {
      const timer = wait(call, ms, ...args);
      if (ms >= longMs) note(timer, ms, () => call(...args));
      return timer;
    }) as typeof wait),
    vi.spyOn(globalThis, 'clearTimeout').mockImplementation((timer) => {
      running.delete(timer);
      stopWaiting(timer);
    }),
    vi.spyOn(AbortSignal, 'timeout').mockImplementation((ms) => {
      const limit = new AbortController();
      note(limit, ms, () => limit.abort(new DOMException('The time is over', 'TimeoutError')));
      return limit.signal;
    }),
  ];
  function expire(): void {
    const ends = [...running];
    running.clear();
    for (const [timer, end] of ends) {
      if (!(timer instanceof AbortController)) stopWaiting(timer as NodeJS.Timeout);
      end();
    }
  }
  onTestFinished(() => {
    for (const timer of running.keys())
      if (!(timer instanceof AbortController)) stopWaiting(timer as NodeJS.Timeout);
    for (const spy of spies) spy.mockRestore();
  });
  return { expire, begun };
}
