import type { InlineKeyboardButton } from 'grammy/types';
import { contentFor, contentsFor, type Limits, misfitOf } from '#post/content.ts';
import { cutAtWord, fitCaption } from '#post/fit-caption.ts';
import {
  type ApprovedPost,
  canBeTakenDown,
  currentAltText,
  currentCaption,
  decidedBy,
  isApproved,
  isFinished,
  isSuspicious,
  type Post,
  type PostIn,
} from '#post/post.ts';
import { Shape } from '#post/shape.ts';
import { captionLength } from './words/limits.ts';
import type { Words } from './words/words.ts';

/** What a card has to know of a platform. */
export interface CardPlatform extends Limits {
  readonly id: string;
  readonly name: string;
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

export interface CardView {
  /** At most 1024 UTF-16 units, as the Bot API allows for a photo's caption. */
  readonly text: string;
  readonly keyboard: readonly (readonly InlineKeyboardButton[])[];
}

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
    ? report(post, platforms, reader, now)
    : draft(post, platforms, reader, isWhole);
  const name = words.card.photo(post.photo.name, post.captions.length);
  const beginning = isWhole || isFinished(post, now) ? [] : [words.card.onlyBeginning];
  const foot = [name, ...beginning, ...part.lines, ...decision(post, reader)].join('\n');
  const caption = currentCaption(post) || words.card.noCaption;
  if (isWhole) return { text: caption + divider + foot, keyboard: part.keyboard };
  const text =
    cutAtWord(caption, Math.max(captionLength - foot.length - divider.length, 40)) + divider + foot;
  if (isFinished(post, now)) return { text: cutAtWord(text, captionLength), keyboard: part.keyboard };
  const wholeText = { text: words.buttons.wholeText, callback_data: `text:${post.id}:${post.revision}` };
  return { text: cutAtWord(text, captionLength), keyboard: [...part.keyboard, [wholeText]] };
}

/** Who of several owners it was. */
function decision(post: Post, { words, nameOf }: Reader): readonly string[] {
  const decided = decidedBy(post);
  const name = decided && nameOf(decided.by);
  return decided === undefined || name === undefined ? [] : [words.decidedBy(decided.did, name)];
}

/** What goes out for those who cannot see the picture is shown where the owner decides. */
function withAltText({ text, keyboard }: CardView, post: Post, words: Words): CardView {
  const altText = currentAltText(post);
  const isShown = post.state === 'awaiting-approval' && altText !== undefined;
  return { text: isShown ? `${text}\n${words.card.altText(altText)}` : text, keyboard };
}

const divider = '\n\n———\n';

interface Part {
  readonly lines: readonly string[];
  readonly keyboard: readonly (readonly InlineKeyboardButton[])[];
}

function draft(
  post: Exclude<Post, ApprovedPost>,
  platforms: readonly CardPlatform[],
  reader: Reader,
  isWhole: boolean,
): Part {
  const { words } = reader;
  switch (post.state) {
    case 'drafting':
      return { lines: [words.card.writingAnother], keyboard: [] };
    case 'awaiting-approval':
      return awaiting(post, platforms, words, isWhole);
    case 'scheduled':
      return waiting(post, platforms, reader);
    case 'skipped':
      return {
        lines: [post.by === 'unanswered' ? words.card.dropped : words.card.skipped],
        keyboard: [],
      };
    case 'expired':
      return { lines: [words.expired(post.reason, post.slot !== undefined)], keyboard: [] };
  }
}

/** An approved post that has not gone out yet. */
function waiting(
  { id, revision, wait, publishAt, contents }: PostIn<'scheduled'>,
  platforms: readonly CardPlatform[],
  { words, time, day }: Reader,
): Part {
  const names = platforms.filter((platform) => contents[platform.id] !== undefined).map(({ name }) => name);
  const when = words.card.waits[wait](wait === 'undo' ? time(publishAt) : day(publishAt));
  const button = (text: string, verb: string) => ({ text, callback_data: `${verb}:${id}:${revision}` });
  const undo = [button(wait === 'undo' ? words.buttons.undo : words.buttons.stop, 'undo')];
  const now = [button(words.buttons.publishNow, 'now')];
  return { lines: [names.join(', '), when], keyboard: wait === 'undo' ? [undo] : [now, undo] };
}

function awaiting(
  post: PostIn<'awaiting-approval'>,
  platforms: readonly CardPlatform[],
  words: Words,
  isWhole: boolean,
): Part {
  const { id, revision, draft } = post;
  const isDoubtful = isSuspicious(post);
  const isTaken = Object.keys(contentsFor(post, platforms)).length > 0;
  const notes = platforms.map((platform) => noteOn(post, platform, words, isWhole));
  const lines = [
    ...notes,
    ...(draft.remark ? [words.remark(draft.remark)] : []),
    ...(post.lookAlike ? [words.card.lookAlike(post.lookAlike)] : []),
    ...(isDoubtful ? [words.card.suspicious] : []),
    ...(post.remindedAt ? [words.card.reminder] : []),
  ];
  if (post.isAutomatic && revision === 1 && !isDoubtful) {
    return { lines: [...lines, words.card.goingOut], keyboard: [] };
  }
  const button = (text: string, verb: string) => ({ text, callback_data: `${verb}:${id}:${revision}` });
  return {
    lines,
    keyboard: [
      ...(isTaken ? [[button(words.buttons.publish, 'publish')]] : []),
      [
        button(words.buttons.regenerate, 'regenerate'),
        button(words.buttons.edit, 'edit'),
        button(words.buttons.skip, 'skip'),
      ],
      ...shapeRows(post, words),
      [button(words.buttons.preview, 'preview')],
    ],
  };
}

