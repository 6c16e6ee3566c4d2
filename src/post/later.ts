import type { ParsedResult } from 'chrono-node/en';
import { type Agenda, momentIn, nextSlot, slotsAfter, wallClock } from './agenda.ts';
import type { Language } from './state.ts';

/** A time that is offered for a post; `slot`: the next one of the schedule. */
export interface LaterTime {
  readonly kind: 'hour' | 'tonight' | 'tomorrow' | 'slot';
  readonly at: Date;
}

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const longestMs = 366 * 24 * hourMs;

/** Sensible times for a post, all to come and each only once. */
export function laterTimes(agenda: Agenda, now: Date): readonly LaterTime[] {
  const { timeZone } = agenda;
  const dayOf = (at: Date) => wallClock(at, timeZone).slice(0, 10);
  const hour = new Date(Math.ceil((now.getTime() + hourMs) / minuteMs) * minuteMs);
  const [evening] = slotsAfter({ patterns: ['0 18 * * *'], timeZone }, now, 1);
  const mornings = slotsAfter({ patterns: ['0 9 * * *'], timeZone }, now, 2);
  const morning = mornings.find(({ at }) => dayOf(at) !== dayOf(now));
  const slot = nextSlot(agenda, now);
  const all: readonly LaterTime[] = [
    { kind: 'hour', at: hour },
    ...(evening && dayOf(evening.at) === dayOf(now) ? [{ kind: 'tonight', at: evening.at } as const] : []),
    ...(morning ? [{ kind: 'tomorrow', at: morning.at } as const] : []),
    ...(slot ? [{ kind: 'slot', at: slot.at } as const] : []),
  ];
  return all.filter(({ at }, index) => all.findIndex((each) => each.at.getTime() === at.getTime()) === index);
}

/** Why a text is no time for a post. */
export type WrongTime = 'unclear' | 'no-time-of-day' | 'past' | 'too-far';

/**
 * The time that the owner means, in their zone: "tomorrow at 9", "Freitag 18 Uhr", "in 2 hours", "24.12. 18:30". At most
 * a year away. What knows the words is loaded with the first text, because few owners ever write one.
 */
export async function readTime(
  text: string,
  { now, timeZone, language }: { readonly now: Date; readonly timeZone: string; readonly language: Language },
): Promise<Date | WrongTime> {
  const [en, de] = await Promise.all([import('chrono-node/en'), import('chrono-node/de')]);
  const reference = { instant: now, timezone: offsetMinutes(now, timeZone) };
  const readers = language === 'de' ? [de.casual, en.GB] : [en.GB, de.casual];
  const written = withMonthNames(text);
  const read = readers.flatMap((reader) => reader.parse(written, reference, { forwardDate: true }));
  // A number that was not understood may be the day.
  const whole = read.filter((each) => !/\d/.test(written.replace(each.text, '')));
  const found = whole.find(({ start }) => start.isCertain('hour'));
  if (found === undefined) return whole.length > 0 ? 'no-time-of-day' : 'unclear';
  const at = momentOf(found, timeZone);
  if (at === undefined) return 'unclear';
  if (at.getTime() <= now.getTime()) return 'past';
  return at.getTime() - now.getTime() > longestMs ? 'too-far' : at;
}

/** "24.12." is "24. Dezember", because the reader knows a date in numbers only with its year. */
function withMonthNames(text: string): string {
  const month = new Intl.DateTimeFormat('de', { month: 'long', timeZone: 'UTC' });
  return text.replace(/\b(\d{1,2})\.\s?(0?[1-9]|1[0-2])\.(?!\d)/g, (_, day: string, number: string) => {
    return `${day}. ${month.format(Date.UTC(2000, Number(number) - 1))} `;
  });
}

/** "In two hours" is a moment; "tomorrow at 9" is what the clock on the wall shows, summer time or not. */
function momentOf({ start }: ParsedResult, timeZone: string): Date | undefined {
  if (start.isCertain('timezoneOffset')) return start.date();
  const part = (name: 'year' | 'month' | 'day' | 'hour' | 'minute', digits = 2) =>
    String(start.get(name) ?? 0).padStart(digits, '0');
  return momentIn(
    `${part('year', 4)}-${part('month')}-${part('day')}T${part('hour')}:${part('minute')}:00`,
    timeZone,
  );
}

function offsetMinutes(now: Date, timeZone: string): number {
  const local = Date.parse(`${wallClock(now, timeZone)}Z`);
  return Math.round((local - now.getTime()) / minuteMs);
}
