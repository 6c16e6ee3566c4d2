import { NotSaved, ServiceError } from '#errors.ts';
import type { Doing, Notice } from '#ports/owner-chat.ts';
import type { Ports } from '#ports/ports.ts';

/** Tells the owner what stands in the way; false: nobody knows of it yet. */
export async function tellTrouble(
  { ownerChat }: Pick<Ports, 'ownerChat'>,
  error: unknown,
  doing: Doing,
): Promise<boolean> {
  if (error instanceof NotSaved) return await ownerChat.tell({ kind: 'not-saved', code: error.code });
  if (!(error instanceof ServiceError)) {
    const problem = { kind: 'unexpected' as const };
    return await ownerChat.tell({ kind: 'service-down', service: 'Darkroom', problem, doing });
  }
  const { service, problem } = error;
  // What cannot be shown in the chat cannot be told there either.
  if (service === 'Telegram') return false;
  return await ownerChat.tell({ kind: 'service-down', service, problem, doing });
}

/** Tells the owners as soon as one of them can be reached: at a start the network is often not there yet. */
export async function tellSurely(
  { ownerChat, clock }: Pick<Ports, 'ownerChat' | 'clock'>,
  notice: Notice,
  signal: AbortSignal,
): Promise<void> {
  for (let failures = 0; !(await ownerChat.tell(notice)); failures += 1) {
    await clock.sleep(pauseAfter(failures, undefined), signal);
  }
}

/**
 * What a log may hold of an error: never the whole of it, which could carry a request with a token. Only of a
 * bug of our own the place is wanted.
 */
export function describeError(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown';
  const isExpected = error instanceof ServiceError || error instanceof NotSaved;
  return isExpected ? error.message : (error.stack ?? error.message);
}

const longestMs = 3_600_000;
const pausesMs = [60_000, 300_000, 900_000, longestMs];

/** The pause after this many failures, the first being 0; the last one repeats. Not less than the service asks for. */
export function pauseAfter(failures: number, error: unknown): number {
  const pauseMs = pausesMs[Math.min(failures, pausesMs.length - 1)] ?? 0;
  const askedMs = error instanceof ServiceError ? (error.waitMs ?? 0) : 0;
  return Math.max(pauseMs, Math.min(askedMs, longestMs));
}
