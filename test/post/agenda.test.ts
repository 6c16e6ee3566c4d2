import { describe, expect, it } from 'vitest';
import {
  type Agenda,
  dueSlot,
  graceMs,
  isServed,
  lastSlot,
  nextSlot,
  problemWithPattern,
  problemWithTimeZone,
  rememberSlot,
} from '#post/agenda.ts';
import type { ServedSlot } from '#post/state.ts';

const berlin: Agenda = { patterns: ['0 9 * * *'], timeZone: 'Europe/Berlin' };
const newYork: Agenda = { patterns: ['0 9 * * *'], timeZone: 'America/New_York' };
const today = '2026-11-22T09:00[Europe/Berlin]';
const servedToday = { key: today, at: '2026-11-22T08:00:00.000Z' };
const servedYesterday = { key: '2026-11-21T09:00[Europe/Berlin]', at: '2026-11-21T08:00:00.000Z' };
const minuteMs = 60_000;

function due(time: string, served: readonly ServedSlot[] = [], agenda = berlin): string | undefined {
  return dueSlot(agenda, new Date(time), served)?.key;
}

/** What is served when somebody looks every ten minutes; the first is the slot before, still within its grace. */
function servedBetween(agenda: Agenda, from: string, hours: number): readonly string[] {
  let served: ServedSlot[] = [];
  for (let minutes = 0; minutes <= hours * 60; minutes += 10) {
    const slot = dueSlot(agenda, new Date(Date.parse(from) + minutes * minuteMs), served);
    if (slot !== undefined) served = rememberSlot(served, slot);
  }
  return served.map(({ key }) => key);
}

describe('a slot', () => {
  it('is due from its very moment on', () => {
    expect(due('2026-11-22T07:59:59.000Z', [servedYesterday])).toBeUndefined();
    expect(due('2026-11-22T08:00:00.000Z', [servedYesterday])).toBe(today);
    expect(due('2026-11-22T08:00:00.001Z', [servedYesterday])).toBe(today);
  });

  // lastSlot() asks croner from now plus one second, which reaches up to 999 ms into the future.
  it('is not due a fraction of a second before its moment', () => {
    expect(due('2026-11-22T07:59:59.500Z', [servedYesterday])).toBeUndefined();
  });

  it('is due at most once', () => {
    expect(due('2026-11-22T08:00:00.000Z', [servedYesterday, servedToday])).toBeUndefined();
    expect(due('2026-11-22T11:00:00.000Z', [servedYesterday, servedToday])).toBeUndefined();
  });

  it('is made up for within the grace, and not after it', () => {
    const end = Date.parse('2026-11-22T08:00:00.000Z') + graceMs;
    expect(due(new Date(end).toISOString())).toBe(today);
    expect(due(new Date(end + 1000).toISOString())).toBeUndefined();
  });

  it('that was missed is not made up for by more than the newest one', () => {
    const hourly = { ...berlin, patterns: ['0 * * * *'] };
    const now = '2026-11-22T12:30:00.000Z';
    const newest = '2026-11-22T13:00[Europe/Berlin]';
    expect(due(now, [], hourly)).toBe(newest);
    expect(due(now, [{ key: newest, at: '2026-11-22T12:00:00.000Z' }], hourly)).toBeUndefined();
  });

  it('knows its moment', () => {
    expect(lastSlot(berlin, new Date('2026-11-22T11:11:11Z'))).toEqual({
      key: today,
      at: new Date('2026-11-22T08:00:00.000Z'),
    });
    expect(nextSlot(berlin, new Date('2026-11-22T08:00:00Z'))).toEqual({
      key: '2026-11-23T09:00[Europe/Berlin]',
      at: new Date('2026-11-23T08:00:00.000Z'),
    });
  });

  it('of another zone is another slot, unless its moment has been', () => {
    const nineInNewYork = '2026-11-22T09:00[America/New_York]';
    expect(due('2026-11-22T14:00:00.000Z', [servedToday], newYork)).toBe(nineInNewYork);
    const servedThere = { key: nineInNewYork, at: '2026-11-22T14:00:00.000Z' };
    expect(due('2026-11-22T15:00:00.000Z', [servedThere], berlin)).toBeUndefined();
  });
});

describe('a clock that is set back', () => {
  it.each([1, 5, 59, 60, 12 * 60, 23 * 60])('by %i minutes gives no second draft', (minutes) => {
    const served = [servedYesterday, servedToday];
    for (let passed = -minutes; passed <= 30; passed += 1) {
      const now = new Date(Date.parse('2026-11-22T08:00:30Z') + passed * minuteMs);
      expect(dueSlot(berlin, now, served)).toBeUndefined();
    }
  });

  it('behind everything that is remembered gives no draft either', () => {
    expect(due('2026-11-21T10:00:00.000Z', [servedToday])).toBeUndefined();
  });

  it('after it was far ahead gives drafts again', () => {
    const wrong = { key: '2030-01-01T09:00[Europe/Berlin]', at: '2030-01-01T08:00:00.000Z' };
    expect(due('2026-11-22T08:00:00.000Z', [servedYesterday, wrong])).toBe(today);
  });
});

