import { describe, expect, it } from 'vitest';
import type { DeliveryEvent } from '#post/delivering.ts';
import { type Delivery, isSettled, isTooEarly, mayBeOut, quietMs } from '#post/delivery.ts';
import { advance, isRefusal } from '#post/lifecycle.ts';
import { deliveriesAfter, events, later, publishing, rejected } from '../fakes/events.ts';
import {
  approvedStates,
  at,
  contentOf,
  deliveryIn,
  deliveryStates,
  frozen,
  lostConnection,
  postIn,
} from '../fakes/posts.ts';

const content = contentOf();
const untried = { content, round: 1, attempts: 0 };
const tried = { content, round: 1, attempts: 1 };
const again = { content, round: 2, attempts: 0 };

interface Step {
  readonly from: Delivery['state'];
  readonly type: DeliveryEvent['type'];
  readonly to: Delivery;
}

const steps: readonly Step[] = [
  { from: 'waiting', type: 'sending', to: { state: 'sending', ...tried, since: later } },
  {
    from: 'waiting',
    type: 'delivery-failed',
    to: { state: 'failed', ...untried, at: later, problem: rejected },
  },
  {
    from: 'waiting',
    type: 'lost-sight',
    to: { state: 'uncertain', ...untried, since: later, problem: lostConnection },
  },
  {
    from: 'sending',
    type: 'delivered',
    to: deliveryIn('published', { at: later, ref: '8', url: 'https://t.me/light/8' }),
  },
  {
    from: 'sending',
    type: 'postponed',
    to: { state: 'waiting', ...tried, notBefore: later, problem: lostConnection },
  },
  {
    from: 'sending',
    type: 'delivery-failed',
    to: { state: 'failed', ...tried, at: later, problem: rejected },
  },
  {
    from: 'sending',
    type: 'lost-sight',
    to: { state: 'uncertain', ...tried, since: later, problem: lostConnection },
  },
  {
    from: 'failed',
    type: 'lost-sight',
    to: { state: 'uncertain', ...tried, since: later, problem: lostConnection },
  },
  { from: 'uncertain', type: 'seen', to: { state: 'published', ...tried, at: later, via: 'owner' } },
  { from: 'uncertain', type: 'retried', to: { state: 'waiting', ...again } },
  { from: 'uncertain', type: 'dropped', to: { state: 'dropped', ...tried, at: later, mayBeOut: true } },
  { from: 'failed', type: 'retried', to: { state: 'waiting', ...again } },
  { from: 'failed', type: 'dropped', to: { state: 'dropped', ...tried, at: later, mayBeOut: false } },
];

const isLegal = (from: Delivery['state'], type: DeliveryEvent['type']) =>
  steps.some((step) => step.from === from && step.type === type);
const types = [...new Set(steps.map(({ type }) => type))];

describe('a delivery', () => {
  it.each(steps)('that is $from takes $type, and the others stay as they are', ({ from, type, to }) => {
    const other = deliveryIn('waiting');
    const given = publishing(deliveryIn(from), other);
    expect(deliveriesAfter(given, events[type])).toEqual({ telegram: to, instagram: other });
  });

  it('counts its attempts over all postponements', () => {
    const happened = [events.sending, events.postponed, events.sending, events.postponed, events.sending];
    expect(deliveriesAfter(publishing(deliveryIn('waiting')), ...happened)['telegram']?.attempts).toBe(3);
  });

  it('counts no attempt where the platform was not even asked', () => {
    const happened = [
      events.sending,
      events.postponed,
      events.sending,
      { ...events.postponed, isUntried: true },
    ];
    expect(deliveriesAfter(publishing(deliveryIn('waiting')), ...happened)['telegram']).toMatchObject({
      state: 'waiting',
      attempts: 1,
    });
  });

  it('is published without an address where the platform tells none', () => {
    const told = { type: 'delivered', platform: 'telegram', at: later } as const;
    const { telegram } = deliveriesAfter(publishing(deliveryIn('sending')), told);
    expect(telegram).toEqual({ state: 'published', ...tried, at: later, via: 'answer' });
  });

  it('remembers who did not get it', () => {
    const told = { type: 'delivered', platform: 'telegram', at: later, missed: ['b@example.com'] } as const;
    const { telegram } = deliveriesAfter(publishing(deliveryIn('sending')), told);
    expect(telegram).toEqual({
      state: 'published',
      ...tried,
      at: later,
      via: 'answer',
      missed: ['b@example.com'],
    });
  });
});

