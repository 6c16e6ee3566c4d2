import { NotSaved, ServiceError } from '#errors.ts';
import type { Doing } from '#ports/owner-chat.ts';
import type { Ports } from '#ports/ports.ts';

/** Tells the owner what stands in the way. */
export async function tellTrouble(
  { ownerChat }: Pick<Ports, 'ownerChat'>,
  error: unknown,
  doing: Doing,
): Promise<void> {
  if (error instanceof NotSaved) await ownerChat.tell({ kind: 'not-saved', code: error.code });
  else if (error instanceof ServiceError) {
    // What cannot be shown in the chat cannot be told there either.
    if (error.service === 'Telegram') return;
    await ownerChat.tell({ kind: 'service-down', service: error.service, problem: error.problem, doing });
  } else {
    const problem = { kind: 'unexpected' as const };
    await ownerChat.tell({ kind: 'service-down', service: 'Darkroom', problem, doing });
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
