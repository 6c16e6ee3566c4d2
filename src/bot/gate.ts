import { randomInt } from 'node:crypto';
import type { Context, MiddlewareFn } from 'grammy';
import type { App } from '#app.ts';
import type { Log } from '#ports/log.ts';
import * as words from './words/english/index.ts';

/** So many wrong codes one sender has until the next start, of 10^9 possible ones. */
const maxWrongCodes = 10;
/** And so many senders are counted; the rest are no owners. */
const maxSenders = 10_000;

/**
 * Lets owners in, in their private chat, and nobody else: strangers, groups and channels get no answer at all.
 * As long as there is no owner, `/start CODE` with the code from the log makes its sender one, once.
 */
export function createGate<C extends Context>(app: App, log: Log): MiddlewareFn<C> {
  const code = String(randomInt(10 ** 9)).padStart(9, '0');
  const wrongCodes = new Map<number, number>();
  if (app.owners().length === 0) {
    log.warn({ send: `/start ${code}` }, 'There is no owner yet: send this to the bot to become it');
  }

  return async (ctx, next) => {
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
    await app.pair(ctx.from.id);
    log.info({ owner: ctx.from.id }, 'An owner was paired');
    await ctx.reply(words.paired);
  };
}
