import { createBatchSink, createRunner, createSource, createUpdateFetcher } from '@grammyjs/runner';
import { type Bot, type BotError, GrammyError } from 'grammy';
import type { Update } from 'grammy/types';
import type { Clock } from '#ports/clock.ts';
import type { Log } from '#ports/log.ts';
import type { BotContext } from './context.ts';

const pauseMs = 3_000;

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
export function runBot(bot: Bot<BotContext>, clock: Clock, log: Log, onPoll: () => void): Running {
  const fetchUpdates = createUpdateFetcher(bot, {
    fetch: { timeout: 30, allowed_updates: ['message', 'callback_query'] },
    maxRetryTime: Number.POSITIVE_INFINITY,
    retryInterval: pauseMs,
    silent: true,
  });
  const source = createSource<Update>({
    async supply(count, signal) {
      if (!bot.isInited()) await meetTelegram(bot, clock, log, signal);
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

/** Who the bot is; and with a webhook from a former life of it, Telegram would refuse polling. */
async function meetTelegram(
  bot: Bot<BotContext>,
  clock: Clock,
  log: Log,
  signal: { readonly aborted: boolean },
): Promise<void> {
  for (let isFirst = true; ; isFirst = false) {
    try {
      await bot.api.deleteWebhook();
      bot.botInfo = await bot.api.getMe();
      return;
    } catch (error) {
      const isFinal = error instanceof GrammyError && [401, 404, 409].includes(error.error_code);
      if (isFinal || signal.aborted) throw error;
      if (isFirst) log.warn({ error: String(error) }, 'Telegram cannot be reached; I keep trying');
      await clock.sleep(pauseMs);
    }
  }
}
