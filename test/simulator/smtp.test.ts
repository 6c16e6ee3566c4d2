import { mkdtempSync, rmSync } from 'node:fs';
import { createConnection } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { createTransport, type Transporter } from 'nodemailer';
import PostalMime from 'postal-mime';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { createFaults } from '#simulator/faults.ts';
import { type SimulatedSmtp, startSmtp } from '#simulator/smtp.ts';

const folder = mkdtempSync(join(tmpdir(), 'smtp-'));
const faults = createFaults();
let smtp: SimulatedSmtp;
const transports: Transporter[] = [];

beforeAll(async () => {
  smtp = await startSmtp({ faults, folder });
});

afterAll(async () => {
  await smtp.close();
  rmSync(folder, { recursive: true });
});

let before = 0;
beforeEach(() => {
  before = smtp.mails().length;
});

afterEach(() => {
  for (const transport of transports.splice(0)) transport.close();
  faults.clear();
  faults.setLatency('smtp', 0);
  smtp.setUnknownRecipients([]);
  smtp.setDailyLimitReached(false);
});

interface Login {
  readonly pass?: string;
  readonly method?: string;
  readonly host?: string;
  readonly ignoreTLS?: boolean;
}

function client(server: SimulatedSmtp = smtp, login: Login = {}): Transporter {
  const { pass = server.password, method, host = server.host, ignoreTLS = false } = login;
  const transport = createTransport({
    host,
    port: server.port,
    secure: server.secure,
    requireTLS: !server.secure && !ignoreTLS,
    ignoreTLS,
    auth: { user: server.user, pass },
    ...(method !== undefined && { authMethod: method }),
    tls: { ca: server.certificate },
    connectionTimeout: 1000,
    greetingTimeout: 500,
    socketTimeout: 500,
  });
  transports.push(transport);
  return transport;
}

const mail = {
  from: 'Demo <darkroom.demo@gmail.com>',
  to: ['Ada <ada@example.com>', 'bo@example.com'],
  subject: 'Lighthouse, at dusk — ümläut',
  text: 'A new picture.\n.\n..two dots',
  html: '<p>A new picture <img src="cid:photo"></p>',
  attachments: [
    { filename: 'a.jpg', content: Buffer.from([0xff, 0xd8, 0xff, 0, 1, 2, 10, 46, 13, 10]), cid: 'photo' },
  ],
};

const failure = (sending: Promise<unknown>) =>
  sending.then(
    () => {
      throw new Error('The mail was sent.');
    },
    (error: { code: string; responseCode?: number; response?: string }) => error,
  );
const send = (transport = client()) => transport.sendMail(mail);
const arrived = () => smtp.mails().length - before;

test('takes a mail over STARTTLS and keeps envelope and content', async () => {
  const sent = await send();
  expect(sent.response).toMatch(/^250 2\.0\.0 OK/);
  const received = smtp.mails().at(-1);
  expect(received?.envelope).toEqual({ from: smtp.user, to: ['ada@example.com', 'bo@example.com'] });
  const read = await PostalMime.parse(received?.raw ?? '');
  expect(read.subject).toBe(mail.subject);
  expect(read.text?.trim()).toBe(mail.text);
  expect(Buffer.from(read.attachments[0]?.content as ArrayBuffer)).toEqual(mail.attachments[0]?.content);
});

test('the certificate is good for localhost and wanted by the client', async () => {
  await send(client(smtp, { host: 'localhost', method: 'LOGIN' }));
  expect(arrived()).toBe(1);
  const strict = createTransport({ host: smtp.host, port: smtp.port, requireTLS: true });
  transports.push(strict);
  expect(await failure(strict.verify())).toMatchObject({ code: 'ESOCKET' });
});

test('the mails and the certificate survive a restart', async () => {
  const own = mkdtempSync(join(tmpdir(), 'smtp-'));
  const first = await startSmtp({ faults, folder: own });
  const seen: number[] = [];
  first.onChange(() => seen.push(first.mails().length));
  await client(first).sendMail(mail);
  await first.close();
  const second = await startSmtp({ faults, folder: own });
  expect(second.certificate).toBe(first.certificate);
  expect(second.mails()).toEqual(first.mails());
  await client(second).sendMail(mail);
  expect(second.mails().map((each) => each.id)).toEqual(['1', '2']);
  expect(seen).toEqual([1]);
  await second.close();
  rmSync(own, { recursive: true });
});

test('speaks TLS from the first byte when it is told to', async () => {
  const own = mkdtempSync(join(tmpdir(), 'smtp-'));
  const secure = await startSmtp({ faults, folder: own, secure: true });
  await client(secure).sendMail(mail);
  faults.add({ service: 'smtp', operation: 'data', fault: { kind: 'drop', afterWork: true } });
  await failure(client(secure).sendMail(mail));
  expect(secure.mails()).toHaveLength(2);
  await secure.close();
  rmSync(own, { recursive: true });
});

test('refuses a wrong password with the words of Gmail, and a login without TLS', async () => {
  const wrong = await failure(client(smtp, { pass: 'nope' }).verify());
  expect(wrong).toMatchObject({ code: 'EAUTH', responseCode: 535 });
  expect(wrong.response).toContain('5.7.8 Username and Password not accepted');
  expect(await failure(client(smtp, { ignoreTLS: true }).verify())).toMatchObject({
    code: 'EAUTH',
    responseCode: 538,
  });
});

