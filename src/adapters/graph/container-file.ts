import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { isMissing, writeDurably } from '#adapters/durable-file.ts';
import type { Clock } from '#ports/clock.ts';

/** Posts can be tried again for seven days; what is older is of no use. */
const keptMs = 30 * 24 * 60 * 60 * 1000;

const Kept = z.record(
  z.string(),
  z.object({
    at: z.iso.datetime(),
    /** Those that were to be published, the oldest first. */
    containers: z.array(z.string()),
  }),
);
type Kept = Readonly<z.infer<typeof Kept>>;

/** Which containers each post was to be published from: the way to find out later what became of it. */
export interface ContainerFile {
  /** The containers of a post so far; undefined: nothing was ever begun for it, or nobody knows. Never throws. */
  of(postId: string): Promise<readonly string[] | undefined>;
  /** Notes that a post is begun, and the container that it is to be published from. Throws when it is not on disk. */
  note(postId: string, container?: string): Promise<void>;
}

export function openContainerFile(path: string, clock: Clock): ContainerFile {
  let last: Promise<unknown> = Promise.resolve();

  async function read(): Promise<Kept> {
    try {
      return Kept.parse(JSON.parse(await readFile(path, 'utf8')));
    } catch (error) {
      if (isMissing(error) || error instanceof SyntaxError || error instanceof z.ZodError) return {};
      throw error;
    }
  }

  async function add(postId: string, container: string | undefined): Promise<void> {
    const kept = await read();
    const now = clock.now();
    const young = Object.entries(kept).filter(([, { at }]) => now.getTime() - Date.parse(at) < keptMs);
    const before = kept[postId]?.containers ?? [];
    const isNew = container !== undefined && !before.includes(container);
    const containers = isNew ? [...before, container] : before;
    const next = { ...Object.fromEntries(young), [postId]: { at: now.toISOString(), containers } };
    await writeDurably(path, JSON.stringify(next));
  }

  return {
    async of(postId) {
      await last.catch(() => undefined);
      return (await read().catch((): Kept => ({})))[postId]?.containers;
    },
    note(postId, container) {
      const noted = last.catch(() => undefined).then(() => add(postId, container));
      last = noted;
      return noted;
    },
  };
}
