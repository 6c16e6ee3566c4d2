import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { isMissing, writeDurably } from '#adapters/durable-file.ts';
import type { Clock } from '#ports/clock.ts';

/** Posts can be tried again for seven days; what is older is of no use. */
const keptMs = 30 * 24 * 60 * 60 * 1000;

const time = z.iso.datetime();
const Copy = z.object({ chat: z.number(), id: z.number() });
/** A message that was forwarded to the owner's chat to be looked at, and is to be gone from there. */
export type Copy = Readonly<z.infer<typeof Copy>>;

const Seen = z.object({
  channel: z.string(),
  /** The newest message of the channel that we know of. */
  lastId: z.number().optional(),
  /** What the newest one was when a post was first begun, by the post's id. */
  begun: z.record(z.string(), z.object({ at: time, lastId: z.number() })).default({}),
  copies: z.array(Copy).default([]),
});
type Seen = Readonly<z.infer<typeof Seen>>;

/** What is known of the messages in the channel: the way to find a post whose answer was lost. */
export interface ChannelFile {
  /**
   * Notes that a post is about to be sent. A post begun before keeps its first place: any of its attempts can be the
   * one that is out there. Throws when it is not on disk.
   */
  begin(postId: string): Promise<void>;
  /** The newest message before the post was begun; undefined: nobody knows. Never throws. */
  before(postId: string): Promise<number | undefined>;
  /** Notes a message of the channel. Throws when it is not on disk. */
  saw(messageId: number): Promise<void>;
  /** The copies that are not surely deleted. Never throws. */
  copies(): Promise<readonly Copy[]>;
  /** Takes copies off the list and puts one on. Throws when it is not on disk. */
  noteCopies(change: { readonly made?: Copy; readonly gone?: readonly Copy[] }): Promise<void>;
}

export function openChannelFile(path: string, channel: string, clock: Clock): ChannelFile {
  const empty: Seen = { channel, begun: {}, copies: [] };
  let last: Promise<unknown> = Promise.resolve();

  async function read(): Promise<Seen> {
    try {
      const seen = Seen.parse(JSON.parse(await readFile(path, 'utf8')));
      return seen.channel === channel ? seen : { ...empty, copies: seen.copies };
    } catch (error) {
      if (isMissing(error) || error instanceof SyntaxError || error instanceof z.ZodError) return empty;
      throw error;
    }
  }

  /** One change after the other, so that none is lost. */
  function change(toNext: (seen: Seen) => Seen): Promise<void> {
    const changed = last
      .catch(() => undefined)
      .then(async () => writeDurably(path, JSON.stringify(toNext(await read()))));
    last = changed;
    return changed;
  }

  async function settled(): Promise<Seen> {
    await last.catch(() => undefined);
    return await read().catch(() => empty);
  }

  return {
    begin: (postId) =>
      change((seen) => {
        const now = clock.now();
        const young = Object.entries(seen.begun).filter(
          ([, { at }]) => now.getTime() - Date.parse(at) < keptMs,
        );
        const begun = Object.fromEntries(young);
        if (seen.lastId === undefined || begun[postId] !== undefined) return { ...seen, begun };
        return { ...seen, begun: { ...begun, [postId]: { at: now.toISOString(), lastId: seen.lastId } } };
      }),
    before: async (postId) => (await settled()).begun[postId]?.lastId,
    saw: (messageId) =>
      change((seen) => ({ ...seen, lastId: Math.max(seen.lastId ?? messageId, messageId) })),
    copies: async () => (await settled()).copies,
    noteCopies: ({ made, gone = [] }) =>
      change((seen) => {
        const isGone = (copy: Copy) => gone.some(({ chat, id }) => chat === copy.chat && id === copy.id);
        const left = seen.copies.filter((copy) => !isGone(copy));
        return { ...seen, copies: made === undefined ? left : [...left, made] };
      }),
  };
}
