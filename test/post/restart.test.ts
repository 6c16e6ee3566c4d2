import { expect, it } from 'vitest';
import { afterRestart, isLeftToHistory, type Restart } from '#post/restart.ts';
import { emptyState, type State } from '#post/state.ts';
import { postIn } from '../fakes/posts.ts';
import { adding, postAfter, type Step } from '../fakes/store-posts.ts';

const at = '2026-11-23T08:00:00.000Z';
const slot = { key: '2026-11-23T07:00[UTC]', at: new Date('2026-11-23T07:00:00Z') };

function start(generation: Restart['generation'], filed: readonly string[] = []): Restart {
  return { at, generation, canLook: () => true, filed: new Set(filed), lastSlot: slot };
}

function stateWith(...ways: readonly (readonly [string, ...Step[]])[]): State {
  return ways.reduce((state, way) => adding(postAfter(...way))(state), emptyState('seed'));
}

const approved: readonly Step[] = ['drafted', 'approved'];

it.each([
  ['newest', ['drafted'], 'awaiting-approval', undefined],
  ['newest', approved, 'publishing', 'waiting'],
  ['newest', [...approved, 'sending'], 'publishing', 'uncertain'],
  ['newest', [...approved, 'sending', 'delivered'], 'published', 'published'],
  ['newest', [...approved, 'sending', 'failed'], 'failed', 'failed'],
  ['newest', ['drafted', 'scheduled'], 'scheduled', undefined],
  ['previous', ['drafted', 'scheduled'], 'scheduled', undefined],
  ['previous', ['drafted'], 'awaiting-approval', undefined],
  ['previous', approved, 'publishing', 'uncertain'],
  ['previous', [...approved, 'sending', 'failed'], 'failed', 'failed'],
  ['put-back', [], 'expired', undefined],
  ['put-back', ['drafted'], 'expired', undefined],
  ['put-back', approved, 'publishing', 'uncertain'],
  ['put-back', [...approved, 'sending'], 'publishing', 'uncertain'],
  ['put-back', [...approved, 'sending', 'delivered'], 'published', 'published'],
  ['put-back', [...approved, 'sending', 'failed'], 'publishing', 'uncertain'],
  ['put-back', ['drafted', 'skipped'], 'skipped', undefined],
] as const satisfies readonly (readonly [
  Restart['generation'],
  readonly Step[],
  string,
  string | undefined,
])[])('with the %s state, a post after %j is %s, its delivery %s', (generation, way, state, delivery) => {
  const { posts } = afterRestart(stateWith(['a', ...way]), start(generation));
  const post = posts['a'];
  expect(post?.state).toBe(state);
  expect(post && 'deliveries' in post ? post.deliveries['telegram']?.state : undefined).toBe(delivery);
});

it('changes nothing where there is nothing to put right', () => {
  const state = stateWith(['a', 'drafted'], ['b', ...approved]);
  expect(afterRestart(state, start('newest'))).toBe(state);
});

it('leaves to the history what it has', () => {
  const state = stateWith(['a', 'drafted'], ['b', 'drafted']);
  expect(Object.keys(afterRestart(state, start('put-back', ['a'])).posts)).toEqual(['b']);
});

it('lets nothing go out unasked after an older state was put in place', () => {
  const before: State = {
    ...stateWith(['a', 'drafted'], ['b', 'drafted', 'scheduled']),
    conversations: { '7': {} },
    wishes: [{ id: 'w', at, isAutomatic: true, slot: '2026-11-22T07:00[UTC]' }],
    settings: { chosen: { mode: 'auto', unanswered: 'publish' }, pairedOwners: [7] },
  };
  const after = afterRestart(before, start('put-back'));
  expect(after.wishes).toEqual([]);
  expect(after.settings).toEqual({ chosen: { mode: 'review', unanswered: 'keep' }, pairedOwners: [7] });
  expect(after.servedSlots).toEqual([{ key: slot.key, at: slot.at.toISOString() }]);
  expect(after.conversations).toEqual({});
  expect(after.posts['b']?.state).toBe('expired');
  const until = '2026-12-23T08:00:00.000Z';
  expect(after.queue.resting).toEqual({ 'content of a': until, 'content of b': until });
});

it('leaves the old card of a draft that has ended alone: it may be the record of what went out', () => {
  const card = { chatId: 7, messageId: 3 };
  const state = stateWith(['a', 'drafted']);
  const post = state.posts['a'];
  if (post === undefined) throw new Error('There is no post');
  const after = afterRestart({ ...state, posts: { a: { ...post, cards: [card] } } }, start('put-back'));
  expect(after.posts['a']?.cards).toEqual([]);
});

it.each([
  ['withdrawing', 'archived', false],
  ['withdrawing', 'withdrawn', true],
  ['archived', 'archived', true],
] as const)('leaves one that is %s to the history that has it as %s: %s', (open, filed, isLeft) => {
  expect(isLeftToHistory(postIn(open), postIn(filed))).toBe(isLeft);
});
