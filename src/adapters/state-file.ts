import { copyFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Adapter } from 'lowdb';
import { SetupError } from '#errors.ts';
import { type Generation, State } from '#post/state.ts';
import type { Backups } from './backups.ts';
import { readSealed, seal, type Unsealed } from './checked-file.ts';
import { isThere, writeDurably } from './durable-file.ts';
import { schemaVersion } from './migrations.ts';

/** A lowdb adapter for the state: durable, checked, with the previous generation and daily backups beside it. */
export interface StateFile extends Adapter<State> {
  /** Which state `read` has found, and when it was written where that is known. */
  found(): { readonly generation: Generation; readonly writtenAt?: string | undefined };
}

/**
 * The state in `folder/darkroom.json`. `read` answers null only where there never was a state; a state that is
 * there but cannot be read, and has no readable previous generation, is a `SetupError`, never a fresh start.
 */
export function openStateFile(folder: string, now: () => Date, backups: Backups): StateFile {
  const path = join(folder, 'darkroom.json');
  const previous = join(folder, 'darkroom.previous.json');
  const marker = join(folder, 'darkroom.begun');
  let isMarked = false;
  let count = 0;
  let found: ReturnType<StateFile['found']> = { generation: 'newest' };
  /** The newest file is damaged and not yet replaced. */
  let isDamaged = false;
  /** What was read is of an older form, and the newest is not yet written. */
  let old: { readonly path: string; readonly schema: number } | undefined;

  async function read(): Promise<State | null> {
    isMarked = await isThere(marker);
    const newest = await readSealed(path, State);
    const before = await readSealed(previous, State);
    count = Math.max(countOf(newest), countOf(before));
    if (typeof newest === 'object') {
      // One file under both names is what a stop in the middle of a write leaves: nothing was put in place.
      const isOneFile = (await numberOf(path)) === (await numberOf(previous));
      const generation = isOneFile ? 'newest' : generationOf(countOf(newest), before);
      found = { generation, writtenAt: newest.writing?.at };
      old = oldForm(path, newest);
      return newest.data;
    }
    if (newest === 'missing' && before === 'missing' && !isMarked) return null;
    isDamaged = newest === 'damaged';
    if (isDamaged) await copyFile(path, join(folder, `darkroom.damaged-${now().getTime()}.json`));
    if (typeof before !== 'object') throw new SetupError(await lostState(folder, backups), 3);
    found = { generation: 'previous', writtenAt: before.writing?.at };
    old = oldForm(previous, before);
    return before.data;
  }

  async function write(data: State): Promise<void> {
    count += 1;
    const sealed = seal(data, { count, at: now().toISOString() });
    if (!isDamaged) await backups.keep('darkroom.json');
    if (old !== undefined) await backups.keepOldForm(old.path, 'darkroom.json', old.schema);
    // After a recovery the newest file is the damaged one, which must not take the place of the good one.
    await writeDurably(path, sealed, isDamaged ? undefined : previous);
    isDamaged = false;
    old = undefined;
    if (!isMarked) await writeFile(marker, '', { mode: 0o600 });
    isMarked = true;
  }

  return { read, write, found: () => found };
}

function oldForm(path: string, { schema }: Unsealed<State>): { path: string; schema: number } | undefined {
  return schema < schemaVersion ? { path, schema } : undefined;
}

type Read = Awaited<ReturnType<typeof readSealed<State>>>;

/** 0 for a file of an earlier Darkroom, which did not count. */
function countOf(read: Read): number {
  return typeof read === 'object' ? (read.writing?.count ?? 0) : 0;
}

/**
 * Each write leaves the one before it beside it: where that one is newer, gone, or cannot be read, another file was put
 * in place, or nobody can tell. Where both are the same, the newest write is not here.
 */
function generationOf(count: number, before: Read): Generation {
  if (typeof before !== 'object') return count > 1 ? 'put-back' : 'newest';
  if (countOf(before) > count) return 'put-back';
  return count > 0 && countOf(before) === count ? 'previous' : 'newest';
}

/** By which the file system knows a file; undefined where there is none. */
function numberOf(path: string): Promise<bigint | undefined> {
  return stat(path, { bigint: true }).then(
    ({ ino }) => ino,
    () => undefined,
  );
}

async function lostState(folder: string, backups: Backups): Promise<string> {
  const [newest] = await backups.list('darkroom.json');
  const way =
    newest === undefined
      ? 'Put back a copy of darkroom.json from your own backup.'
      : `Copy ${newest} over darkroom.json: it is the newest of the daily backups. Whatever may have gone out since then, Darkroom asks about.`;
  return `The state in ${folder} cannot be read, neither darkroom.json nor darkroom.previous.json. Darkroom does not start from nothing, because it could publish a photo twice. ${way} To really start anew, move the folder away.`;
}
