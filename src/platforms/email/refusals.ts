import { shorten } from '#adapters/http.ts';
import type { Outcome } from '#ports/platform.ts';
import type { Problem } from '#post/delivery.ts';

/** What nodemailer says of an error; `originalCode` is Node's own. */
interface MailError {
  readonly code?: string | undefined;
  readonly originalCode?: string | undefined;
  readonly responseCode?: number | undefined;
  readonly response?: string | undefined;
  /** It is the answer to a sign-in. */
  readonly isSignIn?: boolean | undefined;
}

/** A reply of the server is a definite answer; without one it depends on how far the mail had got. */
export function outcomeOfError(error: unknown, isHandedOver: boolean): Outcome {
  const { code, originalCode, responseCode, response, isSignIn }: MailError =
    typeof error === 'object' && error !== null ? error : {};
  // Another reply is the answer to something else, or none at all.
  if (responseCode !== undefined && responseCode >= 400 && responseCode < 600) {
    const said = problemOfReply(responseCode, response);
    const heard = isSignIn ? withoutWords(said) : said;
    const problem: Problem = code === 'ETLS' ? { kind: 'unsafe', detail: 'no STARTTLS' } : heard;
    return responseCode >= 500 ? { outcome: 'failed', problem } : { outcome: 'not-sent', problem };
  }
  if (code === 'EAUTH') return { outcome: 'failed', problem: { kind: 'signed-out' } };
  if (originalCode !== undefined && ofCertificates.test(originalCode)) {
    return { outcome: 'not-sent', problem: { kind: 'unsafe', detail: originalCode } };
  }
  const problem: Problem = { kind: code === 'ETIMEDOUT' ? 'timeout' : 'unreachable' };
  return isHandedOver ? { outcome: 'uncertain', problem } : { outcome: 'not-sent', problem };
}

/** Node's codes of a certificate that is not trusted, and of a server that speaks no TLS where it should. */
const ofCertificates =
  /^(CERT_|ERR_TLS_CERT|ERR_SSL_|DEPTH_ZERO_SELF_SIGNED|SELF_SIGNED|UNABLE_TO_(GET|VERIFY)|HOSTNAME_MISMATCH)/;

/** What a server says to a sign-in can repeat the password, and would stand on the card and in the state. */
function withoutWords({ kind }: Problem): Problem {
  return kind === 'rate-limited' ? { kind, detail: 'too many logins' } : { kind };
}

/** RFC 5321, 4954 and 3463; 5.4.5 is Gmail's daily limit, and its 454 has a code that says nothing of logins. */
function problemOfReply(replyCode: number, response: string | undefined): Problem {
  const detail = response === undefined ? {} : { detail: shorten(response) };
  if (replyCode === 535 || replyCode === 534 || replyCode === 530) return { kind: 'signed-out', ...detail };
  if (/\b5\.4\.5\b|limit exceeded|too many login/i.test(response ?? ''))
    return { kind: 'rate-limited', ...detail };
  if (isOfMailbox(replyCode, response)) return { kind: 'not-found', ...detail };
  return { kind: replyCode >= 500 ? 'rejected' : 'out-of-order', ...detail };
}

/** RFC 3463: x.1.1 to x.1.3, x.1.6 and x.1.10 are about the address; 550 alone was so before there were such codes. */
function isOfMailbox(replyCode: number, response = ''): boolean {
  const exact = /\b5\.(\d{1,3}\.\d{1,3})\b/.exec(response)?.[1];
  return exact === undefined ? replyCode === 550 : /^1\.([1236]|10)$/.test(exact);
}
