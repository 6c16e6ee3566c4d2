import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { compileCache } from './compile-cache.ts';

const start = join(import.meta.dirname, '../src/start.js');

/** The program in a process of its own. */
export interface Run {
  readonly child: ChildProcess;
  output(): string;
  /** The exit code, once it has ended. */
  readonly ended: Promise<number | null>;
  /** Resolves when the output has this. */
  says(text: string): Promise<void>;
}

/** A folder in which the program is started, as by somebody who has just downloaded it. */
export interface ProgramFolder {
  readonly folder: string;
  /** Runs it with nothing in its environment but this and a port that is free, in a folder without .env. */
  run(args: readonly string[], environment?: Readonly<Record<string, string>>, program?: string): Run;
}

/** All is ended and removed when the test is over. */
export async function openProgramFolder(): Promise<ProgramFolder> {
  const folder = await mkdtemp(join(tmpdir(), 'process-'));
  const processes: ChildProcess[] = [];
  onTestFinished(async () => {
    for (const each of processes) each.kill('SIGKILL');
    // Darkroom's own process sees a moment later that it is alone.
    await rm(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 20 });
  });

  function run(
    args: readonly string[],
    environment: Readonly<Record<string, string>> = {},
    program = start,
  ): Run {
    const child = spawn(process.execPath, [program, ...args], {
      cwd: folder,
      env: { PATH: process.env['PATH'] ?? '', SIMULATOR_PORT: '0', ...compileCache, ...environment },
    });
    processes.push(child);
    let output = '';
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (chunk) => (output += String(chunk)));
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
  return { folder, run };
}

/** The link to the page that was shown last; waits for it. */
export async function linkOf(darkroom: Run): Promise<URL> {
  await darkroom.says('/open/');
  const links = darkroom.output().match(/http:\S+\/open\/\S+/g) ?? [];
  return new URL(links.at(-1) ?? '');
}
