import type { Fault } from '#simulator/faults.ts';
import type { SimulatedAnswer } from '#simulator/http.ts';

/** A refusal on the way to an answer; thrown within the simulated Dropbox, turned into its answer at the edge. */
export interface Refusal {
  readonly answer: SimulatedAnswer;
}

export function isRefusal(value: unknown): value is Refusal {
  return typeof value === 'object' && value !== null && 'answer' in value;
}

/**
 * An endpoint's own error: `path/not_found` becomes 409 with the nested tags of Dropbox. The last step of
 * the summary stands for itself, as in `{".tag":"path","path":{".tag":"not_found"}}`.
 */
export function refuse(summary: string, more: Readonly<Record<string, unknown>> = {}): Refusal {
  return { answer: endpointError(summary, { ...nest(summary.split('/')), ...more }) };
}

/** The error of an upload, whose reason lies one level deeper. */
export function refuseUpload(reason: string): Refusal {
  return {
    answer: endpointError(`path/${reason}`, {
      '.tag': 'path',
      reason: nest(reason.split('/')),
      upload_session_id: 'pid_upload_session:simulated',
    }),
  };
}

function nest([tag = 'other', ...rest]: readonly string[]): Record<string, unknown> {
  return rest.length === 0 ? { '.tag': tag } : { '.tag': tag, [tag]: nest(rest) };
}

function endpointError(summary: string, error: object): SimulatedAnswer {
  return { status: 409, body: { error_summary: `${summary}/..`, error } };
}

/** 400 with plain text, for a request that does not fit the endpoint. */
export function refuseInput(operation: string, message: string): Refusal {
  const body = `Error in call to API function "${operation}": ${message}`;
  return { answer: { status: 400, headers: { 'content-type': 'text/plain; charset=utf-8' }, body } };
}

export function refuseToken(tag: 'expired_access_token' | 'invalid_access_token'): Refusal {
  return { answer: { status: 401, body: { error_summary: `${tag}/..`, error: { '.tag': tag } } } };
}

/** 401 with the scope that the token lacks (dropbox-api-spec, auth.stone: TokenScopeError). */
export function refuseScope(scope: string): Refusal {
  const error = { '.tag': 'missing_scope', required_scope: scope };
  return { answer: { status: 401, body: { error_summary: 'missing_scope/..', error } } };
}

export function refuseGrant(description: string): Refusal {
  return { answer: { status: 400, body: { error: 'invalid_grant', error_description: description } } };
}

/** A switched-on failure in Dropbox's words. */
export function refuseByFault(
  fault: Extract<Fault, { kind: 'error' | 'rate-limit' }>,
  operation: string,
): SimulatedAnswer {
  if (fault.kind === 'rate-limit' || fault.status === 429) {
    const seconds = fault.kind === 'rate-limit' ? fault.retryAfterSeconds : 1;
    return {
      status: 429,
      headers: { 'retry-after': String(seconds) },
      body: {
        error_summary: 'too_many_requests/',
        error: { reason: { '.tag': 'too_many_requests' }, retry_after: seconds },
      },
    };
  }
  if (operation === 'oauth2/token' && fault.status < 500)
    return refuseGrant('refresh token is invalid or revoked').answer;
  if (fault.status === 401) return refuseToken('expired_access_token').answer;
  if (fault.status === 409) return refuse('other').answer;
  if (fault.status < 500) return refuseInput(operation, 'the request was refused.').answer;
  return {
    status: fault.status,
    headers: { 'content-type': 'text/html' },
    body: `<html><title>Error</title><body>Dropbox error ${fault.status}: an internal error occurred.</body></html>`,
  };
}
