import { expect, it } from 'vitest';
import { numberBadge } from '#adapters/number-badge.ts';

/** Whether a point of the badge is lit; units of a pixel. */
function lit(number: number, x: number, y: number): boolean {
  const { input, raw } = numberBadge(number);
  return (input[(y * raw.width + x) * 4] ?? 0) > 128;
}

/** The middle of the upper and lower verticals and of the three bars, at the place of a digit. */
function lines(number: number, place = 0): string {
  const left = 14 + place * 32;
  const points = { a: [9, 0], b: [18, 8], c: [18, 26], d: [9, 34], e: [0, 26], f: [0, 8], g: [9, 17] };
  return Object.entries(points)
    .filter(([, [x = 0, y = 0]]) => lit(number, left + x, 14 + y))
    .map(([name]) => name)
    .join('');
}

it('draws every digit as a pocket calculator does', () => {
  const all = Array.from({ length: 10 }, (_, digit) => lines(digit));
  expect(all).toEqual([
    ...['abcdef', 'bc', 'abdeg', 'abcdg', 'bcfg'],
    ...['acdfg', 'acdefg', 'abc', 'abcdefg', 'abcdfg'],
  ]);
});

it('draws two digits side by side', () => {
  expect([lines(27), lines(27, 1)]).toEqual(['abdeg', 'abc']);
});
