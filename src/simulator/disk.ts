import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** What a simulated service keeps between two starts: one JSON file in its folder. */
export interface Disk<T> {
  /** What was saved last, or undefined at the first start. */
  read(): T | undefined;
  /** Saves at once; no fsync, this is a stage set. */
  write(value: T): void;
}

/** `folder/name.json`, the folder made when needed. */
export function openDisk<T>(folder: string, name: string): Disk<T> {
  mkdirSync(folder, { recursive: true });
  const path = join(folder, `${name}.json`);
  return {
    read() {
      try {
        return JSON.parse(readFileSync(path, 'utf8')) as T;
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
        throw error;
      }
    },
    write(value) {
      writeFileSync(`${path}.tmp`, JSON.stringify(value), { mode: 0o600 });
      renameSync(`${path}.tmp`, path);
    },
  };
}
