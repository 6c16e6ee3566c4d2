import { closeSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { SetupError } from '#errors.ts';

/**
 * Makes sure that one process at a time uses a data folder. The lock is an open SQLite transaction, which the
 * operating system ends with the process, however that dies. It is held as long as the answer, which lets go of it,
 * is kept. Throws `SetupError` when another one has it.
 */
export function lockFolder(folder: string): () => void {
  const path = join(folder, 'lock.sqlite');
  closeSync(openSync(path, 'a', 0o600));
  const database = new DatabaseSync(path, { timeout: 2_000 });
  try {
    database.exec('BEGIN EXCLUSIVE');
  } catch {
    database.close();
    throw new SetupError(
      `Another Darkroom is already running with the folder ${folder}. Stop that one first, or give this one a folder of its own with DATA_DIR.`,
      75,
    );
  }
  return () => database.close();
}
