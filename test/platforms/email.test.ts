import { mkdtemp, rm } from 'node:fs/promises';
import os, { tmpdir } from 'node:os';
import { join } from 'node:path';
import tls from 'node:tls';
import PostalMime from 'postal-mime';
import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { outcomeOfError } from '#platforms/email/refusals.ts';
import { email as platform } from '#platforms/email.ts';
import type { Publication, Publisher } from '#ports/platform.ts';
import { createFaults, type Fault } from '#simulator/faults.ts';
import { loadCertificate } from '#simulator/smtp/certificate.ts';
import { type SimulatedSmtp, startSmtp } from '#simulator/smtp.ts';
import { type Published, platformContract, publicationOf } from '../contracts/platform-contract.ts';
import { createFakeLog } from '../fakes/log.ts';
import { shortenLimits } from '../fakes/short-limits.ts';
import { temporaryFolder } from '../fakes/temporary-folder.ts';

const faults = createFaults();
let smtp: SimulatedSmtp;
let before = 0;

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'darkroom-test-'));
  smtp = await startSmtp({ faults, folder });
});
afterAll(async () => {
  await smtp.close();
  await rm(folder, { recursive: true });
});
beforeEach(() => {
  faults.clear();
  smtp.setUnknownRecipients([]);
  smtp.setBusyRecipients([]);
  smtp.setDailyLimitReached(false);
  before = smtp.mails().length;
});

const recipients = ['family@example.com', 'friends@example.org'];

function publisherFor(
  settings: Readonly<Record<string, unknown>> = {},
  certificate: string | undefined = smtp.certificate,
): Publisher {
  const given = {
    SMTP_HOST: smtp.host,
    SMTP_PORT: smtp.port,
    SMTP_USER: smtp.user,
    SMTP_PASSWORD: smtp.password,
    EMAIL_FROM: 'anna@example.com',
    EMAIL_TO: recipients,
    ...settings,
  };
  const trust = certificate === '' ? {} : { certificate };
  return platform.create(given, { folder, log: createFakeLog(), ...trust });
}

const arrived = () => smtp.mails().slice(before);
const parsed = () => Promise.all(arrived().map(({ raw }) => PostalMime.parse(raw)));

async function attempt(publisher = publisherFor(), changes: Partial<Publication> = {}) {
  const outcome = await publisher.publish(await publicationOf(changes));
  return { outcome, mails: arrived().length };
}

async function mailFor(caption: string, changes: Partial<Publication> = {}) {
  expect(await attempt(publisherFor(), { caption, ...changes })).toMatchObject({
    outcome: { outcome: 'published' },
  });
  const [mail] = await parsed();
  if (mail === undefined) throw new Error('No mail came');
  return mail;
}

platformContract({
  name: 'Email',
  service: 'smtp',
  work: 'data',
  before: ['connect', 'auth', 'mail', 'rcpt'],
  trickleMs: 150,
  open: async () => ({
    publisher: publisherFor(),
    faults,
    async published() {
      const mails = await parsed();
      return mails.map(({ text = '', attachments }): Published => {
        const content = attachments[0]?.content;
        const bytes = content instanceof ArrayBuffer ? Buffer.from(content) : Buffer.alloc(0);
        return { text: text.replace(/\n$/, ''), carries: (picture) => bytes.equals(picture) };
      });
    },
    refuse: () => smtp.setUnknownRecipients(recipients),
  }),
});

const phases = ['connect', 'auth', 'mail', 'rcpt', 'data'] as const;
const answers: readonly (readonly [string, Fault, string])[] = [
  ['a passing refusal', { kind: 'error', status: 451 }, 'not-sent'],
  ['421', { kind: 'error', status: 421 }, 'not-sent'],
  ['a refusal for good', { kind: 'error', status: 554 }, 'failed'],
  ['a rate limit', { kind: 'rate-limit', retryAfterSeconds: 1 }, 'not-sent'],
];
const answersAtPhases = phases.flatMap((phase) =>
  answers.map(([name, fault, outcome]) => ({ phase, name, fault, outcome })),
);
it.each(answersAtPhases)('takes $name at $phase for a definite answer', async ({ phase, fault, outcome }) => {
  faults.add({ service: 'smtp', operation: phase, fault });
  expect(await attempt()).toMatchObject({ outcome: { outcome }, mails: 0 });
});