describe('what was served', () => {
  const slot = { key: today, at: new Date(servedToday.at) };

  it('is remembered once, the newest last, as far back as it matters', () => {
    expect(rememberSlot([servedToday, servedYesterday], slot)).toEqual([servedYesterday, servedToday]);
    const many = Array.from({ length: 150 }, (_, index) => ({ ...servedYesterday, key: `slot ${index}` }));
    const remembered = rememberSlot(many, slot);
    expect(remembered.at(-1)).toEqual(servedToday);
    expect(remembered.length).toBeLessThanOrEqual(100);
  });

  it.each([
    ['nothing was', [], false],
    ['an earlier one was', [servedYesterday], false],
    ['it was', [servedYesterday, servedToday], true],
    ['a later one was', [{ key: 'later', at: '2026-11-22T08:00:01.000Z' }], true],
  ])('counts for a slot when %s: %j', (_, served, isIt) => {
    expect(isServed(slot, new Date('2026-11-22T09:00:00Z'), served)).toBe(isIt);
  });
});

describe('the days on which the clocks change', () => {
  it.each([
    ['Europe/Berlin', '2026-03-28T12:00Z', ['2026-03-29', '2026-03-30']],
    ['Europe/Berlin', '2026-10-24T12:00Z', ['2026-10-25', '2026-10-26']],
    ['America/New_York', '2026-03-07T20:00Z', ['2026-03-08', '2026-03-09']],
    ['America/New_York', '2026-10-31T20:00Z', ['2026-11-01', '2026-11-02']],
  ])('have one slot at nine in %s from %s on', (timeZone, from, dates) => {
    const served = servedBetween({ patterns: ['0 9 * * *'], timeZone }, from, 46);
    expect(served.slice(-2)).toEqual(dates.map((date) => `${date}T09:00[${timeZone}]`));
    expect(served).toHaveLength(3);
  });

  it.each([
    ['Europe/Berlin', '2026-03-28T12:00Z', ['2026-03-29T03:00', '2026-03-30T02:30']],
    ['Europe/Berlin', '2026-10-24T12:00Z', ['2026-10-25T02:30', '2026-10-26T02:30']],
    ['America/New_York', '2026-03-07T18:00Z', ['2026-03-08T03:00', '2026-03-09T02:30']],
    ['America/New_York', '2026-10-31T18:00Z', ['2026-11-01T02:30', '2026-11-02T02:30']],
  ])(
    'have one slot at half past two in %s from %s on, an hour that is missing or there twice',
    (timeZone, from, keys) => {
      const served = servedBetween({ patterns: ['30 2 * * *'], timeZone }, from, 46);
      expect(served.slice(-2)).toEqual(keys.map((key) => `${key}[${timeZone}]`));
      expect(served).toHaveLength(3);
    },
  );

  it('keep a slot of a list that falls into the missing hour', () => {
    const agenda = { patterns: ['30 2,14 * * *'], timeZone: 'Europe/Berlin' };
    const keys = servedBetween(agenda, '2026-03-29T00:00Z', 20);
    expect(keys.slice(-2)).toEqual(['2026-03-29T03:00[Europe/Berlin]', '2026-03-29T14:30[Europe/Berlin]']);
  });

  it('are foreseen as they are then found to be due', () => {
    const agenda = { patterns: ['30 2 * * *'], timeZone: 'Europe/Berlin' };
    for (const day of ['2026-03-28T12:00Z', '2026-10-24T12:00Z']) {
      const next = nextSlot(agenda, new Date(day));
      expect(next && dueSlot(agenda, next.at, [])).toEqual(next);
    }
  });
});

describe('an agenda', () => {
  it.each([
    ['0 9 * * *', 'Europe/Berlin'],
    ['0 9 * * MON-FRI', 'America/New_York'],
    ['30 2,14 1 * *', 'UTC'],
    [' 0  9 29 2 * ', 'Asia/Kolkata'],
  ])('of %s in %s is fine', (pattern, timeZone) => {
    expect([problemWithPattern(pattern), problemWithTimeZone(timeZone)]).toEqual([undefined, undefined]);
  });

  it.each([
    ['at nine', 'a schedule has five parts: minute hour day month weekday'],
    ['* * * * * *', 'a schedule has five parts: minute hour day month weekday'],
    ['@daily', 'a schedule has five parts: minute hour day month weekday'],
    ['0 25 * * *', '"0 25 * * *" is not a cron schedule'],
    ['a b c d e', '"a b c d e" is not a cron schedule'],
    ['0 9 30 2 *', 'this schedule never comes due'],
  ])('of %s is not: %s', (pattern, problem) => {
    expect(problemWithPattern(pattern)).toBe(problem);
  });

  it.each(['Mars/Olympus', ''])('in the time zone "%s" is not', (timeZone) => {
    expect(problemWithTimeZone(timeZone)).toBe(`"${timeZone}" is not a time zone`);
  });
});
