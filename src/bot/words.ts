import type { CheckedService } from '#flow/check-services.ts';
import type { Preview } from '#flow/preview-post.ts';
import type { Notice } from '#ports/owner-chat.ts';
import type { Misfit } from '#post/content.ts';
import type { Delivery, PictureRef, Problem } from '#post/delivery.ts';
import { shownName } from '#post/file-name.ts';
import { cutAtWord, type FittedCaption } from '#post/fit-caption.ts';
import type { Refusal } from '#post/lifecycle.ts';
import { type Draft, isApproved, type LookAlike, type Post, type PostIn } from '#post/post.ts';
import { cutOff, isEnlarged, ratioOf, type Shape } from '#post/shape.ts';
import type { Mode, SetAside } from '#post/state.ts';

// Every sentence that the owner reads. Short and plain: what happened, what it means, what to press.

/** The words on buttons. */
export const buttons = {
  publish: '✅ Publish',
  regenerate: '🔄 Regenerate',
  skip: '⏭ Skip',
  edit: '✏️ Edit',
  preview: '👁 Preview',
  shape: (shape: Shape, isChosen: boolean) => (isChosen ? `✓ ${shapes[shape]}` : shapes[shape]),
  tryAgain: (platform: string) => `🔁 Try ${platform} again`,
  leaveOut: (platform: string) => `Leave ${platform} out`,
  itIsThere: (platform: string) => `${platform}: it is there`,
  notThere: (platform: string) => `${platform}: not there, send again`,
  leaveIt: (platform: string) => `${platform}: I don’t know, leave it`,
  enterCode: '🔢 Enter the code',
  wholeText: '📄 Whole text',
  look: (platform: string) => `Open in ${platform}`,
  turnAutoOn: 'Publish without asking',
  turnAutoOff: 'Ask me first',
};

const shapes = { white: 'White', black: 'Black', blurred: 'Blurred', crop: 'Crop' } as const;

/** The command menu, in the order in which it is shown. */
export const commands = [
  { command: 'post', description: 'Show me a draft now; /post harbour takes that photo' },
  { command: 'queue', description: 'See which photos come next' },
  { command: 'status', description: 'How things stand' },
  { command: 'auto', description: 'Ask you first, or publish by itself' },
  { command: 'pause', description: 'No drafts for a while; /pause 5 for five days' },
  { command: 'resume', description: 'Drafts again, as planned' },
  { command: 'cancel', description: 'Stop what you are writing' },
  { command: 'help', description: 'How Darkroom works' },
] as const;

export const greeting =
  'Welcome to Darkroom. Once a day I take a photo from your Dropbox, write a caption and show you the draft here. You press Publish, and it goes out.\n\nPress /post to see your first draft now, /help for everything else.';

export const paired = `You are the owner of this Darkroom now. Nobody else can use it.\n\n${greeting}`;

export const help = [
  'Once a day I show you a draft: a photo from your Dropbox folder with a caption. Nothing goes out before you press Publish, unless you chose with /auto that I publish by myself.',
  'On the card:\n✅ Publish sends it to all your places at once.\n🔄 Regenerate writes another caption.\n✏️ Edit lets you write it yourself.\n⏭ Skip puts the photo back for a month.\n👁 Preview sends you what each place will get.\nWhite, Black, Blurred, Crop: what happens to a picture whose shape Instagram does not take.',
  'Commands:\n/post – a draft now; /post harbour takes the photo of that name\n/queue – the next photos\n/status – how things stand\n/auto – publish without asking, or ask first\n/pause – no drafts by themselves; /pause 5 for five days, /pause 2026-12-24 until that day\n/resume – drafts as planned again\n/cancel – stop what you are writing',
  'When it is published, the photo moves to the archive folder in your Dropbox.',
  '❓ on a card means that I do not know whether it arrived: look there, then press what you found. 🔁 tries again.',
].join('\n\n');

export const notUnderstood = 'I did not understand that. /help shows what I can do.';
export const photosComeFromDropbox =
  'I take photos from your Dropbox folder. Put this one there and it joins the queue.';
