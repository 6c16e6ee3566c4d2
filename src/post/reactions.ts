import { z } from 'zod';

/** How many reactions messages of the channel have, by their ids. */
export const Reactions = z.record(z.string(), z.number());
export type Reactions = Readonly<z.infer<typeof Reactions>>;

/** Some 12 bytes each. */
const mostMessages = 200;

/** Those of the newest messages: an object has its whole numbers in ascending order. */
export function newestReactions(reactions: Reactions): Reactions {
  return Object.fromEntries(Object.entries(reactions).slice(-mostMessages));
}
