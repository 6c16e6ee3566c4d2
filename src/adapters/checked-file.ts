import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { SetupError } from '#errors.ts';
import { isMissing } from './durable-file.ts';
import { migrated, schemaVersion } from './migrations.ts';

const Version = z.object({ schema: z.int().min(1) });
/** Which of the writes of a file this is: counted from 1, with its time. */
export const Writing = z.object({ count: z.number(), at: z.iso.datetime() });
export type Writing = Readonly<z.infer<typeof Writing>>;

const Sealed = z.object({
  /** SHA-256 of the form, but for the first one, the writing, where there is one, and the data as JSON. */
  sum: z.string(),
  writing: Writing.optional(),
  data: z.unknown(),
});

/** The data with its version and a checksum, as JSON. */
export function seal(data: unknown, writing?: Writing): string {
  const text = JSON.stringify(data);
  const head = JSON.stringify({ schema: schemaVersion, sum: sumOf(schemaVersion, writing, text), writing });
  return `${head.slice(0, -1)},"data":${text}}\n`;
}

/** What a sealed file holds, as it is kept now. */
export interface Unsealed<T> {
  readonly data: T;
  /** The form that it was read in; it is written in the newest. */
  readonly schema: number;
  readonly writing?: Writing | undefined;
}

/**
 * What a sealed file holds, if it is whole and of this form or was before. Throws `SetupError` for a file that a newer
 * version has written.
 */
export async function readSealed<T>(
  path: string,
  form: z.ZodType<T>,
): Promise<Unsealed<T> | 'missing' | 'damaged'> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if (isMissing(error)) return 'missing';
    throw error;
  }
  const content = parse(text);
  const version = Version.safeParse(content);
  if (!version.success) return 'damaged';
  const { schema } = version.data;
  if (schema > schemaVersion) throw new SetupError(newer(path), 3);
  const sealed = Sealed.safeParse(content);
  if (!sealed.success) return 'damaged';
  const { sum, writing, data } = sealed.data;
  // As it was written; otherwise somebody has laid it out anew, which changes nothing of what it says.
  const isWhole =
    sumOf(schema, writing, textOfData(text)) === sum || sumOf(schema, writing, JSON.stringify(data)) === sum;
  if (!isWhole) return 'damaged';
  const result = form.safeParse(migrated(data, schema));
  return result.success ? { data: result.data, schema, writing } : 'damaged';
}

/** Behind the head, which has no other data, up to the closing brace. */
function textOfData(text: string): string {
  const name = '"data":';
  return text.slice(text.indexOf(name) + name.length, text.lastIndexOf('}'));
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function sumOf(schema: number, writing: Writing | undefined, text: string): string {
  const form = schema === 1 ? '' : `${schema} `;
  const mark = writing === undefined ? '' : `${writing.count} ${writing.at} `;
  return createHash('sha256').update(form).update(mark).update(text).digest('hex');
}

function newer(path: string): string {
  return `${path} was written by a newer Darkroom. Start that version again. To go back to this one, put back the copies from before the update: they are in backups/schema-${schemaVersion}. What was published since then is not in them.`;
}
