import { ServiceError, type ServiceName } from '#errors.ts';
import { largestAnswerBytes } from '#ports/policies.ts';
import type { Problem } from '#post/delivery.ts';

/**
 * A fetch whose whole exchange, the body included, is over within this time, and that reads no more of an answer than
 * so many bytes. A redirect is an error, because it could carry secrets or a post to another place.
 */
export function fetchWithin(limitMs: number, mostBytes: number = largestAnswerBytes): typeof fetch {
  return async (input, init) => {
    const limit = AbortSignal.timeout(limitMs);
    const signal = init?.signal ? AbortSignal.any([init.signal, limit]) : limit;
    return upTo(mostBytes, await fetch(input, { ...init, signal, redirect: 'error' }));
  };
}

/** The answer, cut off with an error, and with a call of `onCut`, where more than so many bytes come. */
export function upTo(mostBytes: number, answer: Response, onCut: () => void = () => undefined): Response {
  if (answer.body === null) return answer;
  let bytes = 0;
  const counting = new TransformStream<Uint8Array, Uint8Array>({
    transform(chunk, controller) {
      bytes += chunk.length;
      if (bytes <= mostBytes) return controller.enqueue(chunk);
      onCut();
      controller.error(new Error(`More than ${mostBytes} bytes came`));
    },
  });
  return new Response(answer.body.pipeThrough(counting), answer);
}

/** The kind of problem that an HTTP status stands for, where a service says nothing more exact. */
export function problemOfStatus(status: number, detail?: string): Problem {
  return { kind: kindOfStatus(status), ...(detail !== undefined && { detail: shorten(detail) }) };
}

function kindOfStatus(status: number): Problem['kind'] {
  if (status === 401) return 'signed-out';
  if (status === 403) return 'no-permission';
  if (status === 404) return 'not-found';
  if (status === 408) return 'timeout';
  if (status === 429) return 'rate-limited';
  return status >= 500 ? 'out-of-order' : 'rejected';
}

/**
 * The problem behind an error that came instead of an answer: a time limit or a broken connection. Network
 * errors are told by the codes of Node and undici; `fetch` puts them into `cause`.
 */
export function problemOfFailedCall(error: unknown): Problem {
  const names = chainOf(error).flatMap((each) => [each.name, each.code ?? '']);
  if (names.some((name) => timeouts.has(name))) return { kind: 'timeout' };
  return names.some((name) => name === 'TypeError' || networkCodes.test(name))
    ? { kind: 'unreachable' }
    : { kind: 'unexpected' };
}

const timeouts = new Set([
  'TimeoutError',
  'AbortError',
  'ETIMEDOUT',
  'ESOCKETTIMEDOUT',
  'UND_ERR_HEADERS_TIMEOUT',
  'UND_ERR_BODY_TIMEOUT',
  'UND_ERR_CONNECT_TIMEOUT',
]);
const networkCodes =
  /^(E(CONN|NOTFOUND|AI_AGAIN|PIPE|HOST|NET|PROTO)|UND_ERR_|ERR_TLS|CERT_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO)/;

/** Whether the request surely never left: the name was not found, the connection refused, or the certificate not trusted. */
export function surelyNotSent(error: unknown): boolean {
  return chainOf(error).some(
    ({ code = '', syscall }) =>
      beforeSending.has(code) ||
      ofCertificates.test(code) ||
      (whileConnecting.has(code) && syscall === 'connect'),
  );
}

/** Node's codes of a certificate that is not trusted, which it looks at before anything is sent (its page on TLS). */
const ofCertificates =
  /^(CERT_|ERR_TLS_CERT|DEPTH_ZERO_SELF_SIGNED|SELF_SIGNED|UNABLE_TO_(GET|VERIFY)|HOSTNAME_MISMATCH)/;

const beforeSending = new Set(['ENOTFOUND', 'EAI_AGAIN', 'ECONNREFUSED', 'UND_ERR_CONNECT_TIMEOUT']);
/** These come on connections that stood, too. */
const whileConnecting = new Set(['EHOSTUNREACH', 'ENETUNREACH', 'ETIMEDOUT']);

interface Link {
  readonly name: string;
  readonly code?: string | undefined;
  readonly syscall?: string | undefined;
}

/** An error and its causes; also those of clients that keep the cause in `error`. */
function chainOf(error: unknown): readonly Link[] {
  const chain: Link[] = [];
  for (let each = error; isObject(each) && chain.length < 6; each = each['cause'] ?? each['error']) {
    chain.push({
      name: typeof each['name'] === 'string' ? each['name'] : '',
      code: typeof each['code'] === 'string' ? each['code'] : undefined,
      syscall: typeof each['syscall'] === 'string' ? each['syscall'] : undefined,
    });
  }
  return chain;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

const longestWaitMs = 24 * 60 * 60 * 1000;

/** The wait of a `Retry-After` header in milliseconds; no more than a day, because nobody would end a longer one. */
export function retryAfterMs(header: string | null | undefined): number | undefined {
  const seconds = header ? Number(header) : Number.NaN;
  return Number.isFinite(seconds) && seconds >= 0 ? Math.min(seconds * 1000, longestWaitMs) : undefined;
}

/** A service's own words, made short enough to be shown. */
export function shorten(detail: string): string {
  const line = detail.replace(/\s+/g, ' ').trim();
  return line.length > 200 ? `${line.slice(0, 199)}…` : line;
}

/** A `ServiceError` for a call that got no answer. */
export function noAnswer(service: ServiceName, error: unknown): ServiceError {
  return new ServiceError(service, problemOfFailedCall(error));
}
