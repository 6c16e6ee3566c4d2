import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** What a simulated service keeps between two starts: one JSON file in its folder. */
export interface Disk<T> {
  /** What was saved last, or undefined at the first start. */
  read(): T | undefined;
  /** Saves, as it is then, with whatever else changes in this turn of the event loop; no fsync, this is a stage set. */
  write(value: T): void;
}

/** What waits to be saved, by path. */
const waiting = new Map<string, () => void>();

function saveAll(): void {
  for (const save of [...waiting.values()]) save();
}
process.on('exit', saveAll);

/** `folder/name.json`, the folder made when needed. */
export function openDisk<T>(folder: string, name: string): Disk<T> {
  mkdirSync(folder, { recursive: true });
  const path = join(folder, `${name}.json`);
  return {
    read() {
      waiting.get(path)?.();
      try {
        return JSON.parse(readFileSync(path, 'utf8')) as T;
      } catch (error) {
        if (!isMissing(error)) throw error;
        return undefined;
      }
    },
    write(value) {
      if (waiting.size === 0) setImmediate(saveAll);
      waiting.set(path, () => {
        waiting.delete(path);
        save(path, value);
      });
    },
  };
}

function save(path: string, value: unknown): void {
  try {
    writeFileSync(`${path}.tmp`, JSON.stringify(value), { mode: 0o600 });
    renameSync(`${path}.tmp`, path);
  } catch (error) {
    // The stage was struck meanwhile.
    if (!isMissing(error)) throw error;
  }
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}
