import { access, copyFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Adapter } from 'lowdb';
import { SetupError } from '#errors.ts';
import { State } from '#post/state.ts';
import { readSealed, seal } from './checked-file.ts';
import { writeDurably } from './durable-file.ts';

/** A lowdb adapter for the state: durable, checked, with the previous generation beside it. */
export interface StateFile extends Adapter<State> {
  /** Set by `read`: the newest generation was damaged, the one before it was taken. */
  isRecovered(): boolean;
}

/**
 * The state in `folder/darkroom.json`. `read` answers null only where there never was a state; a state that is
 * there but cannot be read, and has no readable previous generation, is a `SetupError`, never a fresh start.
 */
export function openStateFile(folder: string, now: () => Date): StateFile {
  const path = join(folder, 'darkroom.json');
  const previous = join(folder, 'darkroom.previous.json');
  const marker = join(folder, 'darkroom.begun');
  let isMarked = false;
  let isRecovered = false;
  /** The newest file is damaged and not yet replaced. */
  let isDamaged = false;

  async function read(): Promise<State | null> {
    isMarked = await isThere(marker);
    const newest = await readSealed(path, State);
    if (typeof newest === 'object') return newest.data;
    const before = await readSealed(previous, State);
    if (newest === 'missing' && before === 'missing' && !isMarked) return null;
    isDamaged = newest === 'damaged';
    if (isDamaged) await copyFile(path, join(folder, `darkroom.damaged-${now().getTime()}.json`));
    if (typeof before !== 'object') throw new SetupError(lostState(folder), 3);
    isRecovered = true;
    return before.data;
  }

  async function write(data: State): Promise<void> {
    // After a recovery the newest file is the damaged one, which must not take the place of the good one.
    await writeDurably(path, seal(data), isDamaged ? undefined : previous);
    isDamaged = false;
    if (!isMarked) await writeFile(marker, '', { mode: 0o600 });
    isMarked = true;
  }

  return { read, write, isRecovered: () => isRecovered };
}

function isThere(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

function lostState(folder: string): string {
  return `The state in ${folder} cannot be read, neither darkroom.json nor darkroom.previous.json. Darkroom does not start from nothing, because it could publish a photo twice. Put back a copy of darkroom.json from your backup. To really start anew, move the folder away.`;
}
