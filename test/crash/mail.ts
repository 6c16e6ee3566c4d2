import { type AddressInfo, connect, createServer } from 'node:net';
import type { Fault } from '#simulator/faults.ts';
import type { SimulatedSmtp } from '#simulator/smtp.ts';
import type { Surroundings } from './gateway.ts';
import type { Mode } from './moments.ts';
import { limitedSeconds } from './wire.ts';

/** The mail server speaks in an encrypted tongue, so it is met inside, just before each of its steps. */
export interface MailGate {
  readonly port: number;
  /** What becomes of the next step; to be called where the server asks for a fault. */
  strike(operation: string): Fault | undefined;
  /** How many mails arrived after their connection was gone. */
  late(): number;
  close(): Promise<void>;
}

const before: Fault = { kind: 'drop', afterWork: false };
const after: Fault = { kind: 'drop', afterWork: true };

export async function openMailGate(
  smtp: SimulatedSmtp,
  world: Pick<Surroundings, 'arrive' | 'reach' | 'disturb' | 'later' | 'busy'>,
): Promise<MailGate> {
  let late = 0;

  function faultOf(mode: Mode, operation: string): Fault | undefined {
    switch (mode) {
      case 'dropped-before':
        return before;
      case 'delayed':
        if (operation === 'data') world.later(async () => (late += 1));
        return before;
      // A server that refuses after the data has not taken the mail (RFC 5321, 4.2.5): all it can do is to be gone.
      case 'dropped-after':
      case 'broken-after':
        return after;
      case 'broken-before':
        return { kind: 'error', status: 451 };
      case 'limited':
        return { kind: 'rate-limit', retryAfterSeconds: limitedSeconds };
      default:
        return undefined;
    }
  }

  // Nothing is read of what passes here; only that somebody is speaking to the server counts.
  const server = createServer((incoming) => {
    const done = world.busy();
    const outgoing = connect(smtp.port, smtp.host);
    incoming.on('error', () => outgoing.destroy()).on('close', () => outgoing.destroy());
    outgoing.on('error', () => incoming.destroy()).on('close', () => incoming.destroy());
    incoming.once('close', done);
    incoming.pipe(outgoing).pipe(incoming);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));

  return {
    port: (server.address() as AddressInfo).port,
    strike(operation) {
      const label = `smtp ${operation}`;
      const count = world.arrive(label);
      if (world.reach(label, count, 'before')) return before;
      const fault = faultOf(world.disturb(label), operation);
      const isWorking = fault === undefined || fault === after;
      // Killed here, it has its mail all the same: nobody is left to read the answer.
      if (isWorking && world.reach(label, count, 'applied')) return undefined;
      if (fault === undefined) world.reach(label, count, 'answered');
      return fault;
    },
    late: () => late,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}
