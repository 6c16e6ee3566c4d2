import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { isLong } from '../long-tests.ts';
import { openWorld } from '../world.ts';

/** DARKROOM_LONG_TESTS=1: as many as RELIABILITY S22 has. */
const messages = isLong ? 10_000 : 200;
const strangers = 100;

/** Its time tells that Telegram was reached, once for all that came at once. */
const isTouched = (path: string) => path === '/heartbeat';

/** Every file and folder of Darkroom's own with what changes when it is written. */
async function filesIn(folder: string) {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const own = entries
    .map((entry) => ({ entry, path: join(entry.parentPath, entry.name) }))
    .filter(({ path }) => !path.startsWith(join(folder, 'services')));
  return await Promise.all(
    own.map(async ({ entry, path }) => {
      const { mtimeMs, ino, mode } = await stat(path);
      return {
        path: path.slice(folder.length),
        isFolder: entry.isDirectory(),
        mtimeMs,
        ino,
        mode: mode & 0o777,
      };
    }),
  );
}

it('writes nothing and says nothing for a flood of strangers, and still hears its owner', {
  timeout: 600_000,
}, async () => {
  const { simulator, phone, folder, darkroom, see, seeCard, tap } = await openWorld();
  phone.send('/post');
  const card = await seeCard('Instagram:');
  await darkroom().app.whenIdle();
  const written = async () => (await filesIn(folder)).filter(({ path }) => !isTouched(path));
  const before = await written();
  const phones = Array.from({ length: strangers }, (_, at) => simulator.telegram.phone(50_000 + at));
  for (let at = 0; at < messages; at += 1) {
    const stranger = phones[at % strangers];
    if (at % 3 === 0) stranger?.tapRaw(card.id, `publish:2026-11-22-stranger:${at}`);
    else stranger?.send(at % 3 === 1 ? '/start 123456789' : '/post');
  }
  await see('the end of the flood', () => simulator.telegram.updates.pending === 0);
  expect(phones.flatMap((each) => each.messages().filter(({ from }) => from === 'bot'))).toEqual([]);
  expect(phones.flatMap((each) => each.taps().filter(({ answer }) => answer !== undefined))).toEqual([]);
  expect(await written()).toEqual(before);
  await tap('Skip');
  await seeCard('Skipped');
});

it('leaves nothing that others on the machine can read, whatever the umask is', async () => {
  const umask = process.umask(0);
  onTestFinished(() => void process.umask(umask));
  const { phone, folder, darkroom, seeCard, tap } = await openWorld();
  phone.send('/post');
  await seeCard('Instagram:');
  await tap('Publish');
  await seeCard('Archived');
  await darkroom().app.whenIdle();
  const files = await filesIn(folder);
  expect(files.length).toBeGreaterThan(10);
  expect(files.filter(({ isFolder, mode }) => mode !== (isFolder ? 0o700 : 0o600))).toEqual([]);
});
