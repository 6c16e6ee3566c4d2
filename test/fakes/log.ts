import type { Log } from '#ports/log.ts';

export interface Logged {
  readonly level: keyof Log;
  readonly fields: object;
  readonly message: string;
}

/** A log that keeps what it is told. */
export function createFakeLog(): Log & { readonly lines: readonly Logged[] } {
  const lines: Logged[] = [];
  const keep = (level: keyof Log) => (fields: object, message: string) => {
    lines.push({ level, fields, message });
  };
  return { lines, debug: keep('debug'), info: keep('info'), warn: keep('warn'), error: keep('error') };
}
