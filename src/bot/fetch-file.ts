import { type Api, GrammyError } from 'grammy';
import { policies } from '#ports/policies.ts';

const { mostBytes, limitMs } = policies.telegramBot.files;

/** A file that was sent to the bot; `too-large`: bots get none of more than 20 MB; `unreachable`: another try may help. */
export type Fetched = { readonly bytes: Buffer } | { readonly missing: 'too-large' | 'unreachable' };

/**
 * The bytes of a file that was sent to the bot, within a minute. Never throws, because Telegram's addresses of files,
 * which hold the bot's token, are in the errors. May be repeated.
 */
export async function fetchFile(api: Api, fileId: string): Promise<Fetched> {
  try {
    const { file_path: path } = await api.getFile(fileId);
    if (path === undefined) return { missing: 'unreachable' };
    const root = api.options?.apiRoot ?? 'https://api.telegram.org';
    const answer = await fetch(`${root}/file/bot${api.token}/${path}`, {
      signal: AbortSignal.timeout(limitMs),
      // The address of another place could be any, also one within the house.
      redirect: 'error',
    });
    if (!answer.ok || answer.body === null) return { missing: 'unreachable' };
    return await readUpToLimit(answer.body);
  } catch (error) {
    const isTooLarge = error instanceof GrammyError && /file is too big/i.test(error.description);
    return { missing: isTooLarge ? 'too-large' : 'unreachable' };
  }
}

async function readUpToLimit(body: ReadableStream<Uint8Array>): Promise<Fetched> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of body) {
    size += chunk.length;
    if (size > mostBytes) return { missing: 'too-large' };
    chunks.push(chunk);
  }
  return { bytes: Buffer.concat(chunks) };
}