export const somethingWentWrong =
  'Something went wrong on my side. Please look at the newest card, then try again.';

const noneLeft = 'There are no photos left in your Dropbox folder that I can use.';
const noPhotos = `${noneLeft} Put some JPEGs in, then press /post or wait for the next planned time.`;

export const card = {
  noCaption: '(No caption yet. Press Edit to write one.)',
  photo: (name: string, texts: number) =>
    texts > 1 ? `📷 ${shownName(name)} · draft ${texts}` : `📷 ${shownName(name)}`,
  lookAlike: ({ name, day, isSame }: LookAlike) =>
    isSame
      ? `👯 It looks just like ${shownName(name)}, which was published on ${dayInWords(day)}.`
      : `👯 It looks much like ${shownName(name)} of ${dayInWords(day)}.`,
  writingAnother: '✍️ Writing another caption …',
  goingOut: 'This one goes out by itself now.',
  moved: 'This card has moved to the end of the chat ⬇️',
  skipped: '⏭ Skipped. The photo comes up again in about a month.',
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
  const format = new Intl.DateTimeFormat('en-GB', { timeZone: 'UTC', dateStyle: 'medium' });
  return format.format(new Date(day));
}

/** Bot API: the text with a picture or file is 0-1024 UTF-16 units. */
export const captionLength = 1024;

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
  const { hashtags, droppedHashtags, droppedMentions, shortenedBy } = caption;
  const list = [
    ...(picture.shape === undefined ? [] : [reshaped(picture, picture.shape)]),
    ...(isEnlarged(picture) ? ['enlarged, because it is small'] : []),
    ...(droppedHashtags > 0 ? [`${hashtags} → ${counted(hashtags - droppedHashtags, 'hashtag')}`] : []),
    ...(droppedMentions > 0 ? [`${counted(droppedMentions, 'name')} without @`] : []),
    ...(shortenedBy > 0 ? [`text shortened by ${counted(shortenedBy, 'character')}`] : []),
  ];
  const unchanged = isWhole ? 'as shown' : 'unchanged';
  return `${platform}: ${list.length === 0 ? unchanged : list.join(', ')}`;
}

/** The file that follows a post, as part of the line about its platform. */
export function fullSizeFollows({ width, height }: PictureRef): string {
  return `, then a full-size file (${width} × ${height})`;
}

