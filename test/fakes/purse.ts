import type { Purse } from '#ports/purse.ts';

export interface FakePurse extends Purse {
  /** What each call cost in the end, in the order in which they ended. */
  readonly paid: number[];
  /** What each could have cost at most, in the order in which they began. */
  readonly setAside: number[];
}

/** A purse that never runs out and notes what was paid. */
export function createFakePurse(): FakePurse {
  const paid: number[] = [];
  const setAside: number[] = [];
  return {
    paid,
    setAside,
    async pay(mostDollars, call) {
      setAside.push(mostDollars);
      let cost = mostDollars;
      try {
        return await call((dollars) => {
          cost = dollars;
        });
      } finally {
        paid.push(cost);
      }
    },
  };
}
