import { Cron } from 'croner';
import type { App } from '#app.ts';
import type { Clock } from '#ports/clock.ts';
import type { Log } from '#ports/log.ts';
import { type Agenda, dueSlot, isServed, lastSlot } from '#post/agenda.ts';

export interface Schedule {
  /** Looks whether a slot is due and asks for its draft. Called by the clock; safe to call at any time. */
  check(): Promise<void>;
  /** To be called again when the agenda is another one. */
  start(): void;
  stop(): void;
}

/**
 * Wakes at the times of the agenda, and every minute besides, because a wake-up is lost when the machine sleeps
 * or its clock is set. Which slot is due follows from the state, not from the wake-up.
 */
export function createSchedule(agenda: () => Agenda, app: App, clock: Clock, log: Log): Schedule {
  let jobs: readonly Cron[] = [];

  async function check(): Promise<void> {
    app.attendOldPosts();
    app.upkeep();
    const now = clock.now();
    const served = app.servedSlots();
    const due = dueSlot(agenda(), now, served);
    if (due !== undefined) {
      log.info({ slot: due.key }, 'A slot is due');
      await app.serveSlot(due);
      return;
    }
    const last = lastSlot(agenda(), now);
    if (last !== undefined && !isServed(last, now, served)) await app.missSlot(last);
  }

  const wake = () =>
    check().catch((error: unknown) => log.error({ error: String(error) }, 'The slot could not be served'));

  function stop(): void {
    for (const job of jobs) job.stop();
  }

  return {
    check,
    start() {
      stop();
      const { patterns, timeZone } = agenda();
      const options = { protect: true, unref: true };
      jobs = [
        ...patterns.map(
          (pattern) =>
            new Cron(pattern, { ...options, timezone: timeZone, fixedTimeRule: 'no-wildcard' }, wake),
        ),
        new Cron('30 * * * * *', options, wake),
      ];
    },
    stop,
  };
}
