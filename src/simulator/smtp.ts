import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { TLSSocket } from 'node:tls';
import { SMTPServer, type SMTPServerSession } from 'smtp-server';
import type { Faults } from './faults.ts';
import { loadCertificate } from './smtp/certificate.ts';
import { openMailbox, type ReceivedMail } from './smtp/mailbox.ts';
import { runStep, type Step } from './smtp/phase.ts';
import {
  badCredentials,
  dailyLimit,
  loginWanted,
  type Refusal,
  refusalFor,
  tooLarge,
  unknownRecipient,
} from './smtp/replies.ts';

export interface SmtpOptions {
  readonly faults: Faults;
  /** Where the certificate and the mails are kept between two starts. */
  readonly folder: string;
  /** 0 or absent: any free port. */
  readonly port?: number;
  /** Epoch milliseconds; the machine's clock unless given. */
  readonly now?: () => number;
  /** True: TLS from the first byte, as on port 465; otherwise STARTTLS, as on port 587. */
  readonly secure?: boolean;
  /** False: it offers no STARTTLS and refuses it, as an old server does (RFC 3207). */
  readonly offersTls?: boolean;
  /** Its certificate has run out. */
  readonly isExpired?: boolean;
}

/** A running mail server that takes mail and delivers it nowhere. */
export interface SimulatedSmtp {
  readonly host: string;
  readonly port: number;
  readonly secure: boolean;
  readonly user: string;
  readonly password: string;
  /** PEM, for `tls.ca` of the client; valid for localhost and 127.0.0.1. */
  readonly certificate: string;
  /** How often somebody has tried to sign in. */
  readonly logins: number;
  /** What has come in, oldest first. */
  mails(): readonly ReceivedMail[];
  /** The addresses that get 550 5.1.1, in place of those set before. */
  setUnknownRecipients(addresses: readonly string[]): void;
  /** The addresses that get 450 4.2.1, in place of those set before. */
  setBusyRecipients(addresses: readonly string[]): void;
  /** While true every recipient gets 550 5.4.5. */
  setDailyLimitReached(isReached: boolean): void;
  /** Calls the listener after each mail; the result takes it off again. */
  onChange(listener: () => void): () => void;
  close(): Promise<void>;
}

const host = '127.0.0.1';
const user = 'darkroom.demo@gmail.com';
/** Shaped like an app password of Google: 16 letters. */
const password = 'abcdefghijklmnop';
/** Gmail: a message may have 25 MB as sent, encoding included; more is refused after the data. */
const largestMail = 25 * 1024 * 1024;
/** Gmail: what it announces in EHLO. */
const announcedSize = 35_882_577;

/**
 * A submission server in the manner of smtp.gmail.com: TLS before the login, the login before the mail, its
 * limits and its words. Operations for faults: `connect`, `auth`, `mail`, `rcpt`, `data` (after the last dot).
 */
