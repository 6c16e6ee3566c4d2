import { expect, it } from 'vitest';
import { refusalOfAnswer, refusalOfStatus } from '#adapters/graph/refusals.ts';

const day = 24 * 60 * 60_000;

/** What Meta's answer with this error means; `status` is the usual 400 unless given. */
function refusal(error: object, status = 400, headers: Readonly<Record<string, string>> = {}) {
  return refusalOfAnswer({ status, headers: new Headers(headers) }, { error });
}

// FACTS, Instagram, "retry classes": what is worth another try, what wants a new container, what is final.
it.each([
  [2207001, 'out-of-order', 'unknown'],
  [2207003, 'out-of-order', 'not-now'],
  [2207032, 'out-of-order', 'unknown'],
  [2207053, 'out-of-order', 'unknown'],
  [2207008, 'out-of-order', 'unknown'],
  [2207027, 'out-of-order', 'not-now'],
  [2207020, 'out-of-order', 'not-now'],
  [2207006, 'out-of-order', 'not-now'],
  [2207052, 'rejected', 'not-now'],
  [2207004, 'rejected', 'refused'],
  [2207005, 'rejected', 'refused'],
  [2207009, 'rejected', 'refused'],
  [2207010, 'rejected', 'refused'],
  [2207023, 'rejected', 'refused'],
  [2207026, 'rejected', 'refused'],
  [2207040, 'rejected', 'refused'],
  [2207042, 'rate-limited', 'not-now'],
  [2207050, 'check-point', 'refused'],
  [2207051, 'held-back', 'refused'],
] as const)('knows the subcode %i', (subcode, kind, was) => {
  expect(refusal({ code: 100, error_subcode: subcode })).toMatchObject({ problem: { kind }, was });
  // A container is seen by nobody, so nothing is in the dark about it.
  expect(refusalOfStatus(`ERROR: Media upload has failed with error code ${subcode}`)).toMatchObject({
    problem: { kind },
    was: was === 'unknown' ? 'not-now' : was,
  });
});

it.each([
  [190, 'signed-out', 'refused'],
  [102, 'signed-out', 'refused'],
  [3, 'no-permission', 'refused'],
  [10, 'no-permission', 'refused'],
  [200, 'no-permission', 'refused'],
  [299, 'no-permission', 'refused'],
  [25, 'check-point', 'refused'],
  [368, 'held-back', 'refused'],
  [4, 'rate-limited', 'not-now'],
  [9, 'rate-limited', 'not-now'],
  [17, 'rate-limited', 'not-now'],
  [32, 'rate-limited', 'not-now'],
  [613, 'rate-limited', 'not-now'],
  [80002, 'rate-limited', 'not-now'],
  [9007, 'out-of-order', 'not-now'],
  [-2, 'out-of-order', 'not-now'],
  [-1, 'out-of-order', 'unknown'],
  [1, 'out-of-order', 'unknown'],
  [2, 'out-of-order', 'unknown'],
  [100, 'rejected', 'refused'],
] as const)('knows the code %i', (code, kind, was) => {
  expect(refusal({ code })).toMatchObject({ problem: { kind }, was });
});

it.each([
  [459, 'check-point'],
  [464, 'check-point'],
  [463, 'signed-out'],
  [460, 'signed-out'],
] as const)('tells what is wrong with a token by the subcode %i', (subcode, kind) => {
  expect(refusal({ code: 190, error_subcode: subcode })).toMatchObject({ problem: { kind }, was: 'refused' });
});

it.each([
  [400, 'rejected', 'refused'],
  [401, 'signed-out', 'refused'],
  [403, 'no-permission', 'refused'],
  [404, 'rejected', 'refused'],
  [408, 'out-of-order', 'unknown'],
  [429, 'rate-limited', 'not-now'],
  [500, 'out-of-order', 'unknown'],
  [503, 'out-of-order', 'unknown'],
] as const)('goes by the status %i where there are no words', (status, kind, was) => {
  expect(refusalOfAnswer({ status, headers: new Headers() }, undefined)).toEqual({ problem: { kind }, was });
});

it('takes an unknown error that Meta calls transient for a fault', () => {
  expect(refusal({ code: 12_345, is_transient: true })).toMatchObject({
    problem: { kind: 'out-of-order' },
    was: 'unknown',
  });
});

it('waits a quarter of a day for the quota, and otherwise what the header says, a day at most', () => {
  expect(refusal({ code: 9, error_subcode: 2_207_042 }).waitMs).toBe(day / 4);
  const usage = (minutes: number) => ({
    'x-business-use-case-usage': JSON.stringify({ 1784: [{ estimated_time_to_regain_access: minutes }] }),
  });
  expect(refusal({ code: 4 }, 403, usage(12)).waitMs).toBe(12 * 60_000);
  expect(refusal({ code: 4 }, 403, usage(100_000)).waitMs).toBe(day);
  expect(refusal({ code: 4 }, 403, usage(0)).waitMs).toBeUndefined();
  expect(refusal({ code: 4 }, 403, { 'x-business-use-case-usage': 'x' }).waitMs).toBeUndefined();
});

it('repeats neither a token nor an address', () => {
  expect(refusal({ code: 190, message: 'Cannot parse access token IGAAabc' }).problem).toEqual({
    kind: 'signed-out',
  });
  const words = 'Not fetched from https://dl.example.com/secret, sorry';
  expect(refusal({ code: 9004, error_subcode: 2_207_052, error_user_msg: words }).problem.detail).toBe(
    'Not fetched from … sorry',
  );
  expect(refusalOfStatus('ERROR: https://dl.example.com/secret failed').problem.detail).toBe(
    'ERROR: … failed',
  );
});
