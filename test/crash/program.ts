import { type ChildProcess, fork } from 'node:child_process';
import { EventEmitter, once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import type { StartMessage } from '#simulated/start-message.ts';
import { compileCache } from '../compile-cache.ts';
import { effortOf } from './effort.ts';
import {
  type AtFile,
  type Effort,
  type FromHarness,
  type FromProgram,
  type Guard,
  lines,
  type OwnEffort,
  type PreloadSettings,
} from './wire.ts';

/** The real program in a process of its own, which asks before it touches a file and is told what time it is. */
export interface ProgramUnderTest {
  /** Resolves when it is up, or gone. */
  start(message: StartMessage): Promise<void>;
  kill(): void;
  isRunning(): boolean;
  /** Resolves when the process is gone. */
  gone(): Promise<void>;
  /** When its pauses are over, in epoch milliseconds of the world. */
  asleepUntil(): readonly number[];
  /** What it has done so far; can take until it has a moment to answer. */
  effort(): Promise<Effort>;
  /** The world's clock is this far ahead of the machine's, now and at the next start. */
  setAhead(ms: number): void;
  /** All that it wrote to its terminal. */
  output(): string;
  close(): Promise<void>;
}

export interface ProgramOptions {
  /** For the socket. */
  readonly folder: string;
  readonly without?: Guard | undefined;
  /** At a file; false: it has to wait there forever. */
  readonly onFile: (file: AtFile) => boolean;
}

/** Once for all runs of this process is enough. */
let hasKeptCompiled = false;

const none: Effort = { computedMs: 0, isKeptFrom: false };

const entry = join(import.meta.dirname, '../../src/simulated/child.ts');
const preload = join(import.meta.dirname, 'preload.ts');

export async function openProgram({ folder, without, onFile }: ProgramOptions): Promise<ProgramUnderTest> {
  const socketPath = join(folder, 'socket');
  const answers = new EventEmitter();
  let child: ChildProcess | undefined;
  let exit = Promise.resolve();
  let link: Socket | undefined;
  let asleepUntil: readonly number[] = [];
  let aheadMs = 0;
  let preempted = 0;
  let output = '';

  const listener = createServer((socket) => {
    link = socket;
    socket.on('error', () => undefined);
    socket.on(
      'data',
      lines((line) => hear(JSON.parse(line) as FromProgram, socket)),
    );
  });
  await new Promise<void>((resolve) => listener.listen(socketPath, resolve));

  function hear(message: FromProgram, from: Socket): void {
    if (from !== link) return;
    if (message.type === 'asleep') asleepUntil = message.until;
    else if (message.type === 'effort') answers.emit('effort', message);
    else if (message.type === 'kept') answers.emit('kept');
    else if (onFile(message)) tell({ type: 'go', id: message.id });
  }

  function tell(message: FromHarness): void {
    link?.write(`${JSON.stringify(message)}\n`);
  }

  async function ownEffort(): Promise<Effort> {
    const answered = once(answers, 'effort').then(([given]) => given as OwnEffort);
    tell({ type: 'how-busy' });
    const answer = await Promise.race([answered, exit]);
    if (answer === undefined) return none;
    const isKeptFrom = answer.preempted > preempted;
    preempted = answer.preempted;
    return { computedMs: answer.computedMs, isKeptFrom };
  }

  /** A program that is always killed keeps nothing by itself, and each start would compile everything anew. */
  async function keepCompiled(): Promise<void> {
    if (hasKeptCompiled || !isRunning()) return;
    const kept = once(answers, 'kept');
    tell({ type: 'keep-compiled' });
    await Promise.race([kept, exit]);
    hasKeptCompiled = true;
  }

  const isRunning = () => child !== undefined && child.exitCode === null && child.signalCode === null;

  return {
    async start(message) {
      asleepUntil = [];
      preempted = 0;
      const environment: PreloadSettings = {
        CRASH_SOCKET: socketPath,
        CRASH_FOLDER: message.folder,
        CRASH_AHEAD_MS: String(aheadMs),
        CRASH_WITHOUT: without ?? '',
      };
      const forked = fork(entry, {
        // It does not live long enough for anything that makes it faster, and other runs want the cores.
        execArgv: [
          '--max-semi-space-size=4',
          '--single-threaded',
          '--no-opt',
          '--no-maglev',
          '--import',
          preload,
        ],
        // What was once translated from TypeScript is not translated again at each of some thousand starts.
        env: { PATH: process.env['PATH'], ...compileCache, ...environment },
        stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      });
      child = forked;
      exit = once(forked, 'exit').then(() => undefined);
      for (const stream of [forked.stdout, forked.stderr]) {
        stream?.on('data', (chunk) => (output += String(chunk)));
      }
      forked.send(message, () => undefined);
      await Promise.race([once(forked, 'message'), exit]);
    },
    kill: () => child?.kill('SIGKILL'),
    isRunning,
    gone: () => exit,
    asleepUntil: () => asleepUntil,
    async effort() {
      if (!isRunning()) return none;
      return (child?.pid === undefined ? undefined : effortOf(child.pid)) ?? (await ownEffort());
    },
    setAhead(ms) {
      aheadMs = ms;
      tell({ type: 'ahead', ms });
    },
    output: () => output,
    async close() {
      await keepCompiled();
      child?.kill('SIGKILL');
      await exit;
      listener.close();
    },
  };
}
