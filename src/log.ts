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
  const forms = secrets.flatMap(formsOf);
  const hide = (line: string) => forms.reduce((text, form) => text.replaceAll(form, '[hidden]'), line);
  const options = { level, base: null, hooks: { streamWrite: hide } };
  return out === undefined ? pino(options) : pino(options, out);
}

function formsOf(secret: string): readonly string[] {
  const json = JSON.stringify(secret).slice(1, -1);
  const base64 = Buffer.from(secret).toString('base64');
  const forms = [secret, json, encodeURIComponent(secret), base64, base64.replace(/=+$/, '')];
  return [...new Set(forms)].filter((form) => form.length >= 4).sort((a, b) => b.length - a.length);
}