export async function startSmtp({
  faults,
  folder,
  port = 0,
  secure = false,
  offersTls = true,
  isExpired = false,
  now = Date.now,
}: SmtpOptions): Promise<SimulatedSmtp> {
  const { certificate, key } = await loadCertificate(folder, isExpired);
  const mailbox = openMailbox(folder, now);
  const listeners = new Set<() => void>();
  let unknown: ReadonlySet<string> = new Set();
  let busy: ReadonlySet<string> = new Set();
  let isLimitReached = false;
  let logins = 0;

  function run(session: SMTPServerSession, step: Omit<Step, 'socket' | 'cut'>): void {
    const connection = () => [...server.connections].find((each) => each.id === session.id);
    const cut = () => breakOff(connection());
    const socket = () => connection()?._socket;
    runStep(faults, { ...step, socket, cut }).catch(cut);
  }

  const nothing = () => undefined;
  const server = new SMTPServer({
    secure,
    key,
    cert: certificate,
    name: 'smtp.localhost',
    banner: 'gsmtp',
    size: announcedSize,
    ...(!offersTls && { disabledCommands: ['STARTTLS'], allowInsecureAuth: true }),
    authMethods: ['PLAIN', 'LOGIN'],
    authRequiredMessage: loginWanted,
    disableReverseLookup: true,
    logger: false,
    onConnect(session, callback) {
      run(session, { phase: 'connect', work: nothing, reply: (refusal) => callback(toError(refusal)) });
    },
    onAuth(auth, session, callback) {
      logins += 1;
      const isRight = auth.username === user && auth.password === password;
      run(session, {
        phase: 'auth',
        work: () => (isRight ? undefined : badCredentials),
        reply: (refusal) => callback(toError(refusal), { user }),
      });
    },
    onMailFrom(_address, session, callback) {
      run(session, { phase: 'mail', work: nothing, reply: (refusal) => callback(toError(refusal)) });
    },
    onRcptTo({ address }, session, callback) {
      run(session, {
        phase: 'rcpt',
        work: () => {
          if (isLimitReached) return dailyLimit;
          if (busy.has(address.toLowerCase())) return refusalFor(450);
          return unknown.has(address.toLowerCase()) ? unknownRecipient : undefined;
        },
        reply: (refusal) => callback(toError(refusal)),
      });
    },
    onData(stream, session, callback) {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('error', nothing); // the client left in the middle: no mail
      stream.on('end', () => {
        const raw = Buffer.concat(chunks);
        run(session, {
          phase: 'data',
          work: () => (raw.length > largestMail ? tooLarge : take(session, raw)),
          reply: (refusal) => callback(toError(refusal), '2.0.0 OK - gsmtp'),
        });
      });
    },
  });

  function take({ envelope, hostNameAppearsAs: name }: SMTPServerSession, raw: Buffer): undefined {
    // RFC 5321, 4.4: every reader of a mail can see what the client called itself.
    const trace = `Received: from ${name} by ${host} with ESMTPSA\r\n`;
    const from = envelope.mailFrom === false ? '' : envelope.mailFrom.address;
    mailbox.add(
      { from, to: envelope.rcptTo.map((each) => each.address) },
      Buffer.concat([Buffer.from(trace), raw]),
    );
    for (const listener of listeners) listener();
  }

  server.on('error', nothing); // of one connection, such as a client that leaves; the server goes on
  await new Promise<void>((resolve, reject) => {
    server.server.once('error', reject);
    server.listen(port, host, resolve);
  });
  const address = server.server.address() as AddressInfo;

  return {
    host,
    port: address.port,
    secure,
    user,
    password,
    certificate,
    get logins() {
      return logins;
    },
    mails: mailbox.list,
    setUnknownRecipients(addresses) {
      unknown = new Set(addresses.map((each) => each.toLowerCase()));
    },
    setBusyRecipients(addresses) {
      busy = new Set(addresses.map((each) => each.toLowerCase()));
    },
    setDailyLimitReached(isReached) {
      isLimitReached = isReached;
    },
    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    async close() {
      for (let turn = 0; turn < 20 && isInHandshake(server); turn++) await sleep(10);
      await new Promise<void>((resolve) => {
        server.close(resolve);
        for (const connection of server.connections) breakOff(connection);
      });
    },
  };
}

type Connection = SMTPServer['connections'] extends Set<infer Each> ? Each : never;

/** Node 24.21 can crash when a socket is destroyed in the middle of its TLS handshake. */
function isInHandshake(server: SMTPServer): boolean {
  return server._pendingSockets.size > 0 || [...server.connections].some((each) => each._upgrading);
}

/** A TLS socket is destroyed from above: a reset of the socket under it can crash Node. */
function breakOff(connection: Connection | undefined): void {
  if (connection === undefined) return;
  if (connection._upgrading) connection.close();
  else if (connection._socket instanceof TLSSocket) connection._socket.destroy();
  else connection._socket.resetAndDestroy();
}

function toError(refusal: Refusal | undefined): Error | undefined {
  return refusal && Object.assign(new Error(refusal.text), { responseCode: refusal.code });
}
