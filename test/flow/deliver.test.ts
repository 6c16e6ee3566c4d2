import { describe, expect, it } from 'vitest';
import { openStore } from '#adapters/lowdb.ts';
import { deliver } from '#flow/publish/deliver.ts';
import type { Outcome, Publisher } from '#ports/platform.ts';
import type { Delivery } from '#post/delivery.ts';
import { deliveryOf } from '#post/post.ts';
import type { State } from '#post/state.ts';
import { untilAsleep } from '../fakes/asleep.ts';
import { createFakeLog } from '../fakes/log.ts';
import { contentOf, deliveryIn, pictureRef, postIn } from '../fakes/posts.ts';
import { adding } from '../fakes/store-posts.ts';
import { temporaryFolder } from '../fakes/temporary-folder.ts';
import { createTestClock } from '../test-clock.ts';

/** What becomes of a delivery that was tried so often before, when the platform answers this. */
function delivered(attempts: number, outcome: Outcome): Promise<Delivery | undefined> {
  return afterDelivery(deliveryIn('waiting', { attempts }), { publish: async () => outcome });
}

async function afterDelivery(
  waiting: Delivery,
  publisher: Publisher,
  signal = new AbortController().signal,
): Promise<Delivery | undefined> {
  const { ports, post } = await portsFor(waiting, publisher);
  await deliver(ports, post.id, 'telegram', signal).catch((error: unknown) => {
    if (!signal.aborted) throw error;
  });
  return deliveryOf(ports.store.post(post.id), 'telegram');
}

/** A post with this one delivery, and what it takes to deliver it. */
async function portsFor(waiting: Delivery, publisher: Publisher) {
  const clock = createTestClock();
  const { store } = await openStore(await temporaryFolder(), clock);
  const post = postIn('publishing', { deliveries: { telegram: waiting } });
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
    platforms: [{ id: 'telegram', name: 'Telegram', ...limits, ...publisher }],
    ownerChat: { show: async () => undefined, tell: async () => true, busyWith: () => () => undefined },
  };
  return { ports, post };
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

/** What becomes of a delivery with a file in full size behind it, and how often that was begun. */
async function followedBy(
  publisher: Partial<Publisher>,
  outcome: Outcome = { outcome: 'published', ref: '7' },
): Promise<{ readonly delivery: Delivery | undefined; readonly begun: number }> {
  let begun = 0;
  const content = { ...contentOf(), fullSize: pictureRef({ sha256: 'f' }) };
  const delivery = await afterDelivery(deliveryIn('waiting', { content }), {
    publish: async () => outcome,
    ...(publisher.sendFullSize && {
      sendFullSize(file) {
        begun += 1;
        return publisher.sendFullSize?.(file) ?? Promise.resolve(undefined);
      },
    }),
  });
  return { delivery, begun };
}

it('notes what became of the file behind a post', async () => {
  const { delivery, begun } = await followedBy({ sendFullSize: async () => 'sent' });
  expect(delivery).toMatchObject({ state: 'published', ref: '7', fullSize: 'sent' });
  expect(begun).toBe(1);
  const without = await followedBy({});
  expect(without.delivery).toMatchObject({ state: 'published', fullSize: 'not-sent' });
});

it('leaves it open, and the post published, where a platform throws over the file', async () => {
  const { delivery, begun } = await followedBy({ sendFullSize: () => Promise.reject(new Error('a bug')) });
  expect(delivery).toMatchObject({ state: 'published', ref: '7' });
  expect(delivery).not.toHaveProperty('fullSize');
  expect(begun).toBe(1);
});

it.each([
  { outcome: 'failed', problem },
  { outcome: 'not-sent', problem },
  { outcome: 'uncertain', problem },
] as const)('sends no file behind a post that is $outcome', async (outcome) => {
  const { delivery, begun } = await followedBy({ sendFullSize: async () => 'sent' }, outcome);
  expect(delivery?.state).not.toBe('published');
  expect(begun).toBe(0);
});

