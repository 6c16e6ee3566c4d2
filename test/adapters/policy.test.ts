import { describe, expect, it } from 'vitest';
import { createCall, type Purpose } from '#adapters/policy.ts';
import { ServiceError } from '#errors.ts';
import type { ServicePolicy } from '#ports/policies.ts';
import type { Problem } from '#post/delivery.ts';
import { untilAsleep } from '../fakes/asleep.ts';
import { serviceErrorOf } from '../fakes/service-errors.ts';
import { createTestClock } from '../test-clock.ts';

type Kind = 'ask' | 'load' | 'begin';

const soon = { limitMs: 60_000, repeats: 'passing', pausesMs: [500, 2_000] } as const;
const policy: ServicePolicy<Kind> = {
  calls: {
    ask: { ...soon, atOnce: 2 },
    load: { ...soon, atOnce: 1 },
    begin: { limitMs: 45_000, atOnce: 4, repeats: 'turned-away', pausesMs: [1_000] },
  },
  longestWaitMs: 60_000,
  perMinute: 100,
  breaker: { opensAfter: 4, restMs: 50_000 },
};

const fail = (kind: Problem['kind'], waitMs?: number) => new ServiceError('Dropbox', { kind }, waitMs);

/** A service that answers `answer`, until it is told to do otherwise. */
function open(changed: Partial<typeof policy> = {}) {
  const clock = createTestClock();
  const toOurError = (cause: unknown) => (cause instanceof Error ? cause : new Error('no error'));
  const call = createCall({ ...policy, ...changed }, { service: 'Dropbox', clock, toOurError });
  const seen = { calls: 0, error: undefined as Error | undefined };
  async function answer(): Promise<string> {
    seen.calls += 1;
    if (seen.error !== undefined) throw seen.error;
    return 'done';
  }
  const ask = (purpose?: Purpose, kind: Kind = 'ask') => call(kind, answer, purpose);
  return { clock, call, seen, ask };
}

/** A call that fails so often. */
function failing(error: unknown, times = Number.POSITIVE_INFINITY, kind: Kind = 'ask') {
  const { clock, call } = open();
  const seen = { calls: 0 };
  const result = call(kind, async () => {
    seen.calls += 1;
    if (seen.calls <= times) throw error;
    return 'done';
  });
  result.catch(() => undefined);
  return { clock, seen, result };
}

describe('repeating', () => {
  it.each(['rate-limited', 'unreachable', 'timeout', 'out-of-order'] as const)(
    'tries %s three times',
    async (kind) => {
      const { seen, result } = failing(fail(kind));
      expect((await serviceErrorOf(result)).problem.kind).toBe(kind);
      expect(seen.calls).toBe(3);
      expect(await failing(fail(kind), 2).result).toBe('done');
    },
  );

  it.each(['signed-out', 'no-permission', 'not-found', 'rejected', 'unexpected'] as const)(
    'does not try %s again',
    async (kind) => {
      const { seen, result } = failing(fail(kind));
      await serviceErrorOf(result);
      expect(seen.calls).toBe(1);
    },
  );

  it.each([
    ['rate-limited', 2],
    ['unreachable', 1],
    ['timeout', 1],
    ['out-of-order', 1],
  ] as const)('of what may have been begun is only for what was turned away: %s', async (kind, calls) => {
    const { seen, result } = failing(fail(kind), undefined, 'begin');
    await serviceErrorOf(result);
    expect(seen.calls).toBe(calls);
  });

  it('lets a bug fly', async () => {
    const bug = new Error('a bug');
    const { seen, result } = failing(bug);
    await expect(result).rejects.toBe(bug);
    expect(seen.calls).toBe(1);
  });

  it('waits as long as the service asks for', async () => {
    const { clock, seen, result } = failing(fail('rate-limited', 60_000), 1);
    await untilAsleep(clock);
    clock.advance(59_999);
    expect(clock.sleepers()).toBe(1);
    expect(seen.calls).toBe(1);
    clock.advance(1);
    expect(await result).toBe('done');
  });

  it('does not sit out more than a minute', async () => {
    const { seen, result } = failing(fail('rate-limited', 60_001), 1);
    expect((await serviceErrorOf(result)).waitMs).toBe(60_001);
    expect(seen.calls).toBe(1);
  });
});

describe('a rest that the service asks for', () => {
  it('holds for every kind of call and for checks, and is over in time', async () => {
    const { clock, seen, ask } = open();
    seen.error = fail('out-of-order', 600_000);
    await serviceErrorOf(ask());
    seen.error = undefined;
    clock.advance(200_000);
    for (const asked of [ask(), ask(undefined, 'load'), ask('check'), ask('asked-for')]) {
      expect(await serviceErrorOf(asked)).toMatchObject({
        problem: { kind: 'rate-limited' },
        waitMs: 400_000,
      });
    }
    expect(seen.calls).toBe(1);
    clock.advance(400_000);
    expect(await ask()).toBe('done');
  });

  it('does not become longer by a clock that is put back', async () => {
    const { clock, seen, ask } = open();
    seen.error = fail('rate-limited', 600_000);
    await serviceErrorOf(ask());
    seen.error = undefined;
    clock.advance(-86_400_000);
    expect(await ask()).toBe('done');
  });
});

