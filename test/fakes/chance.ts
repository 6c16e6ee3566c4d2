/** Chance that is the same in every run. */
export interface Chance {
  /** A whole number from `from` to `to`, both included. */
  number(from: number, to: number): number;
  oneOf<T>(choices: readonly T[]): T;
  /** Up to so many of these pieces in a row. */
  text(pieces: readonly string[], maxPieces: number): string;
}

/** Mulberry32, which needs no more than a number for its memory. */
export function createChance(seed: number): Chance {
  let state = seed;
  function next(): number {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }
  const number = (from: number, to: number) => from + Math.floor(next() * (to - from + 1));
  function oneOf<T>(choices: readonly T[]): T {
    const chosen = choices[number(0, choices.length - 1)];
    if (chosen === undefined) throw new Error('There is nothing to choose from');
    return chosen;
  }
  return {
    number,
    oneOf,
    text: (pieces, maxPieces) => Array.from({ length: number(0, maxPieces) }, () => oneOf(pieces)).join(''),
  };
}
