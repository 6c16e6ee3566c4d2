import type { CallbackQueryContext } from 'grammy';
import type { App, Decided } from '#app.ts';
import { NotSaved } from '#errors.ts';
import type { Log } from '#ports/log.ts';
import { isRefusal, type Refusal } from '#post/lifecycle.ts';
import { decidedBy } from '#post/post.ts';
import type { BotContext } from './context.ts';
import { says } from './refusals.ts';
import type { Words } from './words/words.ts';

/** What a button decides, by the parts of its data: the first is the verb's name, what it is about follows. */
export interface Verb {
  readonly decide: (app: App, tap: RegExpMatchArray, by: number) => Promise<Decided>;
  /** What is said when it was taken. */
  readonly taken: Exclude<keyof Words['taken'], 'mode'>;
}

/** What to answer. The decision is on disk by then, or nothing has happened. */
export async function decide(
  { match: tap, from, words }: CallbackQueryContext<BotContext>,
  app: App,
  verbs: Readonly<Record<string, Verb>>,
): Promise<string> {
  const verb = typeof tap === 'string' ? undefined : verbs[tap[1] ?? ''];
  if (verb === undefined || typeof tap === 'string') return words.notTaken(undefined);
  try {
    const decided = await verb.decide(app, tap, from.id);
    if (decided === undefined) return words.notTaken(undefined);
    if (isRefusal(decided)) return refusal(app, words, from.id, decided);
    const canUndo = verb.taken === 'approved' && decided.state === 'scheduled' && decided.wait === 'undo';
    return words.taken[canUndo ? 'approvedSoon' : verb.taken];
  } catch (error) {
    if (!(error instanceof NotSaved)) throw error;
    return words.notSaved(error.code);
  }
}

/** With who was first, where that was another owner. */
function refusal(app: App, words: Words, reader: number, { post, refused }: Refusal): string {
  const said = words.notTaken(post, refused);
  const decided = decidedBy(post);
  const name = decided && decided.by !== reader ? app.nameOf(decided.by) : undefined;
  return decided === undefined || name === undefined ? said : `${said} ${words.decidedBy(decided.did, name)}`;
}

/** What was decided stands, whether the answer gets through or not; the card shows it. */
export async function answerTap(ctx: BotContext, log: Log, text?: string): Promise<void> {
  try {
    await ctx.answerCallbackQuery(text === undefined ? {} : { text });
  } catch (error) {
    if (!says(error, 'query is too old')) log.warn({ error: String(error) }, 'A tap could not be answered');
  }
}

/** For edits that may find everything as it should be. */
export function ignoreUnchanged(error: unknown): void {
  if (!says(error, 'message is not modified')) throw error;
}
