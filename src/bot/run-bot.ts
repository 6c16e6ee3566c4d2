import { createBatchSink, createRunner, createSource } from '@grammyjs/runner';
import { Api, type Bot, type BotError, GrammyError } from 'grammy';
import type { Update, UserFromGetMe } from 'grammy/types';
import type { Clock } from '#ports/clock.ts';
import type { Log } from '#ports/log.ts';
import { policies } from '#ports/policies.ts';
import type { BotContext } from './context.ts';

const { askSeconds, limitSeconds, pauseMs } = policies.telegramBot.polling;
const wanted = {
  timeout: askSeconds,
  allowed_updates: ['message', 'callback_query', 'message_reaction_count'],
} as const;

export interface Running {
  /** Rejects when Telegram does not let the bot go on: a wrong token, or a second bot with the same one. */
  readonly ended: Promise<void>;
  /** Resolves when the updates in hand are handled. */
  stop(): Promise<void>;
}

/** What polling needs, and whom it tells. */
export interface RunParts {
  readonly clock: Clock;
  readonly log: Log;
  readonly onPoll: () => void;
  readonly onHeard: () => void;
}

/**
 * Polls for updates. A batch is confirmed to Telegram only after all of it was handled, so that an update whose
 * effect was not saved comes again after a crash. After an outage of any length it listens again within ten seconds.
 * `onPoll` is called each time Telegram has answered, `onHeard` each time what came with it was handled.
 */
export function runBot(bot: Bot<BotContext>, { clock, log, onPoll, onHeard }: RunParts): Running {
  const api = new Api(bot.token, { ...bot.api.options, timeoutSeconds: limitSeconds });
  let offset = 0;
  let hasAsked = false;
  const source = createSource<Update>({
    async supply(count, signal) {
      // The batch before was handled, or there would be no next one.
      if (hasAsked) onHeard();
      const answered = patiently(clock, log, signal);
      if (!bot.isInited()) bot.botInfo = await answered(() => meetTelegram(api));
      const limit = Math.min(count, 100);
      // The first time nothing is waited for: what is there already is to be heard at once.
      const timeout = hasAsked ? wanted.timeout : 0;
      const updates = await answered(() => api.getUpdates({ ...wanted, timeout, offset, limit }, signal));
      const last = updates.at(-1);
      if (last !== undefined) offset = last.update_id + 1;
      hasAsked = true;
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
async function meetTelegram(api: Api): Promise<UserFromGetMe> {
  const [me] = await Promise.all([api.getMe(), api.deleteWebhook()]);
  return me;
}

/** Asks until Telegram has answered or somebody has asked to stop; only a final answer is an error. */
function patiently(clock: Clock, log: Log, stop: { readonly aborted: boolean }) {
  return async <T>(ask: () => Promise<T>): Promise<T> => {
    for (let isFirst = true; ; isFirst = false) {
      try {
        return await ask();
      } catch (error) {
        if (isFinal(error) || stop.aborted) throw error;
        if (isFirst) log.warn({ error: String(error) }, 'Telegram cannot be reached; I keep trying');
        await clock.sleep(Math.max(pauseMs, waitOf(error)));
        if (stop.aborted) throw error;
      }
    }
  };
}

/** A wrong token, or a second program with the same bot. */
function isFinal(error: unknown): boolean {
  return error instanceof GrammyError && [401, 404, 409].includes(error.error_code);
}

/** The wait that Telegram itself asks for, in milliseconds. */
function waitOf(error: unknown): number {
  return error instanceof GrammyError ? (error.parameters.retry_after ?? 0) * 1000 : 0;
}
