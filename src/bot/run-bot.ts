import { createBatchSink, createRunner, createSource, createUpdateFetcher } from '@grammyjs/runner';
import type { Bot, BotError } from 'grammy';
import type { Update } from 'grammy/types';
import type { BotContext } from './context.ts';

export interface Running {
  /** Rejects when Telegram does not let the bot go on: a wrong token, or a second bot with the same one. */
  readonly ended: Promise<void>;
  /** Resolves when the updates in hand are handled. */
  stop(): Promise<void>;
}

/**
 * Polls for updates. A batch is confirmed to Telegram only after all of it was handled, so that an update whose
 * effect was not saved comes again after a crash. After an outage of any length the next poll is three seconds
 * away. `onPoll` is called each time Telegram has answered.
 */
export function runBot(bot: Bot<BotContext>, onPoll: () => void): Running {
  const fetchUpdates = createUpdateFetcher(bot, {
    fetch: { timeout: 30, allowed_updates: ['message', 'callback_query'] },
    maxRetryTime: Number.POSITIVE_INFINITY,
    retryInterval: 3_000,
    silent: true,
  });
  const source = createSource<Update>({
    async supply(count, signal) {
      if (!bot.isInited()) {
        await bot.init(signal);
        // With a webhook from a former life of this bot, Telegram refuses polling.
        await bot.api.deleteWebhook();
      }
      const updates = await fetchUpdates(count, signal);
      onPoll();
      return updates;
    },
  });
  const sink = createBatchSink<Update, BotError<BotContext>>(
    { consume: (update) => bot.handleUpdate(update) },
    async (error) => {
      await bot.errorHandler(error);
    },
  );
  const runner = createRunner(source, sink);
  runner.start();
  return { ended: runner.task() ?? Promise.resolve(), stop: () => runner.stop() };
}
