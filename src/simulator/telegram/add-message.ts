import type { WireContent, WireKeyboard, WireMessage } from './wire.ts';
import type { Stage, StoredChat, StoredMessage } from './world.ts';

/** What the maker of a message decides; number, date and sender are given by `addMessage`. */
export interface NewMessage extends WireContent {
  readonly reply_to_message?: WireMessage | undefined;
  readonly forward_origin?: WireMessage['forward_origin'];
  readonly media_group_id?: string | undefined;
  readonly has_protected_content?: true | undefined;
  readonly reply_markup?: WireKeyboard | undefined;
}

/** Adds a message by the bot or by the chat's user and gives it the chat's next number. Tells nobody. */
export function addMessage(
  stage: Stage,
  chat: StoredChat,
  fields: NewMessage,
  by: { readonly isOutgoing: boolean; readonly forcesReply?: boolean },
): StoredMessage {
  const isChannel = chat.chat.type === 'channel';
  const sender = by.isOutgoing ? stage.bot : stage.person(chat.chat.id).account.user;
  const { reply_to_message: original, ...others } = fields;
  const message: WireMessage = {
    message_id: chat.nextMessageId,
    ...(isChannel ? { sender_chat: chat.chat } : { from: sender }),
    date: stage.nowSeconds(),
    chat: chat.chat,
    // A message inside a message shows no further reply (Bot API, Message.reply_to_message).
    reply_to_message: original === undefined ? undefined : { ...original, reply_to_message: undefined },
    ...others,
    has_protected_content:
      fields.has_protected_content ?? (isChannel && stage.world.isChannelProtected ? true : undefined),
  };
  const stored = {
    message,
    isOutgoing: by.isOutgoing,
    forcesReply: by.forcesReply ?? false,
    edits: 0,
    reactions: [],
  };
  chat.nextMessageId += 1;
  chat.messages.push(stored);
  if (by.isOutgoing) stage.typingUntilMs.delete(chat.chat.id);
  return stored;
}
