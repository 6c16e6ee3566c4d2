import { expect, it } from 'vitest';
import { withBreaker } from '#adapters/publishing-breaker.ts';
import type { Outcome, Publication } from '#ports/platform.ts';
import type { Problem } from '#post/delivery.ts';
import { createTestClock } from '../test-clock.ts';

const publication: Publication = {
  postId: 'x',
  caption: '',
  picture: Buffer.from(''),
  width: 1,
  height: 1,
  round: 1,
};
const published: Outcome = { outcome: 'published', ref: '1' };

function open(outcome: Outcome) {
  const clock = createTestClock();
  const seen = { calls: 0, outcome, error: undefined as Error | undefined, hangs: false };
  const platform = withBreaker(
    {
      async publish() {
        seen.calls += 1;
        if (seen.hangs) await new Promise(() => undefined);
        if (seen.error !== undefined) throw seen.error;
        return seen.outcome;
      },
      check: async () => ({ state: 'works' }),
      look: async () => ({ found: 'absent' }),
      withdraw: async () => ({ withdrawal: 'withdrawn' }),
    },
    clock,
  );
  return { clock, seen, platform, publish: (round = 1) => platform.publish({ ...publication, round }) };
}

async function opened(problem: Problem = { kind: 'unreachable', detail: 'of the first' }) {
  const world = open({ outcome: 'not-sent', problem });
  for (let time = 0; time < 3; time += 1) await world.publish();
  return world;
}

const untried = { outcome: 'not-sent', isUntried: true, problem: { kind: 'unreachable' } };

it('answers that nothing was sent after three tries that did not reach the platform', async () => {
  const { seen, clock, publish, platform } = await opened();
  clock.advance(20_000);
  expect(await publish()).toEqual({ ...untried, waitMs: 40_000 });
  expect(seen.calls).toBe(3);
  expect(await platform.check?.()).toEqual({ state: 'works' });
  expect(await platform.look?.(publication, new Date())).toEqual({ found: 'absent' });
  const post = { postId: 'x', ref: '1', at: new Date() };
  expect(await platform.withdraw?.(post)).toEqual({ withdrawal: 'withdrawn' });
});

it.each<Outcome>([
  { outcome: 'uncertain', problem: { kind: 'timeout' } },
  { outcome: 'not-sent', problem: { kind: 'out-of-order' } },
])('counts %j', async (outcome) => {
  const { seen, publish } = open(outcome);
  for (let time = 0; time < 5; time += 1) await publish();
  expect(seen.calls).toBe(3);
});

it.each<Outcome>([
  { outcome: 'failed', problem: { kind: 'rejected' } },
  { outcome: 'not-sent', problem: { kind: 'rate-limited' }, waitMs: 1 },
  { outcome: 'failed', problem: { kind: 'check-point' } },
  { outcome: 'uncertain', problem: { kind: 'unexpected' } },
  published,
])('takes %j for an answer', async (outcome) => {
  const { seen, publish } = open(outcome);
  for (let time = 0; time < 5; time += 1) expect(await publish()).toEqual(outcome);
  expect(seen.calls).toBe(5);
});

it('lets one post try after the rest, and none of the others wait for it', async () => {
  const { seen, clock, publish } = await opened();
  clock.advance(60_000);
  seen.outcome = published;
  const [first, second] = await Promise.all([publish(), publish()]);
  expect(first).toEqual(published);
  expect(second).toMatchObject(untried);
  expect(await publish()).toEqual(published);
});

it('lets through what the owner has asked for again', async () => {
  const { seen, publish } = await opened();
  seen.outcome = published;
  expect(await publish(2)).toEqual(published);
  expect(await publish()).toEqual(published);
});

it('goes on after a platform that throws', async () => {
  const { seen, clock, publish } = await opened();
  clock.advance(60_000);
  seen.error = new Error('a bug');
  await expect(publish()).rejects.toBe(seen.error);
  seen.error = undefined;
  seen.outcome = published;
  expect(await publish()).toEqual(published);
});

it('lets another post try when the one that tries does not end', async () => {
  const { seen, clock, publish } = await opened();
  clock.advance(60_000);
  seen.hangs = true;
  void publish();
  seen.hangs = false;
  seen.outcome = published;
  clock.advance(149_000);
  expect(await publish()).toMatchObject(untried);
  clock.advance(1_000);
  expect(await publish()).toEqual(published);
});
