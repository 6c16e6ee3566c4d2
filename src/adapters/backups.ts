import { link, mkdir, readdir, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { isThere, keepDurably } from './durable-file.ts';

/**
 * Files of a folder as they were at the beginning of each day, in `backups/2026-11-22/` beside them, for two weeks, and
 * as they were before their form changed.
 */
export interface Backups {
  /**
   * To be called before a file is written anew: keeps it as it is, once a day, and forgets the oldest days. Never
   * throws: what cannot be kept is tried again with the next write, and no post waits for it.
   */
  keep(name: string): Promise<void>;
  /**
   * To be called before a file of an older form is written in the newest: keeps it, in `backups/schema-1/`, for good.
   * `path` is where it is. Throws what the file system throws, and then nothing may be written.
   */
  keepOldForm(path: string, name: string, schema: number): Promise<void>;
  /** The paths of all copies of a file, the newest first. */
  list(name: string): Promise<readonly string[]>;
}

const daysKept = 14;

export function openBackups(folder: string, now: () => Date): Backups {
  const backups = join(folder, 'backups');
  const kept = new Map<string, string>();

  async function daysThere(): Promise<readonly string[]> {
    const names = await readdir(backups).catch(() => []);
    const days = names.filter((name) => /^\d{4}-\d{2}-\d{2}$/.test(name));
    return days.sort().reverse();
  }

  async function keepToday(name: string, today: string): Promise<void> {
    const copy = join(backups, today, name);
    if (await isThere(copy)) return;
    await mkdir(dirname(copy), { recursive: true, mode: 0o700 });
    // A write makes a new file and takes the name from this one, so a second name for it is a copy.
    await link(join(folder, name), copy);
    for (const day of (await daysThere()).slice(daysKept)) await rm(join(backups, day), { recursive: true });
  }

  return {
    async keep(name) {
      const today = now().toISOString().slice(0, 10);
      if (kept.get(name) === today) return;
      const isKept = await keepToday(name, today).then(
        () => true,
        () => false,
      );
      if (isKept) kept.set(name, today);
    },
    async keepOldForm(path, name, schema) {
      await keepDurably(path, join(backups, `schema-${schema}`, name), folder);
    },
    async list(name) {
      const copies = (await daysThere()).map((day) => join(backups, day, name));
      const there = await Promise.all(copies.map(isThere));
      return copies.filter((_, index) => there[index]);
    },
  };
}
