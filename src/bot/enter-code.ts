import { type Conversation, createConversation } from '@grammyjs/conversations';
import type { App } from '#app.ts';
import { NotSaved } from '#errors.ts';
import type { DeliveryChoice, Problem } from '#post/delivery.ts';
import type { BotContext, DialogContext } from './context.ts';
import { nextAnswer } from './dialogs.ts';
import type { Words } from './words/words.ts';

/** What the dialog is about. */
export interface CodeWanted {
  readonly choice: DeliveryChoice;
  /** The platform's name. */
  readonly name: string;
  readonly from: NonNullable<Problem['code']>;
}

export const enterCode = 'enter-code';

interface Said {
  readonly text: string;
  /** Another code makes no sense. */
  readonly isOver: boolean;
}

/**
 * Asks for the code that a platform wants, and hands it over. Buttons and commands keep working meanwhile. The code
 * is never written to the state: a message that was answered is forgotten before the dialog is saved.
 */
export function codeDialog(app: App): ReturnType<typeof createConversation<BotContext, DialogContext>> {
  async function dialog(
    conversation: Conversation<BotContext, DialogContext>,
    ctx: DialogContext,
    wanted: CodeWanted,
  ) {
    await ctx.reply(ctx.words.codeEntry.ask(wanted.name, wanted.from));
    const asked = conversation.checkpoint();
    const answer = await nextAnswer(conversation);
    const code = codeIn(answer.message.text);
    if (code === undefined) await answer.reply(answer.words.codeEntry.digitsPlease);
    else {
      const said = await conversation.external(async (outside) => {
        const result = await handOver(app, wanted, code, answer.words);
        // It has had its use; where it cannot be deleted, it is of no use to anybody else.
        await outside.deleteMessage().catch(() => undefined);
        return result;
      });
      await answer.reply(said.text);
      if (said.isOver) return;
    }
    await conversation.rewind(asked);
  }
  return createConversation<BotContext, DialogContext>(dialog, { id: enterCode });
}

/** Six digits, however they are grouped. */
function codeIn(text = ''): string | undefined {
  const digits = text.replace(/[\s-]/g, '');
  return /^\d{6}$/.test(digits) ? digits : undefined;
}

async function handOver(app: App, { choice, name }: CodeWanted, code: string, words: Words): Promise<Said> {
  try {
    const outcome = await app.enterCode(choice, code);
    switch (outcome.code) {
      case 'taken':
        return { text: words.codeEntry.taken(name), isOver: true };
      case 'wrong':
        return { text: words.codeEntry.wrong(name), isOver: false };
      case 'over':
        return { text: words.codeEntry.over(name), isOver: true };
      case 'unanswered':
        return {
          text: words.codeEntry.unanswered(words.problem({ id: choice.platform, name }, outcome.problem)),
          isOver: false,
        };
      case 'refused':
        return {
          text: words.codeEntry.refused(words.problem({ id: choice.platform, name }, outcome.problem)),
          isOver: true,
        };
    }
  } catch (error) {
    if (!(error instanceof NotSaved)) throw error;
    return { text: words.codeEntry.takenButNotSaved(name), isOver: true };
  }
}
