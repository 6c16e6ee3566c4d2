import { NotSaved, ServiceError } from '#errors.ts';
import { describeError } from '#flow/tell-trouble.ts';
import type { Log } from '#ports/log.ts';
import type { BotContext } from './context.ts';

/** Does what has to wait for a service without keeping the chat waiting. */
export function inItsTime(ctx: BotContext, log: Log, work: () => Promise<void>): void {
  void work().catch((error: unknown) => reportTrouble(ctx, log, error));
}

/** A service that fails while the owner waits for an answer is the answer. */
async function reportTrouble(ctx: BotContext, log: Log, error: unknown): Promise<void> {
  log.warn({ error: describeError(error) }, 'A question could not be answered');
  await ctx.reply(whatIsWrong(ctx, error)).catch(() => undefined);
}

function whatIsWrong({ words }: BotContext, error: unknown): string {
  if (error instanceof NotSaved) return words.notSaved(error.code);
  if (!(error instanceof ServiceError)) return words.somethingWentWrong;
  return words.problem({ name: error.service }, error.problem);
}
