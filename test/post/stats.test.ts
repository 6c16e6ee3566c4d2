import { describe, expect, it } from 'vitest';
import type { Delivery } from '#post/delivery.ts';
import type { Post } from '#post/post.ts';
import { newestReactions } from '#post/reactions.ts';
import { emptyState, withReactions } from '#post/state.ts';
import { createTally, type Stats } from '#post/stats.ts';
import { deliveryIn, postIn, postStates } from '../fakes/posts.ts';

const now = new Date('2026-11-23T00:00:00Z');
const approvedAt = '2026-11-22T09:00:00.000Z';
const approval = { by: 7, at: approvedAt, revision: 1 };

function statsOf(posts: readonly Post[], reactions = {}, timeZone = 'UTC'): Stats {
  const tally = createTally(timeZone, now, reactions);
  for (const post of posts) tally.add(post);
  return tally.stats();
}

/** An archived post with these deliveries. */
const postOf = (deliveries: Readonly<Record<string, Delivery>>, more = {}) =>
  postIn('archived', { approval, deliveries, ...more });

/** Published so many seconds after its approval. */
const outAfter = (seconds: number, over = {}) =>
  deliveryIn('published', {
    at: new Date(Date.parse(approvedAt) + seconds * 1000).toISOString(),
    ...over,
  });

describe('how often posts arrive', () => {
  it.each([
    ['published', 1, 1],
    ['withdrawn', 1, 1],
    ['failed', 0, 1],
    ['dropped', 0, 1],
    ['waiting', 0, 0],
    ['sending', 0, 0],
    ['uncertain', 0, 0],
  ] as const)('%s is %i of %i', (state, published, settled) => {
    const { places } = statsOf([postOf({ email: deliveryIn(state) })]);
    expect(places).toEqual(settled === 0 ? [] : [{ platform: 'email', published, settled }]);
  });

  it('is counted for each platform, also of posts that are not finished', () => {
    const posts = [
      postOf({ telegram: outAfter(1), email: outAfter(2) }),
      postIn('publishing', { deliveries: { telegram: outAfter(1), email: deliveryIn('failed') } }),
    ];
    expect(statsOf(posts).places).toEqual([
      { platform: 'telegram', published: 2, settled: 2 },
      { platform: 'email', published: 1, settled: 2 },
    ]);
  });

  it('is nothing for posts that were not approved', () => {
    const posts = postStates.map((state) => postIn(state)).filter((post) => !('deliveries' in post));
    expect(posts.length).toBeGreaterThan(3);
    expect(statsOf(posts)).toEqual(statsOf([]));
  });
});

describe('the posts of this month', () => {
  it.each([
    ['2026-11-01T00:00:00.000Z', 'UTC', 1],
    ['2026-10-31T23:59:59.000Z', 'UTC', 0],
    ['2026-10-31T23:59:59.000Z', 'Europe/Berlin', 1],
    ['2025-11-22T09:00:00.000Z', 'UTC', 0],
  ])('that went out at %s in %s: %i', (at, timeZone, count) => {
    expect(statsOf([postOf({ telegram: outAfter(0, { at }) })], {}, timeZone).thisMonth).toBe(count);
  });

  it.each([
    ['one that failed', deliveryIn('failed'), 0],
    ['one that was taken down', deliveryIn('withdrawn'), 0],
    ['one that was left without knowing whether it is out', deliveryIn('dropped', { mayBeOut: true }), 1],
  ])('%s', (_, delivery, count) => {
    expect(statsOf([postOf({ telegram: delivery })]).thisMonth).toBe(count);
  });

  it('count once, however many places they went to', () => {
    expect(statsOf([postOf({ telegram: outAfter(1), email: outAfter(2) })]).thisMonth).toBe(1);
  });
});

describe('the seconds until it is published', () => {
  it.each([
    [[], undefined],
    [[14], 14],
    [[3, 5], 4],
    [[86_400, 2, 9], 9],
    [[-5], 0],
  ])('of %j are %s', (seconds, median) => {
    expect(statsOf(seconds.map((each) => postOf({ telegram: outAfter(each) }))).medianSeconds).toBe(median);
  });

  it('begin at the time that a post was put off to', () => {
    const publishAt = '2026-11-22T18:00:00.000Z';
    const at = '2026-11-22T18:00:20.000Z';
    expect(statsOf([postOf({ telegram: outAfter(0, { at }) }, { publishAt })]).medianSeconds).toBe(20);
  });

  it.each(['look', 'owner'] as const)('are not known when it was found by %s', (via) => {
    expect(statsOf([postOf({ telegram: outAfter(3, { via }) })]).medianSeconds).toBeUndefined();
  });
});

describe('the reactions', () => {
  const liked = (ref: string, state: 'published' | 'withdrawn' = 'published') =>
    postOf({ telegram: deliveryIn(state, { ref }) }, { id: `2026-11-22-${ref}` });
  const posts = ['1', '2', '3', '4', '5'].map((ref) => liked(ref));

  it('name the three posts that have most of them, and count those of all', () => {
    const { reactions, mostLiked } = statsOf(posts, { 1: 2, 2: 9, 3: 1, 4: 4 });
    expect(reactions).toBe(16);
    expect(mostLiked).toEqual(
      [
        [posts[1], 9],
        [posts[3], 4],
        [posts[0], 2],
      ].map(([post, count]) => ({ post, reactions: count, url: 'https://t.me/light/7' })),
    );
  });

  it.each([
    ['of other messages', posts, { 77: 5 }],
    ['that were taken away again', posts, { 1: 0 }],
    ['of posts that were taken down', [liked('1', 'withdrawn')], { 1: 5 }],
    ['of the same number at another platform', [postOf({ email: outAfter(0, { ref: '1' }) })], { 1: 5 }],
  ])('%s do not count', (_, given, reactions) => {
    expect(statsOf(given, reactions)).toMatchObject({ reactions: 0, mostLiked: [] });
  });

  it('are kept for the newest two hundred messages, the last count of each', () => {
    let state = emptyState('seed');
    for (let id = 300; id > 0; id -= 1) state = withReactions(state, id, 1);
    state = withReactions(state, 300, 7);
    const kept = Object.keys(state.reactions ?? {}).map(Number);
    expect([kept.length, Math.min(...kept), state.reactions?.[300]]).toEqual([200, 101, 7]);
    // Nothing new is nothing to save.
    expect(withReactions(state, 300, 7)).toBe(state);
    expect(newestReactions({})).toEqual({});
  });
});
