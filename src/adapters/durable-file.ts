import { access, link, mkdir, open, rename, rm } from 'node:fs/promises';
import { dirname, relative } from 'node:path';

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

/**
 * Gives a file a second name somewhere below `root`, in place of what has it, so that it is there after a power cut. A
 * write makes a new file and takes only the first name, so the second is a copy.
 */
export async function keepDurably(path: string, copy: string, root: string): Promise<void> {
  await mkdir(dirname(copy), { recursive: true, mode: 0o700 });
  await takeName(path, copy);
  for (let folder = dirname(copy); relative(root, folder) !== '..'; folder = dirname(folder)) {
    await syncFolder(folder);
  }
}

async function takeName(path: string, name: string): Promise<void> {
  const temporary = `${name}.new`;
  await rm(temporary, { force: true });
  await link(path, temporary);
  await rename(temporary, name);
}

async function keepPrevious(path: string, previous: string): Promise<void> {
  try {
    await takeName(path, previous);
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
