import { pino } from 'pino';
import type { Log } from '#ports/log.ts';

/**
 * One JSON line per message, written at once, so that the last line before a crash is there too. Every secret
 * is replaced by value, also in its base64 and URL-encoded form, wherever it stands.
 */
export function createLog(
  level: string,
  secrets: readonly string[],
  out?: { write(line: string): void },
): Log {
  const options = { level, base: null, hooks: { streamWrite: hiding(secrets) } };
  return out === undefined ? pino(options) : pino(options, out);
}

/** Replaces these secrets in whatever it is given. */
export function hiding(secrets: readonly string[]): (text: string) => string {
  // A secret can be the beginning of another one, so the longest form goes first.
  const forms = [...new Set(secrets.flatMap(formsOf))].sort((a, b) => b.length - a.length);
  return (given) => forms.reduce((text, form) => text.replaceAll(form, '[hidden]'), given);
}

function formsOf(secret: string): readonly string[] {
  const base64 = Buffer.from(secret).toString('base64');
  const encoded = encodeURIComponent(secret);
  const form = new URLSearchParams({ secret }).toString().slice('secret='.length);
  const strict = encoded.replace(/[!'()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`);
  const forms = [secret, base64, base64.replace(/=+$/, ''), encoded, form, strict];
  // A log line is JSON, and can quote JSON.
  return forms
    .flatMap((each) => [each, escaped(each), escaped(escaped(each))])
    .filter((each) => each.length >= 4);
}

function escaped(text: string): string {
  return JSON.stringify(text).slice(1, -1);
}
