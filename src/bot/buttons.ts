import { type CallbackQueryContext, Composer, GrammyError } from 'grammy';
import type { App, Decided } from '#app.ts';
import { NotSaved } from '#errors.ts';
import type { Log } from '#ports/log.ts';
import type { DeliveryChoice } from '#post/delivery.ts';
import { isRefusal, type Refusal } from '#post/lifecycle.ts';
import { currentCaption, decidedBy } from '#post/post.ts';
import { Mode } from '#post/settings.ts';
import { Shape } from '#post/shape.ts';
import type { BotContext, BotParts } from './context.ts';
import { type Editing, editCaption } from './edit-caption.ts';
import { type CodeWanted, enterCode } from './enter-code.ts';
import { createPreviewSender, replyWithText } from './preview.ts';
import { takeDownButtons } from './take-down.ts';
import type { Words } from './words/words.ts';

type Decision = (app: App, tap: RegExpMatchArray, by: number) => Promise<Decided>;

interface Verb {
  readonly decide: Decision;
  readonly taken: Exclude<keyof Words['taken'], 'mode'>;
}

/** Buttons of a draft name its revision: `verb:post:revision`. */
const draftVerbs: Readonly<Record<string, Verb>> = {
  publish: {
    decide: (app, [, , id = '', revision], by) => app.approve(id, Number(revision), by),
    taken: 'approved',
  },
  /** A scheduled post goes out at once. */
  now: {
    decide: (app, [, , id = '', revision], by) => app.publishNow(id, Number(revision), by),
    taken: 'approved',
  },
  /** A scheduled post is a draft again. */
  undo: {
    decide: (app, [, , id = '', revision], by) =>
      app.decide(id, Number(revision), { type: 'unscheduled', by }),
    taken: 'undone',
  },
  regenerate: {
    decide: (app, [, , id = '', revision]) => app.decide(id, Number(revision), { type: 'regenerated' }),
    taken: 'regenerated',
  },
  /** With the platform and the shape behind it. */
  shape: {
    decide: (app, [, , id = '', revision, platform = '', shape]) =>
      app.decide(id, Number(revision), { type: 'shaped', platform, shape: Shape.parse(shape) }),
    taken: 'shaped',
  },
  skip: {
    decide: (app, [, , id = '', revision], by) => app.decide(id, Number(revision), { type: 'skipped', by }),
    taken: 'skipped',
  },
};

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
export function cardButtons({ app, log }: BotParts): Composer<BotContext> {
  const composer = new Composer<BotContext>();
  const answer = (ctx: BotContext, text?: string) => answerTap(ctx, log, text);
  composer.callbackQuery(/^edit:([\w-]+):(\d+)$/, async (ctx) => {
    const [, postId = '', revision = ''] = ctx.match;
    const post = app.post(postId);
    if (post?.state !== 'awaiting-approval' || post.revision !== Number(revision)) {
      await answer(
        ctx,
        ctx.words.notTaken(post, post?.state === 'awaiting-approval' ? 'outdated' : 'not-now'),
      );
      return;
    }
    await answer(ctx);
    const editing: Editing = { postId, revision: post.revision, name: post.photo.name };
    await ctx.conversation.exitAll();
    await ctx.conversation.enter(editCaption, editing);
  });
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
  composer.callbackQuery(/^text:([\w-]+):\d+$/, async (ctx) => {
    const post = app.post(String(ctx.match[1]));
    await answer(ctx, post ? undefined : ctx.words.notTaken(undefined));
    const text = post ? currentCaption(post) : '';
    await replyWithText(ctx, text);
  });
  composer.callbackQuery(/^(publish|regenerate|skip|now|undo):([\w-]+):(\d+)$/, async (ctx) => {
    await answer(ctx, await decide(ctx, app, draftVerbs));
  });
  composer.callbackQuery(/^(shape):([\w-]+):(\d+):([\w-]+):(white|black|blurred|crop)$/, async (ctx) => {
    await answer(ctx, await decide(ctx, app, draftVerbs));
  });
  const preview = createPreviewSender({ app, log });
  composer.callbackQuery(/^preview:([\w-]+):(\d+)$/, async (ctx) => {
    const [, postId = '', revision] = ctx.match;
    await answer(ctx, await preview(ctx, postId, Number(revision)));
  });
  composer.callbackQuery(/^(retry|seen|drop):([\w-]+):([\w-]+):(\d+)$/, async (ctx) => {
    await answer(ctx, await decide(ctx, app, deliveryVerbs));
  });
  composer.use(takeDownButtons({ app, answer }));
  composer.callbackQuery(/^mode:(review|auto|veto)$/, async (ctx) => {
    const mode = Mode.parse(ctx.match[1]);
    await app.setMode(mode, ctx.from.id);
    const text = ctx.words.taken.mode(mode, app.settings().vetoMinutes);
    await answer(ctx, text);
    await ctx.editMessageText(text).catch(ignoreUnchanged);
  });
  composer.on('callback_query', (ctx) => answer(ctx, ctx.words.notTaken(undefined)));
  return composer;
}

/** The decision is on disk when this answers. */
async function decide(
  { match: tap, from, words }: CallbackQueryContext<BotContext>,
  app: App,
  verbs: Readonly<Record<string, Verb>>,
): Promise<string> {
  const verb = typeof tap === 'string' ? undefined : verbs[tap[1] ?? ''];
  if (verb === undefined || typeof tap === 'string') return words.notTaken(undefined);
  try {
    const decided = await verb.decide(app, tap, from.id);
    if (decided === undefined) return words.notTaken(undefined);
    return isRefusal(decided) ? refusal(app, words, from.id, decided) : words.taken[verb.taken];
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
    const isOld = error instanceof GrammyError && error.description.includes('query is too old');
    if (!isOld) log.warn({ error: String(error) }, 'A tap could not be answered');
  }
}

/** To show again what is shown already is as good. */
export function ignoreUnchanged(error: unknown): void {
  if (!(error instanceof GrammyError) || !error.description.includes('message is not modified')) throw error;
}
