import { z } from 'zod';
import { problemOfFailedCall, problemOfStatus, retryAfterMs, shorten } from '#adapters/http.ts';
import type { Problem } from '#post/delivery.ts';

const Refused = z.object({
  statusCode: z.number(),
  headers: z.object({ 'retry-after': z.string().optional() }).optional().catch(undefined),
  body: z
    .object({
      message: z.string().optional(),
      error_type: z.string().optional(),
      checkpoint_url: z.string().optional(),
      spam: z.boolean().optional(),
      two_factor_required: z.boolean().optional(),
      invalid_credentials: z.boolean().optional(),
      two_factor_info: z
        .object({
          two_factor_identifier: z.string(),
          totp_two_factor_on: z.boolean().optional(),
          obfuscated_phone_number: z.string().optional(),
        })
        .optional()
        .catch(undefined),
    })
    .optional()
    .catch(undefined),
});
type Answer = z.infer<typeof Refused>;
type Body = NonNullable<Answer['body']>;

function answerOf(error: unknown): Answer | undefined {
  const response = error instanceof Error && 'response' in error ? error.response : undefined;
  return Refused.safeParse(response).data;
}

/** The status of Instagram's answer; undefined where there was none. */
export function statusOf(error: unknown): number | undefined {
  return answerOf(error)?.statusCode;
}

/** Whether a post to be deleted is not there any more; Instagram has only these words for it. */
export function isGone(error: unknown): boolean {
  return /^media not found/i.test(answerOf(error)?.body?.message ?? '');
}

/**
 * What Instagram answers, as collected in the issues of instagram-private-api, instagrapi and instagram-cli. The
 * package's error classes do not tell these apart (a checkpoint_required and a "Please wait" are both a plain
 * IgResponseError), so the body's own codes are read; the first that fits counts.
 */
const kindOfCode: readonly (readonly [RegExp, Problem['kind']])[] = [
  [/feedback_required|sentry_block/, 'held-back'],
  [/unsupported_version|needs_upgrade|two_factor_required/, 'check-point'],
  [/challenge_required|checkpoint_required|inactive user/, 'check-point'],
  [/bad_password|invalid_user|invalid_credentials/, 'signed-out'],
  [/login_required|user_has_logged_out/, 'signed-out'],
  [/please wait|rate_limit/i, 'rate-limited'],
];

/** After these Instagram is left alone until the owner has done something about it. */
const holding = new Set<Problem['kind']>(['check-point', 'held-back', 'signed-out']);

/** Whether no further call makes sense before the owner asks for it. */
export function holdsAll({ kind }: Problem): boolean {
  return holding.has(kind);
}

/** "A few minutes" is all that Instagram says; asked again too soon, it takes longer. */
const pauseMs = 30 * 60_000;

/** How long Instagram wants to be left alone after a refusal that is about too many requests. */
export function pauseAfter(error: unknown): number {
  return retryAfterMs(answerOf(error)?.headers?.['retry-after']) ?? pauseMs;
}

/** The problem behind an error of the package. Of those that hold everything up, `detail` is Instagram's code. */
export function problemOf(error: unknown): Problem {
  const answer = answerOf(error);
  if (answer === undefined) return problemOfFailedCall(error);
  const { statusCode, body = {} } = answer;
  const detail = body.message ? shorten(body.message) : undefined;
  const codes = codesOf(body);
  for (const [pattern, kind] of kindOfCode) {
    const [code] = pattern.exec(codes) ?? [];
    if (code === undefined) continue;
    const wanted = code === 'two_factor_required' ? codeWantedBy(body) : undefined;
    return { kind, detail: holding.has(kind) ? code : (detail ?? code), ...(wanted && { code: wanted }) };
  }
  // An answer that is none, such as a page in place of one.
  if (statusCode < 400) return { kind: 'unexpected', ...(detail !== undefined && { detail }) };
  return problemOfStatus(statusCode, detail);
}

function codeWantedBy({ two_factor_info: info }: Body): Problem['code'] {
  if (info === undefined) return undefined;
  if (info.totp_two_factor_on) return { from: 'app' };
  const phone = info.obfuscated_phone_number?.replace(/\D/g, '').slice(-4);
  return { from: 'message', ...(phone && { phone }) };
}

/** A sign-in that goes on with a code. */
export interface CodeRequest {
  readonly identifier: string;
  /** The package's word for where the code comes from. */
  readonly method: '0' | '1';
}

/** Undefined: the error is no request for a code. The method is chosen as in the package's own examples. */
export function codeRequestIn(error: unknown): CodeRequest | undefined {
  const info = answerOf(error)?.body?.two_factor_info;
  return info && { identifier: info.two_factor_identifier, method: info.totp_two_factor_on ? '0' : '1' };
}

/** What Instagram says of a code; undefined: something else. */
export function verdictOnCode(error: unknown): 'wrong' | 'over' | undefined {
  switch (answerOf(error)?.body?.error_type) {
    case 'sms_code_validation_code_invalid':
      return 'wrong';
    case 'invalid_nonce':
    case 'invalid_identifier':
      return 'over';
    default:
      return undefined;
  }
}

function codesOf({
  message,
  error_type: type,
  checkpoint_url: url,
  two_factor_info: _,
  ...flags
}: Body): string {
  return [
    ...(flags.spam ? ['feedback_required'] : []),
    ...(flags.two_factor_required ? ['two_factor_required'] : []),
    ...(type === undefined ? [] : [type]),
    ...(flags.invalid_credentials ? ['invalid_credentials'] : []),
    // Of a checkpoint only its page says that it is about the version of the app.
    ...(url === undefined ? [] : [url]),
    ...(message === undefined ? [] : [message]),
  ].join('\n');
}
