import sharp from 'sharp';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createReplicateDescriber } from '#adapters/replicate.ts';
import { createFaults, type Fault } from '#simulator/faults.ts';
import { blip2Version, startReplicate } from '#simulator/replicate.ts';
import { createSights } from '#simulator/sights.ts';
import { ownServer } from '../fakes/own-server.ts';
import { plainJpeg } from '../fakes/plain-pictures.ts';
import { createFakePurse } from '../fakes/purse.ts';
import { expectNoSecrets, serviceErrorOf } from '../fakes/service-errors.ts';
import { shortenLimits } from '../fakes/short-limits.ts';
import { createTestClock } from '../test-clock.ts';

interface Settings {
  readonly token?: string;
  readonly model?: string;
}

async function openReplicate(settings: Settings = {}) {
  const faults = createFaults();
  const clock = createTestClock();
  const purse = createFakePurse();
  const service = await startReplicate({ faults, sights: createSights('/nowhere') });
  onTestFinished(() => service.close());
  const { token, url: endpoint } = service;
  const model = `andreasjansson/blip-2:${blip2Version}`;
  const describer = createReplicateDescriber({ token, model, endpoint, ...settings }, clock, purse);
  const asked = () => service.calls.filter(({ operation }) => operation === 'predictions.create');
  const strike = (fault: Fault, operation = 'predictions.create') =>
    faults.add({ service: 'replicate', operation, fault });
  return { faults, clock, purse, service, describer, asked, strike, picture: await plainJpeg(480, 320) };
}

it('asks what there is to see and for the mood, of the version that is set', async () => {
  const { describer, picture, asked } = await openReplicate();
  const { caption, mood } = await describer.describe(picture);
  expect(caption).toMatch(/\w/);
  expect(mood).toMatch(/\w/);
  expect(mood).not.toBe(caption);
  const bodies = asked().map(({ body }) => JSON.parse(body.toString()));
  expect(bodies).toEqual([
    { version: blip2Version, input: expect.objectContaining({ caption: true }) },
    { version: blip2Version, input: expect.objectContaining({ question: expect.stringContaining('mood') }) },
  ]);
  expect(asked().map(({ headers }) => headers['prefer'])).toEqual(['wait=10', 'wait=10']);
});

it('hands over the picture itself, and no link to one', async () => {
  const { describer, picture, service, asked } = await openReplicate();
  await describer.describe(picture);
  for (const { image } of service.predictions) expect(image).toEqual(picture);
  for (const { body } of asked()) expect(body.toString()).toContain('"data:image/jpeg;base64,');
  expect((await sharp(service.predictions[0]?.image).metadata()).format).toBe('jpeg');
});

it('asks both questions at the same time', async () => {
  const { describer, picture, service, strike, asked } = await openReplicate();
  strike({ kind: 'hang' });
  const describing = describer.describe(picture).catch(() => 'never answered');
  await expect.poll(() => asked().length, { interval: 2 }).toBe(2);
  await service.close();
  expect(await describing).toBe('never answered');
});

it('goes to no address that an answer names, and takes what looks like one for words', async () => {
  const other = await ownServer(() => ({
    status: 200,
    body: { id: 'abc', status: 'succeeded', output: 'x' },
  }));
  const inside = 'http://169.254.169.254/latest/meta-data/';
  const urls = { get: `${other.url}/get`, cancel: `${other.url}/cancel`, stream: inside };
  const { describer } = await openUnhurried(
    { urls, webhook: other.url, status: 'processing' },
    { urls, webhook: other.url, status: 'succeeded', output: inside },
  );
  expect(await describer.describe(Buffer.from('x'))).toEqual({ caption: inside, mood: inside });
  expect(other.calls).toEqual([]);
});

it('takes the prefix off that some versions write', async () => {
  const { describer, picture, service } = await openReplicate();
  const plain = await describer.describe(picture);
  service.setPrefix(true);
  expect(await describer.describe(picture)).toEqual(plain);
});

