import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isMissing } from '#adapters/durable-file.ts';
import type { World } from '../world.ts';

/** The settings that hold a secret. */
export const secretNames = [
  'TELEGRAM_BOT_TOKEN',
  'DROPBOX_APP_SECRET',
  'DROPBOX_REFRESH_TOKEN',
  'REPLICATE_API_TOKEN',
  'OPENAI_API_KEY',
  'INSTAGRAM_PASSWORD',
  'SMTP_PASSWORD',
] as const;

/** Every form in which a secret could be written. */
export function formsOf(secret: string): readonly string[] {
  return [secret, encodeURIComponent(secret), Buffer.from(secret).toString('base64').replace(/=+$/, '')];
}

/** The paths of what Darkroom keeps; the simulated services lie in a folder beside. */
export async function filesIn(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  return files.filter((path) => !path.startsWith(join(folder, 'services')));
}

/** Everything that Darkroom has written into its log, its files and the chat; without the files of these names. */
export async function tracesOf({ folder, logged, phone }: World, without = /^$/): Promise<readonly string[]> {
  const paths = (await filesIn(folder)).filter((path) => !without.test(path));
  // One that is just being written goes by another name a moment later, and the next look sees it.
  const files = await Promise.all(paths.map((path) => textOf(path)));
  const chat = [...phone.messages(), ...phone.toasts()].map(({ text }) => text);
  return [...logged, ...files, ...chat];
}

async function textOf(path: string): Promise<string> {
  try {
    return await readFile(path, 'latin1');
  } catch (error) {
    if (isMissing(error)) return '';
    throw error;
  }
}
