import { readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { codeOf, isMissing, writeDurably } from '#adapters/durable-file.ts';
import type { Log } from '#ports/log.ts';
import { createSeal, Sealed } from './seal.ts';
import { parse, SavedState } from './session.ts';

/** A session, and which one of the owner's it comes from or came after. */
const Kept = z.object({ state: SavedState, imported: z.string().optional() });
export type Kept = z.infer<typeof Kept>;

/** The session between two runs. Nothing here throws: without it there is a new sign-in. */
export interface SessionFile {
  /** Puts a file aside that cannot be read, also one that was sealed with another secret. */
  read(): Promise<Kept | undefined>;
  write(kept: Kept): Promise<void>;
  drop(): Promise<void>;
}

export interface SessionFileOptions {
  readonly folder: string;
  readonly username: string;
  /** What the key is made of. */
  readonly secret: string;
  readonly log: Log;
  readonly isReadOnly?: boolean | undefined;
}

/**
 * `instagram-session.json`, sealed. The key is made of the secret with which the owner lets us in (the password,
 * or else the imported session): a key in a file beside it would protect nothing, one more setting would be one
 * more thing to lose, and whoever has this secret gets into the account without the file. So a copy of the data
 * folder alone opens nothing. When the secret changes, the file has had its day.
 */
export function openSessionFile(options: SessionFileOptions): SessionFile {
  const { folder, username, secret, log, isReadOnly = false } = options;
  const path = join(folder, 'instagram-session.json');
  const seal = createSeal(secret, `instagram-session of ${username}`);
  // One after the other, since two posts at a time would share the temporary file.
  let last = Promise.resolve();

  function inTurn(work: () => Promise<void>): Promise<void> {
    if (isReadOnly) return last;
    last = last.then(work).catch((error: unknown) => {
      log.warn({ code: codeOf(error) }, 'The Instagram session could not be kept');
    });
    return last;
  }

  const write = (kept: Kept) =>
    inTurn(async () => writeDurably(path, JSON.stringify(await seal.close(JSON.stringify(kept)))));

  async function putAside(): Promise<undefined> {
    log.warn({}, 'The kept Instagram session cannot be opened and is put aside');
    await inTurn(() => rename(path, join(folder, 'instagram-session.unreadable.json')));
  }

  return {
    async read() {
      let content: unknown;
      try {
        content = parse(await readFile(path, 'utf8'));
      } catch (error) {
        seal.prepare();
        return isMissing(error) ? undefined : await putAside();
      }
      const sealed = Sealed.safeParse(content);
      if (!sealed.success) return await readPlain(content);
      const kept = Kept.safeParse(parse((await seal.open(sealed.data)) ?? ''));
      return kept.success ? kept.data : await putAside();
    },
    write,
    drop: () => inTurn(() => rm(path, { force: true })),
  };

  /** Files of the first Darkroom were not sealed. */
  async function readPlain(content: unknown): Promise<Kept | undefined> {
    const state = SavedState.safeParse(content);
    if (!state.success) return await putAside();
    await write({ state: state.data });
    return { state: state.data };
  }
}
