import { expect, it } from 'vitest';
import type { SimulatedAnswer } from '#simulator/http.ts';
import type { AccountCondition } from '#simulator/instagram/account.ts';
import { publicationOf } from '../contracts/platform-contract.ts';
import { attempt, calls, type Instagram, openInstagram, openSignedIn } from '../fakes/open-instagram.ts';
import { ownServer } from '../fakes/own-server.ts';

const refusedWith = (kind: string, detail?: string) => ({
  outcome: { outcome: 'failed', problem: { kind, ...(detail !== undefined && { detail }) } },
});

type Refused = readonly [condition: AccountCondition, kind: string, detail: string];

const atLogin: readonly Refused[] = [
  ['unsupported-version', 'check-point', 'unsupported_version'],
  ['checkpoint', 'check-point', 'checkpoint_required'],
  ['disabled', 'check-point', 'inactive user'],
  ['challenge', 'check-point', 'challenge_required'],
  ['needs-upgrade', 'check-point', 'needs_upgrade'],
  ['two-factor', 'check-point', 'two_factor_required'],
  ['please-wait', 'rate-limited', 'Please wait a few minutes before you try again.'],
];
it.each(atLogin)('a login that meets %s is made once', async (condition, kind, detail) => {
  const instagram = await openInstagram();
  instagram.service.setCondition(condition);
  for (const _again of [1, 2]) {
    expect(await attempt(instagram)).toMatchObject({ ...refusedWith(kind, detail), posts: 0 });
  }
  expect(instagram.service.logins).toBe(1);
});

/** How many calls came since. */
function counting({ service }: Instagram): () => number {
  const before = service.calls.length;
  return () => service.calls.length - before;
}

const whileSignedIn: readonly Refused[] = [
  ...atLogin.filter(([name, kind]) => kind === 'check-point' && name !== 'two-factor'),
  ['feedback-required', 'held-back', 'feedback_required'],
  ['limited', 'held-back', 'feedback_required'],
  ['logged-out', 'signed-out', 'login_required'],
  ['logged-out-elsewhere', 'signed-out', 'user_has_logged_out'],
];
it.each(whileSignedIn)('after %s there is no call before the owner asks', async (condition, kind, detail) => {
  const instagram = await openSignedIn();
  instagram.service.setCondition(condition);
  const made = counting(instagram);
  expect(await attempt(instagram)).toMatchObject({ ...refusedWith(kind, detail), posts: 1 });
  const first = made();
  instagram.service.setCondition('well');
  expect(await attempt(instagram)).toMatchObject({ ...refusedWith(kind, detail), posts: 1 });
  expect(await instagram.publisher.look?.(await publicationOf(), new Date())).toEqual({ found: 'unclear' });
  expect(await instagram.publisher.check?.()).toEqual({ state: 'broken', problem: { kind, detail } });
  expect(made()).toBe(first);
  expect(await attempt(instagram, 2)).toMatchObject({ outcome: { outcome: 'published' }, posts: 2 });
  expect(await attempt(instagram)).toMatchObject({ outcome: { outcome: 'published' }, posts: 3 });
  expect(instagram.service.logins).toBe(kind === 'signed-out' ? 2 : 1);
});

it.each(whileSignedIn)('a restart ends the pause after %s', async (condition) => {
  const instagram = await openSignedIn();
  instagram.service.setCondition(condition);
  await attempt(instagram);
  instagram.service.setCondition('well');
  const restarted = { ...instagram, publisher: instagram.start() };
  expect(await attempt(restarted)).toMatchObject({ outcome: { outcome: 'published' }, posts: 2 });
});

const minute = 60_000;
const wantsWait = (waitMs: number) => ({
  outcome: { outcome: 'not-sent', problem: { kind: 'rate-limited' }, waitMs },
});

