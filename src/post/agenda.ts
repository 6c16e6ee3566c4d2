import { Cron } from 'croner';
import type { ServedSlot } from './state.ts';

/** One due time of the schedule. */
export interface Slot {
  /** Date, time and zone, as `2026-11-22T09:00[Europe/Berlin]`: one draft per key. */
  readonly key: string;
  readonly at: Date;
}

/** Cron patterns in a time zone; a moment that several of them name is one slot. */
export interface Agenda {
  readonly patterns: readonly string[];
  readonly timeZone: string;
}

/** How long after its time a missed slot is still made up for. */
export const graceMs = 12 * 60 * 60 * 1000;

/** What is wrong with a time zone, in words; undefined when it is one. */
export function problemWithTimeZone(timeZone: string): string | undefined {
  try {
    new Intl.DateTimeFormat('en', { timeZone });
    return undefined;
  } catch {
    return `"${timeZone}" is not a time zone`;
  }
}

/** What is wrong with a cron pattern, in words; undefined when it is one that comes due. */
export function problemWithPattern(pattern: string): string | undefined {
  if (pattern.trim().split(/\s+/).length !== 5)
    return 'a schedule has five parts: minute hour day month weekday';
  try {
    return open(pattern, 'UTC').nextRun() === null ? 'this schedule never comes due' : undefined;
  } catch {
    return `"${pattern}" is not a cron schedule`;
  }
}

/** The newest slot at or before this time. */
export function lastSlot(agenda: Agenda, now: Date): Slot | undefined {
  // previousRuns is exclusive of the very second, so it is asked from the one after it.
  const nextSecond = new Date((Math.floor(now.getTime() / 1000) + 1) * 1000);
  return slotsOf(agenda, (job) => job.previousRuns(1, nextSecond)).at(-1);
}

/** When the schedule comes due next after this time. */
export function nextSlot(agenda: Agenda, now: Date): Slot | undefined {
  return slotsAfter(agenda, now, 1)[0];
}

/** The next so many slots after this time; fewer, where the schedule ends before. */
export function slotsAfter(agenda: Agenda, from: Date, count: number): readonly Slot[] {
  return slotsOf(agenda, (job) => job.nextRuns(count, from)).slice(0, count);
}

/** What runs of each pattern there are, oldest first. */
function slotsOf({ patterns, timeZone }: Agenda, runs: (job: Cron) => readonly Date[]): readonly Slot[] {
  const times = patterns.flatMap((pattern) => runs(open(pattern, timeZone)).map((at) => at.getTime()));
  return [...new Set(times)]
    .sort((a, b) => a - b)
    .map((time) => new Date(time))
    .map((at) => ({ at, key: slotKey(at, timeZone) }));
}

/** The slot that wants a draft now: the newest one, within grace and not served before. */
export function dueSlot(agenda: Agenda, now: Date, served: readonly ServedSlot[]): Slot | undefined {
  const slot = lastSlot(agenda, now);
  if (slot === undefined || isServed(slot, now, served)) return undefined;
  return now.getTime() - slot.at.getTime() <= graceMs ? slot : undefined;
}

const dayMs = 24 * 60 * 60 * 1000;

/**
 * Whether a slot was served, or a later one was: a clock that is set back, or the same moment in another zone,
 * makes no second draft. Times of a clock that was wrong by more than a day do not count.
 */
export function isServed(slot: Slot, now: Date, served: readonly ServedSlot[]): boolean {
  const times = served.map(({ at }) => Date.parse(at)).filter((at) => at <= now.getTime() + dayMs);
  return served.some(({ key }) => key === slot.key) || times.some((at) => at >= slot.at.getTime());
}

const rememberedSlots = 100;

/** The newest slots with this one among them; old ones are beyond their grace and need no memory. */
export function rememberSlot(served: readonly ServedSlot[], slot: Slot): ServedSlot[] {
  const others = served.filter(({ key }) => key !== slot.key);
  return [...others, { key: slot.key, at: slot.at.toISOString() }].slice(-rememberedSlots);
}

function open(pattern: string, timeZone: string): Cron {
  // Without `no-wildcard` a list such as `30 2,14 * * *` loses its slot on the day the clocks go forward.
  return new Cron(pattern, { timezone: timeZone, paused: true, fixedTimeRule: 'no-wildcard' });
}

function slotKey(at: Date, timeZone: string): string {
  return `${wallClock(at, timeZone)}[${timeZone}]`;
}

/** What the clock on the wall shows there, as `2026-11-22T09:00`. */
export function wallClock(at: Date, timeZone: string): string {
  return formatIn(timeZone).format(at).replace(' ', 'T');
}

/** By time zone: to make one takes a hundred times as long as to use it. */
const formats = new Map<string, Intl.DateTimeFormat>();

function formatIn(timeZone: string): Intl.DateTimeFormat {
  const known = formats.get(timeZone);
  if (known !== undefined) return known;
  const made = new Intl.DateTimeFormat('sv', { timeZone, dateStyle: 'short', timeStyle: 'short' });
  formats.set(timeZone, made);
  return made;
}

/** When the clock on the wall there shows `2026-11-22T09:00:00`; undefined: no clock ever does. */
export function momentIn(local: string, timeZone: string): Date | undefined {
  return new Cron(local, { timezone: timeZone, paused: true }).nextRuns(1, new Date(0))[0];
}
