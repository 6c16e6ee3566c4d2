import { createHash } from 'node:crypto';
import { type CallbackQueryContext, Composer, InputFile } from 'grammy';
import type { InlineKeyboardButton } from 'grammy/types';
import type { App, QueueView } from '#app.ts';
import { shownName } from '#post/file-name.ts';
import type { Photo } from '#post/photo.ts';
import type { BotContext, BotParts } from './context.ts';
import { inItsTime } from './in-its-time.ts';
import { dayIn } from './owner-chat.ts';
import { answerTap } from './taps.ts';
import type { Words } from './words/words.ts';

const perPage = 9;
/** The ones behind come by their names: nobody turns more pages, and two digits fit into a frame. */
const mostShown = 90;
const mostCards = 5;

/** The answer to `/queue`. Throws `ServiceError`. */
export async function sendQueue(app: App, ctx: BotContext): Promise<void> {
  await ctx.replyWithChatAction('upload_photo');
  const view = await app.queue(perPage);
  const caption = captionOf(app, ctx.words, view);
  const reply_markup = { inline_keyboard: sheetKeyboard(ctx.words, view) };
  if (view.next.length === 0) await ctx.reply(caption, { reply_markup });
  else await ctx.replyWithPhoto(await sheetOf(app, view), { caption, reply_markup });
}

/** The buttons below the sheet. Each names the photo and the order that was seen: `queue:verb:from:photo:order`. */
export function queueButtons({ app, log }: BotParts): Composer<BotContext> {
  const composer = new Composer<BotContext>();
  composer.callbackQuery(
    /^queue:(page|list|shuffle|open|draft|first|earlier|later|keep|remove|back):(\d{1,4}):(\w*):(\w*)$/,
    (ctx) => inItsTime(ctx, log, () => obey(app, ctx)),
  );
  composer.callbackQuery(/^card:([\w-]+)$/, async (ctx) => {
    const id = String(ctx.match[1]);
    const post = await app.anyPost(id);
    const hasCard = post?.state === 'awaiting-approval' || post?.state === 'scheduled';
    await answerTap(ctx, log, hasCard ? undefined : ctx.words.notTaken(post));
    if (hasCard) await app.showAgain(id);
  });
  return composer;
}

type TapContext = CallbackQueryContext<BotContext>;

async function obey(app: App, ctx: TapContext): Promise<void> {
  const [, verb = '', from = '', key = '', stamp = ''] = ctx.match;
  const view = await app.queue(perPage, Number(from));
  const { queueAnswers } = ctx.words;
  switch (verb) {
    case 'page':
      await answer(ctx);
      return await showSheet(app, ctx, view);
    case 'list':
      await answer(ctx);
      return await showCaption(
        ctx,
        ctx.words.removedPhotos(view.removed.length),
        removedKeyboard(ctx.words, view),
      );
    case 'shuffle':
      await app.shuffleQueue();
      await answer(ctx, queueAnswers.shuffled);
      return await showSheet(app, ctx, await app.queue(perPage));
    case 'back':
      return await putBack(app, ctx, view, key);
    default:
      return await obeyPhoto(app, ctx, { verb, view, photo: photoOf(view, key, stamp) });
  }
}

/** The photo that was meant, if everything is still where it was seen. */
function photoOf(view: QueueView, key: string, stamp: string): Photo | undefined {
  return stamp === stampOf(view) ? view.next.find(({ id }) => keyOf(id) === key) : undefined;
}

async function obeyPhoto(
  app: App,
  ctx: TapContext,
  {
    verb,
    view,
    photo,
  }: { readonly verb: string; readonly view: QueueView; readonly photo: Photo | undefined },
): Promise<void> {
  const { queueAnswers } = ctx.words;
  if (photo === undefined) {
    await answer(ctx, queueAnswers.outdated);
    return await showSheet(app, ctx, view);
  }
  switch (verb) {
    case 'open': {
      await answer(ctx);
      const number = view.from + view.next.indexOf(photo) + 1;
      return await showCaption(
        ctx,
        ctx.words.queuedPhoto(number, photo.name),
        photoKeyboard(ctx.words, view, photo),
      );
    }
    case 'draft':
      await app.requestDraftOf(photo, ctx.from.id);
      await answer(ctx);
      return await showCaption(ctx, captionOf(app, ctx.words, view), sheetKeyboard(ctx.words, view));
    case 'remove':
      await app.removeFromQueue(photo);
      await answer(ctx, queueAnswers.removed);
      break;
    case 'first':
    case 'earlier':
    case 'later':
    case 'keep':
      await app.moveInQueue(photo, verb);
      await answer(ctx, verb === 'keep' ? queueAnswers.kept : queueAnswers.moved);
  }
  await showSheet(app, ctx, await app.queue(perPage, verb === 'first' ? 0 : view.from));
}

