import { Composer } from 'grammy';
import type { MessageEntity } from 'grammy/types';
import type { BotContext, BotParts } from './context.ts';
import { firstWords } from './history.ts';
import { inItsTime } from './in-its-time.ts';

type Parts = Pick<BotParts, 'app' | 'log' | 'platforms'>;

/** `/stats`: the posts in numbers. */
export function stats(parts: Parts): Composer<BotContext> {
  const composer = new Composer<BotContext>();
  composer.command('stats', (ctx) => inItsTime(ctx, parts.log, () => sendStats(parts, ctx)));
  return composer;
}

async function sendStats({ app, platforms }: Parts, ctx: BotContext): Promise<void> {
  const { words } = ctx;
  const view = await app.stats();
  if (view.places.length === 0 && view.inAll === 0) {
    await ctx.reply(words.history.none(''));
    return;
  }
  const nameOf = (id: string) => platforms.find((each) => each.id === id)?.name ?? id;
  let text = words.stats.text({
    ...view,
    places: view.places.map((each) => ({ ...each, name: nameOf(each.platform) })),
  });
  const entities: MessageEntity[] = [];
  if (view.mostLiked.length > 0) text += `\n\n${words.stats.mostLiked}`;
  view.mostLiked.forEach(({ post, reactions, url }, index) => {
    text += `\n${index + 1}. `;
    const first = firstWords(post);
    if (url !== undefined) {
      entities.push({ type: 'text_link', offset: text.length, length: first.length, url });
    }
    text += `${first} · ${words.stats.reactions(reactions)}`;
  });
  await ctx.reply(text, { entities, link_preview_options: { is_disabled: true } });
}
