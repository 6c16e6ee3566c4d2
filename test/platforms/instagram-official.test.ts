import { mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { createDropboxHost } from '#adapters/dropbox-host.ts';
import { instagramOfficial as platform } from '#platforms/instagram-official.ts';
import type { Notice } from '#ports/owner-chat.ts';
import { startDropbox } from '#simulator/dropbox.ts';
import { createFaults, type Fault } from '#simulator/faults.ts';
import { type GraphCondition, startGraph } from '#simulator/graph.ts';
import { platformContract, publicationOf } from '../contracts/platform-contract.ts';
import { createFakeLog } from '../fakes/log.ts';
import { plainJpeg } from '../fakes/plain-pictures.ts';
import { temporaryFolder } from '../fakes/temporary-folder.ts';
import { createTestClock } from '../test-clock.ts';

const hourMs = 60 * 60 * 1000;
const dayMs = 24 * hourMs;
const since = new Date('2026-11-22T11:59:00Z');

async function openGraph() {
  const faults = createFaults();
  const clock = createTestClock();
  const now = () => clock.now().getTime();
  const service = await startGraph({ faults, now, folder: await temporaryFolder() });
  const dropbox = await startDropbox({ faults, now: clock.now, folder: await temporaryFolder() });
  onTestFinished(async () => {
    await Promise.all([service.close(), dropbox.close()]);
  });
  const { appKey, appSecret, refreshToken } = dropbox;
  const openHost = () => createDropboxHost({ appKey, appSecret, refreshToken, endpoint: dropbox.url });
  const host = openHost();
  const folder = await temporaryFolder();
  const log = createFakeLog();
  const told: Notice[] = [];
  const tell = (notice: Notice) => void told.push(notice);
  /** A platform as after a start of the program. */
  function start(token = service.accessToken, place = host) {
    const context = { folder, log, clock, host: place, endpoint: service.url, tell };
    return platform.create({ INSTAGRAM_ACCESS_TOKEN: token }, context);
  }
  /** The same, with nothing in mind of what was put into Dropbox. */
  const startElsewhere = () => start(service.accessToken, openHost());
  const publisher = start();
  await publisher.upkeep?.();
  return { faults, clock, service, dropbox, folder, log, told, host, start, startElsewhere, publisher };
}

type Open = Awaited<ReturnType<typeof openGraph>>;

const calls = ({ service }: Open, wanted: string) =>
  service.calls.filter(({ operation }) => operation === wanted).length;
const strike = ({ faults }: Open, operation: string, fault: Fault) =>
  faults.add({ service: 'graph', operation, fault, times: 1 });
const lost: Fault = { kind: 'drop', afterWork: true };
const lostBefore: Fault = { kind: 'drop', afterWork: false };

async function attempt({ publisher, service }: Open, changes: Parameters<typeof publicationOf>[0] = {}) {
  const outcome = await publisher.publish(await publicationOf(changes));
  return { outcome, posts: service.posts().length };
}

async function lookFor({ publisher }: Open, changes: Parameters<typeof publicationOf>[0] = {}) {
  return await publisher.look?.(await publicationOf(changes), since);
}

platformContract({
  name: 'Instagram, the official way',
  service: 'graph',
  work: 'media_publish',
  before: ['content_publishing_limit', 'media', 'container'],
  trickleMs: 20,
  async open() {
    const open = await openGraph();
    return {
      ...open,
      published: async () =>
        open.service
          .posts()
          .map(({ caption, picture }) => ({ text: caption, carries: (given) => picture.equals(given) })),
      refuse: () => open.service.setCondition('spam'),
    };
  },
});

describe('publishing to Instagram the official way', () => {
  it('links to the post and says what the picture shows', async () => {
    const open = await openGraph();
    const { outcome } = await attempt(open, { altText: 'A harbour at dusk' });
    const [post] = open.service.posts();
    expect(outcome).toEqual({ outcome: 'published', ref: post?.id, url: post?.permalink });
    expect(post?.altText).toBe('A harbour at dusk');
  });

  it('is published also where the link to it cannot be had', async () => {
    const open = await openGraph();
    strike(open, 'media_item', lost);
    const { outcome } = await attempt(open);
    expect(outcome).toEqual({ outcome: 'published', ref: open.service.posts()[0]?.id });
  });

  it('shortens an alt text that Instagram would refuse', async () => {
    const open = await openGraph();
    expect(await attempt(open, { altText: 'a'.repeat(1200) })).toMatchObject({ posts: 1 });
    expect(open.service.posts()[0]?.altText).toHaveLength(1000);
  });

  it('waits until the container is finished', async () => {
    const open = await openGraph();
    open.service.setLooksInProgress(4);
    expect(await attempt(open)).toMatchObject({ outcome: { outcome: 'published' }, posts: 1 });
    expect(calls(open, 'container')).toBe(5);
    expect(calls(open, 'media_publish')).toBe(1);
  });

  it('gives up for now on a container that does not get finished', async () => {
    const open = await openGraph();
    open.service.setLooksInProgress(100);
    expect(await attempt(open)).toEqual({
      outcome: { outcome: 'not-sent', problem: { kind: 'timeout' } },
      posts: 0,
    });
  });

  it('takes the picture away from Dropbox afterwards', async () => {
    const open = await openGraph();
    await attempt(open);
    await vi.waitFor(() => expect(open.dropbox.files()).toEqual([]), { timeout: 20_000 });
  });

  it('takes the picture away also when Instagram does not want it', async () => {
    const open = await openGraph();
    const picture = await plainJpeg(640, 200);
    const { outcome } = await attempt(open, { picture });
    expect(outcome).toMatchObject({
      outcome: 'failed',
      problem: { kind: 'rejected', detail: expect.stringContaining('aspect ratio') },
    });
    await vi.waitFor(() => expect(open.dropbox.files()).toEqual([]), { timeout: 20_000 });
  });

  it('has surely not sent anything when Dropbox does not take the picture', async () => {
    const open = await openGraph();
    open.dropbox.revoke();
    const { outcome, posts } = await attempt(open);
    const detail = 'the picture could not be handed over: Dropbox: rejected';
    expect(outcome).toMatchObject({ outcome: 'not-sent', problem: { kind: 'unexpected', detail } });
    expect(posts).toBe(0);
  });

  it('tries again later when Instagram cannot fetch the picture, and shows its address to nobody', async () => {
    const open = await openGraph();
    const fault = { kind: 'error', status: 500 } as const;
    open.faults.add({ service: 'dropbox', operation: 'temporary_link', fault });
    const { outcome } = await attempt(open);
    const detail = expect.stringContaining('could not be fetched');
    expect(outcome).toMatchObject({ outcome: 'not-sent', problem: { kind: 'rejected', detail } });
    expect(JSON.stringify(outcome)).not.toContain('127.0.0.1');
  });

  it('reads the quota and waits when it is used up', async () => {
    const open = await openGraph();
    open.service.setQuota(1);
    await attempt(open);
    const { outcome } = await attempt(open, { postId: 'another' });
    expect(outcome).toEqual({
      outcome: 'not-sent',
      problem: { kind: 'rate-limited', detail: '1 of 1 posts of the last 24 hours are used' },
      waitMs: 6 * hourMs,
    });
    expect(open.service.containers()).toBe(1);
    open.clock.advance(dayMs);
    expect(await attempt(open, { postId: 'another' })).toMatchObject({ posts: 2 });
  });

  it('waits as long as Instagram asks', async () => {
    const open = await openGraph();
    strike(open, 'media', { kind: 'rate-limit', retryAfterSeconds: 600 });
    const { outcome } = await attempt(open);
    expect(outcome).toMatchObject({
      outcome: 'not-sent',
      problem: { kind: 'rate-limited' },
      waitMs: 600_000,
    });
  });

  const conditions: readonly (readonly [GraphCondition, string])[] = [
    ['no-permission', 'no-permission'],
    ['restricted', 'check-point'],
    ['spam', 'held-back'],
  ];
  it.each(conditions)('fails when the account is in %s', async (condition, kind) => {
    const open = await openGraph();
    open.service.setCondition(condition);
    expect(await attempt(open)).toMatchObject({
      outcome: { outcome: 'failed', problem: { kind } },
      posts: 0,
    });
  });

  it('fails for a dead token, and repeats it nowhere', async () => {
    const open = await openGraph();
    const outcome = await open.start('IGAAwrong').publish(await publicationOf());
    expect(outcome).toEqual({ outcome: 'failed', problem: { kind: 'signed-out' } });
    open.service.expireTokens();
    expect((await attempt(open)).outcome).toEqual({ outcome: 'failed', problem: { kind: 'signed-out' } });
    expect(JSON.stringify(open.log.lines)).not.toContain('IGAA');
  });

  it.each([
    [2207003, 'not-sent', 'out-of-order'],
    [2207053, 'not-sent', 'out-of-order'],
    [2207026, 'failed', 'rejected'],
  ])('understands a container that ends with %i', async (subcode, outcome, kind) => {
    const open = await openGraph();
    open.service.setFailure(subcode);
    expect(await attempt(open)).toMatchObject({ outcome: { outcome, problem: { kind } }, posts: 0 });
    expect(calls(open, 'media_publish')).toBe(0);
  });

  it.each([500, 503])('is uncertain after status %i for the post itself, and asks once', async (status) => {
    const open = await openGraph();
    strike(open, 'media_publish', { kind: 'error', status, afterWork: true });
    expect(await attempt(open)).toMatchObject({ outcome: { outcome: 'uncertain' }, posts: 1 });
    expect(calls(open, 'media_publish')).toBe(1);
  });

  it('publishes nothing that it could not look for', async () => {
    const open = await openGraph();
    await mkdir(join(open.folder, 'instagram-containers.json.new'));
    expect(await attempt(open)).toMatchObject({ outcome: { outcome: 'not-sent' }, posts: 0 });
    expect(calls(open, 'media_publish')).toBe(0);
  });

  it('publishes two posts at the same time, each with its own picture', async () => {
    const open = await openGraph();
    const publications = await Promise.all([
      publicationOf({ postId: 'a', caption: 'First', picture: await plainJpeg(640, 480, '#ff0000') }),
      publicationOf({ postId: 'b', caption: 'Second', picture: await plainJpeg(640, 480, '#00ff00') }),
    ]);
    await Promise.all(publications.map((each) => open.publisher.publish(each)));
    const byCaption = new Map(open.service.posts().map(({ caption, picture }) => [caption, picture]));
    for (const { caption, picture } of publications) expect(byCaption.get(caption)).toEqual(picture);
  });
});

describe('looking after what an earlier run has left in Dropbox', () => {
  it('takes it away at the start, and asks Dropbox no more than that once', async () => {
    const open = await openGraph();
    await open.host.put(await plainJpeg());
    expect(open.dropbox.files()).toHaveLength(1);
    const publisher = open.startElsewhere();
    await publisher.upkeep?.();
    expect(open.dropbox.files()).toEqual([]);
    const before = open.dropbox.calls.length;
    await publisher.upkeep?.();
    expect(open.dropbox.calls).toHaveLength(before);
  });

  it('leaves it for the next use when Dropbox does not answer', async () => {
    const open = await openGraph();
    await open.host.put(await plainJpeg());
    open.faults.add({ service: 'dropbox', fault: { kind: 'error', status: 500 } });
    const publisher = open.startElsewhere();
    await publisher.upkeep?.();
    open.faults.clear('dropbox');
    expect(await attempt({ ...open, publisher })).toMatchObject({ posts: 1 });
    await vi.waitFor(() => expect(open.dropbox.files()).toEqual([]), { timeout: 20_000 });
  });
});

describe('the check of Instagram the official way', () => {
  it('works without renewing or writing anything', async () => {
    const open = await openGraph();
    open.clock.advance(2 * dayMs);
    const kept = await readFile(join(open.folder, 'instagram-token.json'), 'utf8');
    expect(await open.start().check?.()).toEqual({ state: 'works' });
    expect(await readFile(join(open.folder, 'instagram-token.json'), 'utf8')).toBe(kept);
    expect(open.service.calls.map(({ operation }) => operation)).toEqual(['content_publishing_limit']);
  });

  it('asks with the token of today', async () => {
    const open = await openGraph();
    open.clock.advance(2 * dayMs);
    await open.publisher.upkeep?.();
    for (const publisher of [open.publisher, open.start()]) {
      expect(await publisher.check?.()).toEqual({ state: 'works' });
      const { authorization } = open.service.calls.at(-1)?.headers ?? {};
      expect(authorization).not.toBe(`Bearer ${open.service.accessToken}`);
    }
  });

  it.each<[string, (open: Open) => void, string]>([
    ['the token is dead', ({ service }) => service.expireTokens(), 'signed-out'],
    ['the permission is missing', ({ service }) => service.setCondition('no-permission'), 'no-permission'],
    [
      'Instagram has a fault',
      ({ faults }) => faults.add({ service: 'graph', fault: { kind: 'error', status: 500 } }),
      'out-of-order',
    ],
    [
      'Instagram cannot be reached',
      ({ faults }) => faults.add({ service: 'graph', fault: { kind: 'drop', afterWork: false } }),
      'unreachable',
    ],
  ])('says what is wrong when %s', async (_, spoil, kind) => {
    const open = await openGraph();
    spoil(open);
    expect(await open.publisher.check?.()).toMatchObject({ state: 'broken', problem: { kind } });
  });
});

describe('looking for a post on Instagram the official way', () => {
  it('finds what was published when the answer was lost, also after a restart', async () => {
    const open = await openGraph();
    strike(open, 'media_publish', lost);
    expect(await attempt(open)).toMatchObject({ outcome: { outcome: 'uncertain' }, posts: 1 });
    const [post] = open.service.posts();
    const found = { found: 'there', ref: post?.id, url: post?.permalink };
    expect(await lookFor(open)).toEqual(found);
    expect(await lookFor({ ...open, publisher: open.start() })).toEqual(found);
  });

  it('knows that it is there also where it does not find which one', async () => {
    const open = await openGraph();
    strike(open, 'media_publish', lost);
    await attempt(open);
    expect(await lookFor(open, { caption: 'Somebody has changed it' })).toMatchObject({ found: 'there' });
  });

  it('knows that it is not there when the request never arrived', async () => {
    const open = await openGraph();
    strike(open, 'media_publish', lostBefore);
    expect(await attempt(open)).toMatchObject({ outcome: { outcome: 'uncertain' }, posts: 0 });
    expect(await lookFor(open)).toEqual({ found: 'absent' });
    open.clock.advance(25 * hourMs);
    expect(await lookFor(open)).toEqual({ found: 'absent' });
  });

  it('takes the same container again, which can be published only once', async () => {
    const open = await openGraph();
    strike(open, 'media_publish', lostBefore);
    await attempt(open);
    expect(await attempt(open)).toMatchObject({ outcome: { outcome: 'published' }, posts: 1 });
    expect(open.service.containers()).toBe(1);
  });

  it('publishes nothing again that came out after all', async () => {
    const open = await openGraph();
    strike(open, 'media_publish', lost);
    await attempt(open);
    const [post] = open.service.posts();
    const outcome = { outcome: 'published', ref: post?.id, url: post?.permalink };
    expect(await attempt(open)).toEqual({ outcome, posts: 1 });
  });

  it('does not publish again what Meta says is published, in whichever round', async () => {
    const open = await openGraph();
    await attempt(open);
    expect(await attempt(open, { round: 2 })).toMatchObject({ outcome: { outcome: 'published' }, posts: 1 });
  });

  it('makes a new container when the earlier one is too old', async () => {
    const open = await openGraph();
    strike(open, 'media_publish', lostBefore);
    await attempt(open);
    open.clock.advance(25 * hourMs);
    expect(await attempt(open)).toMatchObject({ outcome: { outcome: 'published' }, posts: 1 });
    expect(open.service.containers()).toBe(2);
  });

  it('knows that nothing left when the program ended before', async () => {
    const open = await openGraph();
    strike(open, 'media', lost);
    await attempt(open);
    expect(await lookFor(open)).toEqual({ found: 'absent' });
  });

  it('cannot tell about a post of which it knows nothing', async () => {
    const open = await openGraph();
    expect(await lookFor(open)).toEqual({ found: 'unclear' });
    strike(open, 'media_publish', lost);
    await attempt(open);
    await writeFile(join(open.folder, 'instagram-containers.json'), '{"2026');
    expect(await lookFor(open)).toEqual({ found: 'unclear' });
  });

  it('cannot tell while Instagram does not answer', async () => {
    const open = await openGraph();
    strike(open, 'media_publish', lost);
    await attempt(open);
    strike(open, 'container', { kind: 'error', status: 503 });
    expect(await lookFor(open)).toEqual({ found: 'unclear' });
    open.service.expireTokens();
    expect(await lookFor(open)).toEqual({ found: 'unclear' });
  });
});

describe('the token of Instagram the official way', () => {
  const path = ({ folder }: Open) => join(folder, 'instagram-token.json');
  const refreshes = (open: Open) => calls(open, 'refresh_access_token');

  /** One that has been known for this long, and is asked for a post. */
  async function publishAfter(open: Open, ms: number, postId: string) {
    await attempt(open, { postId: `${postId}-before` });
    open.clock.advance(ms);
    return await attempt(open, { postId });
  }

  it('is left alone on its first day', async () => {
    const open = await openGraph();
    await publishAfter(open, 23 * hourMs, 'a');
    expect(refreshes(open)).toBe(0);
  });

  it('is refreshed after a day, then once a week, and kept over a restart', async () => {
    const open = await openGraph();
    await publishAfter(open, dayMs, 'a');
    expect(refreshes(open)).toBe(1);
    expect(await publishAfter(open, 6 * dayMs, 'b')).toMatchObject({ outcome: { outcome: 'published' } });
    expect(refreshes(open)).toBe(1);
    await publishAfter({ ...open, publisher: open.start() }, 2 * dayMs, 'c');
    expect(refreshes(open)).toBe(2);
  });

  it('lives on for years without a post and without a restart', async () => {
    const open = await openGraph();
    for (let day = 1; day <= 800; day += 1) {
      open.clock.advance(dayMs);
      await open.publisher.upkeep?.();
    }
    expect(refreshes(open)).toBeLessThan(120);
    expect(await attempt(open)).toMatchObject({ outcome: { outcome: 'published' } });
  });

  it('is asked for once a day at most, however often it is looked after', async () => {
    const open = await openGraph();
    open.clock.advance(dayMs);
    const fault = { kind: 'error', status: 500 } as const;
    open.faults.add({ service: 'graph', operation: 'refresh_access_token', fault });
    for (let minute = 1; minute <= 60; minute += 1) await open.publisher.upkeep?.();
    expect(refreshes(open)).toBe(1);
  });

  it('is refreshed once for two posts at the same time', async () => {
    const open = await openGraph();
    await attempt(open);
    open.clock.advance(2 * dayMs);
    await Promise.all([attempt(open, { postId: 'a' }), attempt(open, { postId: 'b' })]);
    expect(refreshes(open)).toBe(1);
  });

  it('is kept readable for us alone, and shown nowhere', async () => {
    const before = process.umask(0);
    onTestFinished(() => void process.umask(before));
    const open = await openGraph();
    await publishAfter(open, dayMs, 'a');
    expect((await stat(path(open))).mode & 0o777).toBe(0o600);
    const kept = await readFile(path(open), 'utf8');
    expect(kept).toContain('IGAA');
    expect(kept).not.toContain(open.service.accessToken);
    expect(JSON.stringify(open.log.lines)).not.toContain('IGAA');
  });

  it('begins anew when another one is in the settings', async () => {
    const open = await openGraph();
    await publishAfter(open, dayMs, 'a');
    const token = open.service.createToken();
    await open.start(token).publish(await publicationOf({ postId: 'b' }));
    const last = open.service.calls.at(-1);
    expect(last?.headers.authorization).toBe(`Bearer ${token}`);
  });

  it('warns when it cannot be refreshed, goes on with the old one and asks again the next day', async () => {
    const open = await openGraph();
    open.faults.add({
      service: 'graph',
      operation: 'refresh_access_token',
      fault: { kind: 'error', status: 500 },
    });
    expect(await publishAfter(open, dayMs, 'a')).toMatchObject({ outcome: { outcome: 'published' } });
    const warnings = () => open.log.lines.filter(({ level }) => level === 'warn');
    expect(warnings()).toMatchObject([
      { fields: { problem: 'out-of-order' }, message: 'The Instagram token could not be refreshed' },
    ]);
    await attempt(open, { postId: 'b' });
    expect(refreshes(open)).toBe(1);
    open.clock.advance(dayMs);
    await attempt(open, { postId: 'c' });
    expect(warnings()).toHaveLength(2);
    // The owner hears of it once, also after a restart; and once more when it could be renewed in between.
    const notice = { kind: 'token-not-renewed', service: 'Instagram', daysLeft: 59 };
    expect(open.told).toEqual([notice]);
    open.clock.advance(dayMs);
    await attempt({ ...open, publisher: open.start() }, { postId: 'd' });
    expect(open.told).toEqual([notice]);
    open.faults.clear('graph');
    open.clock.advance(dayMs);
    await attempt(open, { postId: 'e' });
    open.faults.add({
      service: 'graph',
      operation: 'refresh_access_token',
      fault: { kind: 'error', status: 500 },
    });
    open.clock.advance(8 * dayMs);
    await attempt(open, { postId: 'f' });
    expect(open.told).toMatchObject([notice, { daysLeft: 52 }]);
  });

  it.each(['', 'null', '{"configured":7}'])('begins anew when the file is %j', async (content) => {
    const open = await openGraph();
    await writeFile(path(open), content);
    expect(await attempt({ ...open, publisher: open.start() })).toMatchObject({ posts: 1 });
  });
});
