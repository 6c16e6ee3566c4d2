import { expect, it } from 'vitest';
import { monthIn, spentIn, withSpent } from '#post/spending.ts';

it('counts by the months of the owner', () => {
  const newYear = new Date('2026-12-31T23:30:00Z');
  expect(monthIn('UTC', newYear)).toBe('2026-12');
  expect(monthIn('Europe/Berlin', newYear)).toBe('2027-01');
});

it('adds up, takes back, and never falls below nothing', () => {
  const some = withSpent(withSpent(undefined, '2026-11', 0.1), '2026-11', 0.2);
  expect(spentIn(some, '2026-11')).toBe(0.3);
  expect(spentIn(some, '2026-12')).toBe(0);
  expect(spentIn(undefined, '2026-11')).toBe(0);
  expect(withSpent(some, '2026-11', -1)).toEqual({ '2026-11': 0 });
});

it('forgets months of long ago', () => {
  let spending = withSpent(undefined, '2020-01', 1);
  for (let month = 1; month <= 12; month += 1) {
    for (const year of [2025, 2026])
      spending = withSpent(spending, `${year}-${String(month).padStart(2, '0')}`, 1);
  }
  expect(Object.keys(spending)).toHaveLength(24);
  expect(spending).not.toHaveProperty('2020-01');
});