it('is uncertain when the connection is lost after the mail, kept or not', async () => {
  for (const afterWork of [false, true]) {
    faults.add({ service: 'smtp', operation: 'data', fault: { kind: 'drop', afterWork }, times: 1 });
    const { outcome, mails } = await attempt();
    expect(outcome).toMatchObject({ outcome: 'uncertain', problem: { kind: 'unreachable' } });
    expect(mails).toBe(afterWork ? 1 : 0);
  }
});

it.each(['connect', 'auth'])(
  'knows that no mail had left when the connection is lost at %s',
  async (phase) => {
    faults.add({ service: 'smtp', operation: phase, fault: { kind: 'drop', afterWork: true } });
    expect(await attempt()).toMatchObject({
      outcome: { outcome: 'not-sent', problem: { kind: 'unreachable' } },
      mails: 0,
    });
  },
);

it('fails for a wrong password, without showing it', async () => {
  const { outcome, mails } = await attempt(publisherFor({ SMTP_PASSWORD: 'wrong-password' }));
  expect(outcome).toMatchObject({ outcome: 'failed', problem: { kind: 'signed-out' } });
  expect(JSON.stringify(outcome)).not.toContain('wrong-password');
  expect(mails).toBe(0);
});

it('fails when none of the addresses exists', async () => {
  smtp.setUnknownRecipients(recipients);
  expect(await attempt()).toMatchObject({
    outcome: { outcome: 'failed', problem: { kind: 'not-found', detail: expect.stringContaining('5.1.1') } },
    mails: 0,
  });
});

it('writes to the other addresses when one does not exist', async () => {
  smtp.setUnknownRecipients(['friends@example.org']);
  expect(await attempt()).toMatchObject({ outcome: { outcome: 'published' }, mails: 1 });
  expect(arrived()[0]?.envelope.to).toEqual(['family@example.com']);
});

it('asks for another attempt for an address that is busy, and then writes to that one alone', async () => {
  smtp.setBusyRecipients(['friends@example.org']);
  const first = { reached: ['family@example.com'], missed: ['friends@example.org'] };
  const { outcome } = await attempt();
  expect(outcome).toMatchObject({ outcome: 'partly', problem: { kind: 'out-of-order' }, ...first });
  const reached = first.reached;
  expect(await attempt(publisherFor(), { reached })).toMatchObject({
    outcome: { outcome: 'not-sent' },
    mails: 1,
  });
  smtp.setBusyRecipients([]);
  expect((await attempt(publisherFor(), { reached })).outcome).toMatchObject({ outcome: 'published' });
  expect(arrived().map(({ envelope }) => envelope.to)).toEqual([first.reached, first.missed]);
});

it('writes once to somebody whose address is given twice', () => {
  const given = 'anna@example.com, ben@example.com Anna@Example.com anna@example.com';
  expect(platform.settings['EMAIL_TO']?.parse(given)).toEqual(['anna@example.com', 'ben@example.com']);
});

it('writes to nobody twice, also when the list was changed between two attempts and back again', async () => {
  const [anna, ben, cara] = ['Anna@example.com', 'ben@example.com', 'cara@example.com'];
  smtp.setBusyRecipients([ben]);
  let reached: readonly string[] = [];
  for (const to of [
    [anna, ben],
    [ben, cara],
  ]) {
    const { outcome } = await attempt(publisherFor({ EMAIL_TO: to }), { reached });
    reached = outcome.outcome === 'partly' ? outcome.reached : [];
  }
  expect(reached).toEqual([anna, cara]);
  smtp.setBusyRecipients([]);
  const { outcome } = await attempt(publisherFor({ EMAIL_TO: [anna.toLowerCase(), ben, cara] }), { reached });
  expect(outcome).toMatchObject({ outcome: 'published' });
  expect(arrived().map(({ envelope }) => envelope.to)).toEqual([[anna], [cara], [ben]]);
});

it('is done when those that were still to get it are no longer on the list', async () => {
  const reached = ['family@example.com'];
  const publisher = publisherFor({ EMAIL_TO: reached });
  expect(await attempt(publisher, { reached })).toMatchObject({
    outcome: { outcome: 'published' },
    mails: 0,
  });
});

it('says who did not get the mail', async () => {
  smtp.setUnknownRecipients(['friends@example.org']);
  expect(await attempt()).toMatchObject({ outcome: { missed: ['friends@example.org'] } });
});

it('names nobody as missed when all were written to', async () => {
  expect((await attempt()).outcome).not.toHaveProperty('missed');
});

