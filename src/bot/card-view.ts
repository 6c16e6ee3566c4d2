import type { InlineKeyboardButton, InlineKeyboardMarkup } from 'grammy/types';
import type { Limits } from '#post/content.ts';
import type { FormattedText } from '#post/formatted-text.ts';
import type { Words } from './words/words.ts';

/** What a card has to know of a platform. */
export interface CardPlatform extends Limits {
  readonly id: string;
  readonly name: string;
  /** Of the file in full size that can follow; absent: none can. */
  readonly fullSizeBytes?: number;
}

/** Who reads the card. */
export interface Reader {
  readonly words: Words;
  /** A time of day in their zone. */
  readonly time: (iso: string) => string;
  /** A day with its time in their zone. */
  readonly day: (iso: string) => string;
  /** Another owner's name, by their Telegram user id; undefined: it is the reader, or there is no other. */
  readonly nameOf: (id: number) => string | undefined;
}

export type Row = readonly InlineKeyboardButton[];

/** Buttons below a message, in a call to Telegram. Without any, those that were there go. */
export function markupOf(keyboard: readonly Row[]): { readonly reply_markup: InlineKeyboardMarkup } {
  return { reply_markup: { inline_keyboard: keyboard.map((row) => [...row]) } };
}

export interface CardView extends FormattedText {
  /** At most 1024 UTF-16 units, as the Bot API allows for a photo's caption. */
  readonly text: string;
  readonly keyboard: readonly Row[];
}

/** What the state of a post brings to its card. */
export interface Part {
  readonly lines: readonly string[];
  readonly keyboard: readonly Row[];
}
