import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { Publication } from '#ports/platform.ts';
import type { Fault } from '#simulator/faults.ts';
import { publicationOf } from '../contracts/platform-contract.ts';
import { calls, type Instagram, openInstagram, openSignedIn } from '../fakes/open-instagram.ts';
import { ownServer } from '../fakes/own-server.ts';
import { shortenLimits } from '../fakes/short-limits.ts';

const minutes = (count: number) => count * 60_000;

async function look({ publisher }: Pick<Instagram, 'publisher'>, caption: string, sinceMs = 0) {
  return await publisher.look?.(await publicationOf({ caption }), new Date(Date.now() - sinceMs));
}

/** Puts posts there, oldest first, through another run of the program. */
async function post(instagram: Instagram, ...captions: readonly string[]): Promise<void> {
  const publisher = instagram.start();
  for (const caption of captions) {
    expect(await publisher.publish(await publicationOf({ caption }))).toMatchObject({ outcome: 'published' });
  }
}

const absent = { found: 'absent' };
const unclear = { found: 'unclear' };
const lost = { kind: 'drop', afterWork: true } as const;

it('finds a post whose answer got lost, without posting or signing in again', async () => {
  const instagram = await openSignedIn();
  instagram.faults.add({ service: 'instagram', operation: 'configure', fault: lost, times: 1 });
  const publication = await publicationOf({ caption: 'Lost' });
  const since = new Date();
  expect(await instagram.publisher.publish(publication)).toMatchObject({ outcome: 'uncertain' });
  const found = instagram.service.posts().at(-1);
  for (const publisher of [instagram.publisher, instagram.start()]) {
    expect(await publisher.look?.(publication, since)).toEqual({
      found: 'there',
      at: expect.any(Date),
      ref: found?.id,
      url: `https://www.instagram.com/p/${found?.code}/`,
    });
  }
  expect(instagram.service.posts()).toHaveLength(2);
  expect(instagram.service.logins).toBe(1);
});

it('tells that a post did not get there, also when another one is newer than the attempt', async () => {
  const instagram = await openSignedIn();
  const fault = { kind: 'drop', afterWork: false } as const;
  instagram.faults.add({ service: 'instagram', operation: 'configure', fault, times: 1 });
  const publication = await publicationOf({ caption: 'Lost' });
  const since = new Date();
  expect(await instagram.publisher.publish(publication)).toMatchObject({ outcome: 'uncertain' });
  await post(instagram, 'Newer');
  expect(await instagram.publisher.look?.(publication, since)).toEqual(absent);
});

it.each([
  ['in another form of Unicode', 'Cafe\u0301 am Meer', 'Caf\u00e9 am Meer'],
  ['with other gaps', 'Dusk.\n\n #light  #sea\n', 'Dusk.\n#light #sea'],
])('knows a caption that Instagram shows %s', async (_, sent, shown) => {
  const instagram = await openSignedIn();
  await post(instagram, shown);
  expect(await look(instagram, sent)).toMatchObject({ found: 'there' });
});

it.each(['Dusk', 'dusk over the harbour', 'Dusk over the harbour 2'])(
  'takes %j for another post',
  async (other) => {
    const instagram = await openSignedIn();
    await post(instagram, other);
    expect(await look(instagram, 'Dusk over the harbour')).toEqual(absent);
  },
);

it('grants the clocks two minutes, and does not decide about the same words before that', async () => {
  const instagram = await openSignedIn();
  await post(instagram, 'Dusk');
  expect(await look(instagram, 'Dusk', minutes(-1.9))).toMatchObject({ found: 'there' });
  expect(await look(instagram, 'Dusk', minutes(-2.1))).toEqual(unclear);
});

it('cannot tell a post without words from another one', async () => {
  const instagram = await openSignedIn();
  expect(await look(instagram, '')).toEqual(absent);
  await post(instagram, '');
  expect(await look(instagram, '')).toEqual(unclear);
  expect(await look(instagram, '', minutes(-3))).toEqual(absent);
});

const twelve = Array.from({ length: 12 }, (_, index) => `Post ${index}`);

