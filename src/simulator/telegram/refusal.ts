import type { SimulatedAnswer } from '#simulator/http.ts';

const answers = new WeakMap<Error, SimulatedAnswer>();
const prefixes: Readonly<Record<number, string>> = {
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  409: 'Conflict',
  413: 'Request Entity Too Large',
  429: 'Too Many Requests',
  500: 'Internal Server Error',
  502: 'Bad Gateway',
  503: 'Service Unavailable',
  504: 'Gateway Timeout',
};

/** The HTTP answer of a refused request, in the Bot API's shape: `{ ok: false, error_code, description }`. */
export function refusedAnswer(code: number, reason?: string, retryAfterSeconds?: number): SimulatedAnswer {
  const prefix = prefixes[code] ?? 'Internal Server Error';
  const description = reason === undefined ? prefix : `${prefix}: ${reason}`;
  if (retryAfterSeconds === undefined) {
    return { status: code, body: { ok: false, error_code: code, description } };
  }
  return {
    status: code,
    headers: { 'retry-after': String(retryAfterSeconds) },
    body: { ok: false, error_code: code, description, parameters: { retry_after: retryAfterSeconds } },
  };
}

function refusal(code: number, reason?: string): Error {
  const error = new Error(reason ?? String(code));
  answers.set(error, refusedAnswer(code, reason));
  return error;
}

/** To be thrown: 400 with "Bad Request: " before the reason. */
export function badRequest(reason: string): Error {
  return refusal(400, reason);
}

/** To be thrown: 403 with "Forbidden: " before the reason. */
export function forbidden(reason: string): Error {
  return refusal(403, reason);
}

/** To be thrown: 409 with "Conflict: " before the reason. */
export function conflict(reason: string): Error {
  return refusal(409, reason);
}

/** The answer that belongs to a thrown refusal; undefined for any other error. */
export function answerOf(error: unknown): SimulatedAnswer | undefined {
  return error instanceof Error ? answers.get(error) : undefined;
}
