import { z } from 'zod';
import { addMessage } from './add-message.ts';
import { findMessage, messageIn, readableChat, writableChat } from './chat-access.ts';
import { captioned, captionOf } from './media.ts';
import type { Methods } from './method.ts';
import { badRequest } from './refusal.ts';
import { replyMarkup } from './reply-markup.ts';
import type { WireContent, WireMessage, WireOrigin } from './wire.ts';
import type { Stage, StoredChat, StoredMessage } from './world.ts';

const Reactions = z.array(z.object({ type: z.literal('emoji'), emoji: z.string().min(1) })).optional();
/** A message can only be deleted if it was sent less than 48 hours ago (Bot API, deleteMessage). */
const deletableSeconds = 48 * 3600;

/** Forwarding, copying, deleting and reacting to messages that exist. */
export function messageMethods(stage: Stage): Methods {
  /** All of them or none. */
  function remove(chat: StoredChat, gone: readonly StoredMessage[]): void {
    if (gone.some(({ message }) => stage.nowSeconds() - message.date >= deletableSeconds)) {
      throw badRequest("message can't be deleted");
    }
    chat.messages = chat.messages.filter((each) => !gone.includes(each));
  }

  return {
    forwardMessage(params) {
      const target = writableChat(stage, params);
      const source = readableChat(stage, params, 'from_chat_id');
      const { message } = messageIn(source, params, 'message to forward not found');
      if (message.has_protected_content === true || isProtected(stage, source)) {
        throw badRequest("message has protected content and can't be forwarded");
      }
      const fields = { ...contentOf(message), forward_origin: message.forward_origin ?? originOf(message) };
      const forwarded = addMessage(stage, target, fields, { isOutgoing: true }).message;
      stage.changed();
      return forwarded;
    },
    copyMessage(params) {
      const target = writableChat(stage, params);
      const source = readableChat(stage, params, 'from_chat_id');
      const { message } = messageIn(source, params, 'message to copy not found');
      const isRecaptioned = params.values['caption'] !== undefined && message.text === undefined;
      const fields = {
        ...contentOf(message),
        ...(isRecaptioned ? captioned(captionOf(params)) : {}),
        reply_markup: replyMarkup(params).keyboard,
      };
      const copy = addMessage(stage, target, fields, { isOutgoing: true }).message;
      stage.changed();
      return { message_id: copy.message_id };
    },
    deleteMessage(params) {
      const chat = writableChat(stage, params);
      remove(chat, [messageIn(chat, params, 'message to delete not found')]);
      stage.changed();
      return true;
    },
    deleteMessages(params) {
      const chat = writableChat(stage, params);
      const ids = z.array(z.int()).min(1).max(100).safeParse(params.json('message_ids'));
      if (!ids.success) throw badRequest('message identifiers are not specified');
      // Bot API, deleteMessages: those that cannot be found are skipped.
      remove(
        chat,
        ids.data.flatMap((id) => findMessage(chat, id) ?? []),
      );
      stage.changed();
      return true;
    },
    setMessageReaction(params) {
      const chat = writableChat(stage, params);
      const stored = messageIn(chat, params, 'message to react not found');
      const reactions = Reactions.safeParse(params.json('reaction'));
      if (!reactions.success) throw badRequest('REACTION_INVALID');
      const emojis = (reactions.data ?? []).map((each) => each.emoji);
      // Bot API, setMessageReaction: bots can set up to one reaction per message.
      if (emojis.length > 1) throw badRequest('REACTIONS_TOO_MANY');
      stored.reactions = emojis;
      stage.changed();
      return true;
    },
  };
}

function isProtected(stage: Stage, chat: StoredChat): boolean {
  return chat.chat.type === 'channel' && stage.world.isChannelProtected;
}

function originOf(message: WireMessage): WireOrigin {
  const { date, chat, message_id, from } = message;
  if (from === undefined) return { type: 'channel', date, chat, message_id };
  return { type: 'user', date, sender_user: from };
}

function contentOf(message: WireMessage): WireContent {
  const { text, entities, link_preview_options, photo, document, caption, caption_entities } = message;
  const { show_caption_above_media, has_media_spoiler } = message;
  return {
    text,
    entities,
    link_preview_options,
    photo,
    document,
    caption,
    caption_entities,
    show_caption_above_media,
    has_media_spoiler,
  };
}
