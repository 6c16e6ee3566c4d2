import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, expect, it } from 'vitest';

const start = join(import.meta.dirname, '../src/start.js');
let folder: string;
let processes: ChildProcess[] = [];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'process-'));
});

afterEach(async () => {
  for (const each of processes) each.kill('SIGKILL');
  processes = [];
  await rm(folder, { recursive: true, force: true });
});

interface Run {
  readonly child: ChildProcess;
  output(): string;
  /** The exit code, once it has ended. */
  readonly ended: Promise<number | null>;
  /** Resolves when the output has this. */
  says(text: string): Promise<void>;
}

/** Runs the program with nothing in its environment but this, in a folder without .env. */
function run(args: readonly string[], environment: Readonly<Record<string, string>> = {}): Run {
  const child = spawn(process.execPath, [start, ...args], {
    cwd: folder,
    env: { PATH: process.env['PATH'] ?? '', ...environment },
  });
  processes.push(child);
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk) => (output += String(chunk)));
  const ended = once(child, 'exit').then(([code]) => code as number | null);
  return {
    child,
    output: () => output,
    ended,
    async says(text) {
      while (!output.includes(text)) {
        const isOver = await Promise.race([
          ended.then(() => true),
          Promise.race([once(child.stdout, 'data'), once(child.stderr, 'data')]).then(() => false),
        ]);
        if (isOver && !output.includes(text))
          throw new Error(`It ended without saying "${text}":\n${output}`);
      }
    },
  };
}

/** Resolves when the state on disk has this. */
async function saved(text: string): Promise<void> {
  const path = join(folder, 'data/simulated/darkroom.json');
  for (let tries = 0; tries < 200; tries += 1) {
    if ((await readFile(path, 'utf8').catch(() => '')).includes(text)) return;
    await sleep(20);
  }
  throw new Error(`The state never had ${text}`);
}

it('shows the story with simulated services when nothing is set, and stops cleanly on SIGTERM', async () => {
  const darkroom = run([]);
  await darkroom.says('nothing leaves this machine');
  await darkroom.says('[✅ Publish]');
  darkroom.child.kill('SIGTERM');
  expect(await darkroom.ended).toBe(0);
  expect(darkroom.output()).not.toMatch(/Error|at file:/);
});

it('stops once, however many signals arrive', async () => {
  const darkroom = run([], { LOG_LEVEL: 'info' });
  await darkroom.says('[✅ Publish]');
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGTERM'] as const) darkroom.child.kill(signal);
  expect(await darkroom.ended).toBe(0);
  expect(darkroom.output().match(/"Stopping"/g)).toHaveLength(1);
  expect(darkroom.output()).not.toContain('Unhandled rejection');
});

it('goes on after a restart where it stood, with the same draft', async () => {
  const first = run([]);
  await first.says('[✅ Publish]');
  await saved('"fileId"');
  first.child.kill('SIGKILL');
  await first.ended;
  const second = run([], { LOG_LEVEL: 'info' });
  await second.says('What your phone shows:');
  await second.says('Darkroom is running');
  second.child.kill('SIGINT');
  expect(await second.ended).toBe(0);
  expect(second.output().split('📷')).toHaveLength(2);
  await saved('"awaiting-approval"');
});

it('names everything that is missing at once, in words, and exits with 78', async () => {
  const darkroom = run([], { INSTAGRAM_USERNAME: 'anna', SCHEDULE: 'at noon', MODE: 'sometimes' });
  expect(await darkroom.ended).toBe(78);
  for (const name of [
    'TELEGRAM_BOT_TOKEN',
    'TELEGRAM_CHANNEL_ID',
    'DROPBOX_APP_KEY',
    'DROPBOX_REFRESH_TOKEN',
    'INSTAGRAM_PASSWORD',
    'MODE',
  ]) {
    expect(darkroom.output()).toContain(`- ${name}: `);
  }
  expect(darkroom.output()).not.toContain('    at ');
});

it('does not start the simulator by itself in production', async () => {
  const darkroom = run([], { NODE_ENV: 'production' });
  expect(await darkroom.ended).toBe(78);
  expect(darkroom.output()).toContain('TELEGRAM_BOT_TOKEN: is missing.');
});

it('refuses a second process with the same folder, and takes it over when the first one is killed', async () => {
  const first = run([]);
  await first.says('[✅ Publish]');
  const second = run([]);
  expect(await second.ended).toBe(75);
  expect(second.output()).toContain('Another Darkroom is already running with the folder');
  first.child.kill('SIGKILL');
  await first.ended;
  const third = run([]);
  await third.says('What your phone shows:');
});

it('tells Docker whether Telegram was reached lately', async () => {
  const before = run(['health']);
  expect(await before.ended).toBe(1);
  const darkroom = run([]);
  await darkroom.says('[✅ Publish]');
  const during = run(['health'], { DATA_DIR: 'data/simulated' });
  expect(await during.ended).toBe(0);
});
