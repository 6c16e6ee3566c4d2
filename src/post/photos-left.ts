import { type Agenda, slotsAfter } from './agenda.ts';

/** Photos for longer than this many slots are not counted out: nobody plans so far ahead. */
const farAway = 366;
const lowMs = 7 * 24 * 60 * 60 * 1000;

/** The slot that takes the last photo; undefined: none is left, or they last for too many slots to tell. */
export function lastPhotoAt(agenda: Agenda, from: Date, photosLeft: number): Date | undefined {
  if (photosLeft < 1 || photosLeft > farAway) return undefined;
  return slotsAfter(agenda, from, photosLeft).at(-1)?.at;
}

/** Whether the photos are used up within a week of the schedule. */
export function isRunningLow(agenda: Agenda, now: Date, photosLeft: number): boolean {
  if (photosLeft === 0) return true;
  const last = lastPhotoAt(agenda, now, photosLeft);
  return last !== undefined && last.getTime() - now.getTime() <= lowMs;
}
