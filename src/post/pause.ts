import { z } from 'zod';
import { momentIn } from './agenda.ts';

const time = z.iso.datetime();

/** The schedule rests: its slots pass without a draft. */
export const Pause = z.object({
  since: time,
  /** Absent: until the owner ends it. */
  until: time.exactOptional(),
});
export type Pause = Readonly<z.infer<typeof Pause>>;

/** Whether a slot at this time passes without a draft. */
export function isPausedAt(pause: Pause | undefined, at: Date): boolean {
  if (pause === undefined || at.getTime() < Date.parse(pause.since)) return false;
  return pause.until === undefined || at.getTime() < Date.parse(pause.until);
}

const dayMs = 24 * 60 * 60 * 1000;
const mostDays = 366;

/**
 * When a pause ends, from what the owner wrote: a number of days, or a date such as `2026-12-24`, on which there are
 * drafts again. Undefined: it is neither, is over already, or more than a year away.
 */
export function endOfPause(text: string, now: Date, timeZone: string): Date | undefined {
  const days = /^(\d{1,3})(\s*(d|days?))?$/i.exec(text)?.[1];
  const end = days === undefined ? midnight(text, timeZone) : new Date(now.getTime() + Number(days) * dayMs);
  const ms = (end?.getTime() ?? 0) - now.getTime();
  return ms > 0 && ms <= mostDays * dayMs ? end : undefined;
}

/** The beginning of a date in a time zone. */
function midnight(date: string, timeZone: string): Date | undefined {
  if (!z.iso.date().safeParse(date).success) return undefined;
  return momentIn(`${date}T00:00:00`, timeZone);
}
