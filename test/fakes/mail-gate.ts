import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { connect as connectTls, createSecureContext, TLSSocket } from 'node:tls';
import { onTestFinished } from 'vitest';
import type { Certificate } from '#simulator/smtp/certificate.ts';
import type { SimulatedSmtp } from '#simulator/smtp.ts';

/** The steps of a mail, in their order; `text`: the mail itself on its way, `dot`: the line that ends it. */
export const mailSteps = [
  'greeting',
  'EHLO',
  'STARTTLS',
  'handshake',
  'EHLO over TLS',
  'AUTH',
  'MAIL',
  'RCPT',
  'DATA',
  'text',
  'dot',
] as const;
export type MailStep = (typeof mailSteps)[number];

/** A step that has come to the gate. */
export interface StepAtGate {
  /** Lets the server do it; its reply. */
  work(): Promise<Buffer>;
  /** Says this, and nothing more ever. */
  reply(text: Buffer | string): void;
  /** Says this, and goes on with what comes next. */
  refuse(text: string): void;
  /** Breaks the connection off, to both sides. */
  cut(): void;
}

/**
 * Stands before a simulated mail server until the test is over, and reads along: it speaks TLS with the server's own
 * certificate. (The gate of the crash tests lets everything through unread, and has the server itself fail.)
 */
export async function openMailGate(
  smtp: SimulatedSmtp,
  { certificate, key }: Certificate,
  struck: MailStep,
  accident: (step: StepAtGate) => Promise<void> | void,
): Promise<{ readonly port: number; struck(): number }> {
  let count = 0;
  const open = new Set<Socket>();

  async function converse(plain: Socket): Promise<void> {
    let client = listen(plain);
    let server = listen(connect(smtp.port, smtp.host));
    const sides = [client.socket, server.socket];
    for (const each of sides) open.add(each);

    /** Undefined: that was the end of it. */
    async function pass(
      step: MailStep | undefined,
      work: () => Promise<Buffer>,
    ): Promise<string | undefined> {
      if (step === struck) {
        count += 1;
        let refusal: string | undefined;
        const reply = (text: Buffer | string) => void client.socket.write(text);
        await accident({
          work,
          reply,
          refuse(text) {
            refusal = text;
            reply(text);
          },
          cut: () => {
            for (const { socket } of [client, server]) socket.destroy();
          },
        });
        return refusal;
      }
      const reply = await work();
      client.socket.write(reply);
      return reply.toString();
    }

    const ask = (lines: Buffer) => async () => {
      server.socket.write(lines);
      return await server.until(aReply);
    };

    if ((await pass('greeting', () => server.until(aReply))) === undefined) return;
    for (let isSafe = false; ; ) {
      const line = await client.until(aLine);
      const step = stepOf(line.toString(), isSafe);
      const reply = await pass(step, ask(line));
      if (reply === undefined) return;
      if (step === 'DATA' && reply.startsWith('354')) {
        if ((await pass('text', async () => Buffer.alloc(0))) === undefined) return;
        const mail = await client.until(theMail);
        if ((await pass('dot', ask(mail))) === undefined) return;
      }
      if (step !== 'STARTTLS' || !reply.startsWith('220')) continue;
      await client.more();
      if ((await pass('handshake', async () => Buffer.alloc(0))) === undefined) return;
      const secureContext = createSecureContext({ cert: certificate, key });
      client = listen(new TLSSocket(client.release(), { isServer: true, secureContext }));
      server = listen(connectTls({ socket: server.release(), ca: certificate, servername: 'localhost' }));
      isSafe = true;
    }
  }

  const gate = createServer((plain) => {
    // Whoever is gone has nothing more to say.
    converse(plain).catch(() => plain.destroy());
  });
  await new Promise<void>((resolve) => gate.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    gate.close();
    for (const each of open) each.destroy();
  });
  return { port: (gate.address() as AddressInfo).port, struck: () => count };
}

/** The last line of a reply has a blank after its number. */
const aReply = /^(\d{3}-[^\r]*\r\n)*\d{3} [^\r]*\r\n/;
const aLine = /^.*?\r\n/;
const theMail = /^.*?\r\n\.\r\n/s;

function stepOf(line: string, isSafe: boolean): MailStep | undefined {
  const verb = /^[A-Z]+/i.exec(line)?.[0].toUpperCase();
  if (verb === 'EHLO') return isSafe ? 'EHLO over TLS' : 'EHLO';
  return mailSteps.find((step) => step === verb);
}

interface Side {
  readonly socket: Socket;
  /** What has come first and is like this. */
  until(pattern: RegExp): Promise<Buffer>;
  /** Resolves when something has come; it stays to be read. */
  more(): Promise<void>;
  /** The socket for somebody else, with what was not read yet. */
  release(): Socket;
}

function listen(socket: Socket): Side {
  let come: Buffer = Buffer.alloc(0);
  let wake: () => void = () => undefined;
  let isGone = false;
  const take = (part: Buffer) => {
    come = Buffer.concat([come, part]);
    wake();
  };
  const end = () => {
    isGone = true;
    wake();
  };
  socket.on('data', take).on('close', end).on('error', end);

  async function wait(): Promise<void> {
    if (isGone) throw new Error('The other side has gone');
    await new Promise<void>((resolve) => {
      wake = resolve;
    });
  }

  return {
    socket,
    async until(pattern) {
      for (;;) {
        const [found] = pattern.exec(come.toString('latin1')) ?? [];
        if (found !== undefined) {
          const part = come.subarray(0, found.length);
          come = come.subarray(found.length);
          return part;
        }
        await wait();
      }
    },
    async more() {
      while (come.length === 0) await wait();
    },
    release() {
      socket.off('data', take);
      socket.pause();
      if (come.length > 0) socket.unshift(come);
      return socket;
    },
  };
}
