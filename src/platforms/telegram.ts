import { Api, GrammyError, HttpError, InputFile } from 'grammy';
import type { Message } from 'grammy/types';
import { z } from 'zod';
import { problemOfFailedCall, problemOfStatus, surelyNotSent } from '#adapters/http.ts';
import { definePlatform, type Outcome, type Publication } from '#ports/platform.ts';
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
  create({ TELEGRAM_BOT_TOKEN: token, TELEGRAM_CHANNEL_ID: channel, TELEGRAM_API_ROOT: apiRoot }) {
    const api = new Api(token, { timeoutSeconds: limitSeconds, ...(apiRoot !== undefined && { apiRoot }) });
    const send = (photo: string | InputFile, caption: string) => api.sendPhoto(channel, photo, { caption });
    return { publish: (publication) => publish(send, publication) };
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
  const name =
    'username' in chat && chat.username ? chat.username : `c/${String(chat.id).replace(/^-100/, '')}`;
  return { outcome: 'published', ref: String(message_id), url: `https://t.me/${name}/${message_id}` };
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

function problemOf({ error_code: code, description }: GrammyError): Problem {
  if (code !== 400) return problemOfStatus(code, description);
  if (/chat not found|upgraded to a supergroup/.test(description))
    return { kind: 'not-found', detail: description };
  if (/administrator rights|not enough rights/.test(description)) {
    return { kind: 'no-permission', detail: description };
  }
  return { kind: 'rejected', detail: description };
}