it.each(['upload', 'configure'] as const)(
  'waits half an hour when the %s is one request too many, and makes no call before',
  async (operation) => {
    const instagram = await openSignedIn();
    const fault = { kind: 'error', status: 429 } as const;
    instagram.faults.add({ service: 'instagram', operation, fault, times: 1 });
    expect(await attempt(instagram)).toMatchObject({ ...wantsWait(30 * minute), posts: 1 });
    const made = counting(instagram);
    instagram.clock.advance(20 * minute);
    expect(await attempt(instagram)).toMatchObject(wantsWait(10 * minute));
    expect(await instagram.publisher.look?.(await publicationOf(), new Date())).toEqual({ found: 'unclear' });
    expect(await instagram.publisher.check?.()).toMatchObject({ problem: { kind: 'rate-limited' } });
    expect(made()).toBe(0);
    instagram.clock.advance(10 * minute);
    expect(await instagram.publisher.check?.()).toEqual({ state: 'works' });
    expect(await attempt(instagram)).toMatchObject({ outcome: { outcome: 'published' }, posts: 2 });
  },
);

it('waits as long as Instagram says where it says it, and leaves the wait when the owner asks', async () => {
  const instagram = await openSignedIn();
  const fault = { kind: 'rate-limit', retryAfterSeconds: 7200 } as const;
  instagram.faults.add({ service: 'instagram', operation: 'upload', fault, times: 1 });
  expect(await attempt(instagram)).toMatchObject(wantsWait(120 * minute));
  expect(await attempt(instagram)).toMatchObject(wantsWait(120 * minute));
  expect(await attempt(instagram, 2)).toMatchObject({ outcome: { outcome: 'published' } });
});

it('waits also when a look is one request too many', async () => {
  const instagram = await openSignedIn();
  instagram.service.setCondition('please-wait');
  expect(await instagram.publisher.look?.(await publicationOf(), new Date())).toEqual({ found: 'unclear' });
  instagram.service.setCondition('well');
  expect(await attempt(instagram)).toMatchObject(wantsWait(30 * minute));
});

it('does not take a 408 for a refusal of the post, because nobody knows how far it got', async () => {
  const instagram = await openSignedIn();
  const fault = { kind: 'error', status: 408, afterWork: true } as const;
  instagram.faults.add({ service: 'instagram', operation: 'configure', fault, times: 1 });
  expect(await attempt(instagram)).toMatchObject({ outcome: { outcome: 'uncertain' }, posts: 2 });
});

it('goes on with its session where a login would want a second factor', async () => {
  const instagram = await openSignedIn();
  instagram.service.setCondition('two-factor');
  expect(await attempt(instagram)).toMatchObject({ outcome: { outcome: 'published' }, posts: 2 });
});

it('goes on for all posts once the code of the second factor was taken, and keeps the sign-in', async () => {
  const instagram = await openInstagram();
  const { publisher, service } = instagram;
  expect(publisher.awaitsCode?.()).toBe(false);
  expect(await publisher.enterCode?.('123456')).toEqual({ code: 'over' });
  service.setCondition('two-factor');
  expect(await attempt(instagram)).toMatchObject({
    outcome: { problem: { code: { from: 'message', phone: '3412' } } },
  });
  expect(publisher.awaitsCode?.()).toBe(true);
  expect(await publisher.enterCode?.('123456')).toEqual({ code: 'taken' });
  expect(publisher.awaitsCode?.()).toBe(false);
  expect(await attempt(instagram)).toMatchObject({ outcome: { outcome: 'published' }, posts: 1 });
  expect(await attempt({ ...instagram, publisher: instagram.start() })).toMatchObject({ posts: 2 });
  expect(service.logins).toBe(1);
});

it('uses up one try when two owners send the code at the same time', async () => {
  const instagram = await openInstagram();
  instagram.service.setCondition('two-factor');
  await attempt(instagram);
  const { publisher } = instagram;
  const outcomes = await Promise.all([publisher.enterCode?.('111111'), publisher.enterCode?.('111111')]);
  expect(outcomes).toEqual([{ code: 'wrong' }, { code: 'over' }]);
  expect(calls(instagram, 'two_factor_login')).toBe(1);
});

