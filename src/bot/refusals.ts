import { GrammyError } from 'grammy';

/** Whether Telegram has refused a call with these words; it gives no code for most reasons (telegram-bot-api, Client.cpp). */
export function says(error: unknown, words: string): boolean {
  // JSON that is not Telegram's has no description; what stands in between can give it.
  return error instanceof GrammyError && String(error.description).includes(words);
}
