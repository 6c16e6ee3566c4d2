import { describe, expect, it } from 'vitest';
import { describeSchedule, scheduleFromWords } from '#post/schedule-words.ts';

describe('a schedule in words', () => {
  it.each([
    ['weekdays at 9 and 18:30', ['0 9 * * 1-5', '30 18 * * 1-5']],
    ['every day at 9', ['0 9 * * *']],
    ['at 9', ['0 9 * * *']],
    ['mon, wed, fri at 8 pm', ['0 20 * * 1,3,5']],
    ['Monday to Friday at 8.15', ['15 8 * * 1-5']],
    ['sat-mon at 10', ['0 10 * * 0,1,6']],
    ['daily 9:00 and 21:00', ['0 9,21 * * *']],
    ['at 9 on mondays and at 18 on fridays', ['0 9 * * 1', '0 18 * * 5']],
    ['mondays at 9, sundays at noon', ['0 9 * * 1', '0 12 * * 0']],
    ['weekends at 12 am', ['0 0 * * 0,6']],
    ['sundays at noon', ['0 12 * * 0']],
    ['daily at midnight', ['0 0 * * *']],
    ['werktags um 9 und 18:30', ['0 9 * * 1-5', '30 18 * * 1-5']],
    ['täglich um 9 Uhr', ['0 9 * * *']],
    ['täglich um 9 Uhr 30', ['30 9 * * *']],
    ['jeden Tag um 9.30 Uhr', ['30 9 * * *']],
    ['um 12 am Montag', ['0 12 * * 1']],
    ['montags und donnerstags um 20 Uhr', ['0 20 * * 1,4']],
    ['Montag bis Freitag um 7 Uhr', ['0 7 * * 1-5']],
    ['am Wochenende mittags', ['0 12 * * 0,6']],
    ['sonntags um Mitternacht', ['0 0 * * 0']],
    ['0 9 * * *', ['0 9 * * *']],
    ['*/30 9-11 * * MON', ['*/30 9-11 * * MON']],
  ])('"%s" is %j', (text, patterns) => {
    expect(scheduleFromWords(text)).toEqual(patterns);
  });

  it.each([
    ...[
      '',
      'now and then',
      'weekdays',
      'at 25',
      'at 9:75',
      'at 13 pm',
      'at 0 am',
      'mon to at 9',
      'at 9 on mon to',
    ],
    ...[
      'weekdays except friday at 9',
      'on the 1st at 9',
      '9:00 on weekdays and 18:00',
      'mon at 9 and friday',
    ],
    ...['0 25 * * *', '0 9 30 2 *'],
  ])('"%s" is not understood', (text) => {
    expect(scheduleFromWords(text)).toBeUndefined();
  });

  it.each([
    [
      ['0 9 * * 1-5', '30 18 * * 1-5'],
      'en',
      'at 09:00, Monday through Friday; at 18:30, Monday through Friday',
    ],
    [['0 9 * * *'], 'en', 'at 09:00, every day'],
    [['0 20 * * 1,4'], 'de', 'um 20:00, nur jeden Montag und Donnerstag'],
  ] as const)('is told of %j in "%s" as "%s"', (patterns, locale, text) => {
    expect(describeSchedule(patterns, locale)).toBe(text);
  });
});
