import { Dropbox } from 'dropbox';
import { z } from 'zod';
import { ServiceError } from '#errors.ts';
import type { Clock } from '#ports/clock.ts';
import { policies } from '#ports/policies.ts';
import { fetchDropbox } from './dropbox-client.ts';
import { answerAs, isReset, toServiceError } from './dropbox-errors.ts';
import type { Listing } from './dropbox-listing.ts';

/** Waits for changes after a cursor. Without a token, as Dropbox wants it. Throws `ServiceError`. */
export type Poll = (cursor: string, signal: AbortSignal) => Promise<Polled>;

/** `backoff`: seconds to stay away. */
const Polled = z.object({ changes: z.boolean(), backoff: z.number().optional() });
type Polled = Readonly<z.infer<typeof Polled>>;

export function createPoll(appKey: string, endpoint: string | undefined): Poll {
  const { seconds: timeout, limitMs } = policies.dropboxLongpoll;
  const dropbox = new Dropbox({ clientId: appKey, fetch: fetchDropbox(endpoint, limitMs) });
  return async (cursor, signal) => {
    try {
      const { result } = await dropbox.filesListFolderLongpoll({ cursor, timeout }, { signal });
      return answerAs(Polled, result);
    } catch (error) {
      throw toServiceError(error);
    }
  };
}

interface Watched {
  readonly listing: Listing;
  readonly poll: Poll;
  readonly clock: Clock;
}

/** Keeps the listing up to date as `Library.watch` promises. */
export async function watchListing(
  { listing, poll, clock }: Watched,
  onChange: () => void,
  signal: AbortSignal,
): Promise<void> {
  const over = whenAborted(signal);
  let told = listing.news();
  let failures = 0;

  /** Whoever has asked for the list: what is new is told here. */
  function tellNews(): void {
    if (listing.news() === told) return;
    told = listing.news();
    onChange();
  }

  async function bringUpToDate(): Promise<void> {
    await Promise.race([listing.list(), over]);
    tellNews();
  }

  async function waitForChange(): Promise<void> {
    // What somebody else has listed since lies before the cursor, and no poll would report it.
    tellNews();
    const cursor = listing.cursor();
    if (cursor === undefined) return;
    const { changes, backoff = 0 } = await poll(cursor, signal).catch((error: unknown): Polled => {
      if (!isReset(error)) throw error;
      return { changes: true };
    });
    if (changes) await bringUpToDate();
    // An answer shared with somebody else can have been on its way before the change.
    if (changes && listing.cursor() === cursor) await bringUpToDate();
    if (changes && listing.cursor() === cursor) throw new ServiceError('Dropbox', { kind: 'unexpected' });
    failures = 0;
    if (backoff > 0) await clock.sleep(backoff * 1000, signal);
  }

  for (let isBehind = true; !signal.aborted; ) {
    try {
      if (isBehind) await bringUpToDate();
      isBehind = false;
      await waitForChange();
    } catch (error) {
      if (signal.aborted) return;
      if (!(error instanceof ServiceError)) throw error;
      await clock.sleep(pauseMs(error, failures), signal).catch(() => undefined);
      failures += 1;
      isBehind = true;
    }
  }
}

const mayPass = new Set(['rate-limited', 'unreachable', 'timeout', 'out-of-order', 'unexpected']);

/** Back within a minute after an outage; what only a person can mend is looked after now and then. */
function pauseMs({ problem, waitMs = 0 }: ServiceError, failures: number): number {
  if (!mayPass.has(problem.kind)) return 600_000;
  return Math.max(waitMs, failures === 0 ? 30_000 : 60_000);
}

function whenAborted(signal: AbortSignal): Promise<never> {
  const aborted = new Promise<never>((_, reject) => {
    if (signal.aborted) reject(signal.reason);
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
  aborted.catch(() => undefined);
  return aborted;
}
