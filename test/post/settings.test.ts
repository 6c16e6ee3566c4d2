import { expect, it } from 'vitest';
import { undoable, wrongWith } from '#post/settings.ts';
import { emptyState, State } from '#post/state.ts';

it.each([
  ['mode', 'veto', undefined],
  ['mode', 'sometimes', 'invalid'],
  ['undoSeconds', 0, undefined],
  ['undoSeconds', 300, undefined],
  ['undoSeconds', 301, 'invalid'],
  ['vetoMinutes', 0, 'invalid'],
  ['timeZone', 'Mars/Olympus', 'time-zone'],
  ['schedule', [], 'schedule'],
  ['schedule', ['0 25 * * *'], 'schedule'],
  ['schedule', ['0 * * * *'], undefined],
  ['schedule', ['0 * * * *', '30 9 * * *'], 'too-many-slots'],
  ['schedule', ['*/30 * * * 1'], 'too-many-slots'],
  ['hashtags', ['#sea', 'light'], 'invalid'],
  ['platformsOff', ['email'], undefined],
  ['platformsOff', ['email', 'telegram'], 'platform'],
  ['platformsOff', ['myspace'], 'platform'],
  ['monthlyBudget', null, undefined],
  ['monthlyBudget', -1, 'invalid'],
] as const)('of %s the value %j is wrong as %s', (name, value, wrong) => {
  expect(wrongWith(name, value, ['telegram', 'email'])).toBe(wrong);
});

it('an old state says of the mode and its changes what it said', () => {
  const old = {
    ...emptyState('seed'),
    settings: { mode: 'auto', pairedOwners: [7] },
    changes: [{ at: '2026-11-22T08:00:00.000Z', by: 7, setting: 'mode', to: 'auto' }],
  };
  const state = State.parse(old);
  expect(state.settings).toEqual({ chosen: { mode: 'auto' }, pairedOwners: [7] });
  expect(state.changes).toEqual(old.changes);
  // Nobody knows what it was before.
  expect(undoable(state.changes)).toBeUndefined();
  expect(State.parse(JSON.parse(JSON.stringify(state)))).toEqual(state);
});
