import type { Misfit } from '#post/content.ts';
import type { PictureRef } from '#post/delivery.ts';
import { shownName } from '#post/file-name.ts';
import type { FittedCaption } from '#post/fit-caption.ts';
import type { DecidedBy, Draft, LookAlike, PostIn } from '#post/post.ts';
import { cutOff, isEnlarged, ratioOf, type Shape } from '#post/shape.ts';
import { counted, locale } from './phrases.ts';

export const card = {
  noCaption: '(No caption yet. Press Edit to write one.)',
  photo: (name: string, which: number, texts: number) =>
    texts > 1 ? `📷 ${shownName(name)} · caption ${which}/${texts}` : `📷 ${shownName(name)}`,
  nowhere: '👉 It goes nowhere now, so there is no Publish button. Press 📣 Where and switch a place on.',
  skippedForever: '🚫 It does not come again by itself. /post and its name bring it all the same.',
  lookAlike: ({ name, day, isSame }: LookAlike) =>
    isSame
      ? `👯 It looks just like ${shownName(name)}, which was published on ${dayInWords(day)}.`
      : `👯 It looks much like ${shownName(name)} of ${dayInWords(day)}.`,
  writingAnother: '✍️ Writing another caption …',
  goingOut: 'This one goes out by itself now.',
  waits: {
    undo: (time: string) => `⏳ Goes out at ${time}.`,
    later: (time: string) => `🕒 Goes out on ${time}.`,
    veto: (time: string) => `🕒 Goes out by itself on ${time} unless you stop it.`,
  },
  notThere: (platform: string) => `${platform}: not this time`,
  withdrawing: '🗑 Taking it down …',
  withdrawn: (path: string) =>
    `🗑 Taken down. The photo is back: ${shownName(path)}. It does not come again by itself; /post and its name brings it.`,
  withdrawnGone: '🗑 Taken down. I did not find the photo any more, so it is not back in your folder.',
  mayStillBeThere: (places: readonly string[]) =>
    `It may still be there: ${places.join(', ')}. Please look, and take it down there yourself.`,
  moved: 'This card has moved to the end of the chat ⬇️',
  skipped: '⏭ Skipped. The photo comes up again in about a month.',
  dropped: '⏭ Nobody answered, so I put it back. The photo comes up again in about a month.',
  reminder: '⏰ This draft still waits for you.',
  nobodyAnswered: 'Nobody answered, so I published it, as you wanted.',
  archiving: '🗂 Moving the photo to the archive …',
  archived: (path: string) => `🗂 Archived: ${shownName(path)}`,
  notArchived:
    '🗂 The photo was changed or moved after the draft, so I left it alone. It does not come up again by itself.',
  failed: 'It was not published anywhere. The photo stays in your folder.',
  onlyBeginning: '✂️ Only the beginning of the text fits here. “Whole text” shows all of it.',
  putAway: 'A week has passed, so this can no longer be tried again.',
  altText: (text: string) => `Alt text: ${text}`,
  suspicious:
    '⚠️ There was a link, a mention, a phone number or a hashtag in the AI’s text. I took it out: please read it closely.',
};

/** "12 Nov 2026" for `2026-11-12`. */
function dayInWords(day: string): string {
  const format = new Intl.DateTimeFormat(locale, { timeZone: 'UTC', dateStyle: 'medium' });
  return format.format(new Date(day));
}

/** Why there will be nothing of a draft, and what comes next. */
export function expired(reason: PostIn<'expired'>['reason'], isNextTaken: boolean): string {
  const next = isNextTaken ? 'I take another one.' : '/post brings the next draft.';
  switch (reason) {
    case 'unreadable':
    case 'gone':
      return 'I cannot use this photo. I take another one.';
    case 'edited':
      return `🚫 Not published: the photo was changed after this draft. ${next}`;
    case 'moved':
      return `🚫 Not published: the photo was moved out of your photo folder after this draft. ${next}`;
    case 'deleted':
      return `🚫 Not published: the photo is no longer in your Dropbox. ${next}`;
    case 'put-back':
      return '🚫 This draft is from before my memory was put back, so I do not know whether it went out already. If it did not, /post and the name of the photo make a new one.';
  }
}

