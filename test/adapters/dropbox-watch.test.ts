import { expect, it, onTestFinished } from 'vitest';
import type { Fault } from '#simulator/faults.ts';
import { untilAsleep } from '../fakes/asleep.ts';
import { calls, type OpenDropbox, openDropbox, openWithPhoto, strike } from '../fakes/open-dropbox.ts';
import { ownServer } from '../fakes/own-server.ts';
import { shortenLimits } from '../fakes/short-limits.ts';

const longpoll = 'files/list_folder/longpoll';

/** Watches until the test is over. */
function watch({ library }: Pick<OpenDropbox, 'library'>) {
  const over = new AbortController();
  let changes = 0;
  const done = library.watch(() => {
    changes += 1;
  }, over.signal);
  async function stop(): Promise<void> {
    over.abort();
    await done;
  }
  onTestFinished(stop);
  return { changes: () => changes, stop };
}

const untilPolled = ({ service }: OpenDropbox, times: number) =>
  expect.poll(() => calls(service, longpoll), { interval: 5, timeout: 3000 }).toBe(times);

it('tells of each change as it comes, and has the listing up to date', async () => {
  const opened = await openWithPhoto();
  const { service, library } = opened;
  const { changes } = watch(opened);
  await untilPolled(opened, 1);
  const before = changes();
  service.put('/Photos/Dawn.jpg', Buffer.from('dawn'));
  await expect.poll(changes, { interval: 5 }).toBe(before + 1);
  await untilPolled(opened, 2);
  service.remove('/Photos/Dusk.jpg');
  await expect.poll(changes, { interval: 5 }).toBe(before + 2);
  // One at the beginning, one for each change.
  expect(calls(service, 'files/list_folder/continue')).toBe(3);
  expect((await library.list()).map(({ name }) => name)).toEqual(['Dawn.jpg']);
  expect(calls(service, 'files/list_folder')).toBe(1);
});

it('tells also of a change that somebody else has listed first', async () => {
  const opened = await openWithPhoto();
  opened.faults.setLatency('dropbox', 30, longpoll);
  const { changes } = watch(opened);
  await untilPolled(opened, 1);
  const before = changes();
  opened.service.put('/Photos/Dawn.jpg', Buffer.from('dawn'));
  expect(await opened.library.list()).toHaveLength(2);
  await expect.poll(changes, { interval: 5 }).toBe(before + 1);
  await untilPolled(opened, 2);
  expect(opened.clock.sleepers()).toBe(0);
});

it('tells of a change that has come while an older answer was on its way', async () => {
  const opened = await openWithPhoto();
  const { changes } = watch(opened);
  await untilPolled(opened, 1);
  const before = changes();
  const asked = calls(opened.service, 'files/list_folder/continue');
  strike(opened, 'files/list_folder/continue', { kind: 'slow', ms: 100 }, 1);
  const older = opened.library.list();
  await expect
    .poll(() => calls(opened.service, 'files/list_folder/continue'), { interval: 5 })
    .toBe(asked + 1);
  opened.service.put('/Photos/Dawn.jpg', Buffer.from('dawn'));
  expect(await older).toHaveLength(1);
  await expect.poll(changes, { interval: 5 }).toBe(before + 1);
  await untilPolled(opened, 2);
  expect(opened.clock.sleepers()).toBe(0);
});

it('asks without a token, and ends at once when it is stopped', async () => {
  const opened = await openWithPhoto();
  const { stop } = watch(opened);
  await untilPolled(opened, 1);
  expect(opened.service.calls.at(-1)?.headers.authorization).toBeUndefined();
  const before = performance.now();
  await stop();
  expect(performance.now() - before).toBeLessThan(500);
});

it('ends at once also while a listing hangs', async () => {
  const opened = await openDropbox();
  strike(opened, 'files/list_folder', { kind: 'hang' });
  const { stop } = watch(opened);
  await expect.poll(() => calls(opened.service, 'files/list_folder')).toBe(1);
  const before = performance.now();
  await stop();
  expect(performance.now() - before).toBeLessThan(500);
});