describe('the breaker', () => {
  /** Fails until the breaker is open. */
  async function opened(kind: Problem['kind'] = 'unreachable') {
    const world = open();
    world.seen.error = fail(kind);
    await serviceErrorOf(world.ask());
    await serviceErrorOf(world.ask());
    return world;
  }

  it.each(['unreachable', 'timeout', 'out-of-order'] as const)(
    'answers at once after four calls in a row that ended as %s',
    async (kind) => {
      const { clock, seen, ask } = await opened(kind);
      expect(seen.calls).toBe(4);
      const now = clock.now();
      const error = await serviceErrorOf(ask());
      expect(error.problem).toEqual({ kind });
      expect(error.waitMs).toBeGreaterThan(0);
      expect(error.waitMs).toBeLessThanOrEqual(50_000);
      expect(seen.calls).toBe(4);
      // Nor is the rest sat out within the call.
      expect(clock.now()).toEqual(now);
    },
  );

  it.each(['signed-out', 'no-permission', 'not-found', 'rejected', 'rate-limited', 'unexpected'] as const)(
    'takes %s for an answer, however often it comes',
    async (kind) => {
      const { seen, ask } = open();
      seen.error = fail(kind);
      for (let time = 0; time < 9; time += 1) await serviceErrorOf(ask());
      seen.error = undefined;
      expect(await ask()).toBe('done');
    },
  );

  it('counts only failures in a row', async () => {
    const { seen, ask } = open();
    for (let time = 0; time < 4; time += 1) {
      seen.error = fail('timeout');
      await serviceErrorOf(ask());
      seen.error = undefined;
      expect(await ask()).toBe('done');
    }
  });

  it('lets one call try after the rest, for which the others wait', async () => {
    const { clock, call, seen, ask } = await opened();
    clock.advance(50_000);
    const trial = Promise.withResolvers<string>();
    const trying = call('load', () => trial.promise);
    seen.error = undefined;
    const others = [ask(), ask()];
    await new Promise((resolve) => setImmediate(resolve));
    expect(seen.calls).toBe(4);
    trial.resolve('there');
    expect(await trying).toBe('there');
    expect(await Promise.all(others)).toEqual(['done', 'done']);
  });

  it('rests again when that one fails', async () => {
    const { clock, seen, ask } = await opened();
    clock.advance(50_000);
    const results = await Promise.allSettled([ask(), ask(), ask()]);
    expect(results.every(({ status }) => status === 'rejected')).toBe(true);
    expect(seen.calls).toBe(5);
    seen.error = undefined;
    await serviceErrorOf(ask());
    clock.advance(50_000);
    expect(await ask()).toBe('done');
    expect(await ask()).toBe('done');
  });

  it('goes on also where the try was none of the service’s', async () => {
    const { clock, seen, ask } = await opened();
    clock.advance(50_000);
    seen.error = new Error('no money');
    await expect(ask()).rejects.toBe(seen.error);
    seen.error = undefined;
    expect(await ask()).toBe('done');
  });

  it('lets through what somebody has asked for, and closes when that works', async () => {
    const { seen, ask } = await opened();
    seen.error = undefined;
    await serviceErrorOf(ask());
    expect(await ask('asked-for')).toBe('done');
    expect(await ask()).toBe('done');
  });

  it('neither stops checks nor minds them', async () => {
    const { seen, ask } = await opened();
    seen.error = undefined;
    expect(await ask('check')).toBe('done');
    await serviceErrorOf(ask());
    const other = open();
    other.seen.error = fail('timeout');
    for (let time = 0; time < 4; time += 1) await serviceErrorOf(other.ask('check'));
    other.seen.error = undefined;
    expect(await other.ask()).toBe('done');
  });
});

describe('the lines', () => {
  it('let so many in at once, and the others after them in turn', async () => {
    const { call } = open();
    const seen: number[] = [];
    const answers = [0, 1, 2, 3].map(() => Promise.withResolvers<void>());
    const all = answers.map(({ promise }, at) =>
      call('ask', () => {
        seen.push(at);
        return promise;
      }),
    );
    const pass = () => new Promise((resolve) => setImmediate(resolve));
    await pass();
    expect(seen).toEqual([0, 1]);
    answers[1]?.resolve();
    await pass();
    expect(seen).toEqual([0, 1, 2]);
    for (const { resolve } of answers) resolve();
    await Promise.all(all);
    expect(seen).toEqual([0, 1, 2, 3]);
  });

  it('of one kind do not hold up another kind', async () => {
    const { call, ask } = open();
    const hung = Promise.withResolvers<void>();
    const loads = [call('load', () => hung.promise), call('load', () => hung.promise)];
    expect(await ask()).toBe('done');
    hung.resolve();
    await Promise.all(loads);
  });

  it('are left for the pause between two tries', async () => {
    const { clock, call } = open();
    const error = fail('rate-limited', 40_000);
    let isFirst = true;
    const patient = call('load', async () => {
      if (!isFirst) return 'done';
      isFirst = false;
      throw error;
    });
    await untilAsleep(clock);
    const other = call('load', async () => 'other');
    await expect.poll(() => clock.sleepers(), { interval: 2 }).toBe(2);
    clock.advance(40_000);
    expect(await Promise.all([patient, other])).toEqual(['done', 'other']);
  });
});

it('never makes more calls in a minute than the policy has', async () => {
  const { clock, seen, ask } = open({ perMinute: 3, longestWaitMs: 10_000 });
  for (const pauseMs of [20_000, 20_000, 10_000]) {
    expect(await ask()).toBe('done');
    clock.advance(pauseMs);
  }
  // Ten seconds are sat out, as a short wait that the service asks for.
  expect(await ask()).toBe('done');
  expect(seen.calls).toBe(4);
  expect(await serviceErrorOf(ask())).toMatchObject({ problem: { kind: 'rate-limited' }, waitMs: 20_000 });
  expect(seen.calls).toBe(4);
});
