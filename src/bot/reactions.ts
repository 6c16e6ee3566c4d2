import { Composer } from 'grammy';
import type { App } from '#app.ts';
import type { BotContext } from './context.ts';

/** Hears how many reactions a message of the channel has; Telegram tells it some minutes late, and all of them anew. */
export function reactions(app: App): Composer<BotContext> {
  const composer = new Composer<BotContext>();
  composer.on('message_reaction_count', async ({ messageReactionCount: { message_id: id, reactions } }) => {
    await app.countReactions(
      id,
      reactions.reduce((sum, { total_count: count }) => sum + count, 0),
    );
  });
  return composer;
}
