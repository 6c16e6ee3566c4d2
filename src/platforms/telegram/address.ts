import type { Chat } from 'grammy/types';

/** The address of a message, which for a private channel only its members can open. */
export function addressOf(chat: Chat, messageId: number): string {
  const name = chat.username ? chat.username : `c/${String(chat.id).replace(/^-100/, '')}`;
  return `https://t.me/${name}/${messageId}`;
}