/** How a draft came to be, where that is worth a word. */
export function remark(kind: NonNullable<Draft['remark']>): string {
  switch (kind) {
    case 'no-words':
      return 'ℹ️ The AI cannot see the picture, and the file has no title or description. Edit lets you write a caption.';
    case 'no-ai':
      return 'ℹ️ No AI is set up to write captions. Edit lets you write your own.';
    case 'not-described':
      return 'ℹ️ Replicate could not look at the picture, so the caption is made from its own words. Regenerate asks again.';
    case 'ai-failed':
      return 'ℹ️ The AI did not answer, so this text is a stopgap. Regenerate asks again, Edit lets you write your own.';
    case 'over-budget':
      return 'ℹ️ Asking the AI would have cost more than is left of this month’s budget, so I did without. Edit lets you write your own text.';
    case 'no-credit':
      return 'ℹ️ Your credit at OpenAI is used up, so I did without the AI. Top it up on platform.openai.com under Billing, then press Regenerate.';
    case 'no-credit-to-look':
      return 'ℹ️ Your credit at Replicate is used up, so nobody looked at the picture. Top it up on replicate.com/account/billing, then press Regenerate.';
    case 'same-again':
      return 'ℹ️ The AI only had the same words again, so the caption stays. Regenerate asks it again.';
    case 'caption-kept':
      return 'ℹ️ The AI did not answer, so the caption stays. Regenerate asks it again.';
  }
}

/** What a platform will change about the draft, in one line. */
export function changes(
  platform: string,
  picture: PictureRef,
  caption: FittedCaption,
  isWhole: boolean,
): string {
  const { hashtags, droppedHashtags, droppedMentions, shortenedBy, isUnformatted } = caption;
  const list = [
    ...(picture.shape === undefined ? [] : [reshaped(picture, picture.shape)]),
    ...(isEnlarged(picture) ? ['enlarged, because it is small'] : []),
    ...(droppedHashtags > 0 ? [`${hashtags} → ${counted(hashtags - droppedHashtags, 'hashtag')}`] : []),
    ...(droppedMentions > 0 ? [`${counted(droppedMentions, 'name')} without @`] : []),
    ...(shortenedBy > 0 ? [`text shortened by ${counted(shortenedBy, 'character')}`] : []),
    ...(isUnformatted ? ['without formatting'] : []),
  ];
  const unchanged = isWhole ? 'as shown' : 'unchanged';
  return `${platform}: ${list.length === 0 ? unchanged : list.join(', ')}`;
}

/** The file that follows a post, as part of the line about its platform. */
export function fullSizeFollows({ width, height }: PictureRef): string {
  return `, then a full-size file (${width} × ${height})`;
}

/** As in "2:3 → 4:5 with white borders"; without the numbers where they are not known or the same. */
function reshaped(picture: PictureRef, shape: Shape): string {
  const from = picture.from && ratioOf(picture.from);
  const to = ratioOf(picture);
  const isKnown = from !== undefined && from !== to;
  const cut = Math.max(1, Math.round(cutOff(picture) * 100));
  const lost = from === undefined ? 'cut to fit' : `${cut}% cut off`;
  if (shape === 'crop') return isKnown ? `${from} → ${to}, ${lost}` : lost;
  return isKnown ? `${from} → ${to} with ${shape} borders` : `${shape} borders`;
}

/** Why a platform is left out: what was made for it breaks one of its limits. */
export function leftOut(platform: string, misfit: Misfit): string {
  return `🚫 ${platform}: left out, because ${misfits[misfit]}. This is a mistake of mine; the log has more.`;
}

/** Why a platform is left out: there is no picture for it. */
export function notMadeFor(platform: string): string {
  return `🚫 ${platform}: left out, because this draft was made before ${platform} was set up.`;
}

/** That a platform got nothing of a post that has gone out elsewhere. */
export function wasLeftOut(platform: string): string {
  return `🚫 ${platform}: left out, because it would have refused this. This is a mistake of mine; the log has more.`;
}

const misfits = {
  format: 'it takes no picture of this kind',
  bytes: 'the picture has too many megabytes for it',
  size: 'it takes no picture of this size',
  ratio: 'it takes no picture of this shape',
  'text-length': 'the text is too long for it',
  hashtags: 'it takes fewer hashtags',
  mentions: 'it takes fewer names with @',
} as const;

/** Which of several owners has decided. */
export function decidedBy(did: DecidedBy['did'], name: string): string {
  return `👤 ${decisions[did]} ${shownName(name)}`;
}

const decisions = {
  approved: 'Approved by',
  published: 'Published by',
  skipped: 'Skipped by',
  withdrawn: 'Taken down by',
} as const;
