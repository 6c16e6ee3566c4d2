import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { App } from '#app.ts';
import type { Agenda, Slot } from '#post/agenda.ts';
import type { ServedSlot } from '#post/state.ts';
import { createSchedule } from '#schedule.ts';
import { createFakeApp } from './fakes/app.ts';
import { createFakeLog } from './fakes/log.ts';
import { createTestClock } from './test-clock.ts';

const agenda: Agenda = { patterns: ['0 9 * * *'], timeZone: 'Europe/Berlin' };
const nine = '2026-11-22T08:00:00.000Z';
const today: Slot = { key: '2026-11-22T09:00[Europe/Berlin]', at: new Date(nine) };
const hourMs = 3_600_000;

/** An app that remembers what it was asked to serve, as the real one does when its decision is on disk. */
function openSchedule(start: string, over: Partial<App> = {}) {
  const clock = createTestClock(new Date(start));
  const log = createFakeLog();
  const served: ServedSlot[] = [{ key: '2026-11-21T09:00[Europe/Berlin]', at: '2026-11-21T08:00:00.000Z' }];
  const asked: string[] = [];
  const keep = (verb: string) => async (slot: Slot) => {
    asked.push(`${verb} ${slot.key}`);
    served.push({ key: slot.key, at: slot.at.toISOString() });
  };
  const app = createFakeApp({
    attendOldPosts: () => undefined,
    upkeep: () => undefined,
    servedSlots: () => served,
    serveSlot: keep('serve'),
    missSlot: keep('miss'),
    ...over,
  });
  return { clock, log, served, asked, schedule: createSchedule(() => agenda, app, clock, log) };
}

describe('a look at the schedule', () => {
  it('has a due slot served, once', async () => {
    const { schedule, asked, clock } = openSchedule(nine);
    await schedule.check();
    await schedule.check();
    clock.advance(5 * hourMs);
    await schedule.check();
    expect(asked).toEqual([`serve ${today.key}`]);
  });

  it('hands over the slot with its moment', async () => {
    const slots: Slot[] = [];
    const serveSlot = async (slot: Slot) => void slots.push(slot);
    await openSchedule('2026-11-22T10:00:00Z', { serveSlot }).schedule.check();
    expect(slots).toEqual([today]);
  });

  it('does nothing before the time has come', async () => {
    const { schedule, asked } = openSchedule('2026-11-22T07:59:00Z');
    await schedule.check();
    expect(asked).toEqual([]);
  });

  it('tells of a slot that is older than its grace, once, and serves the next one', async () => {
    const { schedule, asked, clock } = openSchedule('2026-11-22T20:01:00Z');
    await schedule.check();
    await schedule.check();
    clock.advance(12 * hourMs);
    await schedule.check();
    expect(asked).toEqual([`miss ${today.key}`, 'serve 2026-11-23T09:00[Europe/Berlin]']);
  });

  it('has old posts filed, even when nothing is due', async () => {
    let filed = 0;
    const attendOldPosts = () => {
      filed += 1;
    };
    const { schedule } = openSchedule('2026-11-22T07:00:00Z', { attendOldPosts });
    await schedule.check();
    expect(filed).toBe(1);
  });

  it('tries again what could not be served', async () => {
    const asked: string[] = [];
    const serveSlot = async (slot: Slot) => void asked.push(slot.key);
    const { schedule } = openSchedule(nine, { serveSlot });
    await schedule.check();
    await schedule.check();
    expect(asked).toEqual([today.key, today.key]);
  });
});

describe('a running schedule', () => {
  beforeEach(() => {
    vi.useFakeTimers({ now: new Date('2026-11-22T07:58:10Z') });
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  /** The schedule on the clock of the fake timers. */
  function start(over: Partial<App> = {}) {
    const opened = openSchedule(nine, over);
    const now = () => new Date();
    const app = createFakeApp({
      attendOldPosts: () => undefined,
      upkeep: () => undefined,
      servedSlots: () => opened.served,
      serveSlot: async (slot) => {
        opened.asked.push(`serve ${slot.key} at ${now().toISOString()}`);
        opened.served.push({ key: slot.key, at: slot.at.toISOString() });
      },
      ...over,
    });
    const schedule = createSchedule(() => agenda, app, { ...opened.clock, now }, opened.log);
    schedule.start();
    return { ...opened, schedule };
  }

  it('wakes at the very moment of the slot', async () => {
    const { asked, schedule } = start();
    await vi.advanceTimersByTimeAsync(10 * 60_000);
    expect(asked).toEqual([`serve ${today.key} at ${nine}`]);
    schedule.stop();
  });

  it('looks every minute besides, for a wake-up that was lost', async () => {
    const looks: string[] = [];
    const servedSlots = () => {
      looks.push(new Date().toISOString().slice(11, 19));
      return [{ key: today.key, at: nine }];
    };
    vi.setSystemTime(new Date('2026-11-22T08:00:10Z'));
    const { schedule } = start({ servedSlots });
    await vi.advanceTimersByTimeAsync(2 * 60_000);
    expect(looks).toEqual(['08:00:30', '08:01:30']);
    schedule.stop();
  });

  it('logs what goes wrong and goes on', async () => {
    const serveSlot = async () => {
      throw new Error('no luck');
    };
    const { log, schedule } = start({ serveSlot });
    await vi.advanceTimersByTimeAsync(3 * 60_000);
    const errors = log.lines.filter(({ level }) => level === 'error');
    expect(errors.length).toBeGreaterThan(1);
    expect(errors[0]?.fields).toEqual({ error: 'Error: no luck' });
    schedule.stop();
  });

  it('is silent when it was stopped', async () => {
    const { asked, schedule } = start();
    schedule.stop();
    await vi.advanceTimersByTimeAsync(10 * 60_000);
    expect(asked).toEqual([]);
  });
});
