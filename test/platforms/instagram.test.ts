import { mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:https';
import { join } from 'node:path';
import { expect, it, onTestFinished, vi } from 'vitest';
import { instagram as platform } from '#platforms/instagram.ts';
import { createFaults } from '#simulator/faults.ts';
import type { AccountCondition } from '#simulator/instagram/account.ts';
import { startInstagram } from '#simulator/instagram.ts';
import { loadCertificate } from '#simulator/smtp/certificate.ts';
import { platformContract, publicationOf } from '../contracts/platform-contract.ts';
import { createFakeLog } from '../fakes/log.ts';
import { plainJpeg } from '../fakes/plain-pictures.ts';
import { temporaryFolder } from '../fakes/temporary-folder.ts';

async function openInstagram(settings: Readonly<Record<string, unknown>> = {}) {
  const faults = createFaults();
  const service = await startInstagram({ faults, folder: await temporaryFolder() });
  onTestFinished(() => service.close());
  const folder = await temporaryFolder();
  const log = createFakeLog();
  /** A platform as after a start of the program. */
  function start(changes: Readonly<Record<string, unknown>> = settings) {
    const given = {
      INSTAGRAM_USERNAME: service.username,
      INSTAGRAM_PASSWORD: service.password,
      ...changes,
    };
    return platform.create(given, { folder, log, endpoint: service.url });
  }
  return { faults, service, folder, log, start, publisher: start() };
}

type Instagram = Awaited<ReturnType<typeof openInstagram>>;

async function attempt({ publisher, service }: Instagram) {
  const outcome = await publisher.publish(await publicationOf());
  return { outcome, posts: service.posts().length };
}

/** One with a session, as it is after a first post. */
async function openSignedIn(): Promise<Instagram> {
  const instagram = await openInstagram();
  expect(await attempt(instagram)).toMatchObject({ outcome: { outcome: 'published' }, posts: 1 });
  expect(instagram.service.logins).toBe(1);
  return instagram;
}

const calls = ({ service }: Instagram, wanted: string) =>
  service.calls.filter(({ operation }) => operation === wanted).length;

platformContract({
  name: 'Instagram',
  service: 'instagram',
  work: 'configure',
  before: ['qe_sync', 'login', 'upload'],
  trickleMs: 5,
  async open() {
    const instagram = await openInstagram();
    return {
      ...instagram,
      published: async () =>
        instagram.service
          .posts()
          .map(({ caption, picture }) => ({ text: caption, carries: (given) => picture.equals(given) })),
      refuse: () => instagram.service.setCondition('feedback-required'),
    };
  },
});

it('links to the post', async () => {
  const instagram = await openInstagram();
  const { outcome } = await attempt(instagram);
  const [post] = instagram.service.posts();
  const url = `https://www.instagram.com/p/${post?.code}/`;
  expect(outcome).toEqual({ outcome: 'published', ref: post?.id, url });
});

it('logs in with the password once and lives on its session, also after a restart', async () => {
  const instagram = await openSignedIn();
  await attempt(instagram);
  const restarted = {
    ...instagram,
    publisher: instagram.start({ INSTAGRAM_PASSWORD: 'not known any more' }),
  };
  expect(await attempt(restarted)).toMatchObject({ outcome: { outcome: 'published' }, posts: 3 });
  expect(instagram.service.logins).toBe(1);
});

async function publishTwo({ publisher }: Instagram) {
  const publications = await Promise.all([
    publicationOf({ caption: 'First', picture: await plainJpeg(640, 480, '#ff0000') }),
    publicationOf({ caption: 'Second', picture: await plainJpeg(640, 480, '#00ff00') }),
  ]);
  return { publications, outcomes: await Promise.all(publications.map((each) => publisher.publish(each))) };
}

it('logs in once for two posts at the same time', async () => {
  const instagram = await openInstagram();
  await publishTwo(instagram);
  expect(instagram.service.logins).toBe(1);
});

// src/platforms/instagram.ts, publish: the package names an upload by the millisecond, so two can get one name.
it('publishes two posts at the same time, each with its own picture', async () => {
  const instagram = await openInstagram();
  vi.spyOn(Date, 'now').mockReturnValue(1_795_348_800_000);
  onTestFinished(() => void vi.restoreAllMocks());
  const { publications } = await publishTwo(instagram);
  const byCaption = new Map(instagram.service.posts().map(({ caption, picture }) => [caption, picture]));
  for (const { caption, picture } of publications) expect(byCaption.get(caption)).toEqual(picture);
});

it('keeps the session readable for us alone, and the password nowhere', async () => {
  const before = process.umask(0);
  onTestFinished(() => void process.umask(before));
  const { folder, service, log } = await openSignedIn();
  const path = join(folder, 'instagram-session.json');
  expect((await stat(path)).mode & 0o777).toBe(0o600);
  const kept = await readFile(path, 'utf8');
  expect(kept).toContain('sessionid');
  for (const text of [kept, JSON.stringify(log.lines)]) expect(text).not.toContain(service.password);
});

it.each(['', '{"cookies":', 'null', '[]', '{"cookies":7}'])(
  'signs in anew when the kept session is %j',
  async (content) => {
    const instagram = await openInstagram();
    await writeFile(join(instagram.folder, 'instagram-session.json'), content);
    expect(await attempt(instagram)).toMatchObject({ outcome: { outcome: 'published' } });
    expect(instagram.service.logins).toBe(1);
  },
);

const conditionsAtLogin: readonly (readonly [AccountCondition, string])[] = [
  ['checkpoint', 'check-point'],
  ['challenge', 'check-point'],
  ['needs-upgrade', 'check-point'],
  ['two-factor', 'check-point'],
  ['please-wait', 'rate-limited'],
  ['feedback-required', 'held-back'],
];
it.each(conditionsAtLogin)('fails after one login when the account is in %s', async (condition, kind) => {
  const instagram = await openInstagram();
  instagram.service.setCondition(condition);
  expect(await attempt(instagram)).toMatchObject({
    outcome: { outcome: 'failed', problem: { kind } },
    posts: 0,
  });
  expect(instagram.service.logins).toBe(1);
});

const conditionsOfSession = [...conditionsAtLogin.filter(([name]) => name !== 'two-factor')];
it.each([...conditionsOfSession, ['logged-out', 'signed-out'] as const])(
  'fails without a new login when the account gets into %s',
  async (condition, kind) => {
    const instagram = await openSignedIn();
    instagram.service.setCondition(condition);
    expect(await attempt(instagram)).toMatchObject({
      outcome: { outcome: 'failed', problem: { kind } },
      posts: 1,
    });
    expect(instagram.service.logins).toBe(1);
  },
);

it('starts with the password again at the attempt after a session has ended', async () => {
  const instagram = await openSignedIn();
  instagram.service.setCondition('logged-out');
  await attempt(instagram);
  expect(await attempt(instagram)).toMatchObject({ outcome: { outcome: 'published' }, posts: 2 });
  expect(instagram.service.logins).toBe(2);
});

it('goes on with its session where a login would want a second factor', async () => {
  const instagram = await openSignedIn();
  instagram.service.setCondition('two-factor');
  expect(await attempt(instagram)).toMatchObject({ outcome: { outcome: 'published' }, posts: 2 });
});

it('fails for a wrong password after one login', async () => {
  const instagram = await openInstagram({ INSTAGRAM_PASSWORD: 'a wrong one' });
  const { outcome } = await attempt(instagram);
  expect(outcome).toMatchObject({ outcome: 'failed', problem: { kind: 'signed-out' } });
  expect(JSON.stringify(outcome)).not.toContain('a wrong one');
  expect(instagram.service.logins).toBe(1);
});

it('tries a refused password again only when the owner asks for it', async () => {
  const { publisher, service } = await openInstagram({ INSTAGRAM_PASSWORD: 'a wrong one' });
  for (const round of [1, 1]) {
    expect(await publisher.publish(await publicationOf({ round }))).toMatchObject({
      outcome: 'failed',
      problem: { kind: 'signed-out' },
    });
    expect(service.logins).toBe(1);
  }
  await publisher.publish(await publicationOf({ round: 2 }));
  expect(service.logins).toBe(2);
});

it('does not repeat a login whose answer got lost', async () => {
  const instagram = await openInstagram();
  const fault = { kind: 'drop', afterWork: true } as const;
  instagram.faults.add({ service: 'instagram', operation: 'login', fault, times: 1 });
  expect(await attempt(instagram)).toMatchObject({ outcome: { outcome: 'failed' }, posts: 0 });
  expect(instagram.service.logins).toBe(1);
});

it('has surely not sent anything when the upload is dropped, and says so', async () => {
  const instagram = await openSignedIn();
  const fault = { kind: 'drop', afterWork: true } as const;
  instagram.faults.add({ service: 'instagram', operation: 'upload', fault, times: 1 });
  expect(await attempt(instagram)).toMatchObject({
    outcome: { outcome: 'not-sent', problem: { kind: 'unreachable' } },
    posts: 1,
  });
  expect(calls(instagram, 'configure')).toBe(1);
});

it.each([500, 502, 503])(
  'is uncertain after status %i for the post itself, and asks once',
  async (status) => {
    const instagram = await openSignedIn();
    const fault = { kind: 'error', status, afterWork: true } as const;
    instagram.faults.add({ service: 'instagram', operation: 'configure', fault });
    expect(await attempt(instagram)).toMatchObject({
      outcome: { outcome: 'uncertain', problem: { kind: 'out-of-order' } },
      posts: 2,
    });
    expect(calls(instagram, 'configure')).toBe(2);
  },
);

it('knows that nothing was sent when nobody listens there', async () => {
  const instagram = await openSignedIn();
  await instagram.service.close();
  const { outcome } = await attempt(instagram);
  expect(outcome).toMatchObject({ outcome: 'not-sent', problem: { kind: 'unreachable' } });
});

/** Makes every later try to keep the session fail, as a full disk does. */
const fillDisk = ({ folder }: Instagram) => mkdir(join(folder, 'instagram-session.json.new'));

it('never calls a post failed that is out, also when the session cannot be kept', async () => {
  const instagram = await openSignedIn();
  await fillDisk(instagram);
  const { outcome, posts } = await attempt(instagram);
  expect(posts).toBe(2);
  expect(outcome).toMatchObject({ outcome: 'published' });
});

it('does not log in again and again when the session cannot be kept', async () => {
  const instagram = await openInstagram();
  await fillDisk(instagram);
  await attempt(instagram);
  await attempt(instagram);
  expect(instagram.service.logins).toBe(1);
});

it('refuses to talk to a server with a certificate that nobody vouches for', async () => {
  const { certificate, key } = await loadCertificate(await temporaryFolder());
  let requests = 0;
  const server = createServer({ cert: certificate, key }, (_, response) => {
    requests += 1;
    response.end('{}');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  const address = server.address();
  const endpoint = `https://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`;
  const folder = await temporaryFolder();
  const settings = { INSTAGRAM_USERNAME: 'somebody', INSTAGRAM_PASSWORD: 'secret' };
  const publisher = platform.create(settings, { folder, log: createFakeLog(), endpoint });
  const outcome = await publisher.publish(await publicationOf());
  expect(outcome).toMatchObject({ problem: { kind: 'unreachable' } });
  expect(['failed', 'not-sent']).toContain(outcome.outcome);
  expect(requests).toBe(0);
});
