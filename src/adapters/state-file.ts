import { createHash } from 'node:crypto';
import { copyFile, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Adapter } from 'lowdb';
import { z } from 'zod';
import { SetupError } from '#errors.ts';
import { State } from '#post/state.ts';
import { isMissing, writeDurably } from './durable-file.ts';

const schemaVersion = 1;

const Envelope = z.object({
  schema: z.number(),
  /** Counts up with each write. */
  generation: z.number(),
  /** SHA-256 of the data as JSON. */
  sum: z.string(),
  data: z.unknown(),
});

/** A lowdb adapter for the state: durable, checked, with the previous generation beside it. */
export interface StateFile extends Adapter<State> {
  /** Set by `read`: the newest generation was damaged, the one before it was taken. */
  isRecovered(): boolean;
}

type Reading = { readonly state: State; readonly generation: number } | 'missing' | 'damaged';

/**
 * The state in `folder/darkroom.json`. `read` answers null only where there never was a state; a state that is
 * there but cannot be read, and has no readable previous generation, is a `SetupError`, never a fresh start.
 */
export function openStateFile(folder: string, now: () => Date): StateFile {
  const path = join(folder, 'darkroom.json');
  const previous = join(folder, 'darkroom.previous.json');
  const marker = join(folder, 'darkroom.begun');
  let generation = 0;
  let recovered = false;
  /** The newest file is damaged and not yet replaced. */
  let isDamaged = false;

  async function read(): Promise<State | null> {
    const newest = await readState(path);
    if (typeof newest === 'object') return taken(newest);
    const before = await readState(previous);
    if (newest === 'missing' && before === 'missing' && !(await isThere(marker))) return null;
    if (newest === 'damaged') await copyFile(path, join(folder, `darkroom.damaged-${now().getTime()}.json`));
    if (typeof before !== 'object') throw new SetupError(lostState(folder), 3);
    recovered = true;
    isDamaged = newest === 'damaged';
    return taken(before);
  }

  function taken(reading: { readonly state: State; readonly generation: number }): State {
    generation = reading.generation;
    return reading.state;
  }

  async function write(data: State): Promise<void> {
    if (generation === 0) await writeFile(marker, '', { mode: 0o600 });
    const text = JSON.stringify(data);
    const head = JSON.stringify({ schema: schemaVersion, generation: generation + 1, sum: sumOf(text) });
    // After a recovery the newest file is the damaged one, which must not take the place of the good one.
    await writeDurably(path, `${head.slice(0, -1)},"data":${text}}\n`, isDamaged ? undefined : previous);
    isDamaged = false;
    generation += 1;
  }

  return { read, write, isRecovered: () => recovered };
}

async function readState(path: string): Promise<Reading> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if (isMissing(error)) return 'missing';
    throw error;
  }
  const envelope = Envelope.safeParse(parse(text));
  if (!envelope.success) return 'damaged';
  const { schema, generation, sum, data } = envelope.data;
  if (schema > schemaVersion) throw new SetupError(newerState(path), 3);
  if (sumOf(JSON.stringify(data)) !== sum) return 'damaged';
  const state = State.safeParse(data);
  return state.success ? { state: state.data, generation } : 'damaged';
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function sumOf(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

function isThere(path: string): Promise<boolean> {
  return readFile(path).then(
    () => true,
    () => false,
  );
}

function lostState(folder: string): string {
  return `The state in ${folder} cannot be read, neither darkroom.json nor darkroom.previous.json. Darkroom does not start from nothing, because it could publish a photo twice. Put back a copy of darkroom.json from your backup. To really start anew, move the folder away.`;
}

function newerState(path: string): string {
  return `${path} was written by a newer Darkroom. Start that version again, or put back a copy from before the update.`;
}
