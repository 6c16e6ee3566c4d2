import { Composer } from 'grammy';
import type { FormattedText } from '#post/formatted-text.ts';
import { isRefusal } from '#post/lifecycle.ts';
import { currentAltText, currentText, type Post } from '#post/post.ts';
import { agendaOf } from '#post/settings.ts';
import { Shape } from '#post/shape.ts';
import { cardOf } from './card.ts';
import { markupOf } from './card-view.ts';
import type { BotContext, BotParts } from './context.ts';
import { type Askable, type Asking, askable } from './draft-dialogs.ts';
import { fullSizeButtons } from './full-size.ts';
import { type MenuName, menuNames, minuteMs } from './menus.ts';
import { readerIn } from './owner-chat.ts';
import { createPreviewSender, replyWithText } from './preview.ts';
import { directions, styles } from './styles.ts';
import { answerTap, decide, ignoreUnchanged, type Verb } from './taps.ts';
import { messageLength } from './words/limits.ts';

/** Buttons of a draft name its revision: `verb:post:revision`, and some what is chosen behind it. */
const draftVerbs: Readonly<Record<string, Verb>> = {
  publish: {
    decide: (app, [, , id = '', revision], by) => app.approve(id, Number(revision), by),
    taken: 'approved',
  },
  /** A scheduled post goes out at once. */
  now: {
    decide: (app, [, , id = '', revision], by) => app.publishNow(id, Number(revision), by),
    taken: 'approved',
  },
  /** A scheduled post is a draft again. */
  undo: {
    decide: (app, [, , id = '', revision], by) =>
      app.decide(id, Number(revision), { type: 'unscheduled', by }),
    taken: 'undone',
  },
  regenerate: {
    decide: (app, [, , id = '', revision]) => app.decide(id, Number(revision), { type: 'regenerated' }),
    taken: 'regenerated',
  },
  style: {
    decide: (app, [, , id = '', revision, chosen]) => {
      const style = styles.find((each) => each === chosen) ?? 'plain';
      return app.decide(id, Number(revision), { type: 'regenerated', direction: directions[style] });
    },
    taken: 'regenerated',
  },
  /** With the place of the text behind it. */
  version: {
    decide: (app, [, , id = '', revision, index]) =>
      app.decide(id, Number(revision), { type: 'caption-chosen', index: Number(index) }),
    taken: 'versionChosen',
  },
  /** With the platform and `on` or `off` behind it. */
  place: {
    decide: (app, [, , id = '', revision, platform = '', to]) =>
      app.decide(id, Number(revision), { type: 'place-chosen', platform, isOn: to === 'on' }),
    taken: 'saved',
  },
  /** With the platform and the shape behind it. */
  shape: {
    decide: (app, [, , id = '', revision, platform = '', shape]) =>
      app.decide(id, Number(revision), { type: 'shaped', platform, shape: Shape.parse(shape) }),
    taken: 'shaped',
  },
  skip: {
    decide: (app, [, , id = '', revision], by) => app.decide(id, Number(revision), { type: 'skipped', by }),
    taken: 'skipped',
  },
  never: {
    decide: (app, [, , id = '', revision], by) =>
      app.decide(id, Number(revision), { type: 'skipped', by, isForever: true }),
    taken: 'neverAgain',
  },
};

const verbs = [
  /^(publish|regenerate|skip|never|now|undo):([\w-]+):(\d+)$/,
  new RegExp(`^(style):([\\w-]+):(\\d+):(${styles.join('|')})$`),
  /^(version):([\w-]+):(\d+):(\d+)$/,
  /^(place):([\w-]+):(\d+):([\w-]+):(on|off)$/,
  new RegExp(`^(shape):([\\w-]+):(\\d+):([\\w-]+):(${Shape.options.join('|')})$`),
];

