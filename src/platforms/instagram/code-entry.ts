import type { IgApiClient } from 'instagram-private-api';
import type { CodeOutcome } from '#ports/platform.ts';
import { type CodeRequest, problemOf, statusOf, verdictOnCode } from './refusals.ts';

/** Wrong codes are what Instagram locks accounts for. */
const mostTries = 3;

/** A sign-in that waits for the code of the second factor. */
export interface CodeEntry {
  /** The client whose sign-in it is; signed in once a code was taken. */
  readonly ig: IgApiClient;
  /** Never throws. After so many tries it is over, whatever they brought. */
  enter(code: string): Promise<CodeOutcome>;
}

export function openCodeEntry(ig: IgApiClient, username: string, request: CodeRequest): CodeEntry {
  let tries = 0;

  function outcomeOf(error: unknown): CodeOutcome {
    const problem = problemOf(error);
    const code = verdictOnCode(error) ?? (statusOf(error) === undefined ? 'unanswered' : 'refused');
    if (code === 'refused') return { code, problem };
    if (tries >= mostTries) return { code: 'over' };
    return code === 'unanswered' ? { code, problem } : { code };
  }

  return {
    ig,
    async enter(code) {
      tries += 1;
      try {
        await ig.account.twoFactorLogin({
          username,
          verificationCode: code,
          twoFactorIdentifier: request.identifier,
          verificationMethod: request.method,
          trustThisDevice: '1',
        });
        return { code: 'taken' };
      } catch (error) {
        return outcomeOf(error);
      }
    },
  };
}
