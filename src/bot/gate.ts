import { randomInt } from 'node:crypto';
import type { MiddlewareFn } from 'grammy';
import type { Chat, User } from 'grammy/types';
import type { App } from '#app.ts';
import { NotSaved } from '#errors.ts';
import type { Log } from '#ports/log.ts';
import { languageFrom } from '#post/state.ts';
import type { BotContext } from './context.ts';

/** So many wrong codes one sender has until the next start, of 10^9 possible ones. */
const maxWrongCodes = 10;
/** And so many senders are counted; the rest are no owners. */
const maxSenders = 10_000;

/**
 * Lets owners in, in their private chat, and nobody else: strangers, groups and channels get no answer at all. Of the
 * channel that it publishes to, it lets through how many reactions a message has.
 * As long as there is no owner, `/start CODE` with the code from the log makes its sender one, once.
 */
export function createGate(app: App, log: Log, channel: string): MiddlewareFn<BotContext> {
  const code = String(randomInt(10 ** 9)).padStart(9, '0');
  const wrongCodes = new Map<number, number>();
  if (app.owners().length === 0) {
    log.warn({ send: `/start ${code}` }, 'There is no owner yet: send this to the bot to become it');
  }

  return async (ctx, next) => {
    if (ctx.messageReactionCount !== undefined && isChannel(ctx.chat, channel)) {
      await next();
      return;
    }
    if (ctx.chat?.type !== 'private' || ctx.from === undefined) return;
    const owners = app.owners();
    if (owners.includes(ctx.from.id)) {
      await next();
      return;
    }
    const sent = ctx.message?.text?.match(/^\/start (\d{9})$/)?.[1];
    const wrong = wrongCodes.get(ctx.from.id) ?? 0;
    if (owners.length > 0 || sent === undefined || wrong >= maxWrongCodes) return;
    if (sent !== code) {
      if (wrong > 0 || wrongCodes.size < maxSenders) wrongCodes.set(ctx.from.id, wrong + 1);
      log.warn({ sender: ctx.from.id }, 'A wrong pairing code was sent');
      return;
    }
    // First, so that the cards that are waiting come in the right language.
    await meet(app, log, ctx.from);
    await app.pair(ctx.from.id);
    log.info({ owner: ctx.from.id }, 'An owner was paired');
    await ctx.reply(ctx.words.paired);
  };
}

function isChannel(chat: Chat | undefined, channel: string): boolean {
  if (chat?.type !== 'channel') return false;
  return channel.startsWith('@')
    ? `@${chat.username ?? ''}`.toLowerCase() === channel.toLowerCase()
    : String(chat.id) === channel;
}

/** Lets the app know whom it has before it. */
export function meeting(app: App, log: Log): MiddlewareFn<BotContext> {
  return async (ctx, next) => {
    if (ctx.from !== undefined) await meet(app, log, ctx.from);
    await next();
  };
}

/** A disk that takes nothing keeps nobody from being heard. */
async function meet(app: App, log: Log, { id, first_name: name, language_code: tag }: User): Promise<void> {
  try {
    await app.meet(id, { name, language: languageFrom(tag) });
  } catch (error) {
    if (!(error instanceof NotSaved)) throw error;
    log.warn({ owner: id, error: String(error) }, 'What Telegram tells of an owner could not be saved');
  }
}
