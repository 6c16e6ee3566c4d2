import type { Log } from '#ports/log.ts';

/** A log that keeps what it is given, as text. */
export function silentLog(): Log & { readonly lines: readonly string[] } {
  const lines: string[] = [];
  const note = (fields: object, message: string) => void lines.push(`${message} ${JSON.stringify(fields)}`);
  return { lines, debug: note, info: note, warn: note, error: note };
}
