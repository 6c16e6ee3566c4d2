import { expect, it } from 'vitest';
import { dueSlot, rememberSlot } from '#post/agenda.ts';
import type { ServedSlot } from '#post/state.ts';
import { type Chance, createChance } from '../fakes/chance.ts';
import { isLong } from '../long-tests.ts';

const hourMs = 60 * 60 * 1000;
const dayMs = 24 * hourMs;
const begin = Date.parse('2026-01-03T00:00:00Z');
const end = Date.parse('2036-01-03T00:00:00Z');
/** Less than the grace, as where the machine was asleep most of the time. */
const lookMs = 11.9 * hourMs;

/** Clocks that change by an hour, two, or half of one, at midnight or for Ramadan, and such that never do. */
const kinds = [
  ...['UTC', 'Europe/Berlin', 'Africa/Casablanca', 'Australia/Lord_Howe', 'America/Santiago'],
  'Antarctica/Troll',
];
const others = [
  ...['Europe/London', 'Europe/Lisbon', 'Atlantic/Azores', 'Africa/Cairo', 'Asia/Beirut', 'Asia/Jerusalem'],
  ...['Asia/Kolkata', 'Asia/Kathmandu', 'Asia/Tokyo', 'Pacific/Chatham', 'Pacific/Kiritimati'],
  ...['America/Havana', 'America/St_Johns', 'America/Los_Angeles'],
];
/** DARKROOM_LONG_TESTS=1: as many as RELIABILITY T12 has, otherwise one of each kind. */
const zones = isLong ? [...kinds, ...others] : kinds;
const patterns = ['0 9 * * *', '30 2 * * *', '15 0 * * *'];

/**
 * What the clock says at a look, and sometimes just before at another one, at which it is wrong by one second to a whole
 * day. It is never so far ahead that it has passed two slots at once: then the second one counts for both, because a
 * draft too few is better than one too many.
 */
function looks(now: number, { number, oneOf }: Chance): readonly number[] {
  if (number(1, 8) > 1) return [now];
  const ahead = [1000, 3000, 60_000, hourMs, 12 * hourMs];
  return [now + oneOf([...ahead, ...ahead.map((ms) => -ms), -dayMs]), now];
}

/** Every date from one to another, both included. */
function datesBetween(from = '', to = ''): readonly string[] {
  const count = (Date.parse(to) - Date.parse(from)) / dayMs + 1;
  return Array.from({ length: count }, (_, day) =>
    new Date(Date.parse(from) + day * dayMs).toISOString().slice(0, 10),
  );
}

it.each(zones.map((timeZone, index) => [timeZone, patterns[index % patterns.length] ?? '']))(
  'gives one draft a day for ten years in %s at %s, though the clock is wrong now and then',
  (timeZone, pattern) => {
    const agenda = { patterns: [pattern], timeZone };
    const chance = createChance(zones.indexOf(timeZone));
    let served: readonly ServedSlot[] = [];
    const drafts: string[] = [];
    for (let now = begin; now < end; now += lookMs) {
      for (const time of looks(now, chance)) {
        const slot = dueSlot(agenda, new Date(time), served);
        if (slot === undefined) continue;
        served = rememberSlot(served, slot);
        drafts.push(slot.key.slice(0, 10));
      }
    }
    expect(drafts.length).toBeGreaterThan(3_650);
    expect(drafts).toEqual(datesBetween(drafts.at(0), drafts.at(-1)));
  },
);

it('gives one draft for each time of several patterns, and one where two name the same', () => {
  const agenda = { patterns: ['0 9 * * 1-5', '0 9 * * 1', '30 18 * * 0,6'], timeZone: 'Europe/Berlin' };
  let served: readonly ServedSlot[] = [];
  const drafts: string[] = [];
  for (let now = begin; now < end; now += lookMs) {
    const slot = dueSlot(agenda, new Date(now), served);
    if (slot === undefined) continue;
    served = rememberSlot(served, slot);
    drafts.push(slot.key);
  }
  expect(drafts.map((key) => key.slice(0, 10))).toEqual(
    datesBetween(drafts.at(0)?.slice(0, 10), drafts.at(-1)?.slice(0, 10)),
  );
  for (const key of drafts) {
    const isWeekend = [0, 6].includes(new Date(key.slice(0, 10)).getUTCDay());
    expect(key.slice(11, 16)).toBe(isWeekend ? '18:30' : '09:00');
  }
});
