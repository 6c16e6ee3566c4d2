import { describe, expect, it } from 'vitest';
import {
  fetchWithin,
  problemOfFailedCall,
  problemOfStatus,
  retryAfterMs,
  shorten,
  surelyNotSent,
} from '#adapters/http.ts';
import { largestAnswerBytes } from '#ports/policies.ts';
import { ownServer } from '../fakes/own-server.ts';

const never = new Promise<never>(() => undefined);
const failure = (work: Promise<unknown>) =>
  work.then(
    () => undefined,
    (error: unknown) => error,
  );
const coded = (code: string, message = 'x') => Object.assign(new Error(message), { code });

describe('a fetch with a limit', () => {
  it('ends when nobody answers', async () => {
    const { url } = await ownServer(() => never);
    expect(problemOfFailedCall(await failure(fetchWithin(50)(url)))).toEqual({ kind: 'timeout' });
  });

  it('ends when the body does not', async () => {
    const endless = new ReadableStream({ start: (controller) => controller.enqueue(Buffer.from('a')) });
    const { url } = await ownServer(() => never);
    // The limit holds for a body on its way up as well as for the answer.
    const sending = fetchWithin(50)(url, { method: 'POST', body: endless, duplex: 'half' } as RequestInit);
    expect(problemOfFailedCall(await failure(sending))).toEqual({ kind: 'timeout' });
  });

  it('ends when its caller gives up', async () => {
    const { url } = await ownServer(() => never);
    const given = new AbortController();
    const fetching = fetchWithin(60_000)(url, { signal: given.signal });
    given.abort();
    expect(await failure(fetching)).toMatchObject({ name: 'AbortError' });
  });

  it.each([301, 302, 303, 307, 308])('does not go where status %i sends it', async (status) => {
    const elsewhere = await ownServer(() => ({ status: 200, body: 'welcome' }));
    const { url } = await ownServer(() => ({ status, headers: { location: elsewhere.url }, body: '' }));
    const init = { method: 'POST', headers: { authorization: 'Bearer secret' }, body: 'a post' };
    expect(await failure(fetchWithin(5_000)(url, init))).toBeInstanceOf(Error);
    expect(elsewhere.calls).toEqual([]);
  });

  it('reads no more of an answer than it may', async () => {
    const { url } = await ownServer(({ path }) => ({
      status: 200,
      body: Buffer.alloc(Number(path.slice(1))),
    }));
    const read = async (bytes: number, most?: number) =>
      (await (await fetchWithin(5_000, most)(`${url}/${bytes}`)).arrayBuffer()).byteLength;
    expect(await read(1000, 1000)).toBe(1000);
    expect(await failure(read(1001, 1000))).toMatchObject({ message: 'More than 1000 bytes came' });
    expect(await failure(read(largestAnswerBytes + 1))).toBeInstanceOf(Error);
  });

  it('leaves an answer in time alone', async () => {
    const { url } = await ownServer(() => ({ status: 200, body: 'fine' }));
    expect(await (await fetchWithin(5_000)(url)).text()).toBe('fine');
  });
});

it.each([
  [400, 'rejected'],
  [401, 'signed-out'],
  [403, 'no-permission'],
  [404, 'not-found'],
  [408, 'timeout'],
  [409, 'rejected'],
  [422, 'rejected'],
  [429, 'rate-limited'],
  [500, 'out-of-order'],
  [503, 'out-of-order'],
])('takes status %i for "%s"', (status, kind) => {
  expect(problemOfStatus(status)).toEqual({ kind });
  expect(problemOfStatus(status, 'in  its\nown words')).toEqual({ kind, detail: 'in its own words' });
});

it.each([
  ['0', 0],
  ['7', 7000],
  ['1.5', 1500],
  ['1e20', 86_400_000],
  ['', undefined],
  [null, undefined],
  [undefined, undefined],
  ['-1', undefined],
  ['soon', undefined],
  ['Infinity', undefined],
])('reads Retry-After %j as %j milliseconds', (header, ms) => {
  expect(retryAfterMs(header)).toBe(ms);
});

it('makes long words short', () => {
  expect(shorten('x'.repeat(200))).toHaveLength(200);
  expect(shorten('x'.repeat(201))).toBe(`${'x'.repeat(199)}…`);
});

it.each([
  ['ENOTFOUND', 'getaddrinfo', true],
  ['EAI_AGAIN', 'getaddrinfo', true],
  ['ECONNREFUSED', 'connect', true],
  ['EHOSTUNREACH', 'connect', true],
  ['ENETUNREACH', 'connect', true],
  ['ETIMEDOUT', 'connect', true],
  ['UND_ERR_CONNECT_TIMEOUT', undefined, true],
  ['DEPTH_ZERO_SELF_SIGNED_CERT', undefined, true],
  ['CERT_HAS_EXPIRED', undefined, true],
  ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', undefined, true],
  ['ERR_TLS_CERT_ALTNAME_INVALID', undefined, true],
  ['EPROTO', 'write', false],
  ['EHOSTUNREACH', 'read', false],
  ['ENETUNREACH', 'write', false],
  ['ETIMEDOUT', 'read', false],
  ['ETIMEDOUT', undefined, false],
  ['ECONNRESET', 'connect', false],
  ['ECONNRESET', 'read', false],
  ['EPIPE', 'write', false],
  ['UND_ERR_SOCKET', undefined, false],
  ['UND_ERR_HEADERS_TIMEOUT', undefined, false],
])('knows whether a request surely never left: %s at %s, %j', (code, syscall, isSure) => {
  const cause = Object.assign(new Error('x'), { code, syscall });
  expect(surelyNotSent(new TypeError('fetch failed', { cause }))).toBe(isSure);
  expect(surelyNotSent({ error: cause })).toBe(isSure);
});

it.each([undefined, null, 'text', new Error('x'), { cause: { cause: {} } }])(
  'is not sure about %j',
  (error) => {
    expect(surelyNotSent(error)).toBe(false);
    expect(problemOfFailedCall(error)).toEqual({ kind: 'unexpected' });
  },
);

it.each([
  ['ECONNRESET', 'unreachable'],
  ['ENOTFOUND', 'unreachable'],
  ['EPIPE', 'unreachable'],
  ['UND_ERR_SOCKET', 'unreachable'],
  ['DEPTH_ZERO_SELF_SIGNED_CERT', 'unreachable'],
  ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'unreachable'],
  ['ETIMEDOUT', 'timeout'],
  ['ESOCKETTIMEDOUT', 'timeout'],
  ['UND_ERR_HEADERS_TIMEOUT', 'timeout'],
  ['EISDIR', 'unexpected'],
])('takes %s for "%s"', (code, kind) => {
  expect(problemOfFailedCall(Object.assign(new Error('x'), { cause: coded(code) }))).toEqual({ kind });
});

// src/adapters/http.ts, timeouts: undici's two other time-outs are missing.
it.each(['UND_ERR_BODY_TIMEOUT', 'UND_ERR_CONNECT_TIMEOUT'])('takes %s for a time-out', (code) => {
  expect(problemOfFailedCall(new TypeError('x', { cause: coded(code) }))).toEqual({ kind: 'timeout' });
});
