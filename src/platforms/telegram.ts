import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Api, GrammyError, HttpError, InputFile } from 'grammy';
import type { Chat, Message } from 'grammy/types';
import { z } from 'zod';
import { writeDurably } from '#adapters/durable-file.ts';
import { problemOfFailedCall, problemOfStatus, surelyNotSent } from '#adapters/http.ts';
import type { Check } from '#ports/check.ts';
import {
  definePlatform,
  type Finding,
  type Outcome,
  type PlatformContext,
  type Publication,
} from '#ports/platform.ts';
import type { Problem } from '#post/delivery.ts';

const limitSeconds = 60;

/** The owner's Telegram channel. */
export const telegram = definePlatform({
  id: 'telegram',
  name: 'Telegram channel',
  settings: {
    TELEGRAM_BOT_TOKEN: z
      .string()
      .regex(/^\d+:[\w-]{30,}$/, 'is not a bot token; it looks like 123456789:AAE…')
      .meta({ where: 'write /newbot to @BotFather in Telegram', secret: true }),
    TELEGRAM_CHANNEL_ID: z
      .string()
      .regex(/^(@\w{4,}|-\d+)$/, 'is not a channel; write @yourchannel or a number like -1001234567890')
      .meta({ where: 'the @name of your channel, in which the bot is an administrator' }),
    TELEGRAM_API_ROOT: z
      .url({ protocol: /^https?$/, error: 'is not an address like https://api.telegram.org' })
      .transform((root) => root.replace(/\/$/, ''))
      .optional()
      .meta({ where: 'only for a Bot API server of your own' }),
  },
  needs: ['TELEGRAM_BOT_TOKEN', 'TELEGRAM_CHANNEL_ID'],
  // Bot API sendPhoto: 10 MB, ratio at most 20, width + height at most 10000. The largest size that the
  // servers keep is 2560 pixels (Telegram's api/files page).
  pictureLimits: { maxBytes: 10_000_000, maxLongEdge: 2560, minWidth: 1, minRatio: 1 / 20, maxRatio: 20 },
  // Bot API sendPhoto: caption 0-1024.
  captionLimits: { maxLength: 1024, maxHashtags: Number.POSITIVE_INFINITY },
  create({ TELEGRAM_BOT_TOKEN: token, TELEGRAM_CHANNEL_ID: channel, TELEGRAM_API_ROOT: apiRoot }, context) {
    const api = new Api(token, { timeoutSeconds: limitSeconds, ...(apiRoot !== undefined && { apiRoot }) });
    const path = join(context.folder, 'telegram-channel.json');
    const send: Send = async (photo, caption) => {
      const message = await api.sendPhoto(channel, photo, { caption });
      await remember(path, { channel, lastId: message.message_id }, context);
      return message;
    };
    return {
      publish: (publication) => publish(send, publication),
      look: (publication, since) => look({ api, channel, path, ...context }, publication, since),
      check: () => check(api, channel),
    };
  },
});

type Send = (photo: string | InputFile, caption: string) => Promise<Message.PhotoMessage>;

async function publish(send: Send, { picture, caption, fileId, postId }: Publication): Promise<Outcome> {
  const upload = new InputFile(picture, `${postId}.jpg`);
  try {
    return published(await send(fileId ?? upload, caption));
  } catch (error) {
    // A file id that is no longer taken was surely not published, so the picture itself goes up once.
    if (fileId !== undefined && isFileIdRefused(error)) {
      return await send(upload, caption).then(published, outcomeOfError);
    }
    return outcomeOfError(error);
  }
}

function published({ chat, message_id }: Message.PhotoMessage): Outcome {
  return { outcome: 'published', ref: String(message_id), url: addressOf(chat, message_id) };
}

function addressOf(chat: Chat, messageId: number): string {
  const name = chat.username ? chat.username : `c/${String(chat.id).replace(/^-100/, '')}`;
  return `https://t.me/${name}/${messageId}`;
}

/** The newest message of the channel that we know of; where looking begins. */
const Seen = z.object({ channel: z.string(), lastId: z.number() });
type Seen = Readonly<z.infer<typeof Seen>>;

async function remember(path: string, seen: Seen, { log }: PlatformContext): Promise<void> {
  // Without it the next uncertain post is asked about instead of looked for, nothing worse.
  await writeDurably(path, JSON.stringify(seen)).catch((error: unknown) =>
    log.warn({ error: String(error) }, 'The newest channel message could not be noted'),
  );
}

async function recall(path: string, channel: string): Promise<number | undefined> {
  const text = await readFile(path, 'utf8').catch(() => '{}');
  const seen = Seen.safeParse(JSON.parse(text));
  return seen.data?.channel === channel ? seen.data.lastId : undefined;
}

interface Lookout extends PlatformContext {
  readonly api: Api;
  readonly channel: string;
  readonly path: string;
}

/** Deleted messages leave gaps; this many in a row are the end of the channel (RELIABILITY, 2.2). */
const missesAtTheEnd = 5;
/** More than this many posts by others since our last one, and we had better ask. */
const mostProbes = 40;

/**
 * A bot cannot read its channel, but it can forward what is there: each message after the last one known goes to the
 * owner without a sound and is deleted at once. The Bot API answers "message to forward not found" where there is
 * none. A channel that forbids forwarding cannot be looked at.
 */
