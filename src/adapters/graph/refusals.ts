import { z } from 'zod';
import { problemOfStatus, shorten } from '#adapters/http.ts';
import type { Problem } from '#post/delivery.ts';

/** Why the official API did not answer with what was asked for. */
export interface GraphRefusal {
  readonly problem: Problem;
  /**
   * `refused`: not done, and pointless to repeat before somebody changed something. `not-now`: not done, and worth
   * another try. `unknown`: perhaps done.
   */
  readonly was: 'refused' | 'not-now' | 'unknown';
  /** The wait that was asked for. */
  readonly waitMs?: number;
}

interface Verdict {
  readonly kind: Problem['kind'];
  readonly was: GraphRefusal['was'];
  readonly waitMs?: number;
}

/** The limit counts the last 24 hours, so it frees itself post by post; four waits and the last try cover a day. */
export const quotaWaitMs = 6 * 60 * 60 * 1000;

const fault: Verdict = { kind: 'out-of-order', was: 'unknown' };
const again: Verdict = { kind: 'out-of-order', was: 'not-now' };
const busy: Verdict = { kind: 'rate-limited', was: 'not-now' };
const quota: Verdict = { ...busy, waitMs: quotaWaitMs };
const signedOut: Verdict = { kind: 'signed-out', was: 'refused' };
const forbidden: Verdict = { kind: 'no-permission', was: 'refused' };
const checkPoint: Verdict = { kind: 'check-point', was: 'refused' };
const heldBack: Verdict = { kind: 'held-back', was: 'refused' };
const rejected: Verdict = { kind: 'rejected', was: 'refused' };

/** Meta's error codes of content publishing (June 2026), and subcodes of 190 (Graph API, "Handle errors"). */
const bySubcode = new Map<number, Verdict>([
  [459, checkPoint],
  [464, checkPoint],
  [2207001, fault],
  [2207003, again],
  [2207006, again],
  [2207008, fault],
  [2207020, again],
  [2207027, again],
  [2207032, fault],
  [2207042, quota],
  [2207050, checkPoint],
  [2207051, heldBack],
  // The picture could not be fetched from its address, which has been a passing fault of Meta's own.
  [2207052, { kind: 'rejected', was: 'not-now' }],
  [2207053, fault],
]);

/** The codes that all of the Graph API shares (Graph API, "Handle errors" and "Rate limits"), and Instagram's own. */
const byCode = new Map<number, Verdict>([
  [-2, again],
  [-1, fault],
  [1, fault],
  [2, fault],
  [3, forbidden],
  [4, busy],
  [9, quota],
  [10, forbidden],
  [17, busy],
  [25, checkPoint],
  [32, busy],
  [102, signedOut],
  [190, signedOut],
  [368, heldBack],
  [613, busy],
  [9007, again],
  [80002, busy],
]);

const Body = z.object({
  error: z.object({
    message: z.string().optional(),
    code: z.number().optional(),
    error_subcode: z.number().optional(),
    error_user_msg: z.string().optional(),
    is_transient: z.boolean().optional(),
  }),
});
type GraphError = z.infer<typeof Body>['error'];

/** What an answer with an error means. */
export function refusalOfAnswer(
  { status, headers }: Pick<Response, 'status' | 'headers'>,
  body: unknown,
): GraphRefusal {
  const error = Body.safeParse(body).data?.error;
  const verdict = verdictOf(error) ?? verdictOfStatus(status);
  const words = error?.error_user_msg ?? error?.message;
  // Meta's words about a bad token repeat the token, and those about a picture its address.
  const isTelling = words !== undefined && verdict.kind !== 'signed-out';
  const detail = isTelling ? shorten(words.replace(/https?:\/\/\S+/g, '…')) : undefined;
  const waitMs = verdict.kind === 'rate-limited' ? (verdict.waitMs ?? waitIn(headers)) : undefined;
  return {
    problem: { kind: verdict.kind, ...(detail !== undefined && { detail }) },
    was: verdict.was,
    ...(waitMs !== undefined && { waitMs }),
  };
}

/** What became of a container whose status is ERROR; `status` names a subcode. */
export function refusalOfStatus(status: string | undefined): GraphRefusal {
  const subcode = Number(/\b2207\d{3}\b/.exec(status ?? '')?.[0]);
  const { kind, was } = bySubcode.get(subcode) ?? rejected;
  const detail =
    status === undefined
      ? 'the picture could not be processed'
      : shorten(status.replace(/https?:\/\/\S+/g, '…'));
  // A container is not seen by anybody, whatever went wrong with it.
  return { problem: { kind, detail }, was: was === 'unknown' ? 'not-now' : was };
}

function verdictOf(error: GraphError | undefined): Verdict | undefined {
  if (error === undefined) return undefined;
  const { code = 0, error_subcode: subcode = 0, is_transient: isTransient } = error;
  const known = bySubcode.get(subcode) ?? byCode.get(code);
  if (known !== undefined) return known;
  if (code >= 200 && code < 300) return forbidden;
  return isTransient ? fault : undefined;
}

function verdictOfStatus(status: number): Verdict {
  if (status >= 500 || status === 408) return fault;
  if (status === 429) return busy;
  const { kind } = problemOfStatus(status);
  return { kind: kind === 'not-found' ? 'rejected' : kind, was: 'refused' };
}

const Usage = z.record(
  z.string(),
  z.array(z.object({ estimated_time_to_regain_access: z.number().optional() })),
);

/** Minutes until calls are taken again (Graph API, "Rate limits", X-Business-Use-Case-Usage). */
function waitIn(headers: Headers): number | undefined {
  try {
    const usage = Usage.parse(JSON.parse(headers.get('x-business-use-case-usage') ?? ''));
    const minutes = Object.values(usage)
      .flat()
      .map((each) => each.estimated_time_to_regain_access ?? 0);
    const longest = Math.max(0, ...minutes);
    return longest > 0 ? Math.min(longest, 24 * 60) * 60_000 : undefined;
  } catch {
    // Not every answer carries the header.
    return undefined;
  }
}
