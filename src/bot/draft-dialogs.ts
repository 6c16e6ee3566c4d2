import { type Conversation, createConversation } from '@grammyjs/conversations';
import { Composer } from 'grammy';
import type { App, Decided } from '#app.ts';
import { NotSaved } from '#errors.ts';
import type { FormattedText } from '#post/formatted-text.ts';
import { readTime } from '#post/later.ts';
import { isRefusal } from '#post/lifecycle.ts';
import { currentAltText, currentCaption, type Post } from '#post/post.ts';
import { languageFrom } from '#post/state.ts';
import type { Row } from './card-view.ts';
import type { BotContext, DialogContext } from './context.ts';
import { written } from './formatting.ts';
import { timeData } from './menus.ts';
import { dayIn } from './owner-chat.ts';
import type { Words } from './words/words.ts';

/** What can be asked about a draft; each has a dialog of this name. */
export const askable = ['caption', 'direction', 'alt-text', 'time'] as const;
export type Askable = (typeof askable)[number];

export function isAskable(name: string | undefined): name is Askable {
  return askable.some((each) => each === name);
}

/** What a dialog is about. */
export interface Asking {
  readonly postId: string;
  readonly revision: number;
  readonly name: string;
  /** What there is so far, for the owner to copy; absent: nothing. */
  readonly soFar?: FormattedText;
}

interface Reply {
  /** Absent: the card says it. */
  readonly text?: string;
  readonly keyboard?: readonly Row[];
  /** Another text makes no sense. */
  readonly isOver: boolean;
}

type Take = (app: App, asking: Asking, text: FormattedText, words: Words) => Promise<Reply>;

/** Ask for a text about a draft and do what it says. Buttons and commands keep working meanwhile. */
export function draftDialogs(app: App): Composer<BotContext> {
  const composer = new Composer<BotContext>();
  for (const about of askable) composer.use(createConversation(dialogAbout(app, about), { id: about }));
  return composer;
}

function dialogAbout(app: App, about: Askable) {
  return async (
    conversation: Conversation<BotContext, DialogContext>,
    ctx: DialogContext,
    asking: Asking,
  ): Promise<void> => {
    await ask(ctx, about, asking);
    for (;;) {
      const answer = await conversation.wait();
      const text = answer.message?.text;
      if (answer.message === undefined || text?.startsWith('/')) await conversation.skip({ next: true });
      else if (text === undefined || text.trim() === '') {
        await answer.reply(answer.words.asking[about].textPlease);
      } else {
        const { words } = answer;
        const said = written(answer.message);
        const reply = await conversation.external(() => takeSafely(app, about, asking, said, words));
        const keyboard = reply.keyboard?.map((row) => [...row]);
        if (reply.text !== undefined) {
          await answer.reply(reply.text, keyboard && { reply_markup: { inline_keyboard: keyboard } });
        }
        if (reply.isOver) return;
      }
    }
  };
}

/** The text that is to be copied stands in a message of its own, which a phone copies as a whole. */
async function ask(ctx: DialogContext, about: Askable, { name, soFar }: Asking): Promise<void> {
  const question = ctx.words.asking[about].ask(name);
  await ctx.reply(soFar === undefined ? question : `${question}\n\n${ctx.words.editing.soFar}`);
  if (soFar === undefined) return;
  await ctx.reply(soFar.text, soFar.entities && { entities: [...soFar.entities] });
}

async function takeSafely(
  app: App,
  about: Askable,
  asking: Asking,
  text: FormattedText,
  words: Words,
): Promise<Reply> {
  try {
    return await takers[about](app, asking, text, words);
  } catch (error) {
    if (!(error instanceof NotSaved)) throw error;
    return { text: words.editing.notSaved, isOver: false };
  }
}

const takers: Readonly<Record<Askable, Take>> = {
  caption: async (app, { postId, revision }, text, words) => {
    const edited = await app.edit(postId, revision, text);
    return outcome(edited, (post) => currentCaption(post) === text.text.trim(), words);
  },
  direction: async (app, { postId, revision }, { text }, words) => {
    const direction = text.trim();
    const decided = await app.decide(postId, revision, { type: 'regenerated', direction });
    return outcome(
      decided,
      (post) => post.state === 'drafting' && post.direction === direction,
      words,
      words.directed(direction),
    );
  },
  'alt-text': async (app, { postId, revision }, { text }, words) => {
    const altText = text.trim() === '-' ? '' : text.trim();
    const decided = await app.decide(postId, revision, { type: 'alt-text-edited', altText });
    return outcome(decided, (post) => (currentAltText(post) ?? '') === altText, words, words.taken.saved);
  },
  /** Only shown back: what counts is the button below it. */
  time: async (app, { postId, revision }, { text }, words) => {
    const post = await app.look(postId, revision);
    if (post === undefined || isRefusal(post)) return { text: words.editing.outdated, isOver: true };
    const { timeZone } = app.settings();
    const at = readTime(text, { now: app.now(), timeZone, language: languageFrom(words.locale) });
    if (typeof at === 'string') return { text: words.wrongTime[at], isOver: false };
    const other = { text: words.menu.otherTime, callback_data: `ask:${postId}:${revision}:time` };
    const day = dayIn(timeZone, words.locale)(at);
    return {
      text: words.timeAsked(day),
      keyboard: [[{ text: words.menu.yesAt(day), callback_data: timeData(post, at) }], [other]],
      isOver: true,
    };
  },
};

/** Asked again after a crash, what was wanted is already there, which is as good. */
function outcome(decided: Decided, isThere: (post: Post) => boolean, words: Words, text?: string): Reply {
  const isTaken = decided !== undefined && (!isRefusal(decided) || isThere(decided.post));
  if (!isTaken) return { text: words.editing.outdated, isOver: true };
  return { ...(text !== undefined && { text }), isOver: true };
}
