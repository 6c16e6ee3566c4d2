import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openStore } from '#adapters/lowdb.ts';
import { temporaryFolder } from '../fakes/temporary-folder.ts';
import { isLong } from '../long-tests.ts';
import { createTestClock } from '../test-clock.ts';

// DARKROOM_LONG_TESTS=1, where there is strace: the kernel itself kills a program that saves, or refuses it, at each of
// its calls that write. Nothing of Darkroom is in between, as it is where the tests record what is written.

const root = join(import.meta.dirname, '../..');

/** Saves four times; says what is saved, and what is refused. */
const program = `
  import { openStore } from './src/adapters/lowdb.ts';
  import { systemClock } from './src/adapters/system-clock.ts';
  const { store } = await openStore(process.argv[1], systemClock);
  for (const agenda of ['1', '2', '3', '4']) {
    await store.change((state) => ({ ...state, agenda })).then(
      () => console.log(agenda),
      (error) => console.log('refused ' + error.name),
    );
  }
`;

/** What it said until its end, and whether that was a kill. With one thread for files the calls can be counted. */
async function saveUnder(inject: string, folder: string) {
  const [call = ''] = inject.split(':');
  const given = ['-f', '-qq', '-o', '/dev/null', '-e', `trace=${call}`, '-e', `inject=${inject}`];
  const node = [process.execPath, '--input-type=module', '-e', program, folder];
  const child = spawn('strace', [...given, ...node], {
    cwd: root,
    env: { ...process.env, UV_THREADPOOL_SIZE: '1' },
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  let said = '';
  child.stdout.on('data', (chunk) => (said += String(chunk)));
  const [code, signal] = (await once(child, 'close')) as [number | null, string | null];
  return { lines: said.split('\n').filter(Boolean), code, isKilled: signal === 'SIGKILL' };
}

const calls = ['fsync', 'rename', 'link'] as const;
const patienceMs = 600_000;

describe.runIf(isLong)('the kernel', () => {
  it.each(calls)(
    'may kill Darkroom at any %s: what was said to be saved is there',
    async (call) => {
      let kills = 0;
      for (let isKilled = true; isKilled; ) {
        const folder = await temporaryFolder();
        const run = await saveUnder(`${call}:signal=KILL:when=${kills + 1}`, folder);
        isKilled = run.isKilled;
        if (!isKilled) break;
        kills += 1;
        const saved = Number(run.lines.at(-1) ?? '0');
        const { store, generation } = await openStore(folder, createTestClock());
        expect([saved, saved + 1], `${call} ${kills}`).toContain(Number(store.state().agenda ?? '0'));
        expect(generation, `${call} ${kills}`).toBe('newest');
      }
      expect(kills).toBeGreaterThan(3);
    },
    patienceMs,
  );

  it.each(calls.flatMap((call) => (['EIO', 'ENOSPC'] as const).map((error) => [call, error] as const)))(
    'may refuse any %s with %s: what was said to be saved is there, and nothing else',
    async (call, error) => {
      for (let at = 1; at <= 12; at += 1) {
        const folder = await temporaryFolder();
        const { lines, code } = await saveUnder(`${call}:error=${error}:when=${at}`, folder);
        const said = `${call} ${at}: ${lines}`;
        expect(code, said).toBe(0);
        expect(lines, said).toHaveLength(4);
        const saved = lines.findLast((line) => !line.startsWith('refused'));
        expect(lines.filter((line) => line.startsWith('refused')).length, said).toBeLessThanOrEqual(1);
        const { store } = await openStore(folder, createTestClock());
        expect(store.state().agenda, said).toBe(saved);
      }
    },
    patienceMs,
  );
});
