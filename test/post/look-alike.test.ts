import { describe, expect, it } from 'vitest';
import { distance, keepApart, likenessOf, type Shown, shownIn } from '#post/look-alike.ts';
import { at, deliveryIn, photoNamed, postIn, postStates } from '../fakes/posts.ts';

const now = new Date('2026-11-22T09:00:00Z');
const dayMs = 24 * 60 * 60 * 1000;
const hash = '0'.repeat(30);

/** A hash that differs from the first one in so many bits. */
function apart(bits: number): string {
  return BigInt(`0b0${'1'.repeat(bits)}`)
    .toString(16)
    .padStart(30, '0');
}

/** A picture that was published so many days ago and differs in so many bits. */
function shown(bits: number, daysAgo: number, over: Partial<Shown> = {}): Shown {
  const shownAt = new Date(now.getTime() - daysAgo * dayMs);
  return { hash: apart(bits), name: `${bits} bits`, at: shownAt, isPublished: true, ...over };
}

const likeness = (others: readonly Shown[], days = 14) => likenessOf(hash, others, { now, days });

it.each([0, 1, 4, 7, 60, 120])('counts %i different bits', (bits) => {
  expect(distance(hash, apart(bits))).toBe(bits);
  expect(distance(apart(bits), hash)).toBe(bits);
});

describe('a photo', () => {
  it.each([
    ['the same one of yesterday', 0, 1, true],
    ['the same one of ten years ago', 10, 3650, true],
    ['one of the burst of yesterday', 11, 1, false],
    ['one of the burst, just within', 32, 13.9, false],
  ])('looks like %s', (_, bits, daysAgo, isSame) => {
    expect(likeness([shown(bits, daysAgo)])).toEqual({ shown: shown(bits, daysAgo), isSame });
  });

  it.each([
    ['one of the burst whose time is over', [shown(11, 14)]],
    ['another one of today', [shown(33, 0)]],
    ['nothing at all', []],
  ])('does not look like %s', (_, others) => {
    expect(likeness(others)).toBeUndefined();
  });

  it('is not published for the second time by the one that waits', () => {
    const waits = shown(0, 1, { isPublished: false });
    expect(likeness([waits])).toEqual({ shown: waits, isSame: false });
    expect(likeness([{ ...waits, at: new Date('2025-01-01') }])).toBeUndefined();
  });

  it('looks like the newest of several, but first of all like the same one', () => {
    expect(likeness([shown(20, 3), shown(11, 2), shown(5, 400)])?.isSame).toBe(true);
    expect(likeness([shown(20, 3), shown(30, 2), shown(11, 4)])?.shown.name).toBe('30 bits');
  });

  it('looks like no other within no days, only like the same one', () => {
    expect(likeness([shown(11, 0)], 0)).toBeUndefined();
    expect(likeness([shown(0, 0)], 0)?.isSame).toBe(true);
  });
});

it('knows what posts look like that were or will be seen', () => {
  const seen = postStates.filter((state) => shownIn(postIn(state, { perceptualHash: hash })).length > 0);
  expect(seen).toEqual(postStates.filter((state) => state !== 'skipped' && state !== 'expired'));
  expect(shownIn(postIn('archived'))).toEqual([]);
  const published = { hash, name: 'harbour.jpg', at: new Date(at), isPublished: true };
  expect(shownIn(postIn('archived', { perceptualHash: hash }))).toEqual([published]);
  expect(shownIn(postIn('failed', { perceptualHash: hash }))).toEqual([{ ...published, isPublished: false }]);
  const leftOpen = { telegram: deliveryIn('dropped', { mayBeOut: true }) };
  const perhaps = postIn('published', { perceptualHash: hash, deliveries: leftOpen });
  expect(shownIn(perhaps)).toEqual([published]);
});

it('keeps the queue as it is, with those behind it that look like others, the longest ago first', () => {
  const photos = ['a', 'b', 'c', 'd', 'e'].map((name) => photoNamed(name));
  const of = (name: string, daysAgo: number) =>
    [photoNamed(name).contentHash, { shown: shown(19, daysAgo), isSame: false }] as const;
  const order = keepApart(photos, new Map([of('a', 2), of('b', 9), of('d', 5)])).map(({ name }) => name);
  expect(order).toEqual(['c', 'e', 'b', 'd', 'a']);
  expect(keepApart(photos, new Map())).toEqual(photos);
});
