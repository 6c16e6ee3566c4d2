import { type Api, GrammyError } from 'grammy';
import type { Message } from 'grammy/types';
import type { Log } from '#ports/log.ts';
import type { ChannelFile, Copy } from './channel-file.ts';
import { isNothingThere } from './refusals.ts';

export interface Copier {
  readonly api: Api;
  readonly channel: string;
  readonly file: ChannelFile;
  readonly log: Log;
}

/**
 * A message of the channel, by way of a copy that makes no sound in this chat and is deleted at once; undefined: there
 * is no such message. Only a kill between Telegram's answer and the note leaves a copy that nobody deletes.
 */
export async function copyOf(copier: Copier, scratch: number, id: number): Promise<Message | undefined> {
  const { api, channel, file } = copier;
  try {
    const message = await api.forwardMessage(scratch, channel, id, { disable_notification: true });
    const copy = { chat: scratch, id: message.message_id };
    await file.noteCopies({ made: copy }).catch(warn(copier, 'A copy could not be noted'));
    await deleteCopies(copier, [copy]);
    return message;
  } catch (error) {
    if (isNothingThere(error)) return undefined;
    throw error;
  }
}

/** Deletes what earlier looks have left in the owner's chat. Never throws. */
export async function deleteLeftCopies(copier: Copier): Promise<void> {
  const copies = await copier.file.copies();
  if (copies.length > 0) await deleteCopies(copier, copies);
}

async function deleteCopies(copier: Copier, copies: readonly Copy[]): Promise<void> {
  const gone: Copy[] = [];
  for (const copy of copies) if (await isOver(copier, copy)) gone.push(copy);
  if (gone.length === 0) return;
  await copier.file.noteCopies({ gone }).catch(warn(copier, 'A deleted copy could not be noted'));
}

/** Deleted, or never to be: after 48 hours Telegram keeps it, or the chat is gone (Bot API, deleteMessage). */
async function isOver(copier: Copier, { chat, id }: Copy): Promise<boolean> {
  try {
    return await copier.api.deleteMessage(chat, id);
  } catch (error) {
    warn(copier, 'A copy could not be deleted')(error);
    return error instanceof GrammyError && (error.error_code === 400 || error.error_code === 403);
  }
}

function warn({ log }: Copier, message: string): (error: unknown) => void {
  return (error) => log.warn({ error: String(error) }, message);
}
