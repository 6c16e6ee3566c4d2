import { describe, expect, it } from 'vitest';
import { laterTimes, readTime } from '#post/later.ts';

/** A Monday, 11:30 in Berlin. */
const now = new Date('2026-11-23T10:30:00Z');
const timeZone = 'Europe/Berlin';
const read = async (text: string, language: 'en' | 'de' = 'en', at = now, zone = timeZone) => {
  const found = await readTime(text, { now: at, timeZone: zone, language });
  return typeof found === 'string' ? found : found.toISOString().slice(0, 16);
};

describe('a time in words', () => {
  it.each([
    ['tomorrow at 9', '2026-11-24T08:00'],
    ['Friday 18:30', '2026-11-27T17:30'],
    ['monday 9am', '2026-11-30T08:00'],
    ['24 December at 18:30', '2026-12-24T17:30'],
    ['5/12 at 8pm', '2026-12-05T19:00'],
    ['2026-12-01 08:00', '2026-12-01T07:00'],
    ['in 2 hours', '2026-11-23T12:30'],
    ['in 30 min', '2026-11-23T11:00'],
    ['14:00', '2026-11-23T13:00'],
    ['11:00', '2026-11-24T10:00'],
    ['30 March 2027 9:00', '2027-03-30T07:00'],
  ])('is understood in English: %s', async (text, at) => expect(await read(text)).toBe(at));

  it.each([
    ['morgen um 9', '2026-11-24T08:00'],
    ['Freitag 18 Uhr', '2026-11-27T17:00'],
    ['nächsten Montag um 7', '2026-11-30T06:00'],
    ['24.12. um 18:30', '2026-12-24T17:30'],
    ['24.12.2026 18:30', '2026-12-24T17:30'],
    ['in 2 Stunden', '2026-11-23T12:30'],
    ['tomorrow at 9', '2026-11-24T08:00'],
  ])('is understood in German: %s', async (text, at) => expect(await read(text, 'de')).toBe(at));

  it.each([
    ['banana', 'unclear'],
    ['32.12. 9:00', 'unclear'],
    ['31.02. 9:00', 'unclear'],
    ['friday', 'no-time-of-day'],
    ['morgen', 'no-time-of-day'],
    ['yesterday at 9', 'past'],
    ['1 January 2020 9:00', 'past'],
    ['25 December 2028 9:00', 'too-far'],
  ])('that cannot be taken is told why: %s', async (text, why) => expect(await read(text)).toBe(why));

  it('is what the clock on the wall shows after the clocks were changed, and a length of time is not', async () => {
    const saturday = new Date('2027-03-27T12:00:00Z');
    expect(await read('tomorrow at 9', 'en', saturday)).toBe('2027-03-28T07:00');
    expect(await read('in 24 hours', 'en', saturday)).toBe('2027-03-28T12:00');
  });

  it('is in the owner’s own zone', async () => {
    expect(await read('tomorrow at 9', 'en', now, 'America/New_York')).toBe('2026-11-24T14:00');
    expect(await read('tomorrow at 9', 'en', now, 'Asia/Kathmandu')).toBe('2026-11-24T03:15');
  });
});

describe('the times that are offered', () => {
  const offered = (patterns: readonly string[], at: string, zone = timeZone) =>
    laterTimes({ patterns, timeZone: zone }, new Date(at)).map(
      (each) => `${each.kind} ${each.at.toISOString().slice(0, 16)}`,
    );

  it.each([
    [
      'in the morning',
      '2026-11-23T10:30:20Z',
      [
        'hour 2026-11-23T11:31',
        'tonight 2026-11-23T17:00',
        'tomorrow 2026-11-24T08:00',
        'slot 2026-11-23T11:15',
      ],
    ],
    [
      'at night',
      '2026-11-23T22:30:00Z',
      ['hour 2026-11-23T23:30', 'tomorrow 2026-11-24T08:00', 'slot 2026-11-24T11:15'],
    ],
    [
      'at exactly six',
      '2026-11-23T17:00:00Z',
      ['hour 2026-11-23T18:00', 'tomorrow 2026-11-24T08:00', 'slot 2026-11-24T11:15'],
    ],
    [
      'after midnight',
      '2026-11-23T23:30:00Z',
      [
        'hour 2026-11-24T00:30',
        'tonight 2026-11-24T17:00',
        'tomorrow 2026-11-25T08:00',
        'slot 2026-11-24T11:15',
      ],
    ],
  ])('are all to come: %s', (_, at, times) => expect(offered(['15 12 * * *'], at)).toEqual(times));

  it('are offered once, even if the schedule has the same', () => {
    expect(offered(['0 9 * * *'], '2026-11-23T22:30:00Z')).toEqual([
      'hour 2026-11-23T23:30',
      'tomorrow 2026-11-24T08:00',
    ]);
  });
});
