import { badRequest } from './refusal.ts';
import type { WireEntity } from './wire.ts';

/** Text with its formatting, as the Bot API keeps it. */
export interface FormattedText {
  readonly text: string;
  readonly entities: readonly WireEntity[];
}

interface OpenTag {
  readonly tag: string;
  readonly entity: Pick<WireEntity, 'type' | 'url' | 'language'>;
  readonly offset: number;
}

const plainTags: Readonly<Record<string, string>> = {
  b: 'bold',
  strong: 'bold',
  i: 'italic',
  em: 'italic',
  u: 'underline',
  ins: 'underline',
  s: 'strikethrough',
  strike: 'strikethrough',
  del: 'strikethrough',
  code: 'code',
  pre: 'pre',
  blockquote: 'blockquote',
  'tg-spoiler': 'spoiler',
};
const namedCharacters: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"' };

/** `parse_mode` HTML. Throws "can't parse entities: ..." for tags that Telegram does not know or that do not match. */
export function parseHtml(source: string): FormattedText {
  const entities: WireEntity[] = [];
  const open: OpenTag[] = [];
  let text = '';
  for (const match of source.matchAll(/<(\/?)([^\s<>]*)([^<>]*)>|<|&(#?\w+);|[^<&]+|&/g)) {
    const [piece, slash, name, attributes, character] = match;
    if (character !== undefined) text += decode(character) ?? piece;
    else if (name === undefined && piece !== '<') text += piece;
    else if (name === undefined || slash === undefined)
      throw unreadable(source, match.index, 'Unsupported start tag ""');
    else if (slash === '/')
      entities.push(...closed(open, name.toLowerCase(), text.length, source, match.index));
    else open.push(opened(name.toLowerCase(), attributes ?? '', text.length, source, match.index));
  }
  const last = open.at(-1);
  if (last !== undefined) {
    throw badRequest(`can't parse entities: Can't find end tag corresponding to start tag "${last.tag}"`);
  }
  return { text, entities: withCodeLanguage(entities.toSorted(byPlace)) };
}

function opened(tag: string, attributes: string, offset: number, source: string, at: number): OpenTag {
  const value = /\s([a-z]+)\s*=\s*(?:"([^"]*)"|'([^']*)'|(\S+))/i.exec(attributes);
  const given = (value?.[2] ?? value?.[3] ?? value?.[4] ?? '').replaceAll(
    /&(#?\w+);/g,
    (all, name) => decode(name) ?? all,
  );
  const attribute = value?.[1]?.toLowerCase();
  if (tag === 'a')
    return { tag, entity: { type: 'text_link', url: attribute === 'href' ? given : '' }, offset };
  if (tag === 'span' && attribute === 'class' && given === 'tg-spoiler') {
    return { tag, entity: { type: 'spoiler' }, offset };
  }
  if (tag === 'blockquote' && attributes.includes('expandable')) {
    return { tag, entity: { type: 'expandable_blockquote' }, offset };
  }
  if (tag === 'code' && attribute === 'class' && given.startsWith('language-')) {
    return { tag, entity: { type: 'code', language: given.slice('language-'.length) }, offset };
  }
  const type = plainTags[tag];
  if (type === undefined) throw unreadable(source, at, `Unsupported start tag "${tag}"`);
  return { tag, entity: { type }, offset };
}

function closed(
  open: OpenTag[],
  tag: string,
  end: number,
  source: string,
  at: number,
): readonly WireEntity[] {
  const last = open.pop();
  if (last === undefined) throw unreadable(source, at, 'Unexpected end tag');
  if (last.tag !== tag) {
    throw unreadable(source, at, 'Unmatched end tag', `, expected "</${last.tag}>", found "</${tag}>"`);
  }
  const { type, url, language } = last.entity;
  if (end === last.offset || url === '') return [];
  return [{ type, offset: last.offset, length: end - last.offset, url, language }];
}

function withCodeLanguage(entities: readonly WireEntity[]): readonly WireEntity[] {
  const languages = entities.filter((each) => each.type === 'code' && each.language !== undefined);
  return entities.flatMap((each) => {
    if (each.type === 'pre') {
      const inside = languages.find((code) => code.offset === each.offset && code.length === each.length);
      return [inside === undefined ? each : { ...each, language: inside.language }];
    }
    if (!languages.includes(each)) return [each];
    const around = entities.some(
      (pre) => pre.type === 'pre' && pre.offset === each.offset && pre.length === each.length,
    );
    return around ? [] : [{ ...each, language: undefined }];
  });
}

/** Outer before inner, earlier before later. */
export function byPlace(left: WireEntity, right: WireEntity): number {
  return left.offset - right.offset || right.length - left.length;
}

function decode(name: string): string | undefined {
  const known = namedCharacters[name];
  if (known !== undefined || !name.startsWith('#')) return known;
  const code = name.startsWith('#x')
    ? Number.parseInt(name.slice(2), 16)
    : Number.parseInt(name.slice(1), 10);
  return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : undefined;
}

function unreadable(source: string, at: number, what: string, more = ''): Error {
  return badRequest(
    `can't parse entities: ${what} at byte offset ${Buffer.byteLength(source.slice(0, at))}${more}`,
  );
}
