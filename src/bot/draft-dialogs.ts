import { type Conversation, createConversation } from '@grammyjs/conversations';
import { Composer } from 'grammy';
import type { Decided } from '#app.ts';
import { NotSaved } from '#errors.ts';
import type { FormattedText } from '#post/formatted-text.ts';
import { readTime } from '#post/later.ts';
import { isRefusal } from '#post/lifecycle.ts';
import { currentAltText, currentCaption, type Post } from '#post/post.ts';
import { languageFrom } from '#post/state.ts';
import type { BotContext, BotParts, DialogContext } from './context.ts';
import { nextAnswer } from './dialogs.ts';
import { entitiesOf, written } from './formatting.ts';
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
  /** Another text makes no sense. */
  readonly isOver: boolean;
}

/** What an owner has answered, and where. */
interface Answered extends Pick<BotParts, 'app' | 'menus'> {
  readonly asking: Asking;
  readonly text: FormattedText;
  readonly words: Words;
  readonly chatId: number;
}

type Take = (answered: Answered) => Promise<Reply>;

/** Ask for a text about a draft and do what it says. Buttons and commands keep working meanwhile. */
export function draftDialogs(parts: BotParts): Composer<BotContext> {
  const composer = new Composer<BotContext>();
  for (const about of askable) composer.use(createConversation(dialogAbout(parts, about), { id: about }));
  return composer;
}

function dialogAbout({ app, menus }: BotParts, about: Askable) {
  return async (
    conversation: Conversation<BotContext, DialogContext>,
    ctx: DialogContext,
    asking: Asking,
  ): Promise<void> => {
    await ask(ctx, about, asking);
    for (;;) {
      const answer = await nextAnswer(conversation);
      const { words, message } = answer;
      if (message.text === undefined || message.text.trim() === '') {
        await answer.reply(words.asking[about].textPlease);
      } else {
        const answered = { app, menus, asking, words, chatId: message.chat.id, text: written(message) };
        const reply = await conversation.external(() => takeSafely(about, answered));
        if (reply.text !== undefined) await answer.reply(reply.text);
        if (about === 'time' && reply.isOver) await conversation.external(() => app.showAgain(asking.postId));
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
  await ctx.reply(soFar.text, entitiesOf(soFar));
}

async function takeSafely(about: Askable, answered: Answered): Promise<Reply> {
  try {
    return await takers[about](answered);
  } catch (error) {
    if (!(error instanceof NotSaved)) throw error;
    return { text: answered.words.editing.notSaved, isOver: false };
  }
}

const takers: Readonly<Record<Askable, Take>> = {
  caption: async ({ app, menus, asking: { postId, revision }, text, words, chatId }) => {
    menus.close(chatId, postId);
    const edited = await app.edit(postId, revision, text);
    return outcome(edited, (post) => currentCaption(post) === text.text.trim(), words);
  },
  direction: async ({ app, asking: { postId, revision }, text, words }) => {
    const direction = text.text.trim();
    const decided = await app.decide(postId, revision, { type: 'regenerated', direction });
    return outcome(
      decided,
      (post) => post.state === 'drafting' && post.direction === direction,
      words,
      words.directed(direction),
    );
  },
  'alt-text': async ({ app, asking: { postId, revision }, text, words }) => {
    const altText = text.text.trim() === '-' ? '' : text.text.trim();
    const decided = await app.decide(postId, revision, { type: 'alt-text-edited', altText });
    return outcome(decided, (post) => (currentAltText(post) ?? '') === altText, words, words.taken.saved);
  },
  /** Only shown back: what counts is the button on the card, which comes below it. */
  time: async ({ app, menus, asking: { postId, revision }, text, words, chatId }) => {
    const post = await app.look(postId, revision);
    if (post === undefined || isRefusal(post)) return { text: words.editing.outdated, isOver: true };
    const { timeZone } = app.settings();
    const at = await readTime(text.text, { now: app.now(), timeZone, language: languageFrom(words.locale) });
    if (typeof at === 'string') return { text: words.wrongTime[at], isOver: false };
    menus.open(chatId, post, { name: 'at', at });
    return { text: words.timeAsked(dayIn(timeZone, words.locale)(at)), isOver: true };
  },
};

/** Asked again after a crash, what was wanted is already there, which is as good. */
function outcome(decided: Decided, isThere: (post: Post) => boolean, words: Words, text?: string): Reply {
  const isTaken = decided !== undefined && (!isRefusal(decided) || isThere(decided.post));
  if (!isTaken) return { text: words.editing.outdated, isOver: true };
  return { ...(text !== undefined && { text }), isOver: true };
}