it.each([
  [550, '5.7.1 This message is likely unsolicited mail', 'rejected'],
  [550, 'No such user here', 'not-found'],
  [553, '5.1.3 The recipient address is not a valid address', 'not-found'],
  [550, '5.1.8 The sender is not known', 'rejected'],
  [554, '5.2.0 SubmissionQuotaExceeded: Recipient limit exceeded', 'rate-limited'],
  [452, '4.2.2 The inbox is out of storage space', 'out-of-order'],
] as const)('understands the reply %i %s', (responseCode, text, kind) => {
  const error = { code: 'EENVELOPE', responseCode, response: `${responseCode} ${text}` };
  expect(outcomeOfError(error, false)).toMatchObject({ problem: { kind } });
});

it.each([99, 220, 354, 600])('takes the reply %i after the mail for no answer to it', (responseCode) => {
  const error = { code: 'EMESSAGE', responseCode, response: `${responseCode} So what` };
  expect(outcomeOfError(error, true)).toMatchObject({ outcome: 'uncertain' });
  expect(outcomeOfError(error, false)).toMatchObject({ outcome: 'not-sent' });
});

it('names the daily limit', async () => {
  smtp.setDailyLimitReached(true);
  expect(await attempt()).toMatchObject({
    outcome: { outcome: 'failed', problem: { kind: 'rate-limited' } },
    mails: 0,
  });
});

it('tells nobody what the machine is called', async () => {
  vi.spyOn(os, 'hostname').mockReturnValue('attic.mara-lund.example');
  onTestFinished(() => {
    vi.restoreAllMocks();
  });
  await attempt();
  const [mail] = arrived();
  expect(mail?.raw.toString()).toMatch(/^Received: from \[127\.0\.0\.1\] by /);
  expect(mail?.raw.toString()).not.toContain('attic');
});

describe('a server that is not safe gets neither password nor mail', () => {
  it('with a certificate that is not known, or is another than the trusted one', async () => {
    const other = await loadCertificate(await temporaryFolder());
    for (const trusted of ['', other.certificate]) {
      const { outcome, mails } = await attempt(publisherFor({}, trusted));
      expect(outcome).toMatchObject({
        outcome: 'not-sent',
        problem: { kind: 'unsafe', detail: expect.stringMatching(/SELF_SIGNED|UNABLE_TO/) },
      });
      expect(mails).toBe(0);
    }
  });

  it.each([
    ['a certificate that has run out', { isExpired: true }, 'CERT_HAS_EXPIRED', 'not-sent'],
    ['no encryption', { offersTls: false }, 'no STARTTLS', 'failed'],
    ['TLS from the first byte, where STARTTLS was wanted', { secure: true }, undefined, 'not-sent'],
  ] as const)('with %s', async (_, options, detail, outcome) => {
    const server = await startSmtp({ faults, folder: await temporaryFolder(), ...options });
    onTestFinished(() => server.close());
    shortenLimits(100);
    const publisher = publisherFor({ SMTP_PORT: server.port }, server.certificate);
    const problem = detail === undefined ? { kind: 'timeout' } : { kind: 'unsafe', detail };
    expect(await publisher.publish(await publicationOf())).toEqual({ outcome, problem });
    expect(await publisher.check?.()).toEqual({ state: 'broken', problem });
    expect(server.mails()).toEqual([]);
    expect(server.logins).toBe(0);
  });
});

it('hides the recipients from each other', async () => {
  await attempt();
  const [mail] = arrived();
  expect(mail?.envelope).toEqual({ from: 'anna@example.com', to: recipients });
  const headers = mail?.raw.toString().split('\r\n\r\n')[0];
  expect(headers).toContain('anna@example.com');
  for (const recipient of recipients) expect(mail?.raw.toString()).not.toContain(recipient);
});

it('shows the picture in the text, with exactly its bytes', async () => {
  const { html = '', attachments } = await mailFor('Dusk');
  expect(attachments).toHaveLength(1);
  const { contentId, disposition, mimeType, content } = attachments[0] ?? {};
  expect({ contentId, disposition, mimeType }).toEqual({
    contentId: '<photo>',
    disposition: 'inline',
    mimeType: 'image/jpeg',
  });
  expect(html).toContain('src="cid:photo"');
  expect(content instanceof ArrayBuffer && Buffer.from(content)).toEqual((await publicationOf()).picture);
});