const unanswered: readonly (readonly [string, Fault, string])[] = [
  ['a rate limit of an hour', { kind: 'rate-limit', retryAfterSeconds: 3600 }, 'rate-limited'],
  ['an error of the server', { kind: 'error', status: 500 }, 'out-of-order'],
  ['an error after the work', { kind: 'error', status: 503, afterWork: true }, 'out-of-order'],
  ['a drop before the work', { kind: 'drop', afterWork: false }, 'unreachable'],
  ['a drop after the work', { kind: 'drop', afterWork: true }, 'unreachable'],
  ['silence', { kind: 'hang' }, 'timeout'],
  ['an answer byte by byte', { kind: 'trickle', msPerByte: 50 }, 'timeout'],
  ['a token that is not known', { kind: 'error', status: 401 }, 'signed-out'],
  ['an empty purse', { kind: 'error', status: 402 }, 'no-credit'],
  ['a wrong question', { kind: 'error', status: 422 }, 'rejected'],
];
it.each(unanswered)('pays for each question once, whatever happens: %s', async (_, fault, kind) => {
  shortenLimits(200);
  const { describer, picture, service, asked, strike } = await openReplicate();
  strike(fault);
  const error = await serviceErrorOf(describer.describe(picture));
  expect(error).toMatchObject({ service: 'Replicate', problem: { kind } });
  expectNoSecrets(error, service.token, 'base64');
  await expect.poll(() => asked().length, { interval: 2 }).toBe(2);
});

it('asks once more after the wait that Replicate asks for', async () => {
  const { describer, picture, asked, faults, clock, purse } = await openReplicate();
  const before = clock.now().getTime();
  faults.add({
    service: 'replicate',
    operation: 'predictions.create',
    fault: { kind: 'rate-limit', retryAfterSeconds: 9 },
    times: 1,
  });
  expect(await describer.describe(picture)).toEqual({
    caption: expect.any(String),
    mood: expect.any(String),
  });
  expect(clock.now().getTime() - before).toBeGreaterThanOrEqual(9_000);
  expect(asked()).toHaveLength(3);
  for (const dollars of purse.paid) expect(dollars).toBeLessThan(0.01);
});

it('does not wait a second time, and hands on the wait', async () => {
  const { describer, picture, strike, asked } = await openReplicate();
  strike({ kind: 'rate-limit', retryAfterSeconds: 9 });
  expect(await serviceErrorOf(describer.describe(picture))).toMatchObject({ waitMs: 9_000 });
  await expect.poll(() => asked().length, { interval: 2 }).toBe(4);
});

it('asks nothing, for no question and at no cost, while Replicate wants a break', async () => {
  const { describer, picture, asked, faults, strike, clock, purse } = await openReplicate();
  strike({ kind: 'rate-limit', retryAfterSeconds: 600 });
  await serviceErrorOf(describer.describe(picture));
  faults.clear();
  const before = asked().length;
  clock.advance(200_000);
  const error = await serviceErrorOf(describer.describe(picture, true));
  expect(error).toMatchObject({ problem: { kind: 'rate-limited' }, waitMs: 400_000 });
  expect(asked()).toHaveLength(before);
  expect(purse.paid.slice(2)).toEqual([0, 0]);
  clock.advance(400_000);
  expect((await describer.describe(picture)).caption).toMatch(/\w/);
});

it('is left alone when it is down, at no cost, but for somebody who asks, and looked at whenever wanted', async () => {
  const { describer, picture, asked, faults, strike, purse } = await openReplicate();
  strike({ kind: 'error', status: 503 });
  await serviceErrorOf(describer.describe(picture));
  await serviceErrorOf(describer.describe(picture));
  faults.clear();
  const before = asked().length;
  const error = await serviceErrorOf(describer.describe(picture));
  expect(error).toMatchObject({ problem: { kind: 'out-of-order' }, waitMs: 120_000 });
  expect(asked()).toHaveLength(before);
  expect(purse.paid.slice(-2)).toEqual([0, 0]);
  expect(await describer.check?.()).toEqual({ state: 'works' });
  expect((await describer.describe(picture, true)).caption).toMatch(/\w/);
});

