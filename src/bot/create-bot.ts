import { autoRetry } from '@grammyjs/auto-retry';
import { sequentialize } from '@grammyjs/runner';
import { Bot } from 'grammy';
import { NotSaved } from '#errors.ts';
import { policies } from '#ports/policies.ts';
import { cardButtons } from './buttons.ts';
import { commands } from './commands.ts';
import { type BotContext, type BotParts, speak } from './context.ts';
import { dialogs } from './dialogs.ts';
import { draftDialogs, isAskable } from './draft-dialogs.ts';
import { codeDialog } from './enter-code.ts';
import { createGate, meeting } from './gate.ts';
import { history } from './history.ts';
import { photosIn } from './photos-in.ts';
import { queueButtons } from './queue.ts';
import { reactions } from './reactions.ts';
import { settingButtons } from './settings.ts';
import { askSetting, settingDialog } from './settings-dialog.ts';
import { stats } from './stats.ts';
import { type Words, wordsFor } from './words/words.ts';

const policy = policies.telegramBot;

/** The bot without any ears yet: its `api` can be used at once. */
export function openBot(token: string, apiRoot: string | undefined): Bot<BotContext> {
  const client = {
    timeoutSeconds: policy.limitSeconds,
    baseFetchConfig: policy.fetch,
    ...(apiRoot !== undefined && { apiRoot }),
  };
  const bot = new Bot<BotContext>(token, { client });
  bot.api.config.use(patience());
  return bot;
}

/** Only a 429 is repeated: everything else may have been carried out. */
function patience() {
  return autoRetry({
    maxRetryAttempts: policy.mostRetries,
    maxDelaySeconds: policy.longestWaitSeconds,
    rethrowInternalServerErrors: true,
    rethrowHttpErrors: true,
  });
}

/** Gives the bot its ears. The order is the meaning: who may speak, one thing at a time, then what was said. */
export function listen(bot: Bot<BotContext>, parts: BotParts): void {
  const { app, store, log, channel } = parts;
  bot.use(speak);
  bot.use(createGate(app, log, channel));
  bot.use(sequentialize((ctx) => ctx.chatId?.toString()));
  bot.use(reactions(app));
  bot.use(meeting(app, log));
  bot.use(dialogs(store));
  bot.command('cancel', async (ctx, next) => {
    const [dialog] = Object.keys(ctx.conversation.active());
    await ctx.conversation.exitAll();
    if (dialog === undefined) await next();
    else await ctx.reply(cancelled(dialog, ctx.words));
  });
  bot.use(draftDialogs(parts));
  bot.use(codeDialog(app));
  bot.use(settingDialog(app));
  bot.use(settingButtons(parts));
  bot.use(queueButtons(parts));
  bot.use(history(parts));
  bot.use(stats(parts));
  bot.use(cardButtons(parts));
  bot.use(photosIn(parts));
  bot.use(commands(parts));
  bot.catch(async ({ error, ctx }) => {
    log.error({ update: ctx.update.update_id, error: String(error) }, 'An update could not be handled');
    // The channel's readers are not to see it.
    if (ctx.chat?.type !== 'private') return;
    const text = error instanceof NotSaved ? ctx.words.notSaved(error.code) : ctx.words.somethingWentWrong;
    const reply = ctx.callbackQuery ? ctx.answerCallbackQuery({ text }) : ctx.reply(text);
    await reply.catch(() => undefined);
  });
}

function cancelled(dialog: string, words: Words): string {
  if (isAskable(dialog)) return words.asking[dialog].cancelled;
  return dialog === askSetting ? words.settings.cancelled : words.codeEntry.cancelled;
}

/** Registers the command menu and what people see before they press Start. */
export async function introduce(bot: Bot<BotContext>): Promise<void> {
  await bot.api.setMyCommands(wordsFor('en').commands);
  await bot.api.setMyCommands(wordsFor('de').commands, { language_code: 'de' });
}
