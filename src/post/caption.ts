import { z } from 'zod';

/** One text for a post. `text` is what gets published, hashtags included, before a platform's own limits. */
export const Caption = z.object({
  text: z.string(),
  /** Who wrote it: the AI, the owner, or the photo's own words when no AI was at hand. */
  source: z.enum(['ai', 'owner', 'photo']),
  /** The AI's text held links, mentions or hashtags, which were taken out: a person should look at it. */
  isSuspicious: z.boolean().optional(),
  /** What the picture shows, for those who cannot see it; never part of the text. */
  altText: z.string().optional(),
});
export type Caption = Readonly<z.infer<typeof Caption>>;

/** What a platform accepts as text. */
export interface CaptionLimits {
  /** In UTF-16 units, which is never less strict than counting characters. */
  readonly maxLength: number;
  readonly maxHashtags: number;
}

const hashtag = /#[\p{L}\p{M}\p{N}_]+/gu;
const closingHashtags = /(?:\s*#[\p{L}\p{M}\p{N}_]+)+\s*$/u;
// With a path every ending is a link's; without one only a common ending is, or each full stop that lacks its
// space would be taken for a link.
const link =
  /\b[a-z][a-z\d+.-]*:\/\/\S+|\bwww\.\S+|\b[\p{L}\p{N}-]+(?:\.[\p{L}\p{N}-]+)*\.(?:[a-z]{2,}\/\S*|(?:com|net|org|io|me|ru|info|shop|xyz|link|app|dev|gg|ly|to|tv|cc|co|de|at|ch|uk|fr|it|es|nl|eu|us|pl|be|se)\b)/giu;
const mention = /(?<![\p{L}\p{N}])@[\p{L}\p{N}_.]+/gu;
const mail = /[\p{L}\p{N}._+-]+@[\p{L}\p{N}-]+(?:\.[\p{L}\p{N}-]+)+/gu;
// Nine digits and more: a date, a pair of years or a price has fewer.
const phone = /\+?\d(?:[\s().-]*\d){8,}/g;

/**
 * The caption from an AI's answer; undefined when nothing of it is left. Pictures can contain text that tries to
 * steer the AI (RELIABILITY S17), so links, addresses, mentions, phone numbers and hashtags are removed and
 * noted; hashtags are the owner's to choose.
 */
export function captionFromAi(answer: string, hashtags: readonly string[]): Caption | undefined {
  const { text, isForeign } = withoutForeign(answer, hashtags);
  if (text === '') return undefined;
  return { text: withHashtags(text, hashtags), source: 'ai', ...(isForeign && { isSuspicious: true }) };
}

/**
 * A text by the AI without links, addresses, mentions, phone numbers and hashtags, and whether it had any, not
 * counting hashtags that are allowed; empty when nothing that can be read is left.
 */
export function withoutForeign(
  answer: string,
  hashtags: readonly string[] = [],
): { readonly text: string; readonly isForeign: boolean } {
  const allowed = new Set(hashtags.map((each) => each.toLowerCase()));
  let text = unquote(answer.toWellFormed().trim());
  let isForeign = false;
  for (let before = ''; before !== text; ) {
    before = text;
    for (const pattern of [link, mail, mention, phone, hashtag]) {
      text = text.replace(pattern, (found) => {
        isForeign ||= !allowed.has(found.toLowerCase());
        return '';
      });
    }
  }
  const tidy = text
    .replace(/[^\S\n]+/g, ' ')
    .replace(/ +([.,!?])/g, '$1')
    .trim();
  return { text: /[\p{L}\p{N}]/u.test(tidy) ? tidy : '', isForeign };
}

/** The photographer's own words as a caption. */
export function captionFromWords(words: string, hashtags: readonly string[]): Caption {
  return { text: withHashtags(words.toWellFormed().trim(), hashtags), source: 'photo' };
}

/** The hashtags after an empty line; those that the text already has are not repeated. */
export function withHashtags(text: string, hashtags: readonly string[]): string {
  const present = new Set((text.match(hashtag) ?? []).map((each) => each.toLowerCase()));
  const missing = hashtags.filter((each) => !present.has(each.toLowerCase()));
  return [text, missing.join(' ')].filter((part) => part !== '').join('\n\n');
}

/** What a platform will be given, and what had to be changed for it. */
export interface FittedCaption {
  readonly text: string;
  readonly isShortened: boolean;
  readonly droppedHashtags: number;
}

/**
 * Brings a caption within a platform's limits: surplus hashtags go first (the last ones), then the text is cut
 * at a word. The closing hashtags stay; an emoji is never cut in half.
 */
export function fitCaption(caption: string, limits: CaptionLimits): FittedCaption {
  const { text, dropped } = limitHashtags(caption, limits.maxHashtags);
  if (text.length <= limits.maxLength) return { text, isShortened: false, droppedHashtags: dropped };
  const closing = text.match(closingHashtags)?.[0] ?? '';
  const keepsClosing = closing.length <= limits.maxLength / 2;
  const tail = keepsClosing ? closing.trimEnd() : '';
  const body = text.slice(0, text.length - closing.length);
  const cut = cutAtWord(body, limits.maxLength - tail.length);
  const lost = keepsClosing ? 0 : (closing.match(hashtag) ?? []).length;
  return { text: cut + tail, isShortened: true, droppedHashtags: dropped + lost };
}

/** The text cut at a word so that it and the added "…" are at most this many UTF-16 units. */
export function cutAtWord(text: string, maxLength: number): string {
  if (text.length <= maxLength) return text;
  let end = 0;
  let lastWordEnd = 0;
  for (const { segment, index } of new Intl.Segmenter(undefined, { granularity: 'grapheme' }).segment(text)) {
    if (index + segment.length > maxLength - 1) break;
    if (/\s/.test(segment)) lastWordEnd = index;
    end = index + segment.length;
  }
  const cut = text.slice(0, lastWordEnd > maxLength / 2 ? lastWordEnd : end);
  return `${cut.trimEnd()}…`;
}

/** The first sentence, or the first paragraph when that is shorter, without hashtags: the subject of a mail. */
export function firstSentence(caption: string, maxLength: number): string {
  const [beginning = ''] = caption
    .replace(hashtag, '')
    .trim()
    .split(/\r?\n\s*\n/);
  const line = beginning.replace(/\s+/g, ' ');
  const [first] = new Intl.Segmenter(undefined, { granularity: 'sentence' }).segment(line);
  return cutAtWord((first?.segment ?? '').trim(), maxLength);
}

/** Hashtags from a setting or a chat: separated by spaces or commas, with or without the #. */
export function parseHashtags(text: string): readonly string[] {
  const words = text
    .split(/[\s,]+/)
    .map((word) => word.replace(/^#+/, '').replace(/[^\p{L}\p{M}\p{N}_]/gu, ''));
  return [...new Set(words.filter((word) => word !== ''))].map((word) => `#${word}`);
}

function limitHashtags(caption: string, maxHashtags: number): { text: string; dropped: number } {
  let seen = 0;
  const text = caption.replace(/[^\S\n]*#[\p{L}\p{M}\p{N}_]+/gu, (found) => {
    seen += 1;
    return seen > maxHashtags ? '' : found;
  });
  return { text: text.trimEnd(), dropped: Math.max(0, seen - maxHashtags) };
}

/** Without the quotation marks around the whole of it; those inside stay. */
function unquote(text: string): string {
  const inside = text.match(/^["“„«'](.*)["”“»']$/su)?.[1];
  return inside === undefined || /["“”„«»]/.test(inside) ? text : inside.trim();
}
