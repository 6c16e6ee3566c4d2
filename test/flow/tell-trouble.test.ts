import { expect, it } from 'vitest';
import { ServiceError } from '#errors.ts';
import { pauseAfter } from '#flow/tell-trouble.ts';

const minute = 60_000;

it.each([
  [0, undefined, 1],
  [1, undefined, 5],
  [2, undefined, 15],
  [3, undefined, 60],
  [9, undefined, 60],
  [0, 45_000, 1],
  [0, 7 * minute, 7],
  [2, 7 * minute, 15],
  [0, 48 * 60 * minute, 60],
])('after %i failures and a wait of %j ms comes back in %i minutes', (failures, waitMs, minutes) => {
  const error = new ServiceError('Dropbox', { kind: 'rate-limited' }, waitMs);
  expect(pauseAfter(failures, error)).toBe(minutes * minute);
});
