import { Composer } from 'grammy';
import type { App } from '#app.ts';
import type { FullSizeChoice } from '#flow/draft/choose-full-size.ts';
import { isRefusal } from '#post/lifecycle.ts';
import type { BotContext, BotParts } from './context.ts';
import { inItsTime } from './in-its-time.ts';
import { answerTap } from './taps.ts';
import type { Words } from './words/words.ts';

/**
 * Whether the picture in full size follows a post: `full:post:revision:platform:on|off`. To make the file takes a while;
 * the tap is answered before, and the card changes afterwards. A second tap meanwhile makes no second file.
 */
export function fullSizeButtons({ app, log }: BotParts): Composer<BotContext> {
  const composer = new Composer<BotContext>();
  const underway = new Set<string>();
  composer.callbackQuery(/^full:([\w-]+):(\d+):([\w-]+):(on|off)$/, async (ctx) => {
    const { words, match } = ctx;
    const [data = '', id = '', revision, platform = '', to] = match;
    const choice = { id, revision: Number(revision), platform, isOn: to === 'on' };
    await answerTap(ctx, log, choice.isOn ? words.fullSize.making : words.taken.saved);
    if (underway.has(data)) return;
    underway.add(data);
    inItsTime(ctx, log, async () => {
      try {
        const refused = await refusalOf(app, words, choice);
        if (refused !== undefined) await ctx.reply(refused);
      } finally {
        underway.delete(data);
      }
    });
  });
  return composer;
}

/** Why it was not done; undefined: it was, and the card shows it. */
async function refusalOf(app: App, words: Words, choice: FullSizeChoice): Promise<string | undefined> {
  const chosen = await app.chooseFullSize(choice);
  if (chosen === undefined) return words.notTaken(undefined);
  if (typeof chosen === 'string') return words.fullSize[chosen];
  return isRefusal(chosen) ? words.notTaken(chosen.post, chosen.refused) : undefined;
}
