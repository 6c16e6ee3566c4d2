import { expect, it, onTestFinished } from 'vitest';
import { telegram as platform } from '#platforms/telegram.ts';
import { createFaults } from '#simulator/faults.ts';
import { startTelegram } from '#simulator/telegram/telegram.ts';
import { publicationOf } from '../contracts/platform-contract.ts';
import { createFakeLog } from '../fakes/log.ts';
import { ownServer } from '../fakes/own-server.ts';
import { plainJpeg } from '../fakes/plain-pictures.ts';
import { temporaryFolder } from '../fakes/temporary-folder.ts';
import { createTestClock } from '../test-clock.ts';

const hourMs = 60 * 60 * 1000;

/** A channel with one post, the first ever, and the time at which it is. */
async function openPublished() {
  const clock = createTestClock();
  const at = clock.now();
  let laterMs = 0;
  const now = () => at.getTime() + laterMs;
  const service = await startTelegram({ faults: createFaults(), folder: await temporaryFolder(), now });
  onTestFinished(() => service.close());
  const folder = await temporaryFolder();
  function start(channel: string | number = `@${service.channel.username}`, root = service.url) {
    const settings = {
      TELEGRAM_BOT_TOKEN: service.token,
      TELEGRAM_CHANNEL_ID: String(channel),
      TELEGRAM_API_ROOT: root,
    };
    const log = createFakeLog();
    return platform.create(settings, { folder, log, clock: { ...clock, now: () => new Date(now()) } });
  }
  const publisher = start();
  const { postId } = await publicationOf();
  const outcome = await publisher.publish(await publicationOf());
  const post = { postId, ref: outcome.outcome === 'published' ? outcome.ref : '', at };
  return {
    ...{ service, start, publisher, post },
    follow: async () =>
      await publisher.sendFullSize?.({ postId, ref: post.ref, picture: await plainJpeg(3000, 2000) }),
    left: () => service.channelPosts().length,
    pass: (ms: number) => {
      laterMs += ms;
    },
  };
}

it('takes the file in full size down too, also after a restart, in one call', async () => {
  const { follow, start, post, left, service } = await openPublished();
  expect(await follow()).toBe('sent');
  expect(left()).toBe(2);
  expect(await start().withdraw?.(post)).toEqual({ withdrawal: 'withdrawn' });
  expect(left()).toBe(0);
  expect(service.calls.filter(({ operation }) => operation.startsWith('delete'))).toHaveLength(1);
});

it.each([
  [48 * hourMs - 1000, 'withdrawn', 0],
  [48 * hourMs, 'refused', 2],
])('takes posts down that are younger than 48 hours (%i ms)', async (ageMs, withdrawal, left) => {
  const opened = await openPublished();
  await opened.follow();
  opened.pass(ageMs);
  expect(await opened.publisher.withdraw?.(opened.post)).toMatchObject({
    withdrawal,
    ...(withdrawal === 'refused' && {
      problem: { kind: 'rejected', detail: "Bad Request: message can't be deleted" },
    }),
  });
  expect(opened.left()).toBe(left);
});

it.each(['member', 'left', 'kicked'] as const)('says that the bot may not: it is %s', async (status) => {
  const { service, publisher, post, left } = await openPublished();
  service.setBotInChannel(status);
  expect(await publisher.withdraw?.(post)).toMatchObject({
    withdrawal: 'refused',
    problem: { kind: 'no-permission' },
  });
  expect(left()).toBe(1);
});

it('tells a right that is missing from a post that is too old', async () => {
  const { start, post } = await openPublished();
  const description = "Bad Request: message can't be deleted";
  const { url } = await ownServer(() => ({ status: 400, body: { ok: false, error_code: 400, description } }));
  expect(await start(undefined, url).withdraw?.(post)).toEqual({
    withdrawal: 'refused',
    problem: { kind: 'no-permission', detail: description },
  });
});

it('touches nothing in a channel that was set since', async () => {
  const { service, start, post, left } = await openPublished();
  expect(await start(service.channel.id).withdraw?.(post)).toMatchObject({
    withdrawal: 'refused',
    problem: { kind: 'not-found' },
  });
  expect(left()).toBe(1);
});

it('knows that the post is still there when nobody listens', async () => {
  const { service, publisher, post } = await openPublished();
  await service.close();
  expect(await publisher.withdraw?.(post)).toEqual({
    withdrawal: 'refused',
    problem: { kind: 'unreachable' },
  });
});