async function look(lookout: Lookout, publication: Publication, since: Date): Promise<Finding> {
  const scratch = lookout.ownerChat?.();
  const last = await recall(lookout.path, lookout.channel).catch(() => undefined);
  if (scratch === undefined || last === undefined) return { found: 'unclear' };
  try {
    const uniqueId = await uniqueIdOf(lookout, publication);
    let misses = 0;
    for (let id = last + 1; id <= last + mostProbes; id += 1) {
      const copy = await forward(lookout, scratch, id);
      misses = copy === undefined ? misses + 1 : 0;
      if (misses === missesAtTheEnd) return { found: 'absent' };
      const kinship = copy && compare(copy, publication, uniqueId, since);
      if (kinship === 'alike') return { found: 'unclear' };
      if (copy !== undefined && kinship === 'same') {
        await remember(lookout.path, { channel: lookout.channel, lastId: id }, lookout);
        const origin = copy.forward_origin?.type === 'channel' ? copy.forward_origin.chat : undefined;
        return { found: 'there', ref: String(id), ...(origin && { url: addressOf(origin, id) }) };
      }
    }
  } catch (error) {
    lookout.log.warn({ error: String(error) }, 'The channel could not be looked at');
  }
  return { found: 'unclear' };
}

/** Undefined: there is no such message. */
async function forward(
  { api, channel, log }: Lookout,
  scratch: number,
  id: number,
): Promise<Message | undefined> {
  try {
    const copy = await api.forwardMessage(scratch, channel, id, { disable_notification: true });
    await api
      .deleteMessage(scratch, copy.message_id)
      .catch((error: unknown) => log.warn({ error: String(error) }, 'A copy could not be deleted'));
    return copy;
  } catch (error) {
    if (
      error instanceof GrammyError &&
      /message to forward not found|MESSAGE_ID_INVALID/.test(error.description)
    ) {
      return undefined;
    }
    throw error;
  }
}

async function uniqueIdOf({ api }: Lookout, { fileId }: Publication): Promise<string | undefined> {
  return fileId === undefined ? undefined : (await api.getFile(fileId)).file_unique_id;
}

/** `alike`: the text is the same and the picture cannot be told. */
function compare(
  { forward_origin: origin, photo, caption = '' }: Message,
  publication: Publication,
  uniqueId: string | undefined,
  since: Date,
): 'same' | 'alike' | 'other' {
  // Seconds, cut off.
  const isOld = origin === undefined || (origin.date + 1) * 1000 <= since.getTime();
  const isOther = plain(caption) !== plain(publication.caption);
  if (isOld || isOther || photo === undefined) return 'other';
  if (uniqueId === undefined) return plain(caption) === '' ? 'alike' : 'same';
  return photo.some((size) => size.file_unique_id === uniqueId) ? 'same' : 'alike';
}

function plain(text: string): string {
  return text.normalize('NFC').trim();
}

/** Telegram gives no code besides 400, so its words have to tell what it is about. */
function isFileIdRefused(error: unknown): boolean {
  return (
    error instanceof GrammyError &&
    error.error_code === 400 &&
    /file[_ ]id|file identifier/i.test(error.description)
  );
}

function outcomeOfError(error: unknown): Outcome {
  if (error instanceof GrammyError) {
    const { error_code: code, parameters } = error;
    const problem = problemOf(error);
    if (code === 429) return { outcome: 'not-sent', problem, waitMs: (parameters.retry_after ?? 5) * 1000 };
    return code >= 500 ? { outcome: 'uncertain', problem } : { outcome: 'failed', problem };
  }
  const problem = problemOfLostCall(error);
  return surelyNotSent(error) ? { outcome: 'not-sent', problem } : { outcome: 'uncertain', problem };
}

/** grammY's own time limit has no code, only these words. */
function problemOfLostCall(error: unknown): Problem {
  const cause = error instanceof HttpError ? error.error : error;
  const isTimeout = cause instanceof Error && / timed out after /.test(cause.message);
  return isTimeout ? { kind: 'timeout' } : problemOfFailedCall(cause);
}

function problemOf({ error_code: code, description, parameters }: GrammyError): Problem {
  if (code !== 400) return problemOfStatus(code, description);
  const { migrate_to_chat_id: moved } = parameters;
  if (moved !== undefined) return { kind: 'not-found', detail: `${description}: ${moved}` };
  if (/chat not found|upgraded to a supergroup/.test(description))
    return { kind: 'not-found', detail: description };
  if (/administrator rights|not enough rights/.test(description)) {
    return { kind: 'no-permission', detail: description };
  }
  return { kind: 'rejected', detail: description };
}

/** Whether the channel is there and the bot may post in it. In a group every member may, in a channel only some admins. */
async function check(api: Api, channel: string): Promise<Check> {
  try {
    const { type } = await api.getChat(channel);
    const member = await api.getChatMember(channel, (await api.getMe()).id);
    const mayPost =
      type === 'channel'
        ? member.status === 'administrator' && member.can_post_messages === true
        : member.status === 'administrator' || member.status === 'member';
    if (mayPost) return { state: 'works' };
    const isOut = member.status === 'left' || member.status === 'kicked';
    const problem = { kind: 'no-permission' as const, ...(isOut && { detail: 'bot is not a member' }) };
    return { state: 'broken', problem };
  } catch (error) {
    const problem = error instanceof GrammyError ? problemOf(error) : problemOfLostCall(error);
    return { state: 'broken', problem };
  }
}
