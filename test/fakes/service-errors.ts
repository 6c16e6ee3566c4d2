import { inspect } from 'node:util';
import { expect } from 'vitest';
import { ServiceError } from '#errors.ts';

/** The error that this ends with, which has to be a `ServiceError`. */
export async function serviceErrorOf(work: Promise<unknown>): Promise<ServiceError> {
  const error: unknown = await work.then(
    () => undefined,
    (cause: unknown) => cause,
  );
  if (!(error instanceof ServiceError)) throw new Error(`No ServiceError, but ${inspect(error)}`);
  return error;
}

/** Checks that an error shows none of these in any way in which it could get into a log. */
export function expectNoSecrets(error: ServiceError, ...secrets: readonly string[]): void {
  const shown = [
    error.message,
    error.stack ?? '',
    JSON.stringify(error),
    inspect(error, { depth: 20, showHidden: true }),
  ];
  for (const secret of secrets) expect(shown.join('\n')).not.toContain(secret);
}
