import type { Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Faults } from '#simulator/faults.ts';
import { type Phase, type Refusal, rateLimited, refusalFor } from './replies.ts';

/** One step of a session: what it does, how it is answered, and the connection it runs on. */
export interface Step {
  readonly phase: Phase;
  /** The part that must not happen when a fault stops the step first; a refusal when the server says no. */
  work(): Refusal | undefined;
  reply(refusal: Refusal | undefined): void;
  /** The socket that replies go to; undefined once the client has gone. */
  socket(): Socket | undefined;
  /** Breaks the connection. */
  cut(): void;
}

/** Runs a step with the latency and the fault that are switched on for it. */
export async function runStep(faults: Faults, step: Step): Promise<void> {
  const wait = latency(faults, step.phase);
  if (wait > 0) await sleep(wait);
  const fault = faults.strike('smtp', step.phase);
  if (fault?.kind === 'hang') return;
  if (fault?.kind === 'drop' && !fault.afterWork) {
    step.cut();
    return;
  }
  if (fault?.kind === 'rate-limit') {
    step.reply(rateLimited(step.phase));
    return;
  }
  if (fault?.kind === 'error' && fault.afterWork !== true) {
    step.reply(refusalFor(fault.status));
    return;
  }
  const refusal = step.work();
  if (fault?.kind === 'drop') {
    if (step.phase === 'connect') step.reply(refusal);
    step.cut();
    return;
  }
  if (fault?.kind === 'slow') await sleep(fault.ms);
  if (fault?.kind === 'trickle') dribble(step.socket(), fault.msPerByte);
  step.reply(fault?.kind === 'error' ? refusalFor(fault.status) : refusal);
}

/** A latency set for all of smtp is taken once, at the connection; one set by name at its phase. */
function latency(faults: Faults, phase: Phase): number {
  const named = faults.latency('smtp', phase);
  const overall = faults.latency('smtp', 'session');
  return phase !== 'connect' && named === overall ? 0 : named;
}

/** Lets the next reply on this socket leave byte by byte; replies after it wait their turn. */
function dribble(socket: Socket | undefined, msPerByte: number): void {
  if (socket === undefined) return;
  const write = socket.write.bind(socket);
  let isFirst = true;
  let turn = Promise.resolve();
  async function leave(bytes: Buffer, pause: number): Promise<void> {
    if (pause === 0) {
      write(bytes);
      return;
    }
    for (const byte of bytes) {
      if (socket?.writable !== true) return;
      write(Buffer.of(byte));
      await sleep(pause);
    }
  }
  socket.write = (chunk: Uint8Array | string) => {
    const pause = isFirst ? msPerByte : 0;
    isFirst = false;
    turn = turn.then(() => leave(Buffer.from(chunk), pause));
    return true;
  };
}
