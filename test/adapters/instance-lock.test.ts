import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { lockFolder } from '#adapters/instance-lock.ts';
import { SetupError } from '#errors.ts';
import { temporaryFolder } from '../fakes/temporary-folder.ts';
import { isLong } from '../long-tests.ts';

const root = join(import.meta.dirname, '../..');

/** Another process that has locked the folder and stays alive. */
async function otherProcess(folder: string): Promise<ChildProcess> {
  const program = `
    import { lockFolder } from './src/adapters/instance-lock.ts';
    globalThis.unlock = lockFolder(process.argv[1]);
    console.log('locked');
    setInterval(() => undefined, 1000);
  `;
  const child = spawn(process.execPath, ['--input-type=module', '-e', program, folder], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  await once(child.stdout, 'data');
  return child;
}

it('lets one at a time use a folder, and the next one when it is done', async () => {
  const folder = await temporaryFolder();
  lockFolder(folder)();
  const unlock = lockFolder(folder);
  unlock();
});

it('lets two use two folders', async () => {
  const unlocks = [lockFolder(await temporaryFolder()), lockFolder(await temporaryFolder())];
  for (const unlock of unlocks) unlock();
});

it('turns a second process away as busy, and is free as soon as the first one is killed', async () => {
  const folder = await temporaryFolder();
  const child = await otherProcess(folder);
  const error = lockingError(folder);
  expect(error).toBeInstanceOf(SetupError);
  expect(error).toMatchObject({ exitCode: 75, message: expect.stringContaining(folder) });
  child.kill('SIGKILL');
  await once(child, 'exit');
  lockFolder(folder)();
});

/** Processes that have started and lock the folder as soon as they are told to; what each then says. */
async function contenders(folder: string, count: number) {
  const program = `
    import { lockFolder } from './src/adapters/instance-lock.ts';
    console.log('ready');
    process.stdin.once('data', () => {
      try {
        globalThis.unlock = lockFolder(process.argv[1]);
        console.log('locked');
      } catch (error) {
        console.log(error.exitCode ?? String(error));
      }
    });
  `;
  const children = Array.from({ length: count }, () =>
    spawn(process.execPath, ['--input-type=module', '-e', program, folder], {
      cwd: root,
      stdio: ['pipe', 'pipe', 'inherit'],
    }),
  );
  onTestFinished(() => {
    for (const child of children) child.kill('SIGKILL');
  });
  await Promise.all(children.map((child) => once(child.stdout, 'data')));
  return async () => {
    const said = children.map((child) => once(child.stdout, 'data'));
    for (const child of children) child.stdin.write('go');
    const results = (await Promise.all(said)).map(([text]) => String(text).trim());
    return { results, owners: children.filter((_, index) => results[index] === 'locked') };
  };
}

/** DARKROOM_LONG_TESTS=1: as many as RELIABILITY T17 has. */
const starts = isLong ? 100 : 20;

it('has one owner, neither none nor two, when many start at once, also when the owner has just died', {
  timeout: 240_000,
}, async () => {
  const folder = await temporaryFolder();
  const [first, second] = [await contenders(folder, starts), await contenders(folder, starts)];
  const before = await first();
  expect(before.owners).toHaveLength(1);
  expect(before.results.filter((result) => result !== 'locked')).toEqual(
    Array.from({ length: starts - 1 }, () => '75'),
  );
  for (const owner of before.owners) owner.kill('SIGKILL');
  expect((await second()).owners).toHaveLength(1);
});

it('keeps its file to itself, whatever the umask is', async () => {
  const before = process.umask(0);
  onTestFinished(() => void process.umask(before));
  const folder = await temporaryFolder();
  lockFolder(folder)();
  expect((await stat(join(folder, 'lock.sqlite'))).mode & 0o777).toBe(0o600);
});

function lockingError(folder: string): unknown {
  try {
    lockFolder(folder)();
    return undefined;
  } catch (error) {
    return error;
  }
}
