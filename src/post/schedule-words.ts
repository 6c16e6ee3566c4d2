import cronstrue from 'cronstrue';
import 'cronstrue/locales/de.js';
import { problemWithPattern } from './agenda.ts';

const weekdays = [
  /^(sun|sundays?|so|sonntags?)$/,
  /^(mon|mondays?|mo|montags?)$/,
  /^(tue|tues|tuesdays?|di|dienstags?)$/,
  /^(wed|wednesdays?|mi|mittwochs?)$/,
  /^(thu|thur|thurs|thursdays?|do|donnerstags?)$/,
  /^(fri|fridays?|fr|freitags?)$/,
  /^(sat|saturdays?|sa|samstags?|sonnabends?)$/,
];
const severalDays: readonly (readonly [RegExp, readonly number[]])[] = [
  [/^(daily|days?|täglich|tage?)$/, [0, 1, 2, 3, 4, 5, 6]],
  [/^(weekdays?|workdays?|werktags?|werktagen?|wochentags)$/, [1, 2, 3, 4, 5]],
  [/^(weekends?|wochenenden?)$/, [0, 6]],
];
const filling = /^(every|each|at|on|and|the|um|am|und|an|jeden?|jedes)$/;
const until = /^(to|till|until|through|bis|-|–)$/;
/** "12 am" is midnight, and "um 12 am Montag" is noon. */
const time =
  /(?<![\w:.])(\d{1,2})(?:[:.](\d\d))?(?:\s*uhr(?:\s+(\d\d)(?![\w:]))?)?(?:\s*(am|pm)(?!\s+(?:mon|diens|mitt|donners|frei|sams|sonn|wochen|werk)[a-z]*(?:tag|woch|abend|ende)))?(?![\w:])|\b(noon|midday|mittags?|midnight|mitternachts?)\b/g;

interface Group {
  readonly days: Set<number>;
  readonly times: { readonly hour: number; readonly minute: number }[];
}

/**
 * The cron patterns for a schedule in English or German words, such as "weekdays at 9 and 18:30" or "montags um 20 Uhr",
 * or for a cron pattern itself. Undefined: it is not understood.
 */
export function scheduleFromWords(text: string): readonly string[] | undefined {
  const plain = text.trim();
  if (problemWithPattern(plain) === undefined) return [plain];
  const groups = groupsIn(plain.toLowerCase());
  if (groups === undefined || groups.some(({ times }) => times.length === 0)) return undefined;
  // "9:00 on weekdays and 18:00" does not say on which days the second one is.
  if (groups.length > 1 && groups.some(({ days }) => days.size === 0)) return undefined;
  const patterns = [...new Set(groups.flatMap(patternsOf))];
  return patterns.length === 0 ? undefined : patterns;
}

/** Days and times in the order in which they are said: "mon at 9, fri at 18" and "at 9 on mondays" alike. */
function groupsIn(text: string): readonly Group[] | undefined {
  const marked = text
    .replace(/([ap])\.m\.?/g, '$1m')
    .replace(time, (_, hour, minute, afterUhr, half, name) => {
      const at =
        name === undefined
          ? timeOf(hour, minute ?? afterUhr, half)
          : /^m(id)?n|^mitte/.test(name)
            ? '0:0'
            : '12:0';
      return ` @${at} `;
    });
  const groups: Group[] = [];
  let [first, last]: ('day' | 'time' | undefined)[] = [undefined, undefined];
  let lastDay: number | undefined;
  let isRange = false;
  for (const word of marked.split(/[\s,;&+]+|(?<=\p{L})\s*([-–])\s*(?=\p{L})/u)) {
    if (!word || filling.test(word)) continue;
    if (until.test(word) && lastDay !== undefined) {
      isRange = true;
      continue;
    }
    const at = /^@(\d+):(\d+)$/.exec(word);
    const days = at === null ? daysOf(word) : undefined;
    if (at === null && days === undefined) return undefined;
    const kind = at === null ? 'day' : 'time';
    if (isRange && kind === 'time') return undefined;
    first ??= kind;
    if (groups.length === 0 || (kind === first && last !== kind)) groups.push({ days: new Set(), times: [] });
    last = kind;
    const group = groups.at(-1);
    if (at !== null) {
      group?.times.push({ hour: Number(at[1]), minute: Number(at[2]) });
      lastDay = undefined;
    }
    for (const day of days ?? []) group?.days.add(day);
    const [day] = days ?? [];
    if (isRange && lastDay !== undefined && day !== undefined) {
      for (let each = lastDay; each !== day; each = (each + 1) % 7) group?.days.add(each);
    }
    isRange = false;
    lastDay = days?.length === 1 ? day : undefined;
  }
  return isRange ? undefined : groups;
}

/** What is no time of the day stays a word that is not understood. */
function timeOf(hourSaid: string, minuteSaid = '0', half?: string): string {
  const [hour, minute] = [Number(hourSaid), Number(minuteSaid)];
  const isTime = minute < 60 && (half === undefined ? hour < 24 : hour >= 1 && hour <= 12);
  if (!isTime) return 'none';
  return `${half === undefined ? hour : (hour % 12) + (half === 'pm' ? 12 : 0)}:${minute}`;
}

function daysOf(word: string): readonly number[] | undefined {
  const day = weekdays.findIndex((names) => names.test(word));
  if (day !== -1) return [day];
  return severalDays.find(([names]) => names.test(word))?.[1];
}

function patternsOf({ days, times }: Group): readonly string[] {
  const list = [...days].sort((a, b) => a - b).join(',');
  const onDays = days.size === 0 || days.size === 7 ? '*' : list === '1,2,3,4,5' ? '1-5' : list;
  return [...new Set(times.map(({ minute }) => minute))].map((minute) => {
    const hours = times.filter((each) => each.minute === minute).map(({ hour }) => hour);
    return `${minute} ${[...new Set(hours)].sort((a, b) => a - b).join(',')} * * ${onDays}`;
  });
}

/** A schedule in words, such as "at 09:00, every day". Several patterns are divided by semicolons. */
export function describeSchedule(patterns: readonly string[], locale: 'en' | 'de'): string {
  return patterns
    .map((pattern) => cronstrue.toString(pattern, { locale, use24HourTimeFormat: true, verbose: true }))
    .map((text) => text.charAt(0).toLowerCase() + text.slice(1))
    .join('; ');
}
