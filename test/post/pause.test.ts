import { describe, expect, it } from 'vitest';
import { endOfPause, isPausedAt } from '#post/pause.ts';

const now = new Date('2026-11-22T12:00:00Z');

describe('a pause', () => {
  it.each([
    ['2026-11-22T11:59:59Z', undefined, false],
    ['2026-11-22T12:00:00Z', undefined, true],
    ['2036-11-22T12:00:00Z', undefined, true],
    ['2026-11-24T07:59:59Z', '2026-11-24T08:00:00.000Z', true],
    ['2026-11-24T08:00:00Z', '2026-11-24T08:00:00.000Z', false],
  ])('at %s with the end %s holds: %s', (at, until, isIt) => {
    const pause = { since: now.toISOString(), ...(until !== undefined && { until }) };
    expect(isPausedAt(pause, new Date(at))).toBe(isIt);
  });

  it('that was never begun holds never', () => {
    expect(isPausedAt(undefined, now)).toBe(false);
  });
});

describe('the end of a pause', () => {
  it.each([
    ['5', 'Europe/Berlin', '2026-11-27T12:00:00.000Z'],
    ['1 day', 'Europe/Berlin', '2026-11-23T12:00:00.000Z'],
    ['10d', 'Europe/Berlin', '2026-12-02T12:00:00.000Z'],
    ['2026-12-24', 'Europe/Berlin', '2026-12-23T23:00:00.000Z'],
    ['2026-12-24', 'America/New_York', '2026-12-24T05:00:00.000Z'],
    // Midnight is left out on the day on which the clocks go forward in Cuba.
    ['2027-03-14', 'America/Havana', '2027-03-14T05:00:00.000Z'],
  ])('from "%s" in %s is %s', (text, timeZone, end) => {
    expect(endOfPause(text, now, timeZone)?.toISOString()).toBe(end);
  });

  it.each([
    ...['0', '-3', '400', '5 weeks', 'tomorrow', '2026-11-22', '2026-11-01', '2026-02-30', '2099-01-01'],
    ...['24.12.2026', '2026-12-24T10:00', '* * * * *', ''],
  ])('is not known from "%s"', (text) => {
    expect(endOfPause(text, now, 'UTC')).toBeUndefined();
  });
});
