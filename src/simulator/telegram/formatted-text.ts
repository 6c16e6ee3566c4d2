import { z } from 'zod';
import { byPlace, type FormattedText, parseHtml } from './parse-html.ts';
import { badRequest } from './refusal.ts';
import type { WireEntity } from './wire.ts';

const Entities = z.array(
  z.object({
    type: z.string(),
    offset: z.int(),
    length: z.int(),
    url: z.string().optional(),
    language: z.string().optional(),
    custom_emoji_id: z.string().optional(),
  }),
);
const givenTypes = new Set([
  'bold',
  'italic',
  'underline',
  'strikethrough',
  'spoiler',
  'blockquote',
  'expandable_blockquote',
  'code',
  'pre',
  'text_link',
  'text_mention',
  'custom_emoji',
]);
const foundTypes: readonly (readonly [string, RegExp])[] = [
  ['bot_command', /(?<![\w/<>])\/[a-z0-9_]{1,64}(?:@\w{3,32})?(?![\w/<>])/gi],
  ['url', /https?:\/\/[^\s<>"]*[^\s<>".,;:!?)]/gi],
  ['hashtag', /(?<![\p{L}\p{N}_&#])#[\p{L}\p{N}_]{1,256}/gu],
  ['mention', /(?<![\w@])@[a-z]\w{3,31}/gi],
];

/** A text as a request gives it: with `parse_mode`, or with a JSON list of entities, or plain. */
export interface GivenText {
  readonly text: string;
  readonly parseMode?: string | undefined;
  readonly entities?: unknown;
}

/** Reads formatting as the server does: white space trimmed, links, hashtags and commands found and marked. */
export function formatted(given: GivenText): FormattedText {
  const { text, entities } = trimmed(read(given));
  const found = findEntities(text).filter((each) => !entities.some((other) => overlap(each, other)));
  return { text, entities: [...entities, ...found].toSorted(byPlace) };
}

/** A message text. Bot API: 1-4096 characters after entities parsing; counted here in UTF-16 units. */
export function messageText(given: GivenText): FormattedText {
  const result = formatted(given);
  if (result.text === '') throw badRequest('message text is empty');
  if (result.text.length > 4096) throw badRequest('message is too long');
  return result;
}

/** A caption. Bot API: 0-1024 characters after entities parsing; counted here in UTF-16 units. */
export function messageCaption(given: GivenText): FormattedText {
  const result = formatted(given);
  if (result.text.length > 1024) throw badRequest('message caption is too long');
  return result;
}

function read(given: GivenText): FormattedText {
  const mode = given.parseMode?.toLowerCase() ?? '';
  if (mode === 'html') return parseHtml(given.text);
  if (mode.startsWith('markdown')) {
    throw badRequest("can't parse entities: the simulator reads parse_mode HTML and entities, not Markdown");
  }
  if (mode !== '') throw badRequest('unsupported parse_mode');
  return { text: given.text, entities: readEntities(given.text, given.entities) };
}

function readEntities(text: string, given: unknown): readonly WireEntity[] {
  if (given === undefined) return [];
  const parsed = Entities.safeParse(given);
  if (!parsed.success) throw badRequest("can't parse MessageEntity: expected an Array of MessageEntity");
  for (const { type, offset, length } of parsed.data) {
    if (!givenTypes.has(type) && !foundTypes.some(([found]) => found === type)) {
      throw badRequest("can't parse MessageEntity: Unsupported type specified");
    }
    const end = offset + length;
    if (offset < 0 || length <= 0 || end > text.length || splitsPair(text, offset) || splitsPair(text, end)) {
      throw badRequest('ENTITY_BOUNDS_INVALID');
    }
  }
  return parsed.data.filter((each) => givenTypes.has(each.type)).toSorted(byPlace);
}

function splitsPair(text: string, at: number): boolean {
  return /^[\uD800-\uDBFF][\uDC00-\uDFFF]$/.test(text.slice(at - 1, at + 1)) && at > 0;
}

function trimmed({ text, entities }: FormattedText): FormattedText {
  const end = text.trimEnd().length;
  const blank = text.length - text.trimStart().length;
  const start = Math.min(blank, end, ...entities.map((each) => each.offset));
  return {
    text: text.slice(start, end),
    entities: entities
      .map((each) => ({
        ...each,
        offset: each.offset - start,
        length: Math.min(each.length, end - each.offset),
      }))
      .filter((each) => each.length > 0),
  };
}

function findEntities(text: string): readonly WireEntity[] {
  const found: WireEntity[] = [];
  for (const [type, pattern] of foundTypes) {
    for (const match of text.matchAll(pattern)) {
      const entity = { type, offset: match.index, length: match[0].length };
      if (!found.some((each) => overlap(each, entity))) found.push(entity);
    }
  }
  return found;
}

function overlap(left: WireEntity, right: WireEntity): boolean {
  const isApart = left.offset + left.length <= right.offset || right.offset + right.length <= left.offset;
  return (
    !isApart &&
    !['bold', 'italic', 'underline', 'strikethrough', 'spoiler', 'blockquote'].includes(right.type)
  );
}
