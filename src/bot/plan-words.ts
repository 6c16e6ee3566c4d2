import type { Plan } from '#app.ts';
import { dayIn } from './owner-chat.ts';
import type { PlanWords } from './words/views.ts';
import type { Words } from './words/words.ts';

/** What the schedule has in mind, with its times as the owner reads them. */
export function planWords({ pause, nextSlot, timeZone }: Plan, { locale }: Words): PlanWords {
  const day = dayIn(timeZone, locale);
  return {
    isPaused: pause !== undefined,
    until: pause?.until && day(new Date(pause.until)),
    next: nextSlot && day(nextSlot.at),
  };
}
