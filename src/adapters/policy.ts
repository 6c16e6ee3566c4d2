import { ServiceError, type ServiceName } from '#errors.ts';
import type { Clock } from '#ports/clock.ts';
import type { CallPolicy, ServicePolicy } from '#ports/policies.ts';
import type { Problem } from '#post/delivery.ts';
import { createBreaker, createPause, type Leave } from './breaker.ts';

/**
 * For whom a call is made. `asked-for`: somebody has just asked for another try, so it goes out also while the service
 * is left alone. `check`: it asks how the service is, so it goes out as well, and does not count.
 */
export type Purpose = 'asked-for' | 'check';

/**
 * Makes a call of this kind as the policy has it. Throws `ServiceError`, with the wait where one is known; while the
 * service is left alone at once. Never to be used within itself: the inner call would wait in line behind the outer.
 */
export type Call<Kind extends string> = <T>(
  kind: Kind,
  request: () => Promise<T>,
  purpose?: Purpose,
) => Promise<T>;

export interface Called {
  readonly service: ServiceName;
  readonly clock: Clock;
  /** Ends the client's own errors; what is no `ServiceError` says nothing about the service. */
  readonly toOurError: (error: unknown) => Error;
}

/** Carries a service's policy out, for all who call it. */
export function createCall<Kind extends string>(
  policy: ServicePolicy<Kind>,
  { service, clock, toOurError }: Called,
): Call<Kind> {
  const breaker = createBreaker(policy.breaker, clock);
  const rest = createPause(clock);
  const rate = createRate(policy.perMinute, clock);
  const lines = new Map<Kind, ReturnType<typeof createLine>>();

  function lineOf(kind: Kind): ReturnType<typeof createLine> {
    const line = lines.get(kind) ?? createLine(policy.calls[kind].atOnce);
    lines.set(kind, line);
    return line;
  }

  async function leaveFor(purpose: Purpose | undefined): Promise<Leave> {
    for (;;) {
      const restMs = rest.leftMs() || rate.leftMs();
      if (restMs > 0) throw new ServiceError(service, { kind: 'rate-limited' }, restMs);
      const leave = breaker.ask(purpose !== undefined);
      if (!('waitMs' in leave)) {
        rate.count();
        return leave;
      }
      if (leave.trying === undefined) throw new LeftAlone(service, leave.problem, leave.waitMs);
      await leave.trying;
    }
  }

  async function once<T>(request: () => Promise<T>, purpose: Purpose | undefined): Promise<T> {
    const leave = await leaveFor(purpose);
    try {
      const answer = await request();
      if (purpose !== 'check') leave.ended(undefined);
      return answer;
    } catch (cause) {
      const error = toOurError(cause);
      if (error instanceof ServiceError) {
        if (error.waitMs !== undefined) rest.begin(error.waitMs);
        if (purpose !== 'check') leave.ended(error.problem);
      }
      throw error;
    } finally {
      leave.unused();
    }
  }

  return async (kind, request, purpose) => {
    const { pausesMs, repeats } = policy.calls[kind];
    for (let attempt = 0; ; attempt += 1) {
      try {
        return await lineOf(kind)(() => once(request, purpose));
      } catch (error) {
        const pauseMs = pausesMs[attempt];
        if (pauseMs === undefined || !isRepeated(repeats, error)) throw error;
        const waitMs = Math.max(error.waitMs ?? 0, pauseMs);
        if (waitMs > policy.longestWaitMs) throw error;
        await clock.sleep(waitMs);
      }
    }
  };
}

/** Nothing was asked: the service is down, and is left alone for a while. */
class LeftAlone extends ServiceError {}

const passing = new Set<Problem['kind']>(['rate-limited', 'unreachable', 'timeout', 'out-of-order']);

function isRepeated(repeats: CallPolicy['repeats'], error: unknown): error is ServiceError {
  if (!(error instanceof ServiceError) || error instanceof LeftAlone) return false;
  return repeats === 'passing' ? passing.has(error.problem.kind) : error.problem.kind === 'rate-limited';
}

/** Lets so many work at once; the others wait in line. */
function createLine(atOnce: number): <T>(work: () => Promise<T>) => Promise<T> {
  const waiting: (() => void)[] = [];
  let free = atOnce;
  return async (work) => {
    if (free > 0) free -= 1;
    else await new Promise<void>((resolve) => waiting.push(resolve));
    try {
      return await work();
    } finally {
      const next = waiting.shift();
      if (next === undefined) free += 1;
      else next();
    }
  };
}

const minuteMs = 60_000;

/** Counts the calls of the last minute. */
function createRate(perMinute: number, clock: Clock) {
  let recent: readonly number[] = [];
  return {
    /** Milliseconds until there may be another one. */
    leftMs(): number {
      const now = clock.now().getTime();
      recent = recent.filter((at) => at <= now && at > now - minuteMs);
      const oldest = recent[recent.length - perMinute];
      return oldest === undefined ? 0 : oldest + minuteMs - now;
    },
    count(): void {
      recent = [...recent, clock.now().getTime()];
    },
  };
}
