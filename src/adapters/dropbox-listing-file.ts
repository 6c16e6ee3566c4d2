import { z } from 'zod';
import { Photo } from '#post/photo.ts';
import { readSealed, seal } from './checked-file.ts';
import { writeDurably } from './durable-file.ts';

/** What is known of a folder: its photos by lower-case path, and the cursor from which on changes are asked for. */
const Known = z.object({ cursor: z.string(), photos: z.record(z.string(), Photo) });
export type Known = Readonly<z.infer<typeof Known>>;

/** Keeps a listing between two starts. It can always be made anew, so neither method ever throws. */
export interface ListingFile {
  /** Undefined: there is none, it is damaged, or it is of another folder or account. */
  read(): Promise<Known | undefined>;
  /** Durable when it resolves. Where the disk takes nothing, what was kept before stays. */
  write(known: Known): Promise<void>;
}

/** `of` names whose listing it is. */
export function openListingFile(path: string, of: string): ListingFile {
  const Kept = Known.extend({ of: z.literal(of) });
  return {
    async read() {
      // A file that cannot be read, or that a newer Darkroom wrote, is no reason not to start.
      const kept = await readSealed(path, Kept).catch(() => undefined);
      return typeof kept === 'object' ? kept.data : undefined;
    },
    async write(known) {
      // A full disk is told where something would be lost by it.
      await writeDurably(path, seal({ of, ...known })).catch(() => undefined);
    },
  };
}