it.each(['failed', 'canceled', 'aborted'] as const)('fails when a prediction ends as %s', async (ending) => {
  const { describer, picture, service, asked } = await openReplicate();
  service.endNext(ending);
  const error = await serviceErrorOf(describer.describe(picture));
  expect(error.problem.kind).toBe('rejected');
  expect(error.problem.detail).toMatch(ending === 'failed' ? /CUDA/ : ending);
  await expect.poll(() => asked().length, { interval: 2 }).toBe(2);
});

it('fails for a picture that the model cannot read, and for another version', async () => {
  const { describer } = await openReplicate();
  expect(await serviceErrorOf(describer.describe(Buffer.from('no picture')))).toMatchObject({
    problem: { kind: 'rejected', detail: expect.stringContaining('cannot identify') },
  });
  const other = await openReplicate({ model: 'f'.repeat(64) });
  expect(await serviceErrorOf(other.describer.describe(other.picture))).toMatchObject({
    problem: { kind: 'rejected' },
  });
});

/** A Replicate that answers at once that it has begun, and goes through these answers when it is asked again. */
async function openUnhurried(...later: readonly (object | number)[]) {
  const seen: string[] = [];
  let at = 0;
  const server = await ownServer(({ method, path }) => {
    seen.push(path.endsWith('/cancel') ? 'cancel' : method);
    const begun = { id: 'abc', status: 'starting', output: null, error: null };
    if (method === 'POST') return { status: 201, body: begun };
    const next = later[Math.min(at, later.length - 1)] ?? begun;
    at += 1;
    return typeof next === 'number'
      ? { status: next, body: {} }
      : { status: 200, body: { ...begun, ...next } };
  });
  const clock = createTestClock();
  const purse = createFakePurse();
  const settings = { token: 'r8_secret', model: 'f'.repeat(64), endpoint: server.url };
  const count = (what: string) => seen.filter((each) => each === what).length;
  return { clock, count, describer: createReplicateDescriber(settings, clock, purse), purse };
}

describe('a model that takes its time', () => {
  const done = { status: 'succeeded', output: 'a lighthouse' };

  it('is asked again until it is done', async () => {
    const { describer, count } = await openUnhurried({ status: 'processing' }, {}, {}, done);
    expect(await describer.describe(Buffer.from('x'))).toEqual({
      caption: 'a lighthouse',
      mood: 'a lighthouse',
    });
    expect(count('POST')).toBe(2);
    expect(count('GET')).toBeGreaterThan(3);
    expect(count('cancel')).toBe(0);
  });

  it('is asked again also after an error of the server', async () => {
    const { describer, count } = await openUnhurried(500, 503, done);
    expect(await describer.describe(Buffer.from('x'))).toMatchObject({ caption: 'a lighthouse' });
    expect(count('POST')).toBe(2);
  });

  it.each([
    ['does not begin for two minutes', 'starting', 120_000],
    ['runs for twenty seconds', 'processing', 20_000],
  ])('is cancelled when it %s, because it costs money', async (_, status, ms) => {
    const { describer, count, clock } = await openUnhurried({ status });
    const before = clock.now().getTime();
    expect(await serviceErrorOf(describer.describe(Buffer.from('x')))).toMatchObject({
      problem: { kind: 'timeout' },
    });
    expect(clock.now().getTime() - before).toBeGreaterThanOrEqual(ms);
    expect(clock.now().getTime() - before).toBeLessThan(ms + 10_000);
    expect(count('POST')).toBe(2);
    await expect.poll(() => count('cancel'), { interval: 2 }).toBe(2);
  });

  it('is cancelled when its answer cannot be fetched', async () => {
    const { describer, count } = await openUnhurried(500);
    await serviceErrorOf(describer.describe(Buffer.from('x')));
    await expect.poll(() => count('cancel'), { interval: 2 }).toBe(2);
  });

  it.each(['failed', 'canceled', 'aborted'])('may end as %s', async (status) => {
    const { describer } = await openUnhurried({ status: 'processing' }, { status, output: 'half an answer' });
    expect(await serviceErrorOf(describer.describe(Buffer.from('x')))).toMatchObject({
      problem: { kind: 'rejected', detail: status },
    });
  });

  it.each([null, '', '  ', {}])('may have nothing to say: %j', async (output) => {
    const { describer } = await openUnhurried({ status: 'succeeded', output });
    expect((await serviceErrorOf(describer.describe(Buffer.from('x')))).problem.kind).toBe('rejected');
  });

  it('may give its answer in pieces', async () => {
    const { describer } = await openUnhurried({
      status: 'succeeded',
      output: ['Caption: ', 'a light', 'house'],
    });
    expect(await describer.describe(Buffer.from('x'))).toMatchObject({ caption: 'a lighthouse' });
  });
});