it('begins no file when it is to stop', async () => {
  const stopping = new AbortController();
  let begun = 0;
  const content = { ...contentOf(), fullSize: pictureRef({ sha256: 'f' }) };
  const publisher: Publisher = {
    async publish() {
      stopping.abort(new Error('Darkroom is stopping'));
      return { outcome: 'published', ref: '7' };
    },
    async sendFullSize() {
      begun += 1;
      return 'sent';
    },
  };
  const delivery = await afterDelivery(deliveryIn('waiting', { content }), publisher, stopping.signal);
  expect(delivery).toMatchObject({ state: 'published', fullSize: 'not-sent' });
  expect(begun).toBe(0);
});

it('takes nothing for not sent where a platform throws, and does not send it again', async () => {
  let published = 0;
  const delivery = await afterDelivery(deliveryIn('waiting'), {
    publish() {
      published += 1;
      return Promise.reject(new Error('a bug'));
    },
  });
  expect(delivery).toMatchObject({ state: 'uncertain', problem: { kind: 'unexpected' } });
  expect(published).toBe(1);
});

it('takes nothing for not sent where a platform does not end', async () => {
  const { ports, post } = await portsFor(deliveryIn('waiting'), {
    publish: () => new Promise(() => undefined),
  });
  const done = deliver(ports, post.id, 'telegram', new AbortController().signal);
  await untilAsleep(ports.clock);
  ports.clock.advance(150_000);
  await done;
  expect(deliveryOf(ports.store.post(post.id), 'telegram')).toMatchObject({
    state: 'uncertain',
    problem: { kind: 'timeout' },
  });
});

it('begins no attempt when it is to stop', async () => {
  let published = 0;
  const publisher: Publisher = {
    async publish() {
      published += 1;
      return { outcome: 'published', ref: '7' };
    },
  };
  const delivery = await afterDelivery(deliveryIn('waiting'), publisher, AbortSignal.abort());
  expect(delivery).toEqual(deliveryIn('waiting'));
  expect(published).toBe(0);
});

describe('what is on its way already', () => {
  const { signal } = new AbortController();

  async function publishedWhile(happens: (ports: Awaited<ReturnType<typeof portsFor>>) => Promise<unknown>) {
    let published = 0;
    const given = await portsFor(deliveryIn('waiting'), {
      async publish() {
        published += 1;
        return { outcome: 'published', ref: '7' };
      },
    });
    await happens(given);
    return { published, delivery: deliveryOf(given.ports.store.post(given.post.id), 'telegram') };
  }

  /** Something else happens to the post between the look at it and the intent to send. */
  function meanwhile(change: (state: State) => State) {
    return publishedWhile(async ({ ports, post }) => {
      const read = async () => {
        await ports.store.change(change);
        return Buffer.from('');
      };
      await deliver({ ...ports, pictures: { ...ports.pictures, read } }, post.id, 'telegram', signal);
    });
  }

  it('is not sent by another one who began at the same time', async () => {
    const { published, delivery } = await publishedWhile(({ ports, post }) =>
      Promise.all([1, 2].map(() => deliver(ports, post.id, 'telegram', signal))),
    );
    expect(published).toBe(1);
    expect(delivery).toMatchObject({ state: 'published', attempts: 1 });
  });

  it.each(['sending', 'uncertain', 'published', 'dropped'] as const)(
    'is not sent when it has become %s meanwhile',
    async (state) => {
      const now = deliveryIn(state);
      const { published, delivery } = await meanwhile(
        adding(postIn('publishing', { deliveries: { telegram: now } })),
      );
      expect(published).toBe(0);
      expect(delivery).toEqual(now);
    },
  );

  it('is not sent when the post is no longer there', async () => {
    const { published } = await meanwhile((state) => ({ ...state, posts: {} }));
    expect(published).toBe(0);
  });
});
