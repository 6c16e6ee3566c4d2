import { Cron } from 'croner';

/** One due time of the schedule. */
export interface Slot {
  /** Date, time and zone, as `2026-11-22T09:00[Europe/Berlin]`: one draft per key. */
  readonly key: string;
  readonly at: Date;
}

/** A cron pattern in a time zone. */
export interface Agenda {
  readonly pattern: string;
  readonly timeZone: string;
}

/** How long after its time a missed slot is still made up for. */
export const graceMs = 12 * 60 * 60 * 1000;

/** What is wrong with a cron pattern or a time zone, in words; undefined when both are fine. */
export function problemWithAgenda({ pattern, timeZone }: Agenda): string | undefined {
  try {
    new Intl.DateTimeFormat('en', { timeZone });
  } catch {
    return `"${timeZone}" is not a time zone; write it like Europe/Berlin`;
  }
  if (pattern.trim().split(/\s+/).length !== 5)
    return 'a schedule has five parts: minute hour day month weekday';
  try {
    return open({ pattern, timeZone }).nextRun() === null ? 'this schedule never comes due' : undefined;
  } catch {
    return `"${pattern}" is not a cron schedule; every day at nine is "0 9 * * *"`;
  }
}

/** The newest slot at or before this time. */
export function lastSlot(agenda: Agenda, now: Date): Slot | undefined {
  // previousRuns is exclusive of the very moment, so it is asked from a second later.
  const [at] = open(agenda).previousRuns(1, new Date(now.getTime() + 1000));
  return at && { at, key: slotKey(at, agenda.timeZone) };
}

/** When the schedule comes due next after this time. */
export function nextSlot(agenda: Agenda, now: Date): Slot | undefined {
  const at = open(agenda).nextRun(now);
  return at === null ? undefined : { at, key: slotKey(at, agenda.timeZone) };
}

/** The slot that wants a draft now: the newest one, within grace and not served before. */
export function dueSlot(agenda: Agenda, now: Date, served: readonly string[]): Slot | undefined {
  const slot = lastSlot(agenda, now);
  if (slot === undefined || served.includes(slot.key)) return undefined;
  return now.getTime() - slot.at.getTime() <= graceMs ? slot : undefined;
}

function open({ pattern, timeZone }: Agenda): Cron {
  // Without `no-wildcard` a list such as `30 2,14 * * *` loses its slot on the day the clocks go forward.
  return new Cron(pattern, { timezone: timeZone, paused: true, fixedTimeRule: 'no-wildcard' });
}

function slotKey(at: Date, timeZone: string): string {
  const parts = new Intl.DateTimeFormat('sv', {
    timeZone,
    dateStyle: 'short',
    timeStyle: 'short',
  }).format(at);
  return `${parts.replace(' ', 'T')}[${timeZone}]`;
}