test('refuses mail without a login', async () => {
  const anonymous = createTransport({
    host: smtp.host,
    port: smtp.port,
    requireTLS: true,
    tls: { ca: smtp.certificate },
  });
  transports.push(anonymous);
  const refused = await failure(anonymous.sendMail(mail));
  expect(refused.responseCode).toBe(530);
  expect(refused.response).toContain('5.7.0 Authentication Required');
});

test('refuses a mail of more than 25 MB', async () => {
  const raw = Buffer.alloc(25 * 1024 * 1024 + 1, 'x'.repeat(76).concat('\r\n'));
  const refused = await failure(
    client().sendMail({ envelope: { from: smtp.user, to: 'ada@example.com' }, raw }),
  );
  expect(refused).toMatchObject({ code: 'EMESSAGE', responseCode: 552 });
  expect(refused.response).toContain('5.2.3');
  expect(arrived()).toBe(0);
});

test('refuses unknown addresses and takes the mail for the others', async () => {
  smtp.setUnknownRecipients(['Bo@example.com']);
  const sent = await send();
  expect(sent.rejected).toEqual(['bo@example.com']);
  expect(smtp.mails().at(-1)?.envelope.to).toEqual(['ada@example.com']);
  smtp.setUnknownRecipients(['ada@example.com', 'bo@example.com']);
  const refused = await failure(send());
  expect(refused).toMatchObject({ code: 'EENVELOPE', responseCode: 550 });
  expect(refused.response).toContain('5.1.1');
});

test('refuses everyone when the daily limit is reached', async () => {
  smtp.setDailyLimitReached(true);
  const refused = await failure(send());
  expect(refused.responseCode).toBe(550);
  expect(refused.response).toContain('5.4.5 Daily user sending limit exceeded');
});

test.each([
  ['connect', 421, 'EPROTOCOL'],
  ['auth', 454, 'EAUTH'],
  ['mail', 451, 'EENVELOPE'],
  ['rcpt', 452, 'EENVELOPE'],
  ['data', 554, 'EMESSAGE'],
])('answers an error at %s with its code', async (operation, status, code) => {
  faults.add({
    service: 'smtp',
    operation,
    fault: { kind: 'error', status },
    times: operation === 'rcpt' ? 2 : 1,
  });
  expect(await failure(send())).toMatchObject({ responseCode: status, code });
  expect(arrived()).toBe(0);
  await send();
});

test('can keep the mail and answer with an error all the same', async () => {
  faults.add({ service: 'smtp', operation: 'data', fault: { kind: 'error', status: 451, afterWork: true } });
  expect((await failure(send())).responseCode).toBe(451);
  expect(arrived()).toBe(1);
});

test.each([
  ['connect', 421],
  ['auth', 454],
  ['mail', 451],
  ['data', 451],
])('asks for patience at %s', async (operation, code) => {
  faults.add({ service: 'smtp', operation, fault: { kind: 'rate-limit', retryAfterSeconds: 60 } });
  const refused = await failure(send());
  expect(refused.responseCode).toBe(code);
  expect(refused.response).toContain('4.7.0');
});

test.each(['connect', 'auth', 'mail', 'rcpt', 'data'])(
  'drops the connection at %s without a mail',
  async (operation) => {
    faults.add({ service: 'smtp', operation, fault: { kind: 'drop', afterWork: false } });
    expect((await failure(send())).responseCode).toBeUndefined();
    expect(arrived()).toBe(0);
  },
);

test('drops the connection after it has kept the mail', async () => {
  faults.add({ service: 'smtp', operation: 'data', fault: { kind: 'drop', afterWork: true } });
  const lost = await failure(send());
  expect(lost.responseCode).toBeUndefined();
  expect(arrived()).toBe(1);
});

test('hangs after the data until the client gives up', async () => {
  faults.add({ service: 'smtp', operation: 'data', fault: { kind: 'hang' } });
  expect((await failure(send())).code).toBe('ETIMEDOUT');
  expect(arrived()).toBe(0);
});

test('answers late, or byte by byte, and the mail arrives', async () => {
  faults.add({ service: 'smtp', operation: 'mail', fault: { kind: 'slow', ms: 50 }, times: 1 });
  faults.add({ service: 'smtp', operation: 'rcpt', fault: { kind: 'trickle', msPerByte: 2 }, times: 1 });
  faults.add({ service: 'smtp', operation: 'data', fault: { kind: 'trickle', msPerByte: 2 }, times: 1 });
  await send();
  faults.add({ service: 'smtp', operation: 'connect', fault: { kind: 'trickle', msPerByte: 2 }, times: 1 });
  await send();
  expect(arrived()).toBe(2);
});

test('takes the overall latency once, and a named one at its phase', async () => {
  faults.setLatency('smtp', 150);
  let start = performance.now();
  await send();
  const once = performance.now() - start;
  faults.setLatency('smtp', 0);
  faults.setLatency('smtp', 300, 'rcpt');
  start = performance.now();
  await send();
  faults.setLatency('smtp', 0, 'rcpt');
  expect(once).toBeGreaterThan(250);
  expect(once).toBeLessThan(700);
  expect(performance.now() - start).toBeGreaterThan(600);
});

test('close ends a connection that is open', async () => {
  const other = await startSmtp({ faults, folder });
  const socket = createConnection(other.port, other.host);
  await new Promise((resolve) => socket.once('data', resolve));
  const rest = text(socket).catch(() => '');
  await other.close();
  await rest;
  expect(socket.destroyed).toBe(true);
});
