import { createCounter, type Moment, nameOf, type Phase } from './moments.ts';

/** A moment, or the how many-th moment since the program was started, whatever it is. */
export type Kill = Moment | number;

/** Sees every moment of the program, and kills it where it was told to. */
export interface Trap {
  /** All moments so far. */
  readonly moments: readonly Moment[];
  /** Where it was killed. */
  readonly killedAt: readonly Moment[];
  /** The how many-th call with this label it is. */
  arrive(label: string): number;
  /** True: the program is killed here, or was before, and nothing of it goes any further. */
  reach(label: string, count: number, phase: Phase): boolean;
  hasKilled(): boolean;
  /** The program was started: all counting begins anew. */
  reset(): void;
}

/** The kills come one after the other, each after the start that follows the one before. */
export function createTrap(
  given: readonly Kill[],
  onMoment: () => void,
  kill: (moment: Moment) => void,
): Trap {
  const kills = [...given];
  const moments: Moment[] = [];
  const killedAt: Moment[] = [];
  let counter = createCounter();
  let sinceStart = 0;
  let hasKilled = false;

  function isNext(moment: Moment): boolean {
    const [next] = kills;
    if (next === undefined) return false;
    return typeof next === 'number' ? next === sinceStart : nameOf(next) === nameOf(moment);
  }

  return {
    moments,
    killedAt,
    arrive: (label) => counter.next(label),
    reach(label, count, phase) {
      onMoment();
      if (hasKilled) return true;
      const moment = { label, count, phase };
      moments.push(moment);
      sinceStart += 1;
      if (!isNext(moment)) return false;
      kills.shift();
      killedAt.push(moment);
      hasKilled = true;
      kill(moment);
      return true;
    },
    hasKilled: () => hasKilled,
    reset() {
      counter = createCounter();
      sinceStart = 0;
      hasKilled = false;
    },
  };
}
