import { OverBudget } from '#errors.ts';
import type { Clock } from '#ports/clock.ts';
import type { Purse } from '#ports/purse.ts';
import type { Store } from '#ports/store.ts';
import { monthIn, spentIn, withSpent } from '#post/spending.ts';

export interface Budget {
  /** Null where the owner set none. */
  readonly monthlyDollars: number | null;
  /** In which the months are counted. */
  readonly timeZone: string;
}

/** Counts what the AI costs in the state, and makes no call that would not fit into the month's budget. */
export function createPurse(store: Store, clock: Clock, budget: () => Budget): Purse {
  function spend(month: string, dollars: number): Promise<void> {
    return store.change((state) =>
      dollars === 0 ? state : { ...state, spending: withSpent(state.spending, month, dollars) },
    );
  }

  return {
    async pay(mostDollars, call) {
      const { monthlyDollars, timeZone } = budget();
      const month = monthIn(timeZone, clock.now());
      // Looked up and set aside without a pause between, so that two calls never count on the same dollars.
      const dollars = spentIn(store.state().spending, month) + mostDollars;
      if (monthlyDollars !== null && dollars > monthlyDollars) throw new OverBudget();
      await spend(month, mostDollars);
      let cost = mostDollars;
      try {
        return await call((dollars) => {
          cost = dollars;
        });
      } finally {
        await spend(month, cost - mostDollars);
      }
    },
  };
}
