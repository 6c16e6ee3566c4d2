import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { NotSaved } from '#errors.ts';
import type { Pictures } from '#ports/pictures.ts';
import { codeOf, isMissing, writeDurably } from './durable-file.ts';

/** Renditions in a folder, each named by its hash. */
export async function openPictureFiles(folder: string): Promise<Pictures> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const pathOf = (sha256: string) => join(folder, `${sha256}.jpg`);
  /** Two platforms may take the very same picture: it is written once. */
  const writing = new Map<string, Promise<void>>();

  async function write(sha256: string, bytes: Buffer): Promise<void> {
    const isThere = await readFile(pathOf(sha256)).then(
      (kept) => kept.equals(bytes),
      (error: unknown) => {
        if (isMissing(error)) return false;
        throw error;
      },
    );
    if (isThere) return;
    await writeDurably(pathOf(sha256), bytes).catch((error: unknown) => {
      throw new NotSaved(codeOf(error));
    });
  }

  return {
    async keep(bytes) {
      const sha256 = hashOf(bytes);
      const written = writing.get(sha256) ?? write(sha256, bytes).finally(() => writing.delete(sha256));
      writing.set(sha256, written);
      await written;
      return sha256;
    },
    async read(sha256) {
      const bytes = await readFile(pathOf(sha256));
      if (hashOf(bytes) !== sha256) throw new Error('A kept picture is damaged');
      return bytes;
    },
    async remove(sha256s) {
      await Promise.all(sha256s.map((sha256) => rm(pathOf(sha256), { force: true })));
    },
    async keepOnly(sha256s) {
      const names = await readdir(folder);
      const surplus = names.filter((name) => !sha256s.has(name.replace(/\.jpg$/, '')));
      await Promise.all(surplus.map((name) => rm(join(folder, name), { force: true })));
    },
  };
}

function hashOf(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}
