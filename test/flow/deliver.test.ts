import { expect, it } from 'vitest';
import { openStore } from '#adapters/lowdb.ts';
import { deliver } from '#flow/publish/deliver.ts';
import type { Outcome } from '#ports/platform.ts';
import type { Delivery } from '#post/delivery.ts';
import { createFakeLog } from '../fakes/log.ts';
import { deliveryIn, postIn } from '../fakes/posts.ts';
import { adding } from '../fakes/store-posts.ts';
import { temporaryFolder } from '../fakes/temporary-folder.ts';
import { createTestClock } from '../test-clock.ts';

/** What becomes of a delivery that was tried so often before, when the platform answers this. */
async function delivered(attempts: number, outcome: Outcome): Promise<Delivery | undefined> {
  const clock = createTestClock();
  const { store } = await openStore(await temporaryFolder(), clock);
  const post = postIn('publishing', { deliveries: { telegram: deliveryIn('waiting', { attempts }) } });
  await store.change(adding(post));
  const limits = {
    pictureLimits: { maxBytes: 1, maxLongEdge: 1, minWidth: 1, minRatio: 0, maxRatio: 1 },
    captionLimits: { maxLength: 1, maxHashtags: 1 },
  };
  const ports = {
    store,
    clock,
    log: createFakeLog(),
    pictures: {
      keep: async () => '',
      read: async () => Buffer.from(''),
      remove: async () => undefined,
      keepOnly: async () => undefined,
    },
    platforms: [{ id: 'telegram', name: 'Telegram', ...limits, publish: async () => outcome }],
    ownerChat: { show: async () => undefined, tell: async () => true },
  };
  await deliver(ports, post.id, 'telegram', new AbortController().signal);
  const now = store.post(post.id);
  return now !== undefined && 'deliveries' in now ? now.deliveries['telegram'] : undefined;
}

const problem = { kind: 'unreachable' } as const;

it('gives up after five attempts that surely published nothing', async () => {
  expect(await delivered(3, { outcome: 'not-sent', problem })).toMatchObject({
    state: 'waiting',
    attempts: 4,
    notBefore: '2026-11-22T12:10:00.000Z',
  });
  expect(await delivered(4, { outcome: 'not-sent', problem })).toMatchObject({ state: 'failed' });
});

it.each([0, 4])(
  'uses up no attempt, after %i of them, where the platform was left alone',
  async (attempts) => {
    const untried = { outcome: 'not-sent', problem, isUntried: true, waitMs: 40_000 } as const;
    expect(await delivered(attempts, untried)).toMatchObject({
      state: 'waiting',
      attempts,
      notBefore: '2026-11-22T12:00:40.000Z',
    });
  },
);

it.each([30 * 60 * 60 * 1000, 1e20])(
  'waits a day at most when a wait of %d ms is asked for',
  async (waitMs) => {
    const asked = { outcome: 'not-sent', problem: { kind: 'rate-limited' }, waitMs } as const;
    expect(await delivered(0, asked)).toMatchObject({
      state: 'waiting',
      notBefore: '2026-11-23T12:00:00.000Z',
    });
  },
);
