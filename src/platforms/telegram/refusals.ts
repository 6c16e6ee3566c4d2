import { GrammyError, HttpError } from 'grammy';
import { problemOfFailedCall, problemOfStatus, surelyNotSent } from '#adapters/http.ts';
import type { Outcome } from '#ports/platform.ts';
import type { Problem } from '#post/delivery.ts';

/** Telegram gives no code besides 400, so its words have to tell what it is about. */
export function isFileIdRefused(error: unknown): boolean {
  return (
    error instanceof GrammyError &&
    error.error_code === 400 &&
    /file[_ ]id|file identifier/i.test(error.description)
  );
}

/** Whether a message to be forwarded is not there (telegram-bot-api, Client.cpp). */
export function isNothingThere(error: unknown): boolean {
  return (
    error instanceof GrammyError && /message to forward not found|MESSAGE_ID_INVALID/.test(error.description)
  );
}

/** What became of a message whose call has failed. Only 429 is sure to be worth another attempt. */
export function outcomeOfError(error: unknown): Outcome {
  const problem = problemOfError(error);
  if (error instanceof GrammyError && error.error_code === 429) {
    return { outcome: 'not-sent', problem, waitMs: (error.parameters.retry_after ?? 5) * 1000 };
  }
  if (isRefused(error)) return { outcome: 'failed', problem };
  return surelyNotSent(error) ? { outcome: 'not-sent', problem } : { outcome: 'uncertain', problem };
}

/** grammY takes all JSON without `ok` for a refusal, also what does not come from Telegram; its own has a code. */
export function isRefused(error: unknown): boolean {
  return error instanceof GrammyError && error.error_code >= 400 && error.error_code < 500;
}

/** Why a call has failed. */
export function problemOfError(error: unknown): Problem {
  return error instanceof GrammyError ? problemOfAnswer(error) : problemOfLostCall(error);
}

function problemOfAnswer({ error_code: code, description, parameters }: GrammyError): Problem {
  if (!(code >= 400)) return { kind: 'unexpected' };
  if (code !== 400) return problemOfStatus(code, description);
  const { migrate_to_chat_id: moved } = parameters;
  if (moved !== undefined) return { kind: 'not-found', detail: `${description}: ${moved}` };
  if (/chat not found|upgraded to a supergroup/.test(description))
    return { kind: 'not-found', detail: description };
  if (/administrator rights|not enough rights/.test(description)) {
    return { kind: 'no-permission', detail: description };
  }
  return { kind: 'rejected', detail: description };
}

/** grammY's own time limit has no code, only these words. */
function problemOfLostCall(error: unknown): Problem {
  const cause = error instanceof HttpError ? error.error : error;
  const isTimeout = cause instanceof Error && / timed out after /.test(cause.message);
  return isTimeout ? { kind: 'timeout' } : problemOfFailedCall(cause);
}