it('names a wrong password once, and does not repeat it', async () => {
  const instagram = await openInstagram({ INSTAGRAM_PASSWORD: 'a wrong one' });
  for (const _again of [1, 2]) {
    const tried = await attempt(instagram);
    expect(tried).toMatchObject({ ...refusedWith('signed-out', 'bad_password'), posts: 0 });
    expect(JSON.stringify([tried, instagram.log.lines])).not.toContain('a wrong one');
  }
  expect(instagram.service.logins).toBe(1);
  await attempt(instagram, 2);
  expect(instagram.service.logins).toBe(2);
});

it('counts each press of the owner once, however often the attempt is repeated', async () => {
  const instagram = await openInstagram({ INSTAGRAM_PASSWORD: 'a wrong one' });
  for (const round of [1, 2, 2, 2, 3]) await attempt(instagram, round);
  expect(instagram.service.logins).toBe(3);
});

it('does not use up a press for an attempt that never left', async () => {
  const instagram = await openSignedIn();
  instagram.service.setCondition('logged-out');
  await attempt(instagram);
  const port = Number(new URL(instagram.service.url).port);
  await instagram.service.close();
  expect(await attempt(instagram, 2)).toMatchObject({ outcome: { outcome: 'not-sent' } });
  await ownServer(() => ({ status: 400, body: { status: 'fail', error_type: 'bad_password' } }), port);
  expect(await attempt(instagram, 2)).toMatchObject(refusedWith('signed-out', 'bad_password'));
  expect(await attempt(instagram, 2)).toMatchObject(refusedWith('signed-out', 'bad_password'));
});

it('does not sign in by itself after a session has ended and the asked login got no answer', async () => {
  const instagram = await openSignedIn();
  instagram.service.setCondition('logged-out');
  await attempt(instagram);
  const fault = { kind: 'drop', afterWork: true } as const;
  instagram.faults.add({ service: 'instagram', operation: 'login', fault, times: 1 });
  expect(await attempt(instagram, 2)).toMatchObject(refusedWith('unreachable'));
  expect(instagram.service.logins).toBe(2);
  expect(await attempt(instagram)).toMatchObject(refusedWith('signed-out'));
  expect(instagram.service.logins).toBe(2);
});

/** Publishes where Instagram says this to everything. */
async function attemptAt(answer: SimulatedAnswer) {
  const { url: endpoint } = await ownServer(() => answer);
  const instagram = await openInstagram();
  const publisher = instagram.start({ INSTAGRAM_SESSION: `4711%3A${'a'.repeat(20)}` }, endpoint);
  return await attempt({ ...instagram, publisher });
}

it.each([
  ['check-point', 'two_factor_required', { message: '', two_factor_required: true }],
  ['signed-out', 'invalid_credentials', { message: 'The password is wrong.', invalid_credentials: true }],
  ['held-back', 'feedback_required', { message: 'Try again later', spam: true }],
  ['held-back', 'sentry_block', { message: 'Sorry', error_type: 'sentry_block' }],
  ['rejected', 'Nothing we know', { message: 'Nothing we know' }],
])('is %s for %s, also where only one sign of it is there', async (kind, detail, body) => {
  expect(await attemptAt({ status: 400, body: { status: 'fail', ...body } })).toMatchObject(
    refusedWith(kind, detail),
  );
});

it('waits for rate_limit_error, also where only that is there', async () => {
  const body = { status: 'fail', error_type: 'rate_limit_error' };
  expect(await attemptAt({ status: 400, body })).toMatchObject(wantsWait(30 * minute));
});

it('takes a page in place of an answer for something unexpected', async () => {
  const page = { status: 200, headers: { 'content-type': 'text/html' }, body: '<html>Log in</html>' };
  expect(await attemptAt(page)).toMatchObject(refusedWith('unexpected'));
});

it('does not wait a day longer when the clock is put back by one', async () => {
  const instagram = await openSignedIn();
  instagram.service.setCondition('please-wait');
  await attempt(instagram);
  instagram.service.setCondition('well');
  instagram.clock.advance(-24 * 60 * minute);
  expect(await attempt(instagram)).toMatchObject({ outcome: { outcome: 'published' }, posts: 2 });
});
