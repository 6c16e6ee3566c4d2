import { access, link, open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';

/**
 * Writes a whole file so that after a power cut there is either the old or the new one: temporary file, fsync,
 * rename, fsync of the folder. Readable by us alone. With `previous` the old file stays there under that name.
 */
export async function writeDurably(path: string, content: string | Buffer, previous?: string): Promise<void> {
  const temporary = `${path}.new`;
  const file = await open(temporary, 'w', 0o600);
  try {
    await file.writeFile(content);
    await file.sync();
  } finally {
    await file.close();
  }
  if (previous !== undefined) await keepPrevious(path, previous);
  await rename(temporary, path);
  await syncFolder(dirname(path));
}

async function keepPrevious(path: string, previous: string): Promise<void> {
  const temporary = `${previous}.new`;
  await rm(temporary, { force: true });
  try {
    await link(path, temporary);
    await rename(temporary, previous);
  } catch (error) {
    // The first write has nothing before it.
    if (!isMissing(error)) throw error;
  }
}

async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

/** Whether there is such a file or folder that can be reached. */
export function isThere(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

/** Whether an error of the file system says that there is no such file. */
export function isMissing(error: unknown): boolean {
  return codeOf(error) === 'ENOENT';
}

/** The file system's code such as ENOSPC, or `unknown`. */
export function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : 'unknown';
}