describe('a delivery refuses', () => {
  const refused = approvedStates.flatMap((post) =>
    types.flatMap((type) =>
      deliveryStates.filter((state) => !isLegal(state, type)).map((state) => ({ post, type, state })),
    ),
  );

  it.each(refused)('$type when it is $state and the post $post', ({ post, type, state }) => {
    const given = frozen(postIn(post, { deliveries: { telegram: deliveryIn(state) } }));
    const result = advance(given, events[type]);
    expect(result).toEqual({ refused: 'not-now', post: given });
    expect(isRefusal(result) && result.post).toBe(given);
  });

  const places = ['nowhere', 'constructor', '__proto__'];

  it.each(types.flatMap((type) => places.map((platform) => ({ type, platform }))))(
    '$type for the platform $platform, to which nothing goes',
    ({ type, platform }) => {
      const given = frozen(publishing(deliveryIn('waiting')));
      const result = advance(given, { ...events[type], platform });
      expect(isRefusal(result) && result.post).toBe(given);
    },
  );

  const rounds = (['seen', 'retried', 'dropped'] as const).flatMap((type) =>
    [1, 3].flatMap((round) => (['failed', 'uncertain'] as const).map((state) => ({ type, round, state }))),
  );

  it.each(rounds)('$type of round $round when it is $state in round 2', ({ type, round, state }) => {
    const given = frozen(publishing(deliveryIn(state, { round: 2 })));
    const result = advance(given, { ...events[type], round });
    expect(result).toEqual({ refused: 'outdated', post: given });
    expect(isRefusal(result) && result.post).toBe(given);
  });

  it('to be sent again before the first request surely came to nothing', () => {
    const given = frozen(publishing(deliveryIn('uncertain')));
    const retriedAfter = (ms: number) =>
      advance(given, { ...events.retried, at: new Date(Date.parse(at) + ms).toISOString() });
    expect(retriedAfter(quietMs - 1)).toEqual({ refused: 'too-soon', post: given });
    expect(isRefusal(retriedAfter(quietMs))).toBe(false);
  });

  // A button of an older state can be of the same round.
  it('to be sent again while it is still looked for', () => {
    const looking = { at: later, misses: 1 };
    const given = frozen(publishing(deliveryIn('uncertain', { looking })));
    expect(advance(given, { ...events.retried, at: later })).toEqual({ refused: 'too-soon', post: given });
  });

  it.each([
    ['retried', 'failed'],
    ['seen', 'uncertain'],
    ['dropped', 'uncertain'],
  ] as const)('nothing of the kind when it is %s at once after it has %s', (type, state) => {
    expect(isRefusal(advance(publishing(deliveryIn(state)), { ...events[type], at }))).toBe(false);
  });
});

describe('of a delivery', () => {
  it('nothing more happens by itself when it is published, failed, dropped or taken down', () => {
    const settled = deliveryStates.filter((state) => isSettled(deliveryIn(state)));
    expect(settled).toEqual(['published', 'failed', 'dropped', 'withdrawn']);
  });

  it('somebody may have seen something when it is published, or was left in doubt', () => {
    expect(deliveryStates.filter((state) => mayBeOut(deliveryIn(state)))).toEqual(['published']);
    expect(mayBeOut(deliveryIn('dropped', { mayBeOut: true }))).toBe(true);
  });

  it.each([
    ['before its time', '2026-11-22T09:04:59.999Z', true],
    ['at its time', later, false],
  ])('it is too early %s', (_, now, isIt) => {
    const waiting = deliveryIn('waiting', { notBefore: later });
    expect(isTooEarly(waiting, new Date(now))).toBe(isIt);
    expect(isTooEarly(deliveryIn('waiting'), new Date(now))).toBe(false);
    expect(isTooEarly(deliveryIn('failed'), new Date(now))).toBe(false);
  });
});

it.each([
  ['unreachable', 600_000, true],
  ['unreachable', 86_400_000, false],
  ['rate-limited', 86_400_000, true],
  ['rate-limited', 2 * 86_400_000, false],
] as const)('a delivery that was %s and is due in %d ms waits: %s', (kind, ms, isIt) => {
  const waiting = deliveryIn('waiting', { notBefore: later, problem: { kind } });
  expect(isTooEarly(waiting, new Date(Date.parse(later) - ms))).toBe(isIt);
});

describe('a delivery that only some have got', () => {
  const partly = { reached: ['anna@example.com'], missed: ['ben@example.com'] };

  function deliveryAfter(delivery: Delivery, event: DeliveryEvent): Delivery | undefined {
    const post = advance(postIn('publishing', { deliveries: { telegram: delivery } }), event);
    if (isRefusal(post)) throw new Error('It was refused');
    return 'deliveries' in post ? post.deliveries['telegram'] : undefined;
  }

  const event = { platform: 'telegram', at: later };
  it('waits for another attempt and knows who has it', () => {
    const postponed = {
      type: 'postponed',
      platform: 'telegram',
      notBefore: later,
      problem: rejected,
    } as const;
    const waiting = { state: 'waiting', ...tried, partly, notBefore: later, problem: rejected };
    expect(deliveryAfter(deliveryIn('sending'), { ...postponed, partly })).toEqual(waiting);
    // An attempt that nobody got changes nothing about that.
    expect(deliveryAfter(deliveryIn('sending', { partly }), postponed)).toEqual(waiting);
  });

  it.each([
    ['waiting', { type: 'sending', ...event }],
    ['sending', { type: 'lost-sight', ...event, problem: lostConnection, canLook: false }],
    ['uncertain', { type: 'retried', ...event, round: 1, at: '2026-11-23T12:00:00.000Z' }],
  ] as const)('still knows who has it after it was %s', (state, next) => {
    expect(deliveryAfter(deliveryIn(state, { partly }), next)).toHaveProperty('partly', partly);
  });

  it.each(['waiting', 'sending'] as const)(
    'is published without the others when it fails while %s',
    (state) => {
      const failed = { type: 'delivery-failed', ...event, problem: rejected } as const;
      const published = deliveryAfter(deliveryIn(state, { partly }), failed);
      expect(published).toMatchObject({ state: 'published', missed: partly.missed });
      expect(published).not.toHaveProperty('partly');
    },
  );

  it('is published to all once the others have it', () => {
    const published = deliveryAfter(deliveryIn('sending', { partly }), {
      type: 'delivered',
      ...event,
      ref: '8',
    });
    expect(published).toMatchObject({ state: 'published', ref: '8' });
    expect(published).not.toHaveProperty('partly');
    expect(published).not.toHaveProperty('missed');
  });
});
