import { describe, expect, it } from 'vitest';
import {
  currentCaption,
  isApproved,
  isFinished,
  nextAttempt,
  Post,
  picturesOf,
  triableIn,
} from '#post/post.ts';
import { emptyState, ownersOf, State } from '#post/state.ts';
import {
  approvedStates,
  at,
  captionOf,
  deliveryIn,
  deliveryStates,
  draftOf,
  pictureRef,
  postIn,
  postStates,
} from '../fakes/posts.ts';

const soon = new Date(at);
const weekLater = new Date(Date.parse(at) + 7 * 24 * 60 * 60 * 1000);
const longAfter = new Date(weekLater.getTime() + 1);

describe('a post', () => {
  it.each(postStates)('that is %s comes back from its JSON as it was', (state) => {
    const post = postIn(state);
    expect(Post.parse(JSON.parse(JSON.stringify(post)))).toEqual(post);
  });

  it.each(deliveryStates)('with a delivery that is %s comes back from its JSON as it was', (state) => {
    const post = postIn('publishing', { deliveries: { telegram: deliveryIn(state) } });
    expect(Post.parse(JSON.parse(JSON.stringify(post)))).toEqual(post);
  });

  it.each([
    ['in a state that there is not', { ...postIn('drafting'), state: 'lost' }],
    ['that awaits approval without a draft', { ...postIn('awaiting-approval'), draft: undefined }],
    ['that is published without an approval', { ...postIn('published'), approval: undefined }],
    ['with a time that is none', { ...postIn('drafting'), createdAt: 'today' }],
    ['with a delivery that failed for no reason', withProblemless(postIn('failed'))],
  ])('%s is refused', (_, post) => {
    expect(Post.safeParse(post).success).toBe(false);
  });

  it('is approved when it has deliveries', () => {
    const approved = postStates.filter((state) => isApproved(postIn(state)));
    expect(approved.toSorted()).toEqual([...approvedStates, 'withdrawing', 'withdrawn'].toSorted());
  });

  it('has its newest text as its caption, and an empty one before the first', () => {
    const captions = [captionOf('first'), captionOf('second')];
    expect(currentCaption(postIn('drafting', { captions }))).toBe('second');
    expect(currentCaption(postIn('drafting', { captions: [] }))).toBe('');
  });

  it('keeps the pictures of all platforms', () => {
    const pictures = { telegram: pictureRef({ sha256: 'a' }), email: pictureRef({ sha256: 'b' }) };
    expect(picturesOf(postIn('skipped', { draft: draftOf({ pictures }) }))).toEqual(['a', 'b']);
    const shapes = { telegram: { white: pictureRef({ sha256: 'a' }), black: pictureRef({ sha256: 'c' }) } };
    const chosen = postIn('skipped', { draft: draftOf({ pictures, shapes }) });
    expect(picturesOf(chosen)).toEqual(['a', 'b', 'c']);
    const fullSizes = { telegram: pictureRef({ sha256: 'd' }) };
    expect(picturesOf(postIn('published', { draft: draftOf({ pictures, fullSizes }) }))).toEqual([
      'a',
      'b',
      'd',
    ]);
    const { draft: _, ...undrafted } = postIn('drafting');
    expect(picturesOf(undrafted)).toEqual([]);
  });
});

function withProblemless(post: ReturnType<typeof postIn<'failed'>>): object {
  return { ...post, deliveries: { telegram: { ...deliveryIn('failed'), problem: undefined } } };
}

describe('a post is finished', () => {
  it.each([
    ['drafting', false],
    ['awaiting-approval', false],
    ['publishing', false],
    ['published', false],
    ['archived', true],
    ['skipped', true],
    ['expired', true],
  ] as const)('when it is %s: %s', (state, isIt) => {
    expect(isFinished(postIn(state), soon)).toBe(isIt);
    expect(isFinished(postIn(state), longAfter)).toBe(isIt);
  });

  it.each(['waiting', 'sending', 'uncertain'] as const)('never while a delivery is %s', (state) => {
    const deliveries = { telegram: deliveryIn('published'), email: deliveryIn(state) };
    expect(isFinished(postIn('archived', { deliveries }), longAfter)).toBe(false);
  });

  it.each(['archived', 'failed'] as const)(
    'a week after its approval when it is %s with a failed delivery',
    (state) => {
      const post = postIn(state, {
        deliveries: { telegram: deliveryIn('failed'), email: deliveryIn('dropped') },
      });
      expect(isFinished(post, soon)).toBe(false);
      expect(isFinished(post, weekLater)).toBe(false);
      expect(isFinished(post, longAfter)).toBe(true);
    },
  );

  it('at once when every platform that failed was left out', () => {
    expect(isFinished(postIn('failed', { deliveries: { telegram: deliveryIn('dropped') } }), soon)).toBe(
      true,
    );
  });
});

describe('the next attempt', () => {
  const early = '2026-11-22T09:01:00.000Z';
  const late = '2026-11-22T09:09:00.000Z';

  it('is when the first delivery that waits for its time is due', () => {
    const deliveries = {
      telegram: deliveryIn('waiting', { notBefore: late }),
      instagram: deliveryIn('waiting', { notBefore: early }),
      email: deliveryIn('waiting'),
    };
    expect(nextAttempt(postIn('publishing', { deliveries }), new Date(at))).toEqual(new Date(early));
  });

  it.each([
    [0, 60_000],
    [-3_600_000, 60_000],
    [600_000, 600_000],
    [86_400_000, 3_600_000],
  ])('of taking down, %i ms after it was asked for, comes in %i ms', (triedMs, inMs) => {
    const now = new Date(Date.parse(at) + triedMs);
    expect(nextAttempt(postIn('withdrawing'), now)?.getTime()).toBe(now.getTime() + inMs);
  });

  const waitingStates = new Set(['scheduled', 'withdrawing']);
  it.each(postStates.filter((state) => !waitingStates.has(state)))(
    'is none when nothing waits: %s',
    (state) => {
      expect(nextAttempt(postIn(state), new Date(at))).toBeUndefined();
    },
  );
});

describe('the state', () => {
  it('of the first day is one that can be read again', () => {
    const state = emptyState('seed');
    expect(State.parse(JSON.parse(JSON.stringify(state)))).toEqual(state);
    expect(state.queue.seed).toBe('seed');
  });

  it('knows the owners from the settings first, each once', () => {
    const state = emptyState('seed');
    const paired = { ...state, settings: { ...state.settings, pairedOwners: [3, 1, 3] } };
    expect(ownersOf(paired, [2, 1])).toEqual([2, 1, 3]);
    expect(ownersOf(state, [])).toEqual([]);
  });
});

it.each([
  ['publishing', 'failed', 0, 1],
  ['archived', 'failed', 0, 1],
  ['failed', 'failed', 0, 1],
  ['failed', 'failed', 8 * 24, 0],
  ['withdrawing', 'failed', 0, 0],
  ['publishing', 'uncertain', 0, 0],
  ['publishing', 'waiting', 0, 0],
] as const)(
  'of a post that is %s, a delivery that is %s can be tried again after %i h: %i',
  (state, delivery, hours, count) => {
    const post = postIn(state, { deliveries: { telegram: deliveryIn(delivery) } });
    expect(triableIn([post, postIn('drafting')], new Date(Date.parse(at) + hours * 3_600_000))).toHaveLength(
      count,
    );
  },
);
