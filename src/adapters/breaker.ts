import type { Clock } from '#ports/clock.ts';
import type { BreakerPolicy } from '#ports/policies.ts';
import type { Problem } from '#post/delivery.ts';

/** Leave to make one call, whose end has to be told. */
export interface Leave {
  /** Undefined: there was an answer of use. */
  ended(problem: Problem | undefined): void;
  /** The call was not made after all. */
  unused(): void;
}

/** No call is to be made for so many milliseconds, because of this. */
export interface Refused {
  readonly waitMs: number;
  readonly problem: Problem;
  /** One call tries whether the service is back; resolves when that has ended. */
  readonly trying?: Promise<void>;
}

/** Leaves a service alone that is down, and lets one call after each rest try whether it is back. */
export interface Breaker {
  /** `isAskedFor`: somebody wants it tried now, whatever was before. */
  ask(isAskedFor: boolean): Leave | Refused;
}

/** A service that answers anything else is there, whether the answer pleases or not. */
const failing = new Set<Problem['kind']>(['unreachable', 'timeout', 'out-of-order']);

/** Every call has a limit of its own, at most two minutes; one that does not keep it must not stop all others for ever. */
const longestTrialMs = 150_000;

export function createBreaker({ opensAfter, restMs }: BreakerPolicy, clock: Clock): Breaker {
  const rest = createPause(clock);
  const patience = createPause(clock);
  let failures = 0;
  let last: Problem['kind'] = 'unreachable';
  let trial: PromiseWithResolvers<void> | undefined;

  function note(problem: Problem | undefined): void {
    if (problem === undefined || !failing.has(problem.kind)) {
      failures = 0;
      return;
    }
    failures += 1;
    last = problem.kind;
    if (failures >= opensAfter) rest.begin(restMs);
  }

  function leave(own: PromiseWithResolvers<void> | undefined): Leave {
    function unused(): void {
      if (own === undefined) return;
      own.resolve();
      if (trial === own) trial = undefined;
    }
    return {
      unused,
      ended(problem) {
        note(problem);
        unused();
      },
    };
  }

  return {
    ask(isAskedFor) {
      if (failures < opensAfter || isAskedFor) return leave(undefined);
      const problem = { kind: last };
      if (trial !== undefined && patience.leftMs() > 0)
        return { waitMs: restMs, problem, trying: trial.promise };
      const waitMs = rest.leftMs();
      if (waitMs > 0) return { waitMs, problem };
      trial = Promise.withResolvers();
      patience.begin(longestTrialMs);
      return leave(trial);
    },
  };
}

/** A time during which nobody calls. */
export interface Pause {
  /** Milliseconds until it is over; 0: there is none. */
  leftMs(): number;
  /** One that is longer stays as it is. */
  begin(ms: number): void;
}

/** A clock that is put back does not make it longer. */
export function createPause(clock: Clock): Pause {
  let until = 0;
  let wholeMs = 0;
  function leftMs(): number {
    const left = until - clock.now().getTime();
    return left > 0 && left <= wholeMs ? left : 0;
  }
  return {
    leftMs,
    begin(ms) {
      if (ms <= leftMs()) return;
      until = clock.now().getTime() + ms;
      wholeMs = ms;
    },
  };
}
