import { cutFormatted } from '#post/fit-caption.ts';
import { join } from '#post/formatted-text.ts';
import {
  captionIndex,
  currentAltText,
  currentText,
  decidedBy,
  isApproved,
  isFinished,
  type Post,
} from '#post/post.ts';
import { draftPart } from './card-draft.ts';
import { reportPart } from './card-report.ts';
import type { CardPlatform, CardView, Reader } from './card-view.ts';
import { captionLength } from './words/limits.ts';
import type { Words } from './words/words.ts';

/** What the owner sees of a post: its text, how it stands, and the buttons that make sense now. */
export function cardOf(post: Post, given: readonly CardPlatform[], reader: Reader, now: Date): CardView {
  const platforms = given.map((each) => ({ ...each, name: reader.words.place(each.name) }));
  const whole = compose(post, platforms, reader, now, true);
  if (whole.text.length > captionLength) return compose(post, platforms, reader, now, false);
  const full = withAltText(whole, post, reader.words);
  return full.text.length <= captionLength ? full : whole;
}

/** With a text too long for a card, its beginning, a line that says so, and a button for all of it. */
function compose(
  post: Post,
  platforms: readonly CardPlatform[],
  reader: Reader,
  now: Date,
  isWhole: boolean,
): CardView {
  const { words } = reader;
  const part = isApproved(post)
    ? reportPart(post, platforms, reader, now)
    : draftPart(post, platforms, reader, isWhole);
  const name = words.card.photo(post.photo.name, captionIndex(post) + 1, post.captions.length);
  const beginning = isWhole || isFinished(post, now) ? [] : [words.card.onlyBeginning];
  const foot = [name, ...beginning, ...part.lines, ...decision(post, reader)].join('\n');
  const { text, entities } = currentText(post);
  const caption = text === '' ? { text: words.card.noCaption } : { text, entities };
  const rest = { text: divider + foot };
  if (isWhole) return { ...join(caption, rest), keyboard: part.keyboard };
  const room = Math.max(captionLength - rest.text.length, 40);
  const cut = cutFormatted(join(cutFormatted(caption, room), rest), captionLength);
  if (isFinished(post, now)) return { ...cut, keyboard: part.keyboard };
  const wholeText = { text: words.buttons.wholeText, callback_data: `text:${post.id}:${post.revision}` };
  return { ...cut, keyboard: [...part.keyboard, [wholeText]] };
}

/** Who of several owners it was. */
function decision(post: Post, { words, nameOf }: Reader): readonly string[] {
  const decided = decidedBy(post);
  const name = decided && nameOf(decided.by);
  return decided === undefined || name === undefined ? [] : [words.decidedBy(decided.did, name)];
}

/** What goes out for those who cannot see the picture is shown where the owner decides. */
function withAltText(card: CardView, post: Post, words: Words): CardView {
  const altText = currentAltText(post);
  if (post.state !== 'awaiting-approval' || altText === undefined) return card;
  return { ...card, text: `${card.text}\n${words.card.altText(altText)}` };
}

const divider = '\n\n———\n';
