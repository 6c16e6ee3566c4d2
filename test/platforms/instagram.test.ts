import { mkdir } from 'node:fs/promises';
import { createServer } from 'node:https';
import { join } from 'node:path';
import { expect, it, onTestFinished, vi } from 'vitest';
import { instagram as platform } from '#platforms/instagram.ts';
import { loadCertificate } from '#simulator/smtp/certificate.ts';
import { platformContract, publicationOf } from '../contracts/platform-contract.ts';
import { createFakeLog } from '../fakes/log.ts';
import { attempt, calls, type Instagram, openInstagram, openSignedIn } from '../fakes/open-instagram.ts';
import { plainJpeg } from '../fakes/plain-pictures.ts';
import { temporaryFolder } from '../fakes/temporary-folder.ts';

platformContract({
  name: 'Instagram',
  service: 'instagram',
  work: 'configure',
  before: ['qe_sync', 'login', 'upload'],
  trickleMs: 5,
  takeDown: 'delete',
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
    publisher: instagram.start(),
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

it('does not repeat a login whose answer got lost', async () => {
  const instagram = await openInstagram();
  const fault = { kind: 'drop', afterWork: true } as const;
  instagram.faults.add({ service: 'instagram', operation: 'login', fault, times: 1 });
  expect(await attempt(instagram)).toMatchObject({ outcome: { outcome: 'failed' }, posts: 0 });
  expect(instagram.service.logins).toBe(1);
});

it('says what the picture shows to those who cannot see it', async () => {
  const { publisher, service } = await openInstagram();
  const altText = `A lighthouse at dusk 🌊${'!'.repeat(2000)}`;
  for (const said of [{ altText }, {}]) await publisher.publish(await publicationOf(said));
  const [described, bare] = service.posts();
  expect(described?.altText).toBe([...altText].slice(0, 1000).join(''));
  expect(bare).not.toHaveProperty('altText');
});

it('is the version of the app that the owner sets, also with a kept session', async () => {
  const instagram = await openSignedIn();
  const changes = { INSTAGRAM_APP_VERSION: '347.0.0.43.109', INSTAGRAM_APP_VERSION_CODE: '614918025' };
  await attempt({ ...instagram, publisher: instagram.start(changes) });
  const [first, ...others] = instagram.service.calls.map(({ headers }) => headers['user-agent'] ?? '');
  expect(first).toMatch(/^Instagram 222\..*; 350696709\)$/);
  expect(others.at(-1)).toMatch(/^Instagram 347\.0\.0\.43\.109 Android .*; 614918025\)$/);
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

it('takes down nothing of another account, and asks nothing without a session', async () => {
  const instagram = await openSignedIn();
  const post = { postId: 'a', ref: '3500000000000000000_42', at: new Date() };
  expect(await instagram.publisher.withdraw?.(post)).toMatchObject({
    withdrawal: 'refused',
    problem: { kind: 'not-found' },
  });
  expect(calls(instagram, 'delete')).toBe(0);
  const fresh = await openInstagram();
  expect(await fresh.publisher.withdraw?.(post)).toMatchObject({
    withdrawal: 'refused',
    problem: { kind: 'signed-out' },
  });
  expect(fresh.service.calls).toEqual([]);
});

it('leaves Instagram alone after it has refused to take a post down', async () => {
  const instagram = await openSignedIn();
  const post = { postId: 'a', ref: instagram.service.posts()[0]?.id ?? '', at: new Date() };
  instagram.service.setCondition('feedback-required');
  for (const kind of ['held-back', 'held-back']) {
    expect(await instagram.publisher.withdraw?.(post)).toMatchObject({
      withdrawal: 'refused',
      problem: { kind },
    });
  }
  expect(calls(instagram, 'delete')).toBe(1);
});
