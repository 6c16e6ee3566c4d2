import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startSettings } from '#begin-again.ts';
import type { StartMessage } from '#simulated/start-message.ts';
import type { ServiceName } from '#simulator/faults.ts';
import { type Simulator, startSimulator } from '#simulator/simulator.ts';
import type { ChatMessage } from '#simulator/telegram/chat-message.ts';
import { forgetPeak, memoryOf } from '../fakes/memory-of.ts';

const entry = join(import.meta.dirname, '../../src/simulated/child.ts');

interface Call {
  readonly service: ServiceName;
  readonly operation: string;
}

/** The simulated services in this process, and the real Darkroom in another one. */
export interface Rig extends AsyncDisposable {
  readonly simulator: Simulator;
  /** Where Darkroom keeps its state. */
  readonly folder: string;
  /** All calls that services have had, the oldest first. */
  readonly calls: readonly Call[];
  /** Starts Darkroom; how many milliseconds it was until it first asked Telegram for updates. */
  start(): Promise<number>;
  stop(): Promise<void>;
  /** Resident memory of Darkroom in bytes, now and at the most. */
  memory(): Promise<{ readonly now: number; readonly peak: number }>;
  /** From now on the most is that since now. */
  forgetPeak(): Promise<void>;
  /** Waits until it holds; how many milliseconds that took. */
  until(what: string, holds: () => boolean): Promise<number>;
  /** The newest card with this button. */
  card(button: string): ChatMessage | undefined;
}

const patienceMs = 120_000;
/** Nothing is measured finer than this. */
const lookMs = 2;

export async function openRig(settings: Readonly<Record<string, string>> = {}): Promise<Rig> {
  const root = await mkdtemp(join(tmpdir(), 'bench-'));
  const folder = join(root, 'darkroom');
  const simulator = await startSimulator({ folder: join(root, 'services') });
  const calls: Call[] = [];
  const { latency } = simulator.faults;
  simulator.faults.latency = (service, operation) => {
    calls.push({ service, operation });
    return latency(service, operation);
  };
  const message: StartMessage = {
    values: {
      ...simulator.settings,
      ...{ HASHTAGS: '#photography #light', LOG_LEVEL: 'warn', UNDO_SECONDS: '0', REMINDER_HOURS: '0' },
      // Nothing comes by itself.
      ...{ SCHEDULE: '0 0 29 2 *', LOOKALIKE_DAYS: '0' },
      ...settings,
    },
    folder,
    endpoints: simulator.endpoints,
    draftAtOnce: false,
  };
  let child: ChildProcess | undefined;

  async function until(what: string, holds: () => boolean): Promise<number> {
    const start = performance.now();
    while (!holds()) {
      if (performance.now() - start > patienceMs) throw new Error(`It never came about: ${what}`);
      await new Promise((resolve) => setTimeout(resolve, lookMs));
    }
    return performance.now() - start;
  }

  async function stop(): Promise<void> {
    if (child === undefined) return;
    const gone = once(child, 'exit');
    child.kill('SIGTERM');
    await gone;
    child = undefined;
  }

  return {
    simulator,
    folder,
    calls,
    until,
    stop,
    async start() {
      const before = calls.length;
      const begun = performance.now();
      const { flags, environment } = startSettings;
      const env = { PATH: process.env['PATH'], ...environment };
      child = fork(entry, { execArgv: [...flags], env });
      const ready = once(child, 'message');
      child.send(message);
      await until('the first poll', () =>
        calls.slice(before).some(({ operation }) => operation === 'getUpdates'),
      );
      const ms = performance.now() - begun;
      await ready;
      return ms;
    },
    memory: () => memoryOf(child?.pid),
    forgetPeak: () => forgetPeak(child?.pid),
    card(button) {
      return simulator.telegram
        .phone()
        .messages()
        .findLast(({ keyboard }) => keyboard.flat().some(({ text }) => text === button));
    },
    async [Symbol.asyncDispose]() {
      await stop();
      await simulator.close();
      await rm(root, { recursive: true, force: true, maxRetries: 10, retryDelay: 50 });
    },
  };
}