async function putBack(app: App, ctx: TapContext, view: QueueView, key: string): Promise<void> {
  const photo = view.removed.find(({ contentHash }) => keyOf(contentHash) === key);
  if (photo !== undefined) await app.putBackInQueue(photo.contentHash);
  await answer(ctx, photo === undefined ? ctx.words.queueAnswers.outdated : ctx.words.queueAnswers.putBack);
  await showSheet(app, ctx, await app.queue(perPage, view.from));
}

/** Brings the whole message up to date. An answer without a picture cannot become one with a picture, and the reverse. */
async function showSheet(app: App, ctx: TapContext, view: QueueView): Promise<void> {
  const hasPicture = ctx.callbackQuery.message?.photo !== undefined;
  if (view.next.length === 0 || !hasPicture) {
    await ctx.deleteMessage().catch(() => undefined);
    return await sendQueue(app, ctx);
  }
  const media = await sheetOf(app, view);
  const caption = captionOf(app, ctx.words, view);
  const reply_markup = { inline_keyboard: sheetKeyboard(ctx.words, view) };
  await ctx.editMessageMedia({ type: 'photo', media, caption }, { reply_markup });
}

async function showCaption(
  ctx: TapContext,
  text: string,
  inline_keyboard: InlineKeyboardButton[][],
): Promise<void> {
  const reply_markup = { inline_keyboard };
  if (ctx.callbackQuery.message?.photo === undefined) await ctx.editMessageText(text, { reply_markup });
  else await ctx.editMessageCaption({ caption: text, reply_markup });
}

/** A tap that is too old to be answered was obeyed all the same, and the message shows it. */
async function answer(ctx: TapContext, text?: string): Promise<void> {
  await ctx.answerCallbackQuery(text === undefined ? {} : { text }).catch(() => undefined);
}

async function sheetOf(app: App, { next, from }: QueueView): Promise<InputFile> {
  return new InputFile(await app.contactSheet(next, from + 1), 'queue.jpg');
}

function captionOf(app: App, words: Words, view: QueueView): string {
  const day = dayIn(app.plan().timeZone, words.locale);
  return words.queue({
    names: view.next.map(({ name }) => name),
    from: view.from,
    total: view.total,
    setAside: view.setAside,
    waiting: view.waiting,
    scheduled: view.scheduled.map(({ name, publishAt }) => ({ name, at: day(new Date(publishAt)) })),
  });
}

function sheetKeyboard({ queueButtons: words }: Words, view: QueueView): InlineKeyboardButton[][] {
  const { next, from, total, removed, cards } = view;
  const open = cards.slice(0, mostCards).map(({ id, state, photo }) => [
    {
      text: `${state === 'scheduled' ? '⏰' : '📝'} ${shownName(photo.name)}`,
      callback_data: `card:${id}`,
    },
  ]);
  const numbers = next.map(({ id }, index) =>
    button(String(from + index + 1), 'open', from, keyOf(id), stampOf(view)),
  );
  const rows = [0, 3, 6].map((start) => numbers.slice(start, start + 3));
  const end = Math.min(total, mostShown);
  const pages = [
    ...(from > 0 ? [button('◀', 'page', from - perPage)] : []),
    ...(from + perPage < end ? [button('▶', 'page', from + perPage)] : []),
  ];
  const all = [
    ...(total > 1 ? [button(words.shuffle, 'shuffle', 0)] : []),
    ...(removed.length > 0 ? [button(words.removed(removed.length), 'list', from)] : []),
  ];
  return [...open, ...rows, pages, all].filter((row) => row.length > 0);
}

function photoKeyboard(
  { queueButtons: words }: Words,
  view: QueueView,
  { id }: Photo,
): InlineKeyboardButton[][] {
  const { from } = view;
  const act = (text: string, verb: string) => button(text, verb, from, keyOf(id), stampOf(view));
  return [
    [act(words.draftNow, 'draft')],
    [act(words.earlier, 'earlier'), act(words.later, 'later')],
    [act(words.first, 'first'), act(words.keep, 'keep')],
    [act(words.remove, 'remove')],
    [button(words.back, 'page', from)],
  ];
}

function removedKeyboard(
  { queueButtons: words }: Words,
  { removed, from }: QueueView,
): InlineKeyboardButton[][] {
  const photos = removed
    .slice(0, perPage)
    .map(({ contentHash, name }) => [button(`↩ ${shownName(name)}`, 'back', from, keyOf(contentHash))]);
  return [...photos, [button(words.back, 'page', from)]];
}

function button(text: string, verb: string, from: number, key = '', stamp = ''): InlineKeyboardButton {
  return { text, callback_data: `queue:${verb}:${Math.max(0, from)}:${key}:${stamp}` };
}

/** A photo in a few letters: a button holds 64 bytes, and Dropbox says nothing of the length of its ids. */
function keyOf(id: string): string {
  return createHash('sha256').update(id).digest('hex').slice(0, 16);
}

/** The order that the owner sees. */
function stampOf({ next, from }: QueueView): string {
  return keyOf([from, ...next.map(({ id }) => id)].join(' ')).slice(0, 8);
}
