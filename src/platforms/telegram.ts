import { join } from 'node:path';
import { Api, InputFile } from 'grammy';
import type { Message } from 'grammy/types';
import { z } from 'zod';
import { shorten } from '#adapters/http.ts';
import { systemClock } from '#adapters/system-clock.ts';
import type { Check } from '#ports/check.ts';
import { definePlatform, type Outcome, type Publication } from '#ports/platform.ts';
import { policies } from '#ports/policies.ts';
import { TrueOrFalse } from '#ports/true-or-false.ts';
import { addressOf } from './telegram/address.ts';
import { openChannelFile } from './telegram/channel-file.ts';
import { deleteLeftCopies } from './telegram/copies.ts';
import { largestDocument, sendFullSize } from './telegram/full-size.ts';
import { look } from './telegram/look.ts';
import { isFileIdRefused, outcomeOfError, problemOfError } from './telegram/refusals.ts';
import { sentMessage } from './telegram/sent.ts';
import { withdraw } from './telegram/withdraw.ts';

const { limitSeconds, fileLimitSeconds, withdrawLimitSeconds } = policies.publishing.telegram;

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
    TELEGRAM_FULL_SIZE: TrueOrFalse.default(false).meta({
      where: 'whether the picture in full size follows each post as a file: true or false',
    }),
  },
  needs: ['TELEGRAM_BOT_TOKEN', 'TELEGRAM_CHANNEL_ID'],
  // Bot API sendPhoto: 10 MB, ratio at most 20, width + height at most 10000. The largest size that the
  // servers keep is 2560 pixels (Telegram's api/files page).
  pictureLimits: {
    maxBytes: 10_000_000,
    maxLongEdge: 2560,
    maxSides: 10_000,
    minWidth: 1,
    minRatio: 1 / 20,
    maxRatio: 20,
  },
  // Bot API sendPhoto: caption 0-1024.
  captionLimits: { maxLength: 1024, maxHashtags: Number.POSITIVE_INFINITY, hasFormatting: true },
  fullSizeBytes: largestDocument,
  choose: ({ TELEGRAM_FULL_SIZE: isOn }) => ({ withFullSize: isOn }),
  create({ TELEGRAM_BOT_TOKEN: token, TELEGRAM_CHANNEL_ID: channel, TELEGRAM_API_ROOT: apiRoot }, context) {
    const { log, ownerChat, clock = systemClock, isReadOnly = false } = context;
    const open = (timeoutSeconds: number) =>
      new Api(token, {
        timeoutSeconds,
        baseFetchConfig: policies.telegramBot.fetch,
        ...(apiRoot !== undefined && { apiRoot }),
      });
    const api = open(limitSeconds);
    const patientApi = open(fileLimitSeconds);
    const shortApi = open(withdrawLimitSeconds);
    const file = openChannelFile(join(context.folder, 'telegram-channel.json'), channel, clock);
    const copier = { api, channel, file, log };
    if (!isReadOnly) void deleteLeftCopies(copier);
    // Without it the next look begins further back, nothing worse.
    const saw = (messageId: number, follows?: string) =>
      file
        .saw(messageId, follows)
        .catch((error: unknown) =>
          log.warn({ error: String(error) }, 'The newest channel message could not be noted'),
        );
    const send: Send = async (photo, { caption, entities }) => {
      const text = { caption, ...(entities && { caption_entities: [...entities] }) };
      const message = sentMessage(await api.sendPhoto(channel, photo, text));
      await saw(message.message_id);
      return message;
    };
    return {
      async publish(publication) {
        try {
          await file.begin(publication.postId);
        } catch (error) {
          // A post that could not be found again is not sent.
          return { outcome: 'not-sent', problem: { kind: 'unexpected', detail: shorten(String(error)) } };
        }
        return await publish(send, publication);
      },
      sendFullSize: (picture) => sendFullSize({ api: patientApi, channel, log, saw }, picture),
      look: (publication, since) => look({ ...copier, ownerChat }, publication, since),
      withdraw: (post) => withdraw({ api: shortApi, channel, file, clock }, post),
      check: () => check(api, channel),
    };
  },
});

type Send = (photo: string | InputFile, text: Publication) => Promise<Message.PhotoMessage>;

async function publish(send: Send, publication: Publication): Promise<Outcome> {
  const { picture, fileId, postId } = publication;
  const upload = new InputFile(picture, `${postId}.jpg`);
  try {
    return published(await send(fileId ?? upload, publication));
  } catch (error) {
    // A file id that is no longer taken was surely not published, so the picture itself goes up once.
    if (fileId !== undefined && isFileIdRefused(error)) {
      return await send(upload, publication).then(published, outcomeOfError);
    }
    return outcomeOfError(error);
  }
}

function published({ chat, message_id }: Message.PhotoMessage): Outcome {
  return { outcome: 'published', ref: String(message_id), url: addressOf(chat, message_id) };
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
    return { state: 'broken', problem: problemOfError(error) };
  }
}
