import { describe, expect, it } from 'vitest';
import type { Agenda } from '#post/agenda.ts';
import { isRunningLow, lastPhotoAt } from '#post/photos-left.ts';

const daily: Agenda = { patterns: ['0 9 * * *'], timeZone: 'Europe/Berlin' };
const mondays: Agenda = { ...daily, patterns: ['0 9 * * 1'] };
const twice: Agenda = { ...daily, patterns: ['0 9,18 * * *'] };
/** A Sunday, at the very slot. */
const now = new Date('2026-11-22T08:00:00Z');

describe('photos', () => {
  it.each<[string, Agenda, number, string | undefined]>([
    ['one a day', daily, 9, '2026-12-01T08:00:00.000Z'],
    ['one a week', mondays, 2, '2026-11-30T08:00:00.000Z'],
    ['two a day', twice, 3, '2026-11-23T17:00:00.000Z'],
    ['none', daily, 0, undefined],
    ['more than for a year', daily, 5000, undefined],
  ])('last until the slot that takes the last one: %s', (_, agenda, count, until) => {
    expect(lastPhotoAt(agenda, now, count)?.toISOString()).toBe(until);
  });

  it.each<[string, Agenda, number, boolean]>([
    ['a week, one a day', daily, 7, true],
    ['a day more than a week', daily, 8, false],
    ['a week, two a day', twice, 14, true],
    ['one slot more than a week, two a day', twice, 15, false],
    ['two weeks, one a week', mondays, 2, false],
    ['the last one, one a week', mondays, 1, true],
    ['none', mondays, 0, true],
    ['very many', daily, 5000, false],
  ])('are running out when they last a week or less: %s', (_, agenda, count, isLow) => {
    expect(isRunningLow(agenda, now, count)).toBe(isLow);
  });
});
