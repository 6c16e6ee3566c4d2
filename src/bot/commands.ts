import { Composer } from 'grammy';
import type { App } from '#app.ts';
import type { Log } from '#ports/log.ts';
import { Mode } from '#post/settings.ts';
import type { BotContext, BotParts } from './context.ts';
import { inItsTime } from './in-its-time.ts';
import { dateIn } from './owner-chat.ts';
import { planWords } from './plan-words.ts';
import { sendQueue } from './queue.ts';
import {
  modeButton,
  modeView,
  pauseView,
  replyWithView,
  scheduleView,
  settingsMenu,
  takeAnswer,
} from './settings-views.ts';

/** What the owner can type. What only shows something answers when it is ready, and keeps nobody waiting. */
export function commands({ app, log, platforms }: BotParts): Composer<BotContext> {
  const composer = new Composer<BotContext>();
  composer.command('start', async (ctx) => {
    await ctx.reply(ctx.words.greeting);
    app.welcome();
  });
  composer.command('help', (ctx) => ctx.reply(ctx.words.help));
  composer.command('cancel', (ctx) => ctx.reply(ctx.words.editing.nothingToCancel));
  composer.command('post', async (ctx) => {
    const name = ctx.match.trim();
    await app.requestDraft(name === '' ? undefined : name, ctx.from?.id);
  });
  composer.command('queue', (ctx) => inItsTime(ctx, log, () => sendQueue(app, ctx)));
  composer.command('status', (ctx) => inItsTime(ctx, log, () => status(app, ctx, log)));
  composer.command('retry', async (ctx) => {
    const tried = await app.retryAll();
    const nameOf = (id: string) => ctx.words.place(platforms.find((each) => each.id === id)?.name ?? id);
    await ctx.reply(ctx.words.retrying(tried.map(({ platform }) => nameOf(platform))));
  });
  composer.command('auto', (ctx) => auto(app, ctx, ctx.match.trim()));
  composer.command('settings', async (ctx) => {
    await replyWithView(ctx, settingsMenu(app, ctx.words));
  });
  composer.command('schedule', (ctx) => schedule(app, ctx, ctx.match.trim()));
  composer.command('pause', (ctx) => pause(app, ctx, ctx.match.trim()));
  composer.command('resume', (ctx) => resume(app, ctx));
  composer.on('message', (ctx) => ctx.reply(ctx.words.notUnderstood));
  return composer;
}

/** Says at once what is known, and adds below it what the services answer. */
async function status(app: App, ctx: BotContext, log: Log): Promise<void> {
  const checks = app.check();
  const view = await app.status();
  const drafts = view.open.filter(({ state }) => state === 'awaiting-approval' || state === 'drafting');
  const scheduled = view.open.filter(({ state }) => state === 'scheduled');
  const text = ctx.words.status({
    mode: view.mode,
    ...planWords(view, ctx.words),
    photosLeft: view.photosLeft,
    photosLastUntil: view.photosLastUntil && dateIn(view.timeZone, ctx.words.locale)(view.photosLastUntil),
    setAside: view.setAside,
    openDrafts: drafts.length,
    scheduled: scheduled.length,
    unfinished: view.open.length - drafts.length - scheduled.length,
    platforms: view.platforms,
    hasDescriber: view.describer,
    hasCaptionWriter: view.captionWriter,
    spending: view.spending,
  });
  const { chat, message_id: id } = await ctx.reply(`${text}\n\n${ctx.words.checking}`);
  const checked = `${text}\n\n${ctx.words.checkup(await checks)}`;
  await ctx.api
    .editMessageText(chat.id, id, checked)
    .catch((error: unknown) => log.warn({ error: String(error) }, 'The check could not be shown'));
}

const modeWords: Readonly<Record<string, Mode>> = { on: 'auto', off: 'review', veto: 'veto' };

async function auto(app: App, ctx: BotContext, wanted: string): Promise<void> {
  const by = ctx.from?.id;
  const mode = modeWords[wanted];
  if (by !== undefined && mode !== undefined) {
    await app.setMode(mode, by);
    return await replyWithView(ctx, modeView(app, ctx.words));
  }
  const others = Mode.options.filter((each) => each !== app.mode());
  const keyboard = others.map((each) => [
    { text: modeButton(ctx.words, each), callback_data: `mode:${each}` },
  ]);
  const text = ctx.words.autoMode(app.mode(), app.settings().vetoMinutes);
  await ctx.reply(text, { reply_markup: { inline_keyboard: keyboard } });
}

async function schedule(app: App, ctx: BotContext, text: string): Promise<void> {
  if (ctx.from === undefined) return;
  const view =
    text === ''
      ? scheduleView(app, ctx.words)
      : await takeAnswer(app, ctx.words, 'schedule', text, ctx.from.id);
  await replyWithView(ctx, view);
}

async function pause(app: App, ctx: BotContext, length: string): Promise<void> {
  const isPaused = ctx.from !== undefined && (await app.startPause(length, ctx.from.id));
  if (isPaused) await replyWithView(ctx, pauseView(app, ctx.words));
  else await ctx.reply(ctx.words.pauseNotUnderstood);
}

async function resume(app: App, ctx: BotContext): Promise<void> {
  if (ctx.from === undefined) return;
  await app.endPause(ctx.from.id);
  await replyWithView(ctx, pauseView(app, ctx.words));
}