/** The buttons of a draft and of a scheduled post, with their menus, and texts in reply to its card. */
export function draftButtons(parts: BotParts): Composer<BotContext> {
  const { app, log, menus } = parts;
  const composer = new Composer<BotContext>();
  composer.callbackQuery(verbs, async (ctx) => {
    const [, verb, id = ''] = ctx.match;
    // Several places are switched one after the other.
    if (verb !== 'place') menus.close(ctx.from.id, id);
    await answerTap(ctx, log, await decide(ctx, app, draftVerbs));
  });
  composer.callbackQuery(new RegExp(`^menu:([\\w-]+):(\\d+):(${menuNames.join('|')})$`), async (ctx) => {
    const [, id = '', revision, name] = ctx.match;
    await openMenu(ctx, parts, { id, revision: Number(revision), name: name as MenuName });
  });
  composer.callbackQuery(/^(at):([\w-]+):(\d+):(\d+)$/, async (ctx) => {
    const isOver = Number(ctx.match[4]) * minuteMs <= app.now().getTime();
    if (isOver) return await answerTap(ctx, log, ctx.words.wrongTime.past);
    menus.close(ctx.from.id, String(ctx.match[2]));
    await answerTap(ctx, log, await decide(ctx, app, { at: { decide: atTime, taken: 'scheduled' } }));
  });
  composer.callbackQuery(/^edit:([\w-]+):(\d+)$/, (ctx) => {
    const [, postId = '', revision] = ctx.match;
    return ask(ctx, parts, 'caption', postId, Number(revision));
  });
  composer.callbackQuery(new RegExp(`^ask:([\\w-]+):(\\d+):(${askable.join('|')})$`), (ctx) => {
    const [, postId = '', revision, about] = ctx.match;
    return ask(ctx, parts, about as Askable, postId, Number(revision));
  });
  composer.callbackQuery(/^text:([\w-]+):\d+$/, async (ctx) => {
    const post = app.post(String(ctx.match[1]));
    await answerTap(ctx, log, post ? undefined : ctx.words.notTaken(undefined));
    if (post !== undefined) await replyWithText(ctx, currentText(post));
  });
  composer.use(fullSizeButtons(parts));
  const preview = createPreviewSender(parts);
  composer.callbackQuery(/^preview:([\w-]+):(\d+)$/, async (ctx) => {
    const [, postId = '', revision] = ctx.match;
    await answerTap(ctx, log, await preview(ctx, postId, Number(revision)));
  });
  composer.on('message:text', async (ctx, next) => {
    const { text, reply_to_message: card } = ctx.message;
    const post = card && app.postOn(ctx.chat.id, card.message_id);
    if (post === undefined || text.startsWith('/')) return await next();
    const direction = text.trim();
    const decided = await app.decide(post.id, post.revision, { type: 'regenerated', direction });
    const isTaken = decided !== undefined && !isRefusal(decided);
    await ctx.reply(isTaken ? ctx.words.directed(direction) : ctx.words.notTaken(decided?.post));
  });
  return composer;
}

/** A draft is approved for that time, a scheduled post moved to it. */
const atTime: Verb['decide'] = async (app, [, , id = '', revision, minutes], by) => {
  const publishAt = new Date(Number(minutes) * minuteMs);
  return await app.schedule(id, Number(revision), publishAt, by);
};

/** The post as the card shows it; undefined: it is another one by now, which was said. */
async function current(ctx: BotContext, { app, log }: BotParts, id: string, revision: number) {
  const post = await app.look(id, revision);
  if (post !== undefined && !isRefusal(post)) return post;
  await answerTap(
    ctx,
    log,
    post ? ctx.words.notTaken(post.post, post.refused) : ctx.words.notTaken(undefined),
  );
  return undefined;
}

async function ask(
  ctx: BotContext,
  parts: BotParts,
  about: Askable,
  postId: string,
  revision: number,
): Promise<void> {
  const post = await current(ctx, parts, postId, revision);
  if (post === undefined) return;
  await answerTap(ctx, parts.log);
  const soFar = textSoFar(post, about);
  const asking: Asking = { postId, revision, name: post.photo.name, ...(soFar && { soFar }) };
  await ctx.conversation.exitAll();
  await ctx.conversation.enter(about, asking);
}

/** What is to be changed, as far as it fits into a message. */
function textSoFar(post: Post, about: Askable): FormattedText | undefined {
  if (about !== 'caption' && about !== 'alt-text') return undefined;
  const text = about === 'caption' ? currentText(post) : { text: currentAltText(post) ?? '' };
  return text.text === '' || text.text.length > messageLength ? undefined : text;
}

interface Opening {
  readonly id: string;
  readonly revision: number;
  readonly name: MenuName;
}

/** Only the buttons of the card change. */
async function openMenu(ctx: BotContext, parts: BotParts, { id, revision, name }: Opening): Promise<void> {
  const { app, log, menus, platforms } = parts;
  const post = await current(ctx, parts, id, revision);
  if (post === undefined || ctx.chat === undefined) return;
  if (name === 'main') menus.close(ctx.chat.id, id);
  else menus.open(ctx.chat.id, post, { name });
  const agenda = agendaOf(app.settings());
  const reader = readerIn(ctx.words, agenda.timeZone, () => undefined);
  const now = app.now();
  const card = cardOf(post, platforms, reader, now);
  const { keyboard } = menus.on(ctx.chat.id, post, card, { platforms, reader, agenda, now });
  await answerTap(ctx, log, name === 'never' ? ctx.words.menu.neverAsked : undefined);
  await ctx.editMessageReplyMarkup(markupOf(keyboard)).catch(ignoreUnchanged);
}