/** As in "2:3 padded white to 4:5"; without the numbers where they are not known or the same. */
function reshaped(picture: PictureRef, shape: Shape): string {
  const from = picture.from && ratioOf(picture.from);
  const to = ratioOf(picture);
  const isKnown = from !== undefined && from !== to;
  const what = { white: 'padded white', black: 'padded black', blurred: 'padded blurred', crop: 'cropped' };
  const cut = Math.max(1, Math.round(cutOff(picture) * 100));
  const lost = shape === 'crop' && from !== undefined ? `, ${cut}% cut off` : '';
  return (isKnown ? `${from} ${what[shape]} to ${to}` : what[shape]) + lost;
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

/** What comes with the files that the Preview button sends. */
export const preview = {
  coming: 'Here is what goes out …',
  underway: 'The preview is already on its way.',
  nothing: 'There is nothing to preview: no place would take this draft.',
  failed: 'The preview did not come through. Please press Preview again.',
  fullSize: ({ name, content: { fullSize } }: Preview) =>
    `👁 ${name} then gets this file in full size${fullSize ? ` (${fullSize.width} × ${fullSize.height})` : ''}, without a sound`,
  head({ name, subject, altText, content: { caption, picture } }: Preview): string {
    const what = caption === '' ? 'this picture without a text' : 'this';
    return [
      `👁 ${name} gets ${what} (${picture.width} × ${picture.height})`,
      ...(subject === undefined ? [] : [`Subject: ${subject}`]),
      ...(altText === undefined ? [] : [`Alt text: ${altText}`]),
    ].join('\n');
  },
};

/** How a delivery stands, in one line. */
export function delivery(
  platform: { readonly id: string; readonly name: string },
  { ...state }: Delivery,
  time: (iso: string) => string,
): string {
  const { name } = platform;
  // The line begins with the name already.
  const it = { id: platform.id, name: 'It' };
  switch (state.state) {
    case 'waiting':
      if (state.notBefore === undefined || state.problem === undefined) return `⏳ ${name}: waiting`;
      if (state.partly !== undefined) {
        return `⏳ ${name}: sent, but not yet to ${state.partly.missed.join(', ')}. Trying again, for them alone, at ${time(state.notBefore)}.`;
      }
      return `⏳ ${name}: ${problem(it, state.problem)} Trying again at ${time(state.notBefore)}.`;
    case 'sending':
      return `📤 ${name}: sending …`;
    case 'published':
      return `✅ ${name}: ${published(state)}${state.content.fullSize ? fullSizes[state.fullSize ?? 'unknown'] : ''}`;
    case 'failed':
      return `❌ ${name}: not published. ${problem(it, state.problem)}${canPass.has(state.problem.kind) ? ' Try again later.' : ''}`;
    case 'uncertain':
      if (state.looking !== undefined) {
        return `🔎 ${name}: the connection was lost while sending. I look whether it is there at ${time(state.looking.at)}.`;
      }
      if (state.partly !== undefined) {
        return `❓ ${name}: the connection was lost while sending to ${state.partly.missed.join(', ')}, who may have it or not; the others have it. Please ask there after two minutes, then press what you found.`;
      }
      return `❓ ${name}: the connection was lost while sending, so it may be there or not. Please look there after two minutes, then press what you found.`;
    case 'dropped':
      return state.mayBeOut ? `➖ ${name}: left as it is` : `➖ ${name}: left out`;
  }
}

function published({ missed, via }: Extract<Delivery, { readonly state: 'published' }>): string {
  if (missed !== undefined) return `published, but not to ${missed.join(', ')}`;
  if (via === 'look') return 'published; the answer was lost, but I found it there';
  return via === 'owner' ? 'published, as you saw' : 'published';
}

/** What became of the file that follows a post. */
const fullSizes = {
  sent: '. Full-size file: sent',
  'not-sent': '. Full-size file: not sent. I do not try it again',
  unknown: '. Full-size file: it may be there or not. I do not send it twice',
} as const;

/** Problems that can be over without anybody doing anything. */
const canPass = new Set<Problem['kind']>(['rate-limited', 'unreachable', 'timeout', 'out-of-order']);

interface Named {
  readonly id?: string;
  readonly name: string;
}

/** What is wrong and what helps, in one or two sentences. */
export function problem({ id, name }: Named, { kind, detail, code }: Problem): string {
  switch (kind) {
    case 'signed-out':
      if (id === 'email') {
        return 'The mail server does not accept the user name or the password. Gmail wants an app password: make one on myaccount.google.com/apppasswords and write it to SMTP_PASSWORD. Start Darkroom again, then try again.';
      }
      return name === 'Dropbox'
        ? 'Dropbox no longer lets me in. Run npm run connect-dropbox again, put the new lines into .env, and start Darkroom again.'
        : (signedOutOfInstagram(id, name, detail) ??
            `${name} does not accept the password or token. Correct ${secrets.get(id ?? '') ?? 'it'} in your settings, start Darkroom again, then try again.`);
    case 'check-point':
      return (
        checkPointOfInstagram(id, name, detail, code) ??
        `${name} wants to know that it is you. Open its app, confirm what it asks, then try again.`
      );
    case 'held-back':
      return `${name} holds this account back for now. Leave it alone for a day, then try again.`;
    case 'no-permission':
      if (id === 'telegram') return whyNotPosted(detail);
      if (id === 'owner-chat') {
        return detail?.includes('blocked')
          ? 'You have blocked me. Open the chat with your bot in Telegram and press Restart.'
          : 'I may not write to you yet. Open the chat with your bot in Telegram and press Start. If that does not help, check TELEGRAM_OWNER_ID.';
      }
      if (name === 'Dropbox' && /^(files\.|missing_scope)/.test(detail ?? '')) {
        const which = detail?.startsWith('files.') ? `: ${detail}` : '';
        return `Your Dropbox app lacks a permission${which}. On dropbox.com/developers/apps open Permissions, tick files.metadata.read, files.content.read and files.content.write, press Submit, then run npm run connect-dropbox again.`;
      }
      return `${name} does not allow this${said(detail)}. Check what this account may do, then try again.`;
    case 'no-credit':
      return `Your credit at ${name} is used up. Top it up there.`;
    case 'not-found':
      return whereIsIt(id, name, detail);
    case 'not-set-up':
      if (id === 'owner-chat') {
        return 'This bot has no owner yet. Start Darkroom and send the bot the line with /start that the log shows.';
      }
      return `${name} is no longer set up.`;
    case 'rate-limited':
      if (id === 'email') {
        return detail?.includes('login')
          ? 'Your mail provider wants a break because of too many sign-ins.'
          : 'Your mail provider takes no more mails from you today.';
      }
      return `${name} wants a break because of too many requests.`;
    case 'unsafe':
      return id === 'email'
        ? whyUnsafe(detail)
        : `I cannot be sure that this is really ${name}, so I sent it nothing. Try again from another network.`;
    case 'unreachable':
      return `${name} could not be reached.`;
    case 'timeout':
      return `${name} did not answer in time.`;
    case 'out-of-order':
      return `${name} has a fault of its own right now.`;
    case 'rejected':
      return `${name} did not take it${said(detail)}.`;
    case 'unexpected':
      return `Something unexpected happened${said(detail)}. The log has more.`;
  }
}

/** Instagram's own codes tell what exactly it wants; a session from the browser is the way out of most of it. */
function checkPointOfInstagram(
  id: string | undefined,
  name: string,
  detail = '',
  code: Problem['code'] = undefined,
): string | undefined {
  if (id !== 'instagram') return undefined;
  const useSession =
    'Put a session from your browser into INSTAGRAM_SESSION (the README shows how), start Darkroom again, then try again.';
  if (detail === 'two_factor_required') {
    return code === undefined
      ? `${name} wants a code from your phone, but not in a way that I know. ${useSession}`
      : `${name} wants a code before it lets me in: ${whereCodeIs(code)}. Press 🔢 and send it to me.`;
  }
  if (detail === 'unsupported_version' || detail === 'needs_upgrade')
    return `${name} finds my version of its app too old. ${useSession} If that does not help, set a newer INSTAGRAM_APP_VERSION with its INSTAGRAM_APP_VERSION_CODE.`;
  return undefined;
}

function signedOutOfInstagram(id: string | undefined, name: string, code = ''): string | undefined {
  if (id !== 'instagram') return undefined;
  if (code === 'login_required' || code === 'user_has_logged_out')
    return `${name} has ended my sign-in. Press 🔁 and I sign in once with your password; without one, put a new session into INSTAGRAM_SESSION and start Darkroom again.`;
  if (code === 'bad_password' || code === 'invalid_credentials')
    return `${name} does not accept the password; it also says so when it does not trust a sign-in. Correct it in your settings, or put a session from your browser into INSTAGRAM_SESSION, start Darkroom again, then try again.`;
  return undefined;
}

/** Where the owner corrects what was not accepted, by the service. */
const secrets = new Map([
  ['telegram', 'TELEGRAM_BOT_TOKEN'],
  ['owner-chat', 'TELEGRAM_BOT_TOKEN'],
  ['instagram-official', 'INSTAGRAM_ACCESS_TOKEN'],
  ['replicate', 'REPLICATE_API_TOKEN'],
  ['openai', 'OPENAI_API_KEY'],
]);

/** Telegram tells these apart only in its words (telegram-bot-api, Client.cpp). */
function whyNotPosted(detail = ''): string {
  return /kicked|not a member/.test(detail)
    ? 'I am no longer in the channel. Make me an administrator there again, then try again.'
    : 'I may not post there. Make me an administrator of the channel, then try again.';
}

/** By nodemailer's and Node's codes. */
function whyUnsafe(detail = ''): string {
  if (detail === 'no STARTTLS' || detail.startsWith('ERR_SSL_')) {
    return 'The mail server offers no encryption at this port, so I sent it neither your password nor the mail. Check SMTP_HOST and SMTP_PORT (587 or 465), start Darkroom again, then try again.';
  }
  if (detail === 'CERT_HAS_EXPIRED') {
    return 'The certificate of the mail server has run out, so I sent it neither your password nor the mail. Your mail provider has to renew it; if that is not it, check the date of this computer.';
  }
  return 'I cannot be sure that this is really your mail server, so I sent it neither your password nor the mail. Check that SMTP_HOST is exactly the name that your provider gives, start Darkroom again, then try again.';
}

function whereIsIt(id: string | undefined, name: string, detail = ''): string {
  const moved = /upgraded to a supergroup.*: (-\d+)$/.exec(detail)?.[1];
  if (id === 'telegram' && moved !== undefined) {
    return `The group has a new number. Write TELEGRAM_CHANNEL_ID=${moved} into your settings, start Darkroom again, then try again.`;
  }
  if (id === 'replicate') return 'Replicate does not have this model. Check REPLICATE_MODEL.';
  if (id === 'openai') {
    return 'OpenAI does not have this model, or your account may not use it. Check OPENAI_MODEL.';
  }
  if (id === 'telegram') return 'The channel is not there, or I am not in it. Check TELEGRAM_CHANNEL_ID.';
  if (id === 'email') return 'There is no such mailbox. Check the addresses in EMAIL_TO.';
  if (name === 'Dropbox') return 'I cannot find your photo folder in Dropbox. Check DROPBOX_IMAGE_FOLDER.';
  return `${name} did not find what I asked for. Check your settings.`;
}

function said(detail: string | undefined): string {
  return detail === undefined ? '' : ` (“${detail}”)`;
}

/** The short answer to a tap that was taken. */
export const taken = {
  approved: 'Publishing …',
  regenerated: 'Writing another caption …',
  skipped: 'Skipped.',
  shaped: 'Changed. Preview shows you the picture.',
  retried: 'Trying again …',
  seen: 'Good, noted.',
  dropped: 'All right.',
  mode: (mode: Mode) =>
    mode === 'auto' ? 'From now on I publish by myself.' : 'From now on I ask you first.',
};

/** The short answer to a tap that could not be taken. */
export function notTaken(post: Post | undefined, refused: Refusal['refused'] = 'not-now'): string {
  if (post === undefined) return 'This card is from earlier. There is nothing left to do here.';
  if (refused === 'too-soon') return 'Please wait two minutes and look again: it can still turn up.';
  if (refused === 'outdated') {
    return isApproved(post)
      ? 'This button is from earlier. Please look at the card again.'
      : 'The draft has changed since. Please look at it again.';
  }
  switch (post.state) {
    case 'drafting':
      return 'Another caption is being written. One moment.';
    case 'awaiting-approval':
      return 'This button is from earlier. Please use the newest card.';
    case 'publishing':
      return 'It is already on its way.';
    case 'published':
    case 'archived':
      return 'It is already published.';
    case 'failed':
      return 'It could not be published. The card says why.';
    case 'skipped':
      return 'It was skipped.';
    case 'expired':
      return post.reason === 'gone' || post.reason === 'unreadable'
        ? 'This draft is over.'
        : 'Not published: the photo is not what or where it was. The card says more.';
  }
}

export const editing = {
  ask: (name: string) =>
    `Send me the caption for ${shownName(name)}, all of it, hashtags too. /cancel leaves it as it is.`,
  textPlease: 'Please send the caption as text, or /cancel.',
  outdated: 'The draft was decided or changed meanwhile, so I left your text out.',
  notSaved:
    'I could not save your text, because the disk takes nothing. Please send it again later, or /cancel.',
  cancelled: 'All right, the caption stays as it is.',
  nothingToCancel: 'There is nothing to cancel.',
};

function whereCodeIs({ from, phone }: NonNullable<Problem['code']>): string {
  if (from === 'app') return 'your authenticator app shows it';
  return phone === undefined ? 'it is in a message on your phone' : `it is in a message to ••${phone}`;
}

/** The talk about a code that a platform wants. */
export const codeEntry = {
  ask: (platform: string, code: NonNullable<Problem['code']>) =>
    `Please send me the six digits of ${platform}’s code: ${whereCodeIs(code)}. I delete your message afterwards. /cancel stops this.`,
  digitsPlease: 'A code is six digits, like 123 456. Please send just those, or /cancel.',
  wrong: (platform: string) =>
    `${platform} says that this is not the code. Please look again and send it once more, or /cancel.`,
  unanswered: (trouble: string) => `${trouble} Please send me the code once more, or /cancel.`,
  over: (platform: string) =>
    `${platform} no longer waits for this code. Press 🔁 Try ${platform} again on the card: then it sends a new one.`,
  refused: (trouble: string) => `The code did not help. ${trouble}`,
  taken: (platform: string) => `Thank you, ${platform} has let me in. I try your post again now.`,
  takenButNotSaved: (platform: string) =>
    `${platform} has let me in, but the disk takes nothing right now. Press 🔁 Try ${platform} again on the card later.`,
  notAwaited: 'No code is waited for any more. Press 🔁 to try again: if one is needed, a new one is sent.',
  cancelled: 'All right, no code. The card still has its buttons.',
};

/** What the schedule has in mind, times as the owner reads them. */
export interface PlanWords {
  readonly isPaused: boolean;
  readonly until: string | undefined;
  readonly next: string | undefined;
}

export interface StatusWords extends PlanWords {
  readonly mode: Mode;
  readonly photosLeft: number | undefined;
  /** The date of the last one; absent: nobody can tell. */
  readonly photosLastUntil?: string | undefined;
  readonly setAside: readonly SetAside[];
  readonly openDrafts: number;
  readonly unfinished: number;
  readonly platforms: readonly string[];
  readonly hasDescriber: boolean;
  readonly hasCaptionWriter: boolean;
  /** What the AI cost; absent: none is set up. */
  readonly spending?: SpendingWords | undefined;
}

export interface SpendingWords {
  readonly dollars: number;
  /** Infinite: no budget is set. */
  readonly budget: number;
  /** Whether everything that the AI costs can be counted. */
  readonly isComplete: boolean;
}

function spending({ dollars, budget, isComplete }: SpendingWords): string {
  const limit = Number.isFinite(budget) ? ` of ${money(budget)}` : '';
  const rest = isComplete ? '' : ', not counting OpenAI: I do not know what this model costs';
  return `AI this month: ${money(dollars)}${limit}${rest}`;
}

function money(dollars: number): string {
  return dollars > 0 && dollars < 0.01 ? 'less than $0.01' : `$${dollars.toFixed(2)}`;
}

export function status(view: StatusWords): string {
  const writer = view.hasCaptionWriter ? 'written by the AI' : 'the photo’s own words';
  return [
    view.mode === 'auto' ? 'Mode: I publish by myself.' : 'Mode: I ask you first.',
    ...(view.isPaused ? [`${pausedUntil(view)} /resume ends it now.`] : []),
    view.next === undefined ? 'Next draft: none planned.' : `Next draft: ${view.next}`,
    photosLeft(view),
    ...leftAside(view.setAside),
    `Publishing to: ${view.platforms.join(', ')}`,
    `Captions: ${writer}${view.hasDescriber ? '' : ', without looking at the picture'}`,
    ...(view.spending === undefined ? [] : [spending(view.spending)]),
    ...(view.openDrafts > 0
      ? [`Waiting for you: ${counted(view.openDrafts, 'draft')}. /post shows it again.`]
      : []),
    ...(view.unfinished > 0
      ? [`Not finished: ${counted(view.unfinished, 'post')}; see the cards above.`]
      : []),
  ].join('\n');
}

function photosLeft({ photosLeft: count, photosLastUntil: until }: StatusWords): string {
  const last = until === undefined ? '' : `, until about ${until}`;
  return `Photos left: ${count ?? 'unknown, Dropbox does not answer right now'}${last}`;
}

/** Below the status while the services are asked. */
export const checking = '🩺 Asking all services …';

/** What has become of it: only what needs looking after. */
export function checkup(services: readonly CheckedService[]): string {
  const broken = services.filter(({ check }) => check.state === 'broken');
  return broken.length === 0 ? '✅ All services answer.' : broken.map(checked).join('\n');
}

/** How one service is, in one line. */
export function checked({ id, name, check }: CheckedService): string {
  if (check.state === 'works') return `✅ ${name}: works`;
  if (check.state === 'unknown') return `➖ ${name}: cannot be checked before it is used`;
  return `❌ ${name}: ${problem({ id, name }, check.problem)}`;
}

export function queue(names: readonly string[], total: number, setAside: readonly SetAside[]): string {
  const aside = leftAside(setAside).map((line) => `\n\n${line}`);
  if (names.length === 0) return [noPhotos, ...aside].join('');
  const list = names.map((name, index) => `${index + 1}. ${shownName(name)}`).join('\n');
  const rest = total - names.length;
  const more = rest > 0 ? `\n… and ${counted(rest, 'more photo')}` : '';
  const empty = names.some((name) => unseen.test(name)) ? `\n\n${emptyFrames}` : '';
  return cutAtWord([`Next, row by row:\n${list}${more}`, empty, ...aside].join(''), captionLength);
}

/** Dropbox makes thumbnails of none of these (files/get_thumbnail_v2 names those that it does). */
const unseen = /\.(hei[cf]|avif)$/i;
const emptyFrames =
  'Dropbox makes no small pictures of HEIC and AVIF: those frames stay empty here. Published they are like all others.';

/** The answer to `/pause`. */
export function paused(plan: PlanWords): string {
  return `${pausedUntil(plan)} No drafts come by themselves, and nothing goes out without you. /post still works, and so do the drafts that wait for you. /resume ends it.`;
}

function pausedUntil({ until }: PlanWords): string {
  return until === undefined ? 'Paused.' : `Paused until ${until}.`;
}

export const pauseNotUnderstood =
  'For how long? /pause pauses until you press /resume, /pause 5 for five days, /pause 2026-12-24 until that day; a year at most.';

/** The answer to `/resume`. */
export function resumed({ next }: PlanWords): string {
  return next === undefined ? 'No draft is planned. /post brings one.' : `The next draft comes on ${next}.`;
}

export function autoMode(mode: Mode): string {
  return mode === 'auto'
    ? 'I publish by myself at the planned time and report here.'
    : 'I show you each draft and publish when you say so.';
}

/** A decision that is not on disk does not count. */
export function notSaved(code: string): string {
  return `I could not save that: ${code === 'ENOSPC' ? 'the disk is full' : `the disk reports ${code}`}. Nothing was done; please press again later.`;
}

export function notice(told: Notice, time: (iso: string) => string, date: (at: Date) => string): string {
  switch (told.kind) {
    case 'preparing':
      return `Preparing a draft of ${shownName(told.name)} …`;
    case 'still-preparing':
      return 'A draft is being prepared; it will be here in a moment.';
    case 'not-found':
      return `There is no photo called “${shownName(told.name)}” in the queue. /queue shows what is there.`;
    case 'several':
      return `Several photos are called like that. Send /post with the whole name:\n\n${told.names.slice(0, 8).map(shownName).join('\n')}`;
    case 'token-not-renewed':
      return `${told.service} did not renew my access. It lasts for about ${counted(told.daysLeft, 'more day')}. I try again every day; if you hear nothing from ${told.service} by then, make a new token as the README says and start Darkroom again.`;
    case 'gave-up':
      return 'It did not work for twelve hours, so I gave up on this draft. /post asks for one again.';
    case 'history-damaged':
      return `My record of ${told.months.join(', ')} was damaged, and I put it aside. Photos from then that are still in your folder could come up again; please look closely.`;
    case 'no-photos':
      return `${noneLeft} Put some JPEGs in: if I see them within twelve hours, the draft comes by itself; later, press /post.`;
    case 'running-low':
      return runningLow(told.photosLeft, told.last && date(told.last));
    case 'photos-set-aside':
      return setAside(told.reason, told.names);
    case 'photo-gone':
      return `${shownName(told.name)} was moved or changed while I was preparing it. I take the next one.`;
    case 'service-down':
      return `${problem({ name: told.service }, told.problem)} ${doing[told.doing]}`;
    case 'not-saved':
      return `I cannot save anything: ${told.code === 'ENOSPC' ? 'the disk is full' : `the disk reports ${told.code}`}. Nothing goes out until that is mended; I keep trying.`;
    case 'state-recovered':
      return 'My memory was damaged, and I went back to the copy before it. Where I am not sure whether something went out, the card asks you.';
    case 'state-put-back':
      return `My memory was put back to ${told.writtenAt === undefined ? 'an older copy' : `how it was ${time(told.writtenAt)}`}. What I did since then I do not know: where something may be out already, its card asks you, and drafts from then have ended. Nothing goes out without you now; /auto changes that. Please look at your channel before you publish.`;
    case 'slot-missed':
      return `I was not running at ${time(told.at.toISOString())}, so there was no draft. Press /post if you want one now.`;
  }
}

function runningLow(photosLeft: number, last: string | undefined): string {
  if (last === undefined) {
    return 'This is the last photo in your Dropbox folder. Put some more in, and the drafts go on as planned.';
  }
  return `${counted(photosLeft, 'more photo')} in your Dropbox folder, enough until about ${last}. Put some in before then, and the drafts go on as planned.`;
}

function setAside(reason: SetAside['reason'], names: readonly string[]): string {
  const which = listed(names);
  const isOne = names.length === 1;
  switch (reason) {
    case undefined:
      return isOne
        ? `I cannot open ${which}; the file seems to be damaged or is no photo. I leave it aside.`
        : `I cannot open ${names.length} files; they seem to be damaged or are no photos. I leave them aside: ${which}.`;
    case 'too-large':
      return isOne
        ? `${which} is larger than 100 MB, which is more than I can handle. I leave it aside.`
        : `${names.length} files are larger than 100 MB, which is more than I can handle. I leave them aside: ${which}.`;
    case 'seen-before':
      return isOne
        ? `${which} looks just like a photo that was published already, so I leave it aside. /post with its name takes it anyway.`
        : `${names.length} photos look just like ones that were published already, so I leave them aside: ${which}. /post with a name takes that one anyway.`;
  }
}

/** What does not come by itself, in a line for each reason. */
function leftAside(photos: readonly SetAside[]): readonly string[] {
  return [...Map.groupBy(photos, ({ reason }) => reason)].map(([reason, group]) => {
    const names = listed(group.map(({ name }) => name));
    if (reason === 'seen-before') return `${counted(group.length, 'photo')} published before: ${names}`;
    const what = counted(group.length, 'file');
    return reason === 'too-large'
      ? `${what} larger than 100 MB: ${names}`
      : `${what} I cannot read: ${names}`;
  });
}

/** The first names of a list, and how many more there are. */
function listed(names: readonly string[]): string {
  const rest = names.length - namesShown;
  const first = names.slice(0, namesShown).map(shownName).join(', ');
  return rest > 0 ? `${first} and ${rest} more` : first;
}

const namesShown = 3;

const doing = {
  listing: 'So there is no draft yet; I keep trying, and nothing is lost.',
  drafting: 'The draft waits; I keep trying, and nothing is lost.',
  archiving: 'The post is out, only its photo is not in the archive yet; I keep trying.',
  working: 'I keep trying, and nothing is lost.',
} as const;

function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`;
}