it.each(['{}', '[]', 'null', '{"id":""}', 'no JSON'])(
  'does not fall over %s in place of an answer',
  async (body) => {
    const server = await ownServer(() => ({ status: 200, body }));
    const settings = { token: 'r8_secret', model: 'f'.repeat(64), endpoint: server.url };
    const purse = createFakePurse();
    const error = await serviceErrorOf(
      createReplicateDescriber(settings, createTestClock(), purse).describe(Buffer.from('x')),
    );
    expect(error.problem.kind).toBe('unexpected');
    expect(purse.paid).toEqual(purse.setAside);
  },
);

describe('what it costs', () => {
  /** Replicate's price for a second of the machine that BLIP-2 runs on. */
  const second = 0.0014;

  it('is the time that it ran', async () => {
    const done = { status: 'succeeded', output: 'a lighthouse', metrics: { predict_time: 2 } };
    const { describer, purse } = await openUnhurried(done);
    await describer.describe(Buffer.from('x'));
    expect(purse.paid).toEqual([2 * second, 2 * second]);
  });

  it('is counted from its beginning to its end where the time is not given', async () => {
    const times = { started_at: '2026-11-22T12:00:00.000Z', completed_at: '2026-11-22T12:00:03.000Z' };
    const { describer, purse } = await openUnhurried({ status: 'failed', metrics: {}, ...times });
    await serviceErrorOf(describer.describe(Buffer.from('x')));
    await expect.poll(() => purse.paid, { interval: 2 }).toEqual([3 * second, 3 * second]);
  });

  it('is nothing for a question that was refused or never began', async () => {
    const { describer, purse, picture, strike } = await openReplicate();
    strike({ kind: 'error', status: 402 });
    await serviceErrorOf(describer.describe(picture));
    await expect.poll(() => purse.paid, { interval: 2 }).toEqual([0, 0]);
    const aborted = await openUnhurried({ status: 'aborted' });
    await serviceErrorOf(aborted.describer.describe(Buffer.from('x')));
    await expect.poll(() => aborted.purse.paid, { interval: 2 }).toEqual([0, 0]);
  });

  it('is all counted when the error comes, also of the question that still ran', async () => {
    const { describer, purse, picture, faults } = await openReplicate();
    const create = { service: 'replicate', operation: 'predictions.create' } as const;
    faults.add({ ...create, fault: { kind: 'error', status: 402 }, times: 1 });
    faults.add({ ...create, fault: { kind: 'slow', ms: 200 }, times: 1 });
    await serviceErrorOf(describer.describe(picture));
    expect(purse.paid).toEqual([0, expect.closeTo(0.001 * second, 3)]);
  });

  it('is the most also when the answer is lost only after a wait', async () => {
    const { describer, purse, picture, faults, strike } = await openReplicate();
    const create = { service: 'replicate', operation: 'predictions.create' } as const;
    faults.add({ ...create, fault: { kind: 'rate-limit', retryAfterSeconds: 9 }, times: 2 });
    strike({ kind: 'drop', afterWork: true });
    await serviceErrorOf(describer.describe(picture));
    await expect.poll(() => purse.paid, { interval: 2 }).toEqual(purse.setAside);
  });

  it.each([
    ['after a lost connection', { kind: 'drop', afterWork: true }],
    ['after an error of the server', { kind: 'error', status: 503, afterWork: true }],
  ] as const)('is the most that was set aside %s, when nobody knows', async (_, fault) => {
    const { describer, purse, picture, strike } = await openReplicate();
    strike(fault);
    await serviceErrorOf(describer.describe(picture));
    await expect.poll(() => purse.paid, { interval: 2 }).toEqual(purse.setAside);
    for (const dollars of purse.setAside) expect(dollars).toBeCloseTo(30 * second);
  });
});
