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
  /** What the newest one was when a post was first begun, by the post's id; without one nobody knew. */
  begun: z.record(z.string(), z.object({ at: time, lastId: z.number().optional() })).default({}),
  copies: z.array(Copy).default([]),
  /** The file in full size that follows a post, by the post's message. */
  files: z.record(z.string(), z.object({ at: time, id: z.number() })).default({}),
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
  /** Whether the post was begun in this channel and not in one that was set before it. Never throws. */
  hasBegun(postId: string): Promise<boolean>;
  /**
   * Notes a message of the channel; `follows`: the message whose file in full size it is. Throws when it is not on
   * disk.
   */
  saw(messageId: number, follows?: string): Promise<void>;
  /** The message with the file in full size that follows this one; undefined: none, or nobody knows. Never throws. */
  fileOf(ref: string): Promise<number | undefined>;
  /** The copies that are not surely deleted. Never throws. */
  copies(): Promise<readonly Copy[]>;
  /** Takes copies off the list and puts one on. Throws when it is not on disk. */
  noteCopies(change: { readonly made?: Copy; readonly gone?: readonly Copy[] }): Promise<void>;
}

export function openChannelFile(path: string, channel: string, clock: Clock): ChannelFile {
  const empty: Seen = { channel, begun: {}, copies: [], files: {} };
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

  function youngOf<T extends { readonly at: string }>(entries: Readonly<Record<string, T>>) {
    const isYoung = ({ at }: T) => clock.now().getTime() - Date.parse(at) < keptMs;
    return Object.fromEntries(Object.entries(entries).filter(([, entry]) => isYoung(entry)));
  }

  return {
    begin: (postId) =>
      change((seen) => {
        const begun = youngOf(seen.begun);
        if (begun[postId] !== undefined) return { ...seen, begun };
        const at = clock.now().toISOString();
        return { ...seen, begun: { ...begun, [postId]: { at, lastId: seen.lastId } } };
      }),
    before: async (postId) => (await settled()).begun[postId]?.lastId,
    hasBegun: async (postId) => (await settled()).begun[postId] !== undefined,
    saw: (messageId, follows) =>
      change((seen) => {
        const files = youngOf(seen.files);
        if (follows !== undefined) files[follows] = { at: clock.now().toISOString(), id: messageId };
        return { ...seen, files, lastId: Math.max(seen.lastId ?? messageId, messageId) };
      }),
    fileOf: async (ref) => (await settled()).files[ref]?.id,
    copies: async () => (await settled()).copies,
    noteCopies: ({ made, gone = [] }) =>
      change((seen) => {
        const isGone = (copy: Copy) => gone.some(({ chat, id }) => chat === copy.chat && id === copy.id);
        const left = seen.copies.filter((copy) => !isGone(copy));
        return { ...seen, copies: made === undefined ? left : [...left, made] };
      }),
  };
}
