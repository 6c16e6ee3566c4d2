import { z } from 'zod';
import { Post } from './post.ts';

/** What the describer saw in a picture. */
export const Description = z.object({ caption: z.string(), mood: z.string() });
export type Description = Readonly<z.infer<typeof Description>>;

/** Publish after asking, or without asking. */
export const Mode = z.enum(['review', 'auto']);
export type Mode = z.infer<typeof Mode>;

const time = z.iso.datetime();

/** All that has to survive a restart, apart from the history of finished posts. */
export const State = z.object({
  /** Unfinished posts by id. */
  posts: z.record(z.string(), Post),
  queue: z.object({
    seed: z.string(),
    /** Content hash to the end of its rest. */
    resting: z.record(z.string(), time),
  }),
  /** Photos that could not be used, by content hash. */
  setAside: z.record(z.string(), z.object({ name: z.string(), at: time })),
  /** Descriptions by content hash, so that no picture is described twice. */
  descriptions: z.record(z.string(), Description),
  /** Keys of the newest slots that were served. */
  servedSlots: z.array(z.string()),
  settings: z.object({
    /** Chosen in chat; wins over the environment. */
    mode: Mode.optional(),
    /** Owners paired by code, as Telegram user ids. */
    pairedOwners: z.array(z.number()),
  }),
  changes: z.array(z.object({ at: time, by: z.number(), setting: z.string(), to: z.string() })),
  /** Dialogs under way, as @grammyjs/conversations keeps them. */
  conversations: z.record(z.string(), z.unknown()),
});
export type State = Readonly<z.infer<typeof State>>;

/** A state in which nothing has happened yet. */
export function emptyState(seed: string): State {
  return {
    posts: {},
    queue: { seed, resting: {} },
    setAside: {},
    descriptions: {},
    servedSlots: [],
    settings: { pairedOwners: [] },
    changes: [],
    conversations: {},
  };
}

/** Who may give orders: those from the settings, then those who were paired by code. Telegram user ids. */
export function ownersOf(state: State, configured: readonly number[]): readonly number[] {
  return [...new Set([...configured, ...state.settings.pairedOwners])];
}
