import { DropboxResponseError } from 'dropbox';
import type { ZodType } from 'zod';
import { ServiceError } from '#errors.ts';
import { noAnswer, problemOfStatus, retryAfterMs } from './http.ts';

/** Ends the client's own errors, which can hold tokens. */
export function toServiceError(error: unknown): ServiceError {
  if (error instanceof ServiceError) return error;
  if (!(error instanceof DropboxResponseError)) return noAnswer('Dropbox', error);
  const summary = summaryOf(error);
  if (/^(path|from_lookup|path_lookup)\/not_found/.test(summary)) {
    return new ServiceError('Dropbox', { kind: 'not-found', detail: summary });
  }
  if (/^missing_scope|^path\/no_write_permission/.test(summary)) {
    return new ServiceError('Dropbox', { kind: 'no-permission', detail: summary });
  }
  if (summary.startsWith('invalid_grant') || summary.startsWith('invalid_client')) {
    return new ServiceError('Dropbox', { kind: 'signed-out', detail: summary });
  }
  const problem = problemOfStatus(statusOf(error, summary), summary === '' ? undefined : summary);
  return new ServiceError('Dropbox', problem, waitMsOf(error));
}

/** What stands in between can answer in Dropbox's place, and that says nothing about files. Throws `ServiceError`. */
export function answerAs<T>(schema: ZodType<T>, answer: unknown): T {
  const parsed = schema.safeParse(answer);
  if (!parsed.success) throw new ServiceError('Dropbox', { kind: 'out-of-order' });
  return parsed.data;
}

export function isNotFound(error: unknown): boolean {
  return error instanceof ServiceError && error.problem.kind === 'not-found';
}

/** Dropbox has forgotten a cursor: everything has to be listed anew. */
export function isReset(error: unknown): boolean {
  return error instanceof ServiceError && error.problem.detail?.startsWith('reset') === true;
}

export function isExpired(error: unknown): boolean {
  return (
    error instanceof DropboxResponseError &&
    error.status === 401 &&
    summaryOf(error).startsWith('expired_access_token')
  );
}

function statusOf({ status }: DropboxResponseError<unknown>, summary: string): number {
  // files.RelocationError and files.UploadError: these pass, though they come as 409 like a lasting refusal.
  if (/^(path\/)?too_many_write_operations/.test(summary)) return 429;
  if (/^(internal_error|content_hash_mismatch)/.test(summary)) return 500;
  // Dropbox answers a missing file with 409; a 404 comes from something in between.
  return status === 404 ? 502 : status;
}

/** The header, or `retry_after` in the body of a 429 (auth.RateLimitError). */
function waitMsOf({ headers, error }: DropboxResponseError<unknown>): number | undefined {
  const inHeader = retryAfterMs(headers?.get?.('retry-after'));
  if (inHeader !== undefined) return inHeader;
  const seconds = fieldsOf(fieldsOf(error)['error'])['retry_after'];
  return typeof seconds === 'number' ? retryAfterMs(String(seconds)) : undefined;
}

/** Dropbox's `error_summary`, or the OAuth error code of the token call. */
function summaryOf({ error }: DropboxResponseError<unknown>): string {
  const body = fieldsOf(error);
  const summary = body['error_summary'] ?? body['error'];
  return typeof summary === 'string' ? summary : '';
}

function fieldsOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}
