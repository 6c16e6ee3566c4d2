import { Composer } from 'grammy';
import type { App } from '#app.ts';
import { NotSaved } from '#errors.ts';
import { isRefusal } from '#post/lifecycle.ts';
import { canBeTakenDown } from '#post/post.ts';
import type { BotContext } from './context.ts';

interface Parts {
  readonly app: App;
  readonly answer: (ctx: BotContext, text?: string) => Promise<void>;
}

/** "Take down" asks once, and its question carries the two answers. */
export function takeDownButtons({ app, answer }: Parts): Composer<BotContext> {
  const composer = new Composer<BotContext>();
  composer.callbackQuery(/^takedown:([\w-]+)$/, async (ctx) => {
    const id = String(ctx.match[1]);
    const post = await app.anyPost(id);
    if (post === undefined || !canBeTakenDown(post)) {
      await answer(ctx, ctx.words.notTaken(post));
      return;
    }
    await answer(ctx);
    const { ask, yes, no } = ctx.words.takeDown;
    const rows = [
      [{ text: yes, callback_data: `takedown-yes:${id}` }],
      [{ text: no, callback_data: 'takedown-no' }],
    ];
    await ctx.reply(ask(post.photo.name), { reply_markup: { inline_keyboard: rows } });
  });
  composer.callbackQuery(/^takedown-yes:([\w-]+)$/, async (ctx) => {
    const said = await withdraw(app, ctx, String(ctx.match[1]));
    await answer(ctx, said);
    await ctx.editMessageText(said).catch(() => undefined);
  });
  composer.callbackQuery('takedown-no', async (ctx) => {
    await answer(ctx);
    await ctx.editMessageText(ctx.words.takeDown.kept).catch(() => undefined);
  });
  return composer;
}

/** It is on disk when this answers. */
async function withdraw(app: App, { words, from }: BotContext, id: string): Promise<string> {
  if (from === undefined) return words.notTaken(undefined);
  try {
    const decided = await app.withdraw(id, from.id);
    if (decided === undefined) return words.notTaken(undefined);
    return isRefusal(decided) ? words.notTaken(decided.post, decided.refused) : words.taken.withdrawing;
  } catch (error) {
    if (!(error instanceof NotSaved)) throw error;
    return words.notSaved(error.code);
  }
}
