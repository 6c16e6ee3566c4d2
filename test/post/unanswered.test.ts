import { expect, it } from 'vitest';
import type { Settings } from '#post/settings.ts';
import { dueWithDraft } from '#post/unanswered.ts';
import { at, captionOf, postIn, postStates } from '../fakes/posts.ts';
import { settingsWith } from '../fakes/settings.ts';

type Row = readonly [
  what: string,
  unanswered: Settings['unanswered'],
  hours: number,
  over: Parameters<typeof postIn<'awaiting-approval'>>[1],
  due: ReturnType<typeof dueWithDraft>,
];

const after = (hours: number) => new Date(Date.parse(at) + hours * 60 * 60 * 1000);
const since = (hours: number) => after(hours).toISOString();
const reminded = { remindedAt: since(6) };

it.each<Row>([
  ['is left alone before its time', 'drop', 5.99, {}, undefined],
  ['is reminded of', 'keep', 6, {}, 'remind'],
  ['is reminded of once', 'keep', 100, reminded, undefined],
  ['is reminded of anew when it was touched', 'keep', 100, { touchedAt: since(94) }, 'remind'],
  ['is not reminded of so soon after a touch', 'keep', 100, { touchedAt: since(95) }, undefined],
  ['is not published too early', 'publish', 23.99, reminded, undefined],
  ['is published', 'publish', 24, reminded, 'publish'],
  ['is dropped', 'drop', 24, reminded, 'drop'],
  ['is kept', 'keep', 1000, reminded, undefined],
  ['is first reminded of, though it is late', 'publish', 1000, {}, 'remind'],
  ['has its time after a late reminder', 'publish', 1000, { remindedAt: since(983) }, undefined],
  ['is published after a late reminder', 'publish', 1001, { remindedAt: since(983) }, 'publish'],
  ['is not touched by a clock that was set back', 'drop', -100, reminded, undefined],
  [
    'does not go out with a suspicious text',
    'publish',
    100,
    { ...reminded, captions: [captionOf('x', { isSuspicious: true })] },
    undefined,
  ],
  [
    'is dropped with a suspicious text',
    'drop',
    100,
    { ...reminded, captions: [captionOf('x', { isSuspicious: true })] },
    'drop',
  ],
  ['goes its own way where it goes out unasked', 'drop', 100, { isAutomatic: true }, undefined],
])('a draft %s', (_, unanswered, hours, over, due) => {
  const settings = settingsWith({ reminderHours: 6, unansweredHours: 24, unanswered });
  expect(dueWithDraft(postIn('awaiting-approval', over), settings, after(hours))).toBe(due);
});

it.each([
  [0, 24, 'publish'],
  [30, 24, 'publish'],
  [24, 24, 'publish'],
  [30, 48, undefined],
] as const)(
  'reminders after %i hours and publishing after %i: a draft is %s',
  (reminderHours, unansweredHours, due) => {
    const settings = settingsWith({ reminderHours, unansweredHours, unanswered: 'publish' });
    expect(dueWithDraft(postIn('awaiting-approval'), settings, after(24))).toBe(due);
  },
);

it('only drafts can be unanswered', () => {
  const settings = settingsWith({ reminderHours: 6, unanswered: 'drop' });
  const others = postStates.filter((state) => state !== 'awaiting-approval');
  expect(others.map((state) => dueWithDraft(postIn(state), settings, after(1000)))).toEqual(
    others.map(() => undefined),
  );
});
