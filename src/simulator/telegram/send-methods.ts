import { z } from 'zod';
import { addMessage } from './add-message.ts';
import { findMessage, writableChat } from './chat-access.ts';
import { messageText } from './formatted-text.ts';
import { inputMedia, mediaOf } from './media.ts';
import type { Methods } from './method.ts';
import type { Params } from './params.ts';
import { badRequest } from './refusal.ts';
import { replyMarkup } from './reply-markup.ts';
import type { WireContent, WireMessage } from './wire.ts';
import type { Stage, StoredChat } from './world.ts';

const ReplyParameters = z.object({
  message_id: z.int(),
  allow_sending_without_reply: z.boolean().optional(),
});
const LinkPreview = z.object({
  is_disabled: z.boolean().optional(),
  url: z.string().optional(),
  prefer_small_media: z.boolean().optional(),
  prefer_large_media: z.boolean().optional(),
  show_above_text: z.boolean().optional(),
});
/** A chat action is shown for 5 seconds or less (Bot API, sendChatAction). */
const actionMs = 5000;
const actions = new Set([
  'typing',
  'upload_photo',
  'record_video',
  'upload_video',
  'record_voice',
  'upload_voice',
  'upload_document',
  'choose_sticker',
  'find_location',
  'record_video_note',
  'upload_video_note',
]);

export function sendMethods(stage: Stage): Methods {
  function post(chat: StoredChat, params: Params, content: WireContent): WireMessage {
    const markup = replyMarkup(params);
    const fields = {
      ...content,
      reply_to_message: repliedTo(chat, params),
      has_protected_content: params.flag('protect_content') ? (true as const) : undefined,
      reply_markup: markup.keyboard,
    };
    const by = { isOutgoing: true, forcesReply: markup.forceReply };
    const { message } = addMessage(stage, chat, fields, by);
    stage.changed();
    return message;
  }

  return {
    sendMessage(params) {
      const chat = writableChat(stage, params);
      return post(chat, params, textOf(params));
    },
    async sendPhoto(params) {
      const chat = writableChat(stage, params);
      replyMarkup(params);
      return post(chat, params, await mediaOf(stage, params, 'photo'));
    },
    async sendDocument(params) {
      const chat = writableChat(stage, params);
      replyMarkup(params);
      return post(chat, params, await mediaOf(stage, params, 'document'));
    },
    async sendMediaGroup(params) {
      const chat = writableChat(stage, params);
      const contents = await albumOf(stage, params);
      const reply_to_message = repliedTo(chat, params);
      const media_group_id = String(stage.now() * 1000 + chat.nextMessageId);
      const has_protected_content = params.flag('protect_content') ? (true as const) : undefined;
      const messages = contents.map((content) => {
        const fields = { ...content, reply_to_message, media_group_id, has_protected_content };
        return addMessage(stage, chat, fields, { isOutgoing: true }).message;
      });
      stage.changed();
      return messages;
    },
    sendChatAction(params) {
      const chat = writableChat(stage, params);
      if (!actions.has(params.text('action'))) throw badRequest('wrong parameter action in request');
      stage.typingUntilMs.set(chat.chat.id, stage.now() + actionMs);
      stage.changed();
      return true;
    },
  };
}

/** The content that `text`, `parse_mode`, `entities` and `link_preview_options` describe. */
export function textOf(params: Params): WireContent {
  const { text, entities } = messageText({
    text: params.text('text'),
    parseMode: params.text('parse_mode'),
    entities: params.json('entities'),
  });
  const preview = LinkPreview.optional().safeParse(params.json('link_preview_options'));
  if (!preview.success) throw badRequest("can't parse link preview options JSON object");
  return {
    text,
    entities: entities.length === 0 ? undefined : entities,
    link_preview_options: preview.data,
  };
}

/** Bot API: an album has 2-10 items. */
async function albumOf(stage: Stage, params: Params): Promise<readonly WireContent[]> {
  const given = z.array(z.unknown()).safeParse(params.json('media'));
  if (!given.success) throw badRequest('expected an Array of InputMedia');
  if (given.data.length === 0) throw badRequest('there are no messages to send');
  if (given.data.length === 1) throw badRequest('too few messages to send as an album');
  if (given.data.length > 10) throw badRequest('too many messages to send as an album');
  const contents = await Promise.all(given.data.map((each) => inputMedia(stage, params, each)));
  const documents = contents.filter((each) => each.document !== undefined).length;
  if (documents > 0 && documents < contents.length) {
    throw badRequest("document can't be mixed with other media types");
  }
  return contents;
}

function repliedTo(chat: StoredChat, params: Params): WireMessage | undefined {
  const given = params.json('reply_parameters');
  if (given === undefined) return undefined;
  const parsed = ReplyParameters.safeParse(given);
  if (!parsed.success) throw badRequest("can't parse reply parameters JSON object");
  const found = findMessage(chat, parsed.data.message_id)?.message;
  if (found === undefined && parsed.data.allow_sending_without_reply !== true) {
    throw badRequest('message to be replied not found');
  }
  return found;
}
