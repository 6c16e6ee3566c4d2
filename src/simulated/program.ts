import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { constants } from 'node:os';
import { stopLimitMs } from '#run.ts';
import type { Program, ProgramState } from '#simulator/page/program.ts';
import { ready, type StartMessage } from './start-message.ts';

/** Darkroom in a process of its own. */
export interface SimulatedProgram extends Program {
  /** Stops it in order, for good; resolves when the process is gone. */
  stop(): Promise<void>;
  /** Resolves with the exit code when it ended and nobody had asked for that. */
  readonly ended: Promise<number>;
}

/** It ends itself after `stopLimitMs`; one that does not is stuck. */
const patienceMs = stopLimitMs + 500;

/** Off at first. There is never more than one process at a time. */
export function createProgram(message: StartMessage): SimulatedProgram {
  const listeners = new Set<() => void>();
  const ended = Promise.withResolvers<number>();
  let { draftAtOnce } = message;
  let state: ProgramState = 'off';
  let child: ChildProcess | undefined;
  let startsAgain = false;
  let isOver = false;

  function become(next: ProgramState): void {
    state = next;
    for (const listener of [...listeners]) listener();
  }

  function start(): void {
    if (child !== undefined || isOver) return;
    const forked = fork(new URL('./child.ts', import.meta.url));
    child = forked;
    // Under node --watch there are messages of Node's own, and one can still come from a process that is gone.
    forked.on('message', (answer) => {
      if (answer !== ready || child !== forked || state !== 'starting') return;
      draftAtOnce = false;
      become('running');
    });
    forked.once('exit', (code, signal) => afterEnd(code ?? 128 + (signal ? constants.signals[signal] : 0)));
    // Where this fails the process is gone already, which its end tells.
    forked.send({ ...message, draftAtOnce }, () => undefined);
    become('starting');
  }

  function afterEnd(code: number): void {
    const wasAsked = state === 'stopping';
    child = undefined;
    become('off');
    if (!wasAsked) ended.resolve(code);
    else if (startsAgain) start();
  }

  function end(forked: ChildProcess, signal: 'SIGTERM' | 'SIGKILL'): void {
    forked.kill(signal);
    const kill = setTimeout(() => forked.kill('SIGKILL'), patienceMs);
    forked.once('exit', () => clearTimeout(kill));
    if (state !== 'stopping') become('stopping');
  }

  return {
    state: () => state,
    start,
    restart() {
      if (child === undefined) start();
      else if (state !== 'stopping') {
        startsAgain = true;
        end(child, 'SIGTERM');
      }
    },
    pullPlug() {
      startsAgain = false;
      if (child !== undefined) end(child, 'SIGKILL');
    },
    async stop() {
      isOver = true;
      if (child === undefined) return;
      const gone = once(child, 'exit');
      if (state !== 'stopping') end(child, 'SIGTERM');
      await gone;
    },
    ended: ended.promise,
    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
