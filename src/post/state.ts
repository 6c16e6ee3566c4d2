import { z } from 'zod';
import { Pause } from './pause.ts';
import { Post, picturesOf } from './post.ts';
import { Prepared } from './prepared.ts';
import { newestReactions, Reactions } from './reactions.ts';
import { Change, Chosen } from './settings.ts';
import { Spending } from './spending.ts';

/** What the describer saw in a picture. */
export const Description = z.object({ caption: z.string(), mood: z.string() });
export type Description = Readonly<z.infer<typeof Description>>;

/** The languages that the owner can be spoken to in. */
export const Language = z.enum(['en', 'de']);
export type Language = z.infer<typeof Language>;

/** What Telegram tells of an owner. */
export const Person = z.object({ name: z.string(), language: Language });
export type Person = Readonly<z.infer<typeof Person>>;

const time = z.iso.datetime();

/** A draft that was asked for and is not begun yet. */
export const Wish = z.object({
  id: z.string(),
  at: time,
  /** The owner who asked; absent: the schedule did. */
  by: z.number().optional(),
  /** A photo's name or a part of it; absent: whatever is next. */
  name: z.string().optional(),
  /** The content of exactly one photo, whose name is there only to be said. */
  contentHash: z.string().optional(),
  slot: z.string().optional(),
  /** Goes out without being asked about. */
  isAutomatic: z.boolean(),
  /** The owner was told that there are no photos, and it is granted as soon as there are some. */
  isWaiting: z.boolean().optional(),
});
export type Wish = Readonly<z.infer<typeof Wish>>;

/** A due time of the schedule that has its draft. */
export const ServedSlot = z.object({ key: z.string(), at: time });
export type ServedSlot = Readonly<z.infer<typeof ServedSlot>>;

/** A photo that was left aside. */
export const SetAside = z.object({
  name: z.string(),
  at: time,
  /** Absent: it cannot be read; `removed`: from the queue, by the owner. */
  reason: z.enum(['too-large', 'seen-before', 'removed', 'never']).optional(),
  /** The owner does not know it yet. */
  isUntold: z.boolean().optional(),
});
export type SetAside = Readonly<z.infer<typeof SetAside>>;

/** Old states kept the mode beside the other settings, when it was the only choice. */
function withModeChosen(settings: unknown): unknown {
  const old = z.looseObject({ mode: z.string(), chosen: z.undefined().optional() }).safeParse(settings);
  if (!old.success) return settings;
  const { mode, ...others } = old.data;
  return { ...others, chosen: { mode } };
}

/** All that has to survive a restart, apart from the history of finished posts. */
export const State = z.object({
  /** Unfinished posts by id. */
  posts: z.record(z.string(), Post),
  queue: z.object({
    seed: z.string(),
    /** Content hash to the end of its rest. */
    resting: z.record(z.string(), time),
    /** Photos that the owner has put before all others, by id. */
    front: z.array(z.string()).readonly().optional(),
  }),
  /** Photos that do not come by themselves, by content hash. */
  setAside: z.record(z.string(), SetAside),
  /** What photos look like, by content hash; only the newest ones that were looked at. */
  perceptualHashes: z.record(z.string(), z.string()).optional(),
  /** The newest descriptions by content hash, so that no picture is described twice soon. */
  descriptions: z.record(z.string(), Description),
  /** Oldest first. */
  wishes: z.array(Wish),
  /** The newest ones, and the schedule that they belong to. */
  servedSlots: z.array(ServedSlot),
  agenda: z.string().optional(),
  /** The owner knows that the photos are running out; over when a slot finds enough again. */
  isRunningLow: z.boolean().optional(),
  settings: z.preprocess(
    withModeChosen,
    z.object({
      /** In chat; wins over the environment. Absent: nothing was. */
      chosen: Chosen.optional(),
      pause: Pause.optional(),
      /** Owners paired by code, as Telegram user ids. */
      pairedOwners: z.array(z.number()),
    }),
  ),
  /** Owners that were heard of, by their Telegram user id. */
  people: z.record(z.string(), Person).optional(),
  changes: z.array(Change),
  /** Dialogs under way, as @grammyjs/conversations keeps them. */
  conversations: z.record(z.string(), z.unknown()),
  /** The draft of the photo that is expected next; absent: none is made ahead. */
  prepared: Prepared.optional(),
  /** Absent: the AI has cost nothing yet. */
  spending: Spending.optional(),
  /** How many reactions the newest messages of the channel have, by their ids; absent: none was told of. */
  reactions: Reactions.optional(),
});
export type State = Readonly<z.infer<typeof State>>;

/** A state in which nothing has happened yet. */
export function emptyState(seed: string): State {
  return {
    posts: {},
    queue: { seed, resting: {} },
    setAside: {},
    descriptions: {},
    wishes: [],
    servedSlots: [],
    settings: { pairedOwners: [] },
    changes: [],
    conversations: {},
  };
}

/** One takes some 400 bytes; the photos that rest after a skip are fewer. */
const mostDescriptions = 50;

/** With what was seen in a picture; only the newest ones are kept. */
export function withDescription(state: State, contentHash: string, description: Description): State {
  const all = Object.entries({ ...state.descriptions, [contentHash]: description });
  return { ...state, descriptions: Object.fromEntries(all.slice(-mostDescriptions)) };
}

/** The hashes of all pictures that are needed. */
export function picturesIn({ posts, prepared }: Pick<State, 'posts' | 'prepared'>): ReadonlySet<string> {
  const drafts = [...Object.values(posts), ...(prepared === undefined ? [] : [prepared])];
  return new Set(drafts.flatMap(picturesOf));
}

/** Nothing is prepared any more. */
export function withoutPrepared({ prepared: _, ...state }: State): State {
  return state;
}

/** With the reactions to a message of the channel. */
export function withReactions(state: State, messageId: number, count: number): State {
  if (state.reactions?.[messageId] === count) return state;
  return { ...state, reactions: newestReactions({ ...state.reactions, [messageId]: count }) };
}

const mostChanges = 100;

/** The changes with one more; only the newest ones are kept. */
export function withChange(changes: State['changes'], change: State['changes'][number]): State['changes'] {
  return [...changes, change].slice(-mostChanges);
}

/**
 * Which state a start has found: the newest; the one before it, because the newest was damaged; or an older one, which
 * somebody has put back from a backup.
 */
export type Generation = 'newest' | 'previous' | 'put-back';

/** Who may give orders: those from the settings, then those who were paired by code. Telegram user ids. */
export function ownersOf(state: State, configured: readonly number[]): readonly number[] {
  return [...new Set([...configured, ...state.settings.pairedOwners])];
}

/** The language that somebody is spoken to in, by their Telegram user id; English as long as nothing is known. */
export function languageOf({ people }: State, id: number): Language {
  return people?.[id]?.language ?? 'en';
}

/** By an IETF language tag, as Telegram tells it: German for all of "de", "de-AT" and so on, else English. */
export function languageFrom(tag: string | undefined): Language {
  return tag?.toLowerCase().split('-')[0] === 'de' ? 'de' : 'en';
}
