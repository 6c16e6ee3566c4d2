import { expect, it } from 'vitest';
import { openStore } from '#adapters/lowdb.ts';
import { askToWithdraw, withdrawPost } from '#flow/withdraw/withdraw-post.ts';
import type { Publisher, Withdrawal } from '#ports/platform.ts';
import type { Delivery } from '#post/delivery.ts';
import { createFakeLog } from '../fakes/log.ts';
import { at, deliveryIn, owner, postIn } from '../fakes/posts.ts';
import { adding } from '../fakes/store-posts.ts';
import { temporaryFolder } from '../fakes/temporary-folder.ts';
import { createTestClock } from '../test-clock.ts';

const places = ['telegram', 'instagram', 'email'];
const published = Object.fromEntries(places.map((id) => [id, deliveryIn('published')]));
const { id } = postIn('archived');

class Killed extends Error {}

/** A post in the history and everything that takes it down; each call from outside that is counted can kill it. */
async function openFiled(
  deliveries: Readonly<Record<string, Delivery>> = published,
  answer?: () => Withdrawal,
) {
  const clock = createTestClock(new Date(at));
  const folder = await temporaryFolder();
  const steps: string[] = [];
  let left = Number.POSITIVE_INFINITY;
  const step = (name: string) => {
    steps.push(name);
    if (left === 0) throw new Killed();
    left -= 1;
  };
  const open = async () => {
    const opened = await openStore(folder, clock);
    const { store } = opened;
    const killable: typeof store = {
      ...store,
      async update(...given) {
        step('before a write');
        const result = await store.update(...given);
        step('after a write');
        return result;
      },
    };
    const limits = {
      pictureLimits: { maxBytes: 1, maxLongEdge: 1, minWidth: 1, minRatio: 0, maxRatio: 1 },
      captionLimits: { maxLength: 1, maxHashtags: 1 },
    };
    const withdraw: Publisher['withdraw'] = async ({ ref }) => {
      step(`take down ${ref}`);
      return answer?.() ?? { withdrawal: 'withdrawn' };
    };
    const publish: Publisher['publish'] = async () => {
      throw new Error('Nothing may be published');
    };
    const ports = {
      store: killable,
      clock,
      log: createFakeLog(),
      pictures: {} as never,
      ownerChat: { show: async () => undefined } as never,
      library: {
        async restore() {
          step('bring back');
          return '/Photos/harbour.jpg';
        },
      } as never,
      platforms: places.map((place) => ({
        ...{ id: place, name: place, ...limits, publish },
        ...(place !== 'email' && { withdraw }),
      })),
    };
    return { store, ports };
  };
  const first = await open();
  await first.store.change(adding(postIn('archived', { deliveries })));
  await first.store.finish(id);
  return { clock, steps, open, killAfter: (count: number) => (left = count), ...first };
}

type Opened = Awaited<ReturnType<typeof openFiled>>;

async function goOn({ store, ports }: Pick<Opened, 'store' | 'ports'>) {
  const post = store.post(id);
  if (post?.state === 'withdrawing') await withdrawPost(ports, post);
  return store.post(id) ?? (await store.finished(id));
}

it('opens a post of the history again, and forbids its photo by name until it is taken down', async () => {
  const { store, open, ports } = await openFiled();
  expect(store.post(id)).toBeUndefined();
  await askToWithdraw(ports, id, owner);
  expect(store.post(id)?.state).toBe('withdrawing');
  expect((await store.finished(id))?.state).toBe('archived');
  const again = await open();
  expect(again.store.post(id)?.state).toBe('withdrawing');
  expect((await goOn(again))?.state).toBe('withdrawn');
  expect([...again.store.publishedContent()]).toEqual(['hash of harbour.jpg']);
  await again.store.finish(id);
  for (const each of [again.store, (await open()).store]) {
    expect([...each.publishedContent()]).toEqual([]);
    expect([...each.withdrawnContent()]).toEqual(['hash of harbour.jpg']);
    expect([...each.publishedFiles()]).toEqual(['id:harbour.jpg']);
  }
});

it('changes nothing of a post that cannot be taken down', async () => {
  const { store, ports } = await openFiled({ telegram: deliveryIn('dropped') });
  expect(await askToWithdraw(ports, id, owner)).toMatchObject({ refused: 'not-now' });
  expect(store.post(id)).toBeUndefined();
  expect(await askToWithdraw(ports, '2026-11-22-nobody', owner)).toBeUndefined();
});

it('goes on wherever it is killed, and ends the same', async () => {
  const whole = await openFiled();
  await askToWithdraw(whole.ports, id, owner);
  const count = whole.steps.length;
  const expected = await goOn(whole);
  const points = whole.steps.length;
  expect(points).toBeGreaterThan(count + 5);
  for (let point = 0; point < points; point += 1) {
    const world = await openFiled();
    world.killAfter(point);
    const work = async () => {
      await askToWithdraw(world.ports, id, owner);
      await goOn(world);
    };
    await work().catch((error: unknown) => {
      if (!(error instanceof Killed)) throw error;
    });
    world.killAfter(Number.POSITIVE_INFINITY);
    const next = await world.open();
    // A tap that was not confirmed comes again.
    await askToWithdraw(next.ports, id, owner);
    expect(await goOn(next), `killed at ${point}`).toEqual(expected);
  }
});

it.each([
  ['refused for good', { withdrawal: 'refused', problem: { kind: 'no-permission' } }, 0, 'archived'],
  ['refused for now', { withdrawal: 'refused', problem: { kind: 'rate-limited' } }, 0, 'withdrawing'],
  ['not answered', { withdrawal: 'unknown', problem: { kind: 'timeout' } }, 23, 'withdrawing'],
  ['not answered for a day', { withdrawal: 'unknown', problem: { kind: 'timeout' } }, 24, 'archived'],
] as const)('that is %s is then %#', async (_, answer, hours, state) => {
  const world = await openFiled({ telegram: deliveryIn('published') }, () => answer);
  await askToWithdraw(world.ports, id, owner);
  world.clock.advance(hours * 60 * 60 * 1000);
  expect((await goOn(world))?.state).toBe(state);
  expect(world.steps).not.toContain('bring back');
});

it('can be asked for again where something went wrong', async () => {
  const answers: Withdrawal[] = [{ withdrawal: 'refused', problem: { kind: 'no-permission' } }];
  const { store, ports } = await openFiled(
    { telegram: deliveryIn('published') },
    () => answers.pop() ?? { withdrawal: 'withdrawn' },
  );
  await askToWithdraw(ports, id, owner);
  expect((await goOn({ store, ports }))?.state).toBe('archived');
  await askToWithdraw(ports, id, owner);
  expect((await goOn({ store, ports }))?.state).toBe('withdrawn');
});
