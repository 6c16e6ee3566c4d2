import {
  type Conversation,
  type ConversationData,
  conversations,
  createConversation,
  type VersionedState,
} from '@grammyjs/conversations';
import { Composer } from 'grammy';
import type { App } from '#app.ts';
import { NotSaved } from '#errors.ts';
import type { Store } from '#ports/store.ts';
import { isRefusal } from '#post/lifecycle.ts';
import { currentCaption } from '#post/post.ts';
import { type BotContext, type DialogContext, speak } from './context.ts';

/** To be counted up with every change of the dialog: one of an older version is not continued. */
const version = 1;

/** What the dialog is about. */
export interface Editing {
  readonly postId: string;
  readonly revision: number;
  readonly name: string;
}

export const editCaption = 'edit-caption';

/** The dialogs, kept in the state so that they go on after a restart. */
export function dialogs(store: Store): Composer<BotContext> {
  const composer = new Composer<BotContext>();
  composer.use(
    conversations<BotContext, DialogContext>({
      plugins: [speak],
      storage: {
        type: 'key',
        version,
        getStorageKey: (ctx) => ctx.chatId?.toString(),
        adapter: {
          // A copy, because it is written to before it is saved, and not all of it ever is: a code, for one.
          read: (key) =>
            structuredClone(store.state().conversations[key]) as VersionedState<ConversationData> | undefined,
          write: (key, value) =>
            store.change((state) => ({ ...state, conversations: { ...state.conversations, [key]: value } })),
          delete: (key) =>
            store.change((state) => {
              if (!(key in state.conversations)) return state;
              const { [key]: _, ...rest } = state.conversations;
              return { ...state, conversations: rest };
            }),
        },
      },
    }),
  );
  return composer;
}

/** Asks for a caption and puts it in place of the old one. Buttons and commands keep working meanwhile. */
export function captionDialog(app: App): ReturnType<typeof createConversation<BotContext, DialogContext>> {
  async function dialog(
    conversation: Conversation<BotContext, DialogContext>,
    ctx: DialogContext,
    editing: Editing,
  ) {
    await ctx.reply(ctx.words.editing.ask(editing.name));
    for (;;) {
      const answer = await conversation.wait();
      const text = answer.message?.text;
      if (answer.message === undefined || text?.startsWith('/')) await conversation.skip({ next: true });
      else if (text === undefined || text.trim() === '') await answer.reply(answer.words.editing.textPlease);
      else {
        const edited = await conversation.external(() => edit(app, editing, text));
        if (edited === 'taken') return;
        await answer.reply(answer.words.editing[edited === 'outdated' ? 'outdated' : 'notSaved']);
        if (edited === 'outdated') return;
      }
    }
  }
  return createConversation<BotContext, DialogContext>(dialog, { id: editCaption });
}

/** Asked again after a crash, the text is already there, which is as good. */
async function edit(
  app: App,
  { postId, revision }: Editing,
  text: string,
): Promise<'taken' | 'outdated' | 'not-saved'> {
  try {
    const edited = await app.edit(postId, revision, text);
    if (edited === undefined) return 'outdated';
    if (!isRefusal(edited)) return 'taken';
    return currentCaption(edited.post) === text.trim() ? 'taken' : 'outdated';
  } catch (error) {
    if (!(error instanceof NotSaved)) throw error;
    return 'not-saved';
  }
}
