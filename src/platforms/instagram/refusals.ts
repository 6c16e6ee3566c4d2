import { z } from 'zod';
import { problemOfFailedCall, problemOfStatus, shorten } from '#adapters/http.ts';
import type { Problem } from '#post/delivery.ts';

const Refused = z.object({
  statusCode: z.number(),
  body: z
    .object({
      message: z.string().optional(),
      error_type: z.string().optional(),
      checkpoint_url: z.string().optional(),
      spam: z.boolean().optional(),
      two_factor_required: z.boolean().optional(),
      invalid_credentials: z.boolean().optional(),
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

/** The problem behind an error of the package. Of those that hold everything up, `detail` is Instagram's code. */
export function problemOf(error: unknown): Problem {
  const answer = answerOf(error);
  if (answer === undefined) return problemOfFailedCall(error);
  const { statusCode, body = {} } = answer;
  const detail = body.message ? shorten(body.message) : undefined;
  const codes = codesOf(body);
  for (const [pattern, kind] of kindOfCode) {
    const [code] = pattern.exec(codes) ?? [];
    if (code !== undefined) return { kind, detail: holding.has(kind) ? code : (detail ?? code) };
  }
  // An answer that is none, such as a page in place of one.
  if (statusCode < 400) return { kind: 'unexpected', ...(detail !== undefined && { detail }) };
  return problemOfStatus(statusCode, detail);
}

function codesOf({ message, error_type: type, checkpoint_url: url, ...flags }: Body): string {
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