it('stays away as long as Dropbox wants', async () => {
  const opened = await openWithPhoto();
  opened.service.setBackoff(90);
  const { changes } = watch(opened);
  await untilPolled(opened, 1);
  const before = changes();
  opened.service.put('/Photos/Dawn.jpg', Buffer.from('dawn'));
  await untilAsleep(opened.clock);
  expect(changes()).toBe(before + 1);
  opened.clock.advance(89_999);
  expect(opened.clock.sleepers()).toBe(1);
  expect(calls(opened.service, longpoll)).toBe(1);
  opened.clock.advance(1);
  await untilPolled(opened, 2);
});

it('tells also of what somebody else has listed while it stayed away', async () => {
  const opened = await openWithPhoto();
  opened.service.setBackoff(90);
  const { changes } = watch(opened);
  await untilPolled(opened, 1);
  opened.service.put('/Photos/Dawn.jpg', Buffer.from('dawn'));
  await untilAsleep(opened.clock);
  const before = changes();
  opened.service.put('/Photos/Noon.jpg', Buffer.from('noon'));
  expect(await opened.library.list()).toHaveLength(3);
  opened.clock.advance(90_000);
  await expect.poll(changes, { interval: 5 }).toBe(before + 1);
});

const troubles: readonly (readonly [string, Fault])[] = [
  ['an error of the server', { kind: 'error', status: 500 }],
  ['a dropped connection', { kind: 'drop', afterWork: false }],
  ['a rate limit', { kind: 'rate-limit', retryAfterSeconds: 20 }],
];
it.each(troubles)('pauses after %s and is back within a minute', async (_, fault) => {
  const opened = await openWithPhoto();
  strike(opened, longpoll, fault, 2);
  const { changes } = watch(opened);
  await untilAsleep(opened.clock);
  opened.service.put('/Photos/Dawn.jpg', Buffer.from('dawn'));
  const before = changes();
  opened.clock.advance(30_000);
  await expect.poll(changes, { interval: 5 }).toBe(before + 1);
  await untilAsleep(opened.clock);
  opened.clock.advance(60_000);
  await untilPolled(opened, 3);
});

it('waits as long as a rate limit says', async () => {
  const opened = await openWithPhoto();
  strike(opened, longpoll, { kind: 'rate-limit', retryAfterSeconds: 300 }, 1);
  watch(opened);
  await untilAsleep(opened.clock);
  opened.clock.advance(299_999);
  expect(opened.clock.sleepers()).toBe(1);
  opened.clock.advance(1);
  await untilPolled(opened, 2);
});

it('gives up a connection that has died silently', async () => {
  shortenLimits(400);
  const opened = await openWithPhoto();
  strike(opened, longpoll, { kind: 'hang' }, 1);
  watch(opened);
  await untilAsleep(opened.clock);
  opened.clock.advance(30_000);
  await untilPolled(opened, 2);
});

it('lists anew where its cursor is forgotten while it waits', async () => {
  const opened = await openWithPhoto();
  const { changes } = watch(opened);
  await untilPolled(opened, 1);
  const before = changes();
  opened.service.invalidateCursors();
  await untilPolled(opened, 2);
  expect(changes()).toBe(before + 1);
  expect(calls(opened.service, 'files/list_folder')).toBe(2);
});

it('does not hurry when changes are reported and none are found', async () => {
  const { start, clock } = await openDropbox();
  let polls = 0;
  const { url } = await ownServer(({ path }) => {
    if (path.endsWith('/longpoll')) polls += 1;
    const token = { access_token: 'sl.u.x', token_type: 'bearer', expires_in: 14_400 };
    const page = { entries: [], cursor: 'always the same', has_more: false };
    return { status: 200, body: { ...token, ...page, changes: true } };
  });
  watch({ library: start({ endpoint: url }) });
  await untilAsleep(clock);
  expect(polls).toBe(1);
  clock.advance(30_000);
  await untilAsleep(clock);
  expect(polls).toBe(2);
});
