import { z } from 'zod';
import { Entity } from './formatted-text.ts';

/** One text for a post. `text` is what gets published, hashtags included, before a platform's own limits. */
export const Caption = z.object({
  text: z.string(),
  /** The formatting of the text, by its owner. */
  entities: z.array(Entity).readonly().optional(),
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
  /** Names with an @ before them; absent: no limit. */
  readonly maxMentions?: number;
  /** Of what the picture shows; absent: there is no place for that. */
  readonly maxAltText?: number;
  /** Shows bold text, links behind words and the like; absent: it is all plain there. */
  readonly hasFormatting?: boolean;
}

export const hashtag = /#[\p{L}\p{M}\p{N}_]+/gu;
// With a path every ending is a link's; without one only a common ending is, or each full stop that lacks its
// space would be taken for a link.
export const link =
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

/** Hashtags from a setting or a chat: separated by spaces or commas, with or without the #. */
export function parseHashtags(text: string): readonly string[] {
  const words = text
    .split(/[\s,]+/)
    .map((word) => word.replace(/^#+/, '').replace(/[^\p{L}\p{M}\p{N}_]/gu, ''));
  return [...new Set(words.filter((word) => word !== ''))].map((word) => `#${word}`);
}

/** Without the quotation marks around the whole of it; those inside stay. */
function unquote(text: string): string {
  const inside = text.match(/^["“„«'](.*)["”“»']$/su)?.[1];
  return inside === undefined || /["“”„«»]/.test(inside) ? text : inside.trim();
}
