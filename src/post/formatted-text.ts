import { z } from 'zod';

/** In UTF-16 units. */
const place = { offset: z.int().min(0), length: z.int().min(1) };

/**
 * Formatting that an owner can give a text in Telegram (Bot API, MessageEntity). What Telegram finds by itself, such as
 * hashtags, is none of it; nor are mentions without a name and emoji of one's own, which a bot may not send everywhere.
 */
export const Entity = z.discriminatedUnion('type', [
  z.object({
    type: z.enum([
      ...(['bold', 'italic', 'underline', 'strikethrough', 'spoiler', 'code'] as const),
      ...(['blockquote', 'expandable_blockquote'] as const),
    ]),
    ...place,
  }),
  z.object({ type: z.literal('pre'), language: z.string().exactOptional(), ...place }),
  z.object({ type: z.literal('text_link'), url: z.string(), ...place }),
]);
export type Entity = Readonly<z.infer<typeof Entity>>;

/** A text with its formatting; without `entities` it has none. Of two that overlap, one is within the other. */
export interface FormattedText {
  readonly text: string;
  readonly entities?: readonly Entity[] | undefined;
}

/** A part of the text, with what is left of the formatting. */
export function slice({ text, entities = [] }: FormattedText, from: number, to = text.length): FormattedText {
  const kept = entities.flatMap((entity) => {
    const start = Math.max(entity.offset, from);
    const end = Math.min(entity.offset + entity.length, to);
    return start < end ? [{ ...entity, offset: start - from, length: end - start }] : [];
  });
  return formatted(text.slice(from, to), kept);
}

/** One text after the other. Formatting that was cut through grows together again. */
export function join(...parts: readonly FormattedText[]): FormattedText {
  let text = '';
  const entities: Entity[] = [];
  for (const part of parts) {
    for (const entity of part.entities ?? []) {
      const moved = { ...entity, offset: entity.offset + text.length };
      const before = entities.findIndex((each) => isContinuedBy(each, moved));
      const first = entities[before];
      if (first === undefined) entities.push(moved);
      else entities[before] = { ...first, length: first.length + moved.length };
    }
    text += part.text;
  }
  return formatted(text, entities);
}

function isContinuedBy(first: Entity, second: Entity): boolean {
  return first.offset + first.length === second.offset && kindOf(first) === kindOf(second);
}

function kindOf({ offset: _, length: __, ...kind }: Entity): string {
  return JSON.stringify(kind);
}

/** Without white space at either end. */
export function trim(given: FormattedText): FormattedText {
  const { length } = given.text;
  return slice(given, length - given.text.trimStart().length, given.text.trimEnd().length);
}

function formatted(text: string, entities: readonly Entity[]): FormattedText {
  return entities.length === 0 ? { text } : { text, entities };
}
