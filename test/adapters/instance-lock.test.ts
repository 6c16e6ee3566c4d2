import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { lockFolder } from '#adapters/instance-lock.ts';
import { SetupError } from '#errors.ts';
import { temporaryFolder } from '../fakes/temporary-folder.ts';

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
