import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { openBackups } from '#adapters/backups.ts';
import { writeDurably } from '#adapters/durable-file.ts';
import { temporaryFolder } from '../fakes/temporary-folder.ts';

/** A folder whose file is written anew on days of November 2026. */
async function openFolder() {
  const folder = await temporaryFolder();
  let today = 1;
  const backups = openBackups(folder, () => new Date(Date.UTC(2026, 10, today, 12)));
  return {
    folder,
    backups,
    async write(day: number, text: string) {
      today = day;
      await backups.keep('state.json');
      await writeDurably(join(folder, 'state.json'), text);
    },
    async copies() {
      const paths = await backups.list('state.json');
      return await Promise.all(paths.map((path) => readFile(path, 'utf8')));
    },
  };
}

it('has the file as it was at the beginning of each day', async () => {
  const { write, copies } = await openFolder();
  await write(1, 'first');
  await write(2, 'second');
  await write(2, 'third');
  await write(5, 'fourth');
  expect(await copies()).toEqual(['third', 'first']);
});

it('keeps two weeks', async () => {
  const { folder, write, copies } = await openFolder();
  for (let day = 1; day <= 20; day += 1) await write(day, `of ${day}`);
  expect(await copies()).toEqual(Array.from({ length: 14 }, (_, index) => `of ${19 - index}`));
  expect(await readdir(join(folder, 'backups'))).toHaveLength(14);
});

it('does not keep a write waiting or failing, and tries again with the next one', async () => {
  const { folder, write, copies } = await openFolder();
  await write(1, 'first');
  await writeFile(join(folder, 'backups/2026-11-02'), 'in the way').catch(() =>
    mkdir(join(folder, 'backups')),
  );
  await writeFile(join(folder, 'backups/2026-11-02'), 'in the way');
  await write(2, 'second');
  expect(await readFile(join(folder, 'state.json'), 'utf8')).toBe('second');
  await rm(join(folder, 'backups/2026-11-02'));
  await write(2, 'third');
  expect(await copies()).toEqual(['second']);
});

it('leaves alone what is no backup of a day', async () => {
  const { folder, write } = await openFolder();
  await mkdir(join(folder, 'backups/mine'), { recursive: true });
  for (let day = 1; day <= 20; day += 1) await write(day, `of ${day}`);
  expect(await readdir(join(folder, 'backups'))).toContain('mine');
});
