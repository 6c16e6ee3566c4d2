import { Composer } from 'grammy';
import type { InlineKeyboardButton, MessageEntity } from 'grammy/types';
import type { HistoryPage } from '#flow/history/read-history.ts';
import type { Delivery } from '#post/delivery.ts';
import { cutAtWord } from '#post/fit-caption.ts';
import { type ApprovedPost, currentCaption } from '#post/post.ts';
import { cardOf } from './card.ts';
import { markupOf } from './card-view.ts';
import type { BotContext, BotParts } from './context.ts';
import { captioned, entitiesOf } from './formatting.ts';
import { readerIn } from './owner-chat.ts';

type Parts = Pick<BotParts, 'app' | 'platforms'>;

/** `/history` with its pages, and the record of each post. */
export function history({ app, platforms }: Parts): Composer<BotContext> {
  const composer = new Composer<BotContext>();
  composer.command('history', async (ctx) => {
    const words = shortened(ctx.match.trim());
    const { text, ...other } = view({ app, platforms }, ctx, await app.history(words, 0), words, 0);
    await ctx.reply(text, other);
  });
  composer.callbackQuery(/^history:(\d+):(.*)$/s, async (ctx) => {
    const [, page = '', words = ''] = ctx.match;
    const found = await app.history(words, Number(page));
    const { text, ...other } = view({ app, platforms }, ctx, found, words, Number(page));
    await ctx.answerCallbackQuery();
    await ctx.editMessageText(text, other).catch(() => undefined);
  });
  composer.callbackQuery(/^record:([\w-]+)$/, async (ctx) => {
    const post = await app.anyPost(String(ctx.match[1]));
    await ctx.answerCallbackQuery(post === undefined ? { text: ctx.words.notTaken(undefined) } : {});
    if (post === undefined) return;
    const reader = readerIn(ctx.words, app.settings().timeZone, (id) =>
      id === ctx.from.id || app.owners().length < 2 ? undefined : app.nameOf(id),
    );
    const card = cardOf(post, platforms, reader, app.now());
    const markup = markupOf(card.keyboard);
    const fileId = post.cards.find(({ chatId }) => chatId === ctx.chat?.id)?.fileId;
    if (fileId === undefined) await ctx.reply(card.text, { ...entitiesOf(card), ...markup });
    else await ctx.replyWithPhoto(fileId, { ...captioned(card), ...markup });
  });
  return composer;
}

/** Bot API: 64 bytes for what a button carries, of which the page takes some. */
const mostBytes = 44;

/** The words as far as a button can carry them; with fewer of them more is found. */
function shortened(words: string): string {
  let text = words;
  while (Buffer.byteLength(text) > mostBytes) text = [...text].slice(0, -1).join('');
  return text.trim();
}

function view(
  { app, platforms }: Parts,
  { words }: BotContext,
  { posts, hasMore }: HistoryPage,
  wanted: string,
  page: number,
) {
  const day = new Intl.DateTimeFormat(words.locale, {
    timeZone: app.settings().timeZone,
    dateStyle: 'medium',
  });
  let text = posts.length === 0 ? words.history.none(wanted) : words.history.head(wanted);
  const entities: MessageEntity[] = [];
  posts.forEach((post, index) => {
    text += `\n\n${index + 1}. ${day.format(new Date(post.approval.at))} · ${firstWords(post)}\n`;
    Object.entries(post.deliveries).forEach(([id, delivery], place) => {
      const name = words.place(platforms.find((each) => each.id === id)?.name ?? id);
      text += `${place > 0 ? ' · ' : ''}${marks[delivery.state]} `;
      if (delivery.state === 'published' && delivery.url !== undefined) {
        entities.push({ type: 'text_link', offset: text.length, length: name.length, url: delivery.url });
      }
      text += delivery.state === 'published' ? name : words.history.place(name, delivery.state);
    });
  });
  const numbers = posts.map(({ id }, index) => ({ text: String(index + 1), callback_data: `record:${id}` }));
  const turn = (sign: string, to: number) => ({ text: sign, callback_data: `history:${to}:${wanted}` });
  const turns = [...(page > 0 ? [turn('◀', page - 1)] : []), ...(hasMore ? [turn('▶', page + 1)] : [])];
  const rows: InlineKeyboardButton[][] = [numbers.slice(0, 4), numbers.slice(4), turns];
  return {
    text,
    entities,
    link_preview_options: { is_disabled: true },
    reply_markup: { inline_keyboard: rows.filter((row) => row.length > 0) },
  };
}

const marks: Readonly<Record<Delivery['state'], string>> = {
  waiting: '⏳',
  sending: '📤',
  published: '✅',
  failed: '❌',
  uncertain: '❓',
  dropped: '➖',
  withdrawn: '🗑',
};

/** Of its text, or the photo's name where it has none; as long as a line of a list. */
export function firstWords(post: ApprovedPost): string {
  return cutAtWord((currentCaption(post) || post.photo.name).replace(/\s+/g, ' '), 60);
}
