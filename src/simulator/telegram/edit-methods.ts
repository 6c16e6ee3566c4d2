import { messageIn, writableChat } from './chat-access.ts';
import { captioned, captionOf, inputMedia } from './media.ts';
import type { Methods } from './method.ts';
import type { Params } from './params.ts';
import { badRequest } from './refusal.ts';
import { inlineKeyboard } from './reply-markup.ts';
import { textOf } from './send-methods.ts';
import type { WireContent, WireKeyboard, WireMessage } from './wire.ts';
import type { Stage, StoredMessage } from './world.ts';

/** The edits. Each replaces the keyboard too: without `reply_markup` it goes away. */
export function editMethods(stage: Stage): Methods {
  function editable(params: Params): StoredMessage {
    const chat = writableChat(stage, params);
    const stored = messageIn(chat, params, 'message to edit not found');
    if (!stored.isOutgoing || stored.message.forward_origin !== undefined) {
      throw badRequest("message can't be edited");
    }
    return stored;
  }

  function replace(
    stored: StoredMessage,
    content: WireContent,
    keyboard: WireKeyboard | undefined,
  ): WireMessage {
    const before = contentOf(stored.message);
    const isSame =
      JSON.stringify(before) === JSON.stringify(contentOf(content)) &&
      JSON.stringify(stored.message.reply_markup) === JSON.stringify(keyboard);
    if (isSame) {
      throw badRequest(
        'message is not modified: specified new message content and reply markup are exactly the same as a current content and reply markup of the message',
      );
    }
    stored.message = {
      ...stored.message,
      ...contentOf(content),
      edit_date: stage.nowSeconds(),
      reply_markup: keyboard,
    };
    stored.edits += 1;
    stage.changed();
    return stored.message;
  }

  return {
    editMessageText(params) {
      const stored = editable(params);
      if (stored.message.text === undefined) throw badRequest('there is no text in the message to edit');
      return replace(stored, textOf(params), inlineKeyboard(params));
    },
    editMessageCaption(params) {
      const stored = editable(params);
      if (stored.message.text !== undefined) throw badRequest('there is no caption in the message to edit');
      const caption = captioned(captionOf(params));
      const above = params.flag('show_caption_above_media') ? (true as const) : undefined;
      const content = { ...contentOf(stored.message), ...caption, show_caption_above_media: above };
      return replace(stored, content, inlineKeyboard(params));
    },
    async editMessageMedia(params) {
      const stored = editable(params);
      const keyboard = inlineKeyboard(params);
      const given = params.json('media');
      if (given === undefined) throw badRequest('media is empty');
      const content = await inputMedia(stage, params, given);
      return replace(stored, content, keyboard);
    },
    editMessageReplyMarkup(params) {
      const stored = editable(params);
      return replace(stored, contentOf(stored.message), inlineKeyboard(params));
    },
  };
}

/** All that an edit can replace, in one order, so that two contents can be compared. */
function contentOf(from: WireContent): WireContent {
  return {
    text: from.text,
    entities: from.entities,
    link_preview_options: from.link_preview_options,
    photo: from.photo,
    document: from.document,
    caption: from.caption,
    caption_entities: from.caption_entities,
    show_caption_above_media: from.show_caption_above_media,
    has_media_spoiler: from.has_media_spoiler,
  };
}
