import type { Message, MessageEntity } from 'grammy/types';
import { Entity, type FormattedText } from '#post/formatted-text.ts';

/** What an owner wrote, with the formatting that can be kept. */
export function written({ text = '', entities = [] }: Pick<Message, 'text' | 'entities'>): FormattedText {
  const kept = entities.flatMap((each) => Entity.safeParse(each).data ?? []);
  return kept.length === 0 ? { text } : { text, entities: kept };
}

/** The formatting of a text in a call that sends it as a message. */
export function entitiesOf({ entities }: FormattedText): { readonly entities?: MessageEntity[] } {
  return entities === undefined ? {} : { entities: [...entities] };
}

/** The text as the caption of a picture or file in a call to Telegram. */
export function captioned({ text, entities }: FormattedText): {
  readonly caption: string;
  readonly caption_entities?: MessageEntity[];
} {
  return { caption: text, ...(entities && { caption_entities: [...entities] }) };
}
