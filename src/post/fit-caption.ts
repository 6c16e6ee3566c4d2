import { type CaptionLimits, hashtag, link } from './caption.ts';
import { type FormattedText, join, slice, trim } from './formatted-text.ts';

/** What a platform will be given, and what had to be changed for it. */
export interface FittedCaption extends FormattedText {
  /** How many characters, as people count them, were cut off; hashtags at the end do not count. */
  readonly shortenedBy: number;
  /** How many hashtags the whole caption has. */
  readonly hashtags: number;
  readonly droppedHashtags: number;
  /** Names that lost their @. */
  readonly droppedMentions: number;
  /** The whole caption has formatting, which the platform does not show. */
  readonly isUnformatted?: true;
}

const closingHashtags = /(?:\s*#[\p{L}\p{M}\p{N}_]+)+\s*$/u;
const linkOrHashtag = new RegExp(`[^\\S\\n]*(?:#?(?:${link.source})|${hashtag.source})`, 'giu');
/** What would hang in the air before the "…" of a cut. */
const loose = /[\s…,;:–—([{«„“‘-]+$/u;
const mention = /@(?=[\p{L}\p{N}_.])/gu;

/**
 * Brings a caption within a platform's limits: surplus hashtags go first (the last ones), surplus mentions lose their
 * @, then the text is cut, at a sentence or else at a word. The closing hashtags stay; links stay whole or go whole; an
 * emoji is never cut in half. What is left of the text keeps its formatting.
 */
export function fitCaption(caption: FormattedText, limits: CaptionLimits): FittedCaption {
  const { maxLength, hasFormatting = false } = limits;
  const surplusGone = withoutSurplus(caption, limits);
  const { text } = surplusGone;
  const closing = text.match(closingHashtags)?.[0] ?? '';
  const tail = closing.length <= maxLength / 2 ? closing.trimEnd() : '';
  const body = slice(surplusGone, 0, text.length - closing.length);
  const isWhole = text.length <= maxLength;
  const cut = isWhole ? body.text : cutAtSentence(body.text, maxLength - tail.length);
  const end = slice(surplusGone, body.text.length, body.text.length + tail.length);
  const fitted = isWhole ? surplusGone : trim(join(cutTo(body, cut), end));
  return {
    text: fitted.text,
    ...(hasFormatting && fitted.entities && { entities: fitted.entities }),
    // A cut at a word has its own sign at the end.
    shortenedBy:
      lengthOf(body.text.trim()) - lengthOf(body.text.startsWith(cut) ? cut.trim() : cut.slice(0, -1)),
    hashtags: countHashtags(caption.text),
    droppedHashtags: countHashtags(caption.text) - countHashtags(fitted.text),
    droppedMentions: countMentions(caption.text) - countMentions(text),
    ...(!hasFormatting && caption.entities && { isUnformatted: true }),
  };
}

/** The text as it was cut, with a sign at its end perhaps, and its formatting up to there. */
function cutTo(given: FormattedText, cut: string): FormattedText {
  let end = 0;
  while (end < cut.length && cut[end] === given.text[end]) end += 1;
  return join(slice(given, 0, end), { text: cut.slice(end) });
}

/** As `cutAtWord`, with what is left of the formatting. */
export function cutFormatted(given: FormattedText, maxLength: number): FormattedText {
  return cutTo(given, cutAtWord(given.text, maxLength));
}

/** Counted as the strictest platform does: every # before a letter, also within a word or a link. */
export function countHashtags(text: string): number {
  return text.match(hashtag)?.length ?? 0;
}

export function countMentions(text: string): number {
  return text.match(mention)?.length ?? 0;
}

/** What stood on both sides of something that was taken out can make a new hashtag or mention. */
function withoutSurplus(caption: FormattedText, limits: CaptionLimits): FormattedText {
  const { maxHashtags, maxMentions = Number.POSITIVE_INFINITY } = limits;
  let kept = caption;
  for (let before: string | undefined; before !== kept.text; ) {
    before = kept.text;
    kept = keepMentions(keepHashtags(kept, maxHashtags), maxMentions);
  }
  return kept;
}

/** A part of a link that looks like a hashtag counts as one; without it the link would lead elsewhere, so it goes. */
function keepHashtags(caption: FormattedText, most: number): FormattedText {
  let count = 0;
  const kept = keepOf(caption, linkOrHashtag, (found) => {
    const more = countHashtags(found);
    const isKept = more === 0 || count + more <= most;
    count = isKept ? count + more : most;
    return isKept;
  });
  return slice(kept, 0, kept.text.trimEnd().length);
}

function keepMentions(caption: FormattedText, most: number): FormattedText {
  let count = 0;
  return keepOf(caption, mention, () => {
    count += 1;
    return count <= most;
  });
}

/** The text without what the pattern finds and `isKept` does not want; it is asked in the order of the text. */
function keepOf(given: FormattedText, pattern: RegExp, isKept: (found: string) => boolean): FormattedText {
  const gone = [...given.text.matchAll(pattern)].filter(([found]) => !isKept(found));
  const ends = gone.map(({ 0: found, index }) => index + found.length);
  const starts = [...gone.map(({ index }) => index), given.text.length];
  return join(...starts.map((start, place) => slice(given, ends[place - 1] ?? 0, start)));
}

/** The text cut after a sentence or a line, when at least half of the room is used that way; else at a word. */
function cutAtSentence(text: string, maxLength: number): string {
  if (text.length <= maxLength) return text;
  const links = linksIn(text);
  let end = 0;
  for (const { segment, index } of new Intl.Segmenter(undefined, { granularity: 'sentence' }).segment(text)) {
    const here = index + segment.trimEnd().length;
    if (here > maxLength) break;
    if (isWhole(links, here)) end = here;
  }
  return end > maxLength / 2 ? text.slice(0, end) : cutAtWord(text, maxLength);
}

/** The text cut at a word so that it and the added "…" are at most this many UTF-16 units. */
export function cutAtWord(text: string, maxLength: number): string {
  if (text.length <= maxLength) return text;
  const room = maxLength - 1;
  const links = linksIn(text);
  const isWholeAt = (end: number) => isWhole(links, end) && !(end === room && endsLink(links, end));
  const characters = ends(text, 'grapheme', room);
  const spaces = characters.filter((end) => /\s/.test(text.slice(end, end + 1)));
  // Languages that are written without spaces have words, too; their ends are never within a character.
  const words = () => ends(text, 'word', room).filter((end) => characters.includes(end));
  const isFar = (end: number) => end > maxLength / 2 && isWholeAt(end);
  const end = spaces.findLast(isFar) ?? words().findLast(isFar) ?? characters.findLast(isWholeAt) ?? 0;
  // Next to a link the sign would become a part of it.
  return `${text.slice(0, end).replace(loose, '')}${endsLink(links, end) ? ' ' : ''}…`;
}

/** The places up to this one at which a character or a word ends. */
function ends(text: string, granularity: 'grapheme' | 'word', last: number): readonly number[] {
  const found: number[] = [];
  for (const { segment, index } of new Intl.Segmenter(undefined, { granularity }).segment(text)) {
    if (index + segment.length > last) break;
    found.push(index + segment.length);
  }
  return found;
}

/** Where each link begins and ends. */
type Links = readonly (readonly [number, number])[];

function linksIn(text: string): Links {
  return [...text.matchAll(link)].map(({ 0: found, index }) => [index, index + found.length]);
}

/** Whether a cut at this place leaves every link whole. */
function isWhole(links: Links, end: number): boolean {
  return !links.some(([from, to]) => from < end && end < to);
}

function endsLink(links: Links, end: number): boolean {
  return links.some(([, to]) => to === end);
}

function lengthOf(text: string): number {
  return [...new Intl.Segmenter().segment(text)].length;
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