/** What becomes of the draft on a platform. */
function noteOn(
  post: PostIn<'awaiting-approval'>,
  platform: CardPlatform,
  words: Words,
  isWhole: boolean,
): string {
  if (post.leftOut?.includes(platform.id)) return words.card.notThere(platform.name);
  const content = contentFor(post, platform);
  if (content === undefined) return words.notMadeFor(platform.name);
  const misfit = misfitOf(content, platform);
  if (misfit !== undefined) return words.leftOut(platform.name, misfit);
  const fitted = fitCaption(currentCaption(post), platform.captionLimits);
  const follows = content.fullSize === undefined ? '' : words.fullSizeFollows(content.fullSize);
  return words.changes(platform.name, content.picture, fitted, isWhole) + follows;
}

/** A row for each platform that does not take the picture's own shape. */
function shapeRows({ id, revision, draft }: PostIn<'awaiting-approval'>, words: Words): readonly Row[] {
  return Object.entries(draft.shapes ?? {}).map(([platform, shapes]) =>
    Shape.options
      .filter((shape) => shapes[shape] !== undefined)
      .map((shape) => ({
        text: words.buttons.shape(shape, draft.pictures[platform]?.shape === shape),
        callback_data: `shape:${id}:${revision}:${platform}:${shape}`,
      })),
  );
}

function report(post: ApprovedPost, platforms: readonly CardPlatform[], reader: Reader, now: Date): Part {
  const { words, time } = reader;
  const isOver = isFinished(post, now);
  const parts = Object.entries(post.deliveries).map(([id, delivery]) => {
    const platform = platforms.find((each) => each.id === id) ?? { id, name: id };
    const verb = (text: string, name: string) => [
      { text, callback_data: `${name}:${post.id}:${id}:${delivery.round}` },
    ];
    const isTooLate = isOver || post.state === 'withdrawing';
    const rows =
      isTooLate && delivery.state === 'failed' ? [] : rowsFor(platform.name, delivery, words, verb);
    return { line: words.delivery(platform, delivery, time), rows, delivery, name: platform.name };
  });
  // What would have been refused there; the note on the draft is gone now, or nobody has seen it.
  const leftOut = platforms.filter(
    ({ id }) =>
      post.draft.pictures[id] !== undefined &&
      post.deliveries[id] === undefined &&
      !post.leftOut?.includes(id),
  );
  const left =
    post.state === 'withdrawn'
      ? parts
          .filter(({ delivery }) => delivery.state === 'dropped' && delivery.mayBeOut)
          .map(({ name }) => name)
      : [];
  const isPutAway = isOver && Object.values(post.deliveries).some(({ state }) => state === 'failed');
  return {
    lines: [
      ...parts.map(({ line }) => line),
      ...leftOut.map(({ name }) => words.wasLeftOut(name)),
      ...(post.approval.by === 'unanswered' ? [words.card.nobodyAnswered] : []),
      ...ending(post, words),
      ...(left.length > 0 ? [words.card.mayStillBeThere(left)] : []),
      ...(isPutAway ? [words.card.putAway] : []),
    ],
    keyboard: [
      ...parts.flatMap(({ rows }) => rows),
      ...(canBeTakenDown(post)
        ? [[{ text: words.buttons.takeDown, callback_data: `takedown:${post.id}` }]]
        : []),
    ],
  };
}

type Row = readonly InlineKeyboardButton[];

function rowsFor(
  name: string,
  delivery: ApprovedPost['deliveries'][string],
  words: Words,
  row: (text: string, verb: string) => Row,
): readonly Row[] {
  switch (delivery.state) {
    case 'published':
      return delivery.url === undefined ? [] : [[{ text: words.buttons.look(name), url: delivery.url }]];
    case 'failed':
      return [
        ...(delivery.problem.code === undefined ? [] : [row(words.buttons.enterCode, 'code')]),
        row(words.buttons.tryAgain(name), 'retry'),
        row(words.buttons.leaveOut(name), 'drop'),
      ];
    case 'uncertain':
      // Darkroom looks itself first; there is nothing to press until it knows that it cannot tell.
      if (delivery.looking !== undefined) return [];
      return [
        row(words.buttons.itIsThere(name), 'seen'),
        row(words.buttons.notThere(name), 'retry'),
        row(words.buttons.leaveIt(name), 'drop'),
      ];
    default:
      return [];
  }
}

function ending(post: ApprovedPost, words: Words): readonly string[] {
  switch (post.state) {
    case 'publishing':
      return [];
    case 'published':
      return [words.card.archiving];
    case 'failed':
      return [words.card.failed];
    case 'withdrawing':
      return [words.card.withdrawing];
    case 'withdrawn':
      return [
        post.restoredPath === undefined ? words.card.withdrawnGone : words.card.withdrawn(post.restoredPath),
      ];
    case 'archived':
      return [
        post.archivedPath === undefined ? words.card.notArchived : words.card.archived(post.archivedPath),
      ];
  }
}
