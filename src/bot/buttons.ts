import { Composer, GrammyError } from 'grammy';
import type { App, Decided } from '#app.ts';
import { NotSaved } from '#errors.ts';
import type { BotContext } from './context.ts';
import { type Editing, editCaption } from './edit-caption.ts';
import * as words from './words.ts';

interface Tap {
  readonly postId: string;
  /** The revision the card showed, or the platform the button is about. */
  readonly about: string;
  readonly by: number;
}

interface Verb {
  readonly decide: (app: App, tap: Tap) => Promise<Decided>;
  readonly taken: string;
}

const verbs: Readonly<Record<string, Verb>> = {
  publish: {
    decide: (app, { postId, about, by }) => app.approve(postId, Number(about), by),
    taken: words.taken.approved,
  },
  regenerate: {
    decide: (app, { postId, about }) => app.regenerate(postId, Number(about)),
    taken: words.taken.regenerated,
  },
  skip: {
    decide: (app, { postId, about, by }) => app.skip(postId, Number(about), by),
    taken: words.taken.skipped,
  },
  retry: { decide: (app, { postId, about }) => app.retry(postId, about), taken: words.taken.retried },
  seen: { decide: (app, { postId, about }) => app.seen(postId, about), taken: words.taken.seen },
  drop: { decide: (app, { postId, about }) => app.drop(postId, about), taken: words.taken.dropped },
};

/** The buttons of the cards. A tap carries what it was about, so that an old card decides nothing. */
export function cardButtons(app: App): Composer<BotContext> {
  const composer = new Composer<BotContext>();
  composer.callbackQuery(/^edit:([\w-]+):(\d+)$/, async (ctx) => {
    const [, postId = '', revision = ''] = ctx.match;
    const post = app.post(postId);
    if (post?.state !== 'awaiting-approval' || post.revision !== Number(revision)) {
      await answer(ctx, words.notTaken(post, post?.state === 'awaiting-approval'));
      return;
    }
    await answer(ctx);
    const editing: Editing = { postId, revision: post.revision, name: post.photo.name };
    await ctx.conversation.exitAll();
    await ctx.conversation.enter(editCaption, editing);
  });
  composer.callbackQuery(/^(\w+):([\w-]+):(\w+)$/, async (ctx) => {
    const [, verb = '', postId = '', about = ''] = ctx.match;
    await answer(ctx, await decide(app, verb, { postId, about, by: ctx.from.id }));
  });
  composer.callbackQuery(/^mode:(review|auto)$/, async (ctx) => {
    const mode = ctx.match[1] === 'auto' ? 'auto' : 'review';
    await app.setMode(mode, ctx.from.id);
    await answer(ctx, words.taken.mode(mode));
    await ctx.editMessageText(words.taken.mode(mode)).catch(ignoreUnchanged);
  });
  composer.on('callback_query', (ctx) => answer(ctx, words.notTaken(undefined, false)));
  return composer;
}

/** The decision is on disk when this answers. */
async function decide(app: App, name: string, tap: Tap): Promise<string> {
  const verb = verbs[name];
  if (verb === undefined) return words.notTaken(undefined, false);
  try {
    const decided = await verb.decide(app, tap);
    if (decided === undefined) return words.notTaken(undefined, false);
    if ('refused' in decided) return words.notTaken(decided.post, decided.refused === 'outdated');
    return verb.taken;
  } catch (error) {
    if (!(error instanceof NotSaved)) throw error;
    return words.notSaved(error.code);
  }
}

async function answer(ctx: BotContext, text?: string): Promise<void> {
  try {
    await ctx.answerCallbackQuery(text === undefined ? {} : { text });
  } catch (error) {
    // A tap from before a pause cannot be answered any more; the card shows what came of it.
    if (!(error instanceof GrammyError) || !error.description.includes('query is too old')) throw error;
  }
}

function ignoreUnchanged(error: unknown): void {
  if (!(error instanceof GrammyError) || !error.description.includes('message is not modified')) throw error;
}
