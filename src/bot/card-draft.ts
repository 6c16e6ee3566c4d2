import { contentFor, contentsFor, misfitOf } from '#post/content.ts';
import { fitCaption } from '#post/fit-caption.ts';
import {
  type ApprovedPost,
  captionIndex,
  currentText,
  isSuspicious,
  leavesAt,
  type Post,
  type PostIn,
} from '#post/post.ts';
import { Shape } from '#post/shape.ts';
import type { CardPlatform, Part, Reader, Row } from './card-view.ts';
import { type MenuName, menuButton } from './menus.ts';
import type { Words } from './words/words.ts';

/** How a post stands that has not gone out, and the buttons by which the owner decides. */
export function draftPart(
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
      return { lines: [skippedLine(post, words)], keyboard: [] };
    case 'expired':
      return { lines: [words.expired(post.reason, post.slot !== undefined)], keyboard: [] };
  }
}

/** An approved post that has not gone out yet. */
function waiting(
  post: PostIn<'scheduled'>,
  platforms: readonly CardPlatform[],
  { words, time, day }: Reader,
): Part {
  const { id, revision, wait, contents } = post;
  const leaves = leavesAt(post).toISOString();
  const names = platforms.filter((platform) => contents[platform.id] !== undefined).map(({ name }) => name);
  const when = words.card.waits[wait](wait === 'undo' ? time(leaves) : day(leaves));
  const button = (text: string, verb: string) => ({ text, callback_data: `${verb}:${id}:${revision}` });
  const move = [menuButton({ id, revision }, words.menu.move, 'later')];
  const undo = [button(wait === 'undo' ? words.buttons.undo : words.buttons.stop, 'undo')];
  const now = [button(words.buttons.publishNow, 'now')];
  return { lines: [names.join(', '), when], keyboard: wait === 'undo' ? [undo] : [now, move, undo] };
}

function awaiting(
  post: PostIn<'awaiting-approval'>,
  platforms: readonly CardPlatform[],
  words: Words,
  isWhole: boolean,
): Part {
  const { revision, draft } = post;
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
  return {
    lines: isTaken ? lines : [...lines, words.card.nowhere],
    keyboard: [...decisionRows(post, words, isTaken), textRow(post, words), ...shapeRows(post, words)],
  };
}

function decisionRows(
  { id, revision }: PostIn<'awaiting-approval'>,
  { buttons, menu }: Words,
  isTaken: boolean,
): readonly Row[] {
  const button = (text: string, verb: string) => ({ text, callback_data: `${verb}:${id}:${revision}` });
  const open = (text: string, name: MenuName) => menuButton({ id, revision }, text, name);
  return [
    [
      ...(isTaken ? [button(buttons.publish, 'publish')] : []),
      button(buttons.regenerate, 'regenerate'),
      button(buttons.skip, 'skip'),
    ],
    [
      button(buttons.edit, 'edit'),
      ...(isTaken ? [open(menu.later, 'later')] : []),
      open(menu.where, 'where'),
      open(menu.more, 'more'),
    ],
  ];
}

/** To the text before and the one after, and to other ways of writing. */
function textRow(post: PostIn<'awaiting-approval'>, { menu }: Words): Row {
  const { id, revision, captions } = post;
  const index = captionIndex(post);
  const to = (text: string, place: number) =>
    captions[place] === undefined ? [] : [{ text, callback_data: `version:${id}:${revision}:${place}` }];
  const shown = { text: `${index + 1}/${captions.length}`, callback_data: `text:${id}:${revision}` };
  return [
    ...to('◀', index - 1),
    ...(captions.length > 1 ? [shown] : []),
    ...to('▶', index + 1),
    menuButton(post, menu.style, 'style'),
  ];
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
  const fitted = fitCaption(currentText(post), platform.captionLimits);
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

function skippedLine({ by, isForever }: PostIn<'skipped'>, { card }: Words): string {
  if (isForever) return card.skippedForever;
  return by === 'unanswered' ? card.dropped : card.skipped;
}