it('does not believe in absence where the newest twelve do not reach back to the attempt', async () => {
  const instagram = await openInstagram();
  await post(instagram, ...twelve);
  expect(await look(instagram, 'Dusk')).toEqual(absent);
  await post(instagram, 'One more');
  expect(await look(instagram, 'Dusk')).toEqual(unclear);
  expect(await look(instagram, 'Dusk', minutes(-3))).toEqual(absent);
});

const item = (index: number, taken_at: number) => ({
  id: `${index}_4711`,
  code: `c${index}`,
  taken_at,
  caption: { text: `Post ${index}` },
});

/** A platform that gets this for its feed. */
async function atFeed(body: object) {
  const server = await ownServer(() => ({ status: 200, body: { status: 'ok', ...body } }));
  const instagram = await openInstagram();
  const session = { INSTAGRAM_SESSION: `4711%3A${'a'.repeat(20)}`, INSTAGRAM_PASSWORD: undefined };
  return { server, publisher: instagram.start(session, server.url) };
}

it('asks for the feed of its own account', async () => {
  const { server, publisher } = await atFeed({ items: [], more_available: false });
  expect(await look({ publisher }, 'Dusk')).toEqual(absent);
  expect(server.calls.map(({ operation }) => operation)).toEqual(['GET /api/v1/feed/user/4711/']);
});

it('takes no pinned post for a sign that the feed reaches back', async () => {
  let time = Date.now() - minutes(1_000_000);
  const instagram = await openInstagram({}, () => time);
  await post(instagram, 'First', 'Second', 'Third');
  for (const { id } of instagram.service.posts()) instagram.service.pin(id);
  time = Date.now();
  await post(instagram, ...twelve);
  expect(await look(instagram, 'Dusk')).toEqual(unclear);
});

it.each([
  ['no list', {}],
  ['a list of something else', { items: [{}], more_available: false }],
  ['one post that cannot be read', { items: [{ ...item(1, 1), taken_at: 'today' }], more_available: false }],
  ['no word on whether there are more', { items: [item(1, 1)] }],
])('cannot tell from a feed with %s', async (_, body) => {
  const { publisher } = await atFeed(body);
  expect(await look({ publisher }, 'Dusk')).toEqual(unclear);
});

const faults: readonly (readonly [string, Fault])[] = [
  ['is busy', { kind: 'rate-limit', retryAfterSeconds: 7 }],
  ['has a fault', { kind: 'error', status: 500 }],
  ['sends a page', { kind: 'error', status: 502 }],
  ['is cut off', { kind: 'drop', afterWork: true }],
  ['hangs', { kind: 'hang' }],
  ['trickles', { kind: 'trickle', msPerByte: 20 }],
];
it.each(faults)('cannot tell when Instagram %s, and tells the next time', async (_, fault) => {
  const instagram = await openSignedIn();
  shortenLimits(100);
  instagram.faults.add({ service: 'instagram', operation: 'feed', fault, times: 1 });
  expect(await look(instagram, 'Dusk')).toEqual(unclear);
  instagram.clock.advance(7_000);
  expect(await look(instagram, 'Dusk')).toEqual(absent);
  expect(calls(instagram, 'feed')).toBe(2);
});

it('never signs in to look', async () => {
  const instagram = await openInstagram();
  expect(await look(instagram, 'Dusk')).toEqual(unclear);
  expect(instagram.service.calls).toEqual([]);
  await post(instagram, 'Dusk');
  await rm(join(instagram.folder, 'instagram-session.json'));
  expect(await look({ publisher: instagram.start() }, 'Dusk')).toEqual(unclear);
  expect(instagram.service.logins).toBe(1);
});

it.each(['unsupported-version', 'checkpoint', 'challenge', 'logged-out'] as const)(
  'looks no more after %s, and publishes nothing either before the owner asks',
  async (condition) => {
    const instagram = await openSignedIn();
    instagram.service.setCondition(condition);
    for (const _again of [1, 2]) expect(await look(instagram, 'Dusk')).toEqual(unclear);
    expect(calls(instagram, 'feed')).toBe(1);
    const publication: Publication = await publicationOf();
    expect(await instagram.publisher.publish(publication)).toMatchObject({ outcome: 'failed' });
    expect(calls(instagram, 'upload')).toBe(1);
    expect(instagram.service.logins).toBe(1);
  },
);
