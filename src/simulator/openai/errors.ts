import type { Fault } from '#simulator/faults.ts';
import type { SimulatedAnswer } from '#simulator/http.ts';

/** An error in OpenAI's shape. */
export function failure(
  status: number,
  message: string,
  code: string | null,
  more: { readonly type?: string; readonly param?: string } = {},
): SimulatedAnswer {
  const { type = status >= 500 ? 'server_error' : 'invalid_request_error', param = null } = more;
  return { status, body: { error: { message, type, param, code } } };
}

/** A switched-on failure in OpenAI's words. */
export function refusal(
  fault: Extract<Fault, { kind: 'error' | 'rate-limit' }>,
  isOutOfCredit: boolean,
): SimulatedAnswer {
  if (fault.kind === 'rate-limit' || fault.status === 429) {
    if (isOutOfCredit) {
      return failure(
        429,
        'You exceeded your current quota, please check your plan and billing details. For more information on this error, read the docs: https://platform.openai.com/docs/guides/error-codes/api-errors.',
        'insufficient_quota',
        { type: 'insufficient_quota' },
      );
    }
    const seconds = fault.kind === 'rate-limit' ? fault.retryAfterSeconds : 1;
    const limited = failure(
      429,
      `Rate limit reached for requests per min (RPM): Limit 500, Used 500, Requested 1. Please try again in ${seconds}s.`,
      'rate_limit_exceeded',
      { type: 'requests' },
    );
    return { ...limited, headers: { 'retry-after': String(seconds) } };
  }
  if (fault.status === 401)
    return failure(401, 'Incorrect API key provided: sk-proj-************0000.', 'invalid_api_key');
  if (fault.status === 503) {
    return failure(503, 'The engine is currently overloaded, please try again later', null, {
      type: 'overloaded_error',
    });
  }
  return failure(
    fault.status,
    'The server had an error while processing your request. Sorry about that!',
    null,
  );
}
