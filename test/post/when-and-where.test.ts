import { expect, it } from 'vitest';
import { whenAndWhere } from '#post/when-and-where.ts';

const berlin = { timeZone: 'Europe/Berlin', language: '' };
const taken = (takenOn: string, place?: string) => ({
  keywords: [],
  takenOn,
  ...(place !== undefined && { place }),
});

it.each([
  ['2026-11-30', 'Autumn'],
  ['2026-12-01', 'Winter'],
  ['2026-01-15', 'Winter'],
  ['2026-02-28', 'Winter'],
  ['2026-03-01', 'Spring'],
  ['2026-06-01', 'Summer'],
  ['2026-09-01', 'Autumn'],
])('has %s in %s', (day, season) => {
  expect(whenAndWhere(taken(day), berlin)).toBe(season);
});

it.each([
  'Australia/Sydney',
  'Pacific/Auckland',
  'Africa/Johannesburg',
  'America/Argentina/Buenos_Aires',
  'America/Santiago',
])('turns the seasons around for an owner in %s', (timeZone) => {
  expect(whenAndWhere(taken('2026-01-15'), { ...berlin, timeZone })).toBe('Summer');
  expect(whenAndWhere(taken('2026-07-15'), { ...berlin, timeZone })).toBe('Winter');
});

it('says where it was, with the season or alone', () => {
  expect(whenAndWhere(taken('2026-10-04', 'Hamburg, Germany'), berlin)).toBe('Autumn in Hamburg, Germany');
  expect(whenAndWhere({ keywords: [], place: 'Hamburg' }, berlin)).toBe('Hamburg');
});

it('knows the seasons in English only', () => {
  const german = { ...berlin, language: 'German' };
  expect(whenAndWhere(taken('2026-10-04', 'Hamburg'), german)).toBe('Hamburg');
  expect(whenAndWhere(taken('2026-10-04'), german)).toBeUndefined();
  expect(whenAndWhere(taken('2026-10-04'), { ...berlin, language: 'British English' })).toBe('Autumn');
  expect(whenAndWhere(taken('2026-10-04'), { ...berlin, language: 'en-GB' })).toBe('Autumn');
});

it('says nothing where nothing is known', () => {
  expect(whenAndWhere({ keywords: [] }, berlin)).toBeUndefined();
});
