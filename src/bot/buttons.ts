import { Composer } from 'grammy';
import type { DeliveryChoice } from '#post/delivery.ts';
import { Mode } from '#post/settings.ts';
import { markupOf } from './card-view.ts';
import type { BotContext, BotParts } from './context.ts';
import { draftButtons } from './draft-buttons.ts';
import { type CodeWanted, enterCode } from './enter-code.ts';
import { modeView } from './settings-views.ts';
import { takeDownButtons } from './take-down.ts';
import { answerTap, decide, ignoreUnchanged, type Verb } from './taps.ts';

/** Buttons of a delivery name its round: `verb:post:platform:round`. */
const deliveryVerbs: Readonly<Record<string, Verb>> = {
  retry: { decide: (app, tap) => app.retry(choiceOf(tap)), taken: 'retried' },
  seen: { decide: (app, tap) => app.seen(choiceOf(tap)), taken: 'seen' },
  drop: { decide: (app, tap) => app.drop(choiceOf(tap)), taken: 'dropped' },
};

function choiceOf([, , id = '', platform = '', round]: RegExpMatchArray): DeliveryChoice {
  return { id, platform, round: Number(round) };
}

/** The buttons of the cards. A tap carries what it was about, so that an old card decides nothing. */
export function cardButtons(parts: BotParts): Composer<BotContext> {
  const { app, log } = parts;
  const composer = new Composer<BotContext>();
  const answer = (ctx: BotContext, text?: string) => answerTap(ctx, log, text);
  composer.use(draftButtons(parts));
  composer.callbackQuery(/^(code):([\w-]+):([\w-]+):(\d+)$/, async (ctx) => {
    if (typeof ctx.match === 'string') return;
    const choice = choiceOf(ctx.match);
    const awaited = app.awaitedCode(choice);
    if (awaited === undefined) {
      await answer(ctx, ctx.words.codeEntry.notAwaited);
      return;
    }
    await answer(ctx);
    const wanted: CodeWanted = { choice, ...awaited };
    await ctx.conversation.exitAll();
    await ctx.conversation.enter(enterCode, wanted);
  });
  composer.callbackQuery(/^(retry|seen|drop):([\w-]+):([\w-]+):(\d+)$/, async (ctx) => {
    await answer(ctx, await decide(ctx, app, deliveryVerbs));
  });
  composer.use(takeDownButtons({ app, answer }));
  composer.callbackQuery(/^mode:(review|auto|veto)$/, async (ctx) => {
    const mode = Mode.parse(ctx.match[1]);
    await app.setMode(mode, ctx.from.id);
    const { text, keyboard } = modeView(app, ctx.words);
    await answer(ctx, text);
    await ctx.editMessageText(text, markupOf(keyboard)).catch(ignoreUnchanged);
  });
  composer.on('callback_query', (ctx) => answer(ctx, ctx.words.notTaken(undefined)));
  return composer;
}