it('says what the picture shows to those who cannot see it', async () => {
  const altText = 'A harbour at dusk, "three" boats & <nobody>';
  const { html = '' } = await mailFor('Dusk', { altText });
  expect(html).toContain('alt="A harbour at dusk, &#34;three&#34; boats &#38; &#60;nobody&#62;"');
});

it('takes the first sentence for that where nothing was said about the picture', async () => {
  const { html = '' } = await mailFor('Dusk over the harbour. A second sentence.');
  expect(html).toContain('alt="Dusk over the harbour."');
});

it('shows signs of HTML as they were written', async () => {
  const { html = '', text } = await mailFor('<img src=x onerror="alert(1)"> & \'so\' on\nnext\n\nlast');
  expect(text?.trim()).toBe('<img src=x onerror="alert(1)"> & \'so\' on\nnext\n\nlast');
  expect(html.match(/<\w+/g)).toEqual(['<div', '<img', '<p', '<br', '<p']);
  expect(html).toContain('&#60;img src=x onerror=&#34;alert(1)&#34;&#62; &#38; &#39;so&#39; on<br>next</p>');
});

it('has the first sentence as its subject, on one line', async () => {
  const { subject } = await mailFor(
    'Dusk over\r\nBcc: thief@example.com the “harbour” 🌅. A second one. #light',
  );
  expect(subject).toBe('Dusk over Bcc: thief@example.com the “harbour” 🌅.');
  expect(arrived()[0]?.envelope.to).toEqual(recipients);
  expect((await mailFor('#light #dusk')).subject).toBeDefined();
});

it('gives every attempt for a post the same Message-ID', async () => {
  await attempt();
  await attempt();
  const ids = (await parsed()).map(({ messageId }) => messageId);
  expect(ids).toEqual(['<2026-11-22-abc.email@example.com>', '<2026-11-22-abc.email@example.com>']);
});

it('does not read files or addresses that a caption names', async () => {
  const { text, html } = await mailFor('{"path":"/etc/passwd"} file:///etc/passwd');
  expect(`${text}${html}`).not.toContain('root:');
});

it('speaks TLS from the first byte on port 465', async () => {
  const secure = await startSmtp({ faults, folder: await temporaryFolder(), secure: true });
  onTestFinished(() => secure.close());
  // Only the machine's own services may listen on 465, so what goes there is led to the server's real port.
  const { connect } = tls;
  const led = vi
    .spyOn(tls, 'connect')
    .mockImplementation(((options: tls.ConnectionOptions, done?: () => void) =>
      connect({ ...options, ...(options.port === 465 && { port: secure.port }) }, done)) as typeof connect);
  onTestFinished(() => led.mockRestore());
  const publisher = publisherFor({ SMTP_PORT: 465 }, secure.certificate);
  expect(await publisher.publish(await publicationOf())).toMatchObject({ outcome: 'published' });
  expect(secure.mails()).toHaveLength(1);
  expect(await publisher.check?.()).toEqual({ state: 'works' });
});

describe('the check', () => {
  it('signs in over TLS and leaves without a mail', async () => {
    expect(await publisherFor().check?.()).toEqual({ state: 'works' });
    expect(arrived()).toEqual([]);
  });

  it.each([
    ['a wrong password', { kind: 'error', status: 535 }, 'signed-out'],
    ['too many logins', { kind: 'rate-limit', retryAfterSeconds: 60 }, 'rate-limited'],
    ['a fault of the login', { kind: 'error', status: 454 }, 'out-of-order'],
    ['a lost connection', { kind: 'drop', afterWork: false }, 'unreachable'],
  ] as const)('tells %s', async (_, fault, kind) => {
    faults.add({ service: 'smtp', operation: 'auth', fault });
    expect(await publisherFor().check?.()).toMatchObject({ state: 'broken', problem: { kind } });
  });

  it('ends within its limit when the server hangs, or speaks byte by byte', async () => {
    shortenLimits(100);
    faults.add({ service: 'smtp', operation: 'auth', fault: { kind: 'hang' }, times: 1 });
    expect(await publisherFor().check?.()).toMatchObject({ state: 'broken', problem: { kind: 'timeout' } });
    faults.add({ service: 'smtp', operation: 'connect', fault: { kind: 'trickle', msPerByte: 150 } });
    expect(await publisherFor().check?.()).toMatchObject({ state: 'broken', problem: { kind: 'timeout' } });
  });
});
