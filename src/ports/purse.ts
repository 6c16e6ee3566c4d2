/** The money that the AI may cost. */
export interface Purse {
  /**
   * Makes a call that costs at most so many dollars. The most is on disk as spent before the call begins, so that
   * neither calls at the same time nor a crash can break the budget; `costs` says what it really was, and without
   * that the most counts. Throws `OverBudget`, and then nothing was called, and `NotSaved`.
   */
  pay<T>(mostDollars: number, call: (costs: (dollars: number) => void) => Promise<T>): Promise<T>;
}
