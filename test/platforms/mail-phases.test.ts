import dns from 'node:dns';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import { email } from '#platforms/email.ts';
import { createFaults } from '#simulator/faults.ts';
import { type Certificate, loadCertificate } from '#simulator/smtp/certificate.ts';
import { type SimulatedSmtp, startSmtp } from '#simulator/smtp.ts';
import { publicationOf } from '../contracts/platform-contract.ts';
import { driveLimits } from '../fakes/driven-limits.ts';
import { createFakeLog } from '../fakes/log.ts';
import { type MailStep, mailSteps, openMailGate, type StepAtGate } from '../fakes/mail-gate.ts';

let folder: string;
let smtp: SimulatedSmtp;
let certificate: Certificate;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'darkroom-test-'));
  certificate = await loadCertificate(folder);
  smtp = await startSmtp({ faults: createFaults(), folder });
});
afterAll(async () => {
  await smtp.close();
  await rm(folder, { recursive: true });
});

/** Mails once; what is claimed, and how many mails have come. */
async function mailAt(port: number, host = smtp.host) {
  const before = smtp.mails().length;
  const settings = {
    SMTP_HOST: host,
    SMTP_PORT: port,
    SMTP_USER: smtp.user,
    SMTP_PASSWORD: smtp.password,
    EMAIL_FROM: 'anna@example.com',
    EMAIL_TO: ['family@example.com'],
  };
  const publisher = email.create(settings, { folder, log: createFakeLog(), certificate: smtp.certificate });
  const { outcome } = await publisher.publish(await publicationOf());
  return { outcome, mails: smtp.mails().length - before };
}

type Happening = (step: StepAtGate, expire: () => void) => Promise<void> | void;

/** Not done: the server never hears of it. Done: it does, and its reply is kept back. */
const unknowable: readonly (readonly [string, Happening])[] = [
  ['the connection breaks off before it', (step) => step.cut()],
  [
    'the connection breaks off after it',
    async (step) => {
      await step.work();
      step.cut();
    },
  ],
  [
    'the connection breaks off within its reply',
    async (step) => {
      const reply = await step.work();
      step.reply(reply.subarray(0, reply.length >> 1));
      await turn();
      await turn();
      step.cut();
    },
  ],
  ['nothing is replied and it was not done', (_, expire) => expire()],
  [
    'nothing is replied and it was done',
    async (step, expire) => {
      await step.work();
      expire();
    },
  ],
  [
    'the reply comes byte by byte',
    async (step, expire) => {
      for (const byte of (await step.work()).subarray(0, 3)) {
        step.reply(Buffer.of(byte));
        await turn();
      }
      expire();
    },
  ],
];

/** What no server says there. */
const strange = ['<html>It works!</html>', '354 Go ahead', '99', '600 So what', '7'].flatMap(
  (text): readonly (readonly [string, Happening])[] => [
    [
      `"${text}" is replied and it was done`,
      async (step, expire) => {
        await step.work();
        step.reply(`${text}\r\n`);
        await turn();
        await turn();
        expire();
      },
    ],
  ],
);

/** What a server says when it does not do it. */
const refusals = [
  '421 4.7.0 Closing connection',
  '451 4.3.0 Try again later',
  '554 5.6.0 Not accepted',
  '550-5.7.1 Not\r\n550 5.7.1 accepted',
].map((text): readonly [string, Happening] => [
  `"${text.replaceAll('\r\n', ' ')}" is replied`,
  (step) => step.refuse(`${text}\r\n`),
]);

describe.each(mailSteps)('tells the truth when at %s', (at: MailStep) => {
  async function meet(happening: Happening) {
    const { expire } = driveLimits();
    const gate = await openMailGate(smtp, certificate, at, (step) => happening(step, expire));
    const { outcome, mails } = await mailAt(gate.port);
    expect(gate.struck()).toBe(1);
    if (outcome === 'published') expect(mails).toBe(1);
    if (outcome === 'failed' || outcome === 'not-sent') expect(mails).toBe(0);
    // Nobody can have a mail that has not even begun.
    if (at !== 'text' && at !== 'dot') expect(outcome).not.toBe('uncertain');
    return outcome;
  }

  it.each(unknowable)('%s', async (_, happening) => {
    await meet(happening);
  });

  const isAnswered = at !== 'handshake' && at !== 'text';
  // At DATA it is no strange one.
  const strangeHere = strange.filter(([name]) => at !== 'DATA' || !name.includes('354'));
  it.runIf(isAnswered).each(strangeHere)('%s', async (_, happening) => {
    await meet(happening);
  });

  it.runIf(isAnswered).each(refusals)('%s, and has no doubt then', async (_, happening) => {
    expect(['failed', 'not-sent']).toContain(await meet(happening));
  });
});

it('is published when the connection breaks off after the reply to the dot', async () => {
  const gate = await openMailGate(smtp, certificate, 'dot', async (step) => {
    step.reply(await step.work());
    step.cut();
  });
  expect(await mailAt(gate.port)).toEqual({ outcome: 'published', mails: 1 });
});

it('is cut off from a reply that has no end, and does not know then', async () => {
  driveLimits();
  const gate = await openMailGate(smtp, certificate, 'dot', async (step) => {
    await step.work();
    for (let part = 0; part < 40; part += 1) step.reply('250-So it goes on\r\n'.repeat(4000));
  });
  expect(await mailAt(gate.port)).toEqual({ outcome: 'uncertain', mails: 1 });
});

describe('has surely not mailed', () => {
  it('when nobody listens', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    const address = server.address();
    const port = typeof address === 'object' ? (address?.port ?? 0) : 0;
    await new Promise((resolve) => server.close(resolve));
    expect(await mailAt(port)).toEqual({ outcome: 'not-sent', mails: 0 });
  });

  it('when the name is not known', async () => {
    const error = Object.assign(new Error('getaddrinfo ENOTFOUND'), { code: 'ENOTFOUND' });
    const fail = (...args: unknown[]) => {
      const done = args.at(-1);
      if (typeof done === 'function') done(error);
    };
    for (const method of ['lookup', 'resolve4', 'resolve6'] as const) {
      vi.spyOn(dns, method).mockImplementation(fail as never);
    }
    onTestFinished(() => void vi.restoreAllMocks());
    expect(await mailAt(smtp.port, 'nobody.invalid')).toEqual({ outcome: 'not-sent', mails: 0 });
  });
});
