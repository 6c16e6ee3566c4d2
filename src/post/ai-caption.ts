import { type Caption, captionFromAi, withoutForeign } from './caption.ts';
import { cutAtWord } from './fit-caption.ts';

/** What an AI wrote, unchecked. */
interface Answer {
  readonly caption: string;
  readonly altText?: string | undefined;
  readonly hashtags: readonly string[];
}

interface Hashtags {
  /** The owner's, which always stand below the caption. */
  readonly own: readonly string[];
  /** How many of the AI's may follow them. */
  readonly fromAi: number;
}

/** The caption from an AI's answer, its alt text and hashtags included; undefined when nothing of it is left. */
export function captionFromAnswer(answer: Answer, { own, fromAi }: Hashtags): Caption | undefined {
  const caption = captionFromAi(answer.caption, [...own, ...plainHashtags(answer.hashtags, own, fromAi)]);
  if (caption === undefined || answer.altText === undefined) return caption;
  const { altText, isForeign } = altTextFromAi(answer.altText);
  return {
    ...caption,
    ...(altText !== undefined && { altText }),
    ...(isForeign && { isSuspicious: true }),
  };
}

/** Screen readers are known to break off longer ones, and no platform of ours takes fewer. */
const altTextLength = 420;

/** The alt text in one line, and whether something was in it that does not belong there. */
export function altTextFromAi(text: string): { readonly altText?: string; readonly isForeign: boolean } {
  const cleaned = withoutForeign(text);
  const line = cleaned.text.replace(/\s+/g, ' ').trim();
  return { ...(line !== '' && { altText: cutAtWord(line, altTextLength) }), isForeign: cleaned.isForeign };
}

/** Plain words only: letters, digits and what joins them, and not a number alone. */
const plainHashtag = /^#?(?=.*\p{L})[\p{L}\p{M}\p{N}_]{2,30}$/u;

function plainHashtags(words: readonly string[], own: readonly string[], most: number): readonly string[] {
  const present = new Set(own.map((each) => each.toLowerCase()));
  const plain: string[] = [];
  for (const word of words) {
    const hashtag = `#${word.trim().replace(/^#/, '')}`;
    if (plain.length >= most || !plainHashtag.test(hashtag) || present.has(hashtag.toLowerCase())) continue;
    present.add(hashtag.toLowerCase());
    plain.push(hashtag);
  }
  return plain;
}

/** Whether two captions say the same; hashtags, case and punctuation make no difference. */
export function saysTheSame(one: string, other: string): boolean {
  return wordsOf(one) === wordsOf(other);
}

function wordsOf(caption: string): string {
  return caption
    .replace(/#[\p{L}\p{M}\p{N}_]+/gu, '')
    .toLowerCase()
    .replace(/[^\p{L}\p{M}\p{N}]+/gu, ' ')
    .trim();
}
