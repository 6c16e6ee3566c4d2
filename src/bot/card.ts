import type { InlineKeyboardButton } from 'grammy/types';
import { type CaptionLimits, cutAtWord, fitCaption } from '#post/caption.ts';
import { type ApprovedPost, currentCaption, isApproved, type Post, type PostIn } from '#post/post.ts';
import * as words from './words.ts';

/** What a card has to know of a platform. */
export interface CardPlatform {
  readonly id: string;
  readonly name: string;
  readonly captionLimits: CaptionLimits;
}

export interface CardView {
  /** At most 1024 UTF-16 units, as the Bot API allows for a photo's caption. */
  readonly text: string;
  readonly keyboard: readonly (readonly InlineKeyboardButton[])[];
}

/** What the owner sees of a post: its text, how it stands, and the buttons that make sense now. */
export function cardOf(
  post: Post,
  platforms: readonly CardPlatform[],
  time: (iso: string) => string,
): CardView {
  const { lines, keyboard } = isApproved(post) ? report(post, platforms, time) : draft(post, platforms);
  const foot = [words.card.photo(post.photo.name, post.captions.length), ...lines].join('\n');
  const caption = currentCaption(post) || words.card.noCaption;
  const room = captionLength - foot.length - divider.length;
  const text = room > 40 ? cutAtWord(caption, room) + divider + foot : cutAtWord(foot, captionLength);
  return { text, keyboard };
}

const captionLength = 1024;
const divider = '\n\n———\n';

interface Part {
  readonly lines: readonly string[];
  readonly keyboard: readonly (readonly InlineKeyboardButton[])[];
}

function draft(post: Exclude<Post, ApprovedPost>, platforms: readonly CardPlatform[]): Part {
  switch (post.state) {
    case 'drafting':
      return { lines: [words.card.writingAnother], keyboard: [] };
    case 'awaiting-approval':
      return awaiting(post, platforms);
    case 'skipped':
      return { lines: [words.card.skipped], keyboard: [] };
    case 'expired':
      return { lines: [words.card.expired], keyboard: [] };
  }
}

function awaiting(post: PostIn<'awaiting-approval'>, platforms: readonly CardPlatform[]): Part {
  const { id, revision, draft } = post;
  const isSuspicious = post.captions.at(-1)?.isSuspicious === true;
  const notes = platforms.flatMap(({ id: platform, name, captionLimits }) => {
    const picture = draft.pictures[platform];
    return picture ? [words.changes(name, picture, fitCaption(currentCaption(post), captionLimits))] : [];
  });
  const lines = [
    ...notes,
    ...(draft.remark ? [words.remark(draft.remark)] : []),
    ...(isSuspicious ? [words.card.suspicious] : []),
  ];
  if (post.isAutomatic && revision === 1 && !isSuspicious) {
    return { lines: [...lines, words.card.goingOut], keyboard: [] };
  }
  const button = (text: string, verb: string) => ({ text, callback_data: `${verb}:${id}:${revision}` });
  return {
    lines,
    keyboard: [
      [button(words.buttons.publish, 'publish')],
      [
        button(words.buttons.regenerate, 'regenerate'),
        button(words.buttons.edit, 'edit'),
        button(words.buttons.skip, 'skip'),
      ],
    ],
  };
}

function report(post: ApprovedPost, platforms: readonly CardPlatform[], time: (iso: string) => string): Part {
  const parts = Object.entries(post.deliveries).map(([id, delivery]) => {
    const platform = platforms.find((each) => each.id === id) ?? { id, name: id };
    const button = (text: string, verb: string) => ({ text, callback_data: `${verb}:${post.id}:${id}` });
    return {
      line: words.delivery(platform, delivery, time),
      buttons: buttonsFor(platform.name, delivery, button),
    };
  });
  return {
    lines: [...parts.map(({ line }) => line), ...ending(post)],
    keyboard: parts.map(({ buttons }) => buttons).filter((row) => row.length > 0),
  };
}

function buttonsFor(
  name: string,
  delivery: ApprovedPost['deliveries'][string],
  button: (text: string, verb: string) => InlineKeyboardButton,
): readonly InlineKeyboardButton[] {
  switch (delivery.state) {
    case 'published':
      return delivery.url === undefined ? [] : [{ text: words.buttons.look(name), url: delivery.url }];
    case 'failed':
      return [button(words.buttons.tryAgain(name), 'retry'), button(words.buttons.leaveOut(name), 'drop')];
    case 'uncertain':
      return [
        button(words.buttons.itIsThere, 'seen'),
        button(words.buttons.notThere, 'retry'),
        button(words.buttons.leaveIt, 'drop'),
      ];
    default:
      return [];
  }
}

function ending(post: ApprovedPost): readonly string[] {
  switch (post.state) {
    case 'publishing':
      return [];
    case 'published':
      return [words.card.archiving];
    case 'failed':
      return [words.card.failed];
    case 'archived':
      return [
        post.archivedPath === undefined ? words.card.notArchived : words.card.archived(post.archivedPath),
      ];
  }
}
