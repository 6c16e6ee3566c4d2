import type { Params } from './params.ts';
import { badRequest, forbidden } from './refusal.ts';
import type { Stage, StoredChat, StoredMessage } from './world.ts';

/** The chat that a request names by id or @username, if the bot may see it. Throws the refusal otherwise. */
export function readableChat(stage: Stage, params: Params, name = 'chat_id'): StoredChat {
  const given = params.text(name).trim();
  if (given === '') throw badRequest(`${name} is empty`);
  const isChannelName = given.toLowerCase() === `@${stage.channel.username}`;
  const chat = stage.world.chats[isChannelName ? stage.channel.id : given];
  if (chat === undefined) throw badRequest('chat not found');
  if (chat.chat.type === 'channel' && stage.world.botInChannel === 'kicked') {
    throw forbidden('bot was kicked from the channel chat');
  }
  return chat;
}

/** The same for a chat in which the bot is about to send, edit or delete. */
export function writableChat(stage: Stage, params: Params, name = 'chat_id'): StoredChat {
  const chat = readableChat(stage, params, name);
  const { botInChannel, mayNotPost, users } = stage.world;
  if (chat.chat.type === 'channel') {
    if (botInChannel === 'left') throw forbidden('bot is not a member of the channel chat');
    if (botInChannel === 'member' || mayNotPost === true)
      throw badRequest('need administrator rights in the channel chat');
    return chat;
  }
  const account = users[chat.chat.id];
  if (account?.hasStarted !== true) throw forbidden("bot can't initiate conversation with a user");
  if (account.hasBlocked) throw forbidden('bot was blocked by the user');
  return chat;
}

/** The message that `message_id` names; `missing` is what Telegram says when there is none. */
export function messageIn(chat: StoredChat, params: Params, missing: string): StoredMessage {
  const id = params.integer('message_id');
  if (id <= 0) throw badRequest('message identifier is not specified');
  const found = findMessage(chat, id);
  if (found === undefined) throw badRequest(missing);
  return found;
}

export function findMessage(chat: StoredChat, id: number): StoredMessage | undefined {
  return chat.messages.find((each) => each.message.message_id === id);
}
