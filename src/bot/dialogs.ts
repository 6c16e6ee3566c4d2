import {
  type Conversation,
  type ConversationData,
  conversations,
  type VersionedState,
} from '@grammyjs/conversations';
import { Composer, type Filter } from 'grammy';
import type { Store } from '#ports/store.ts';
import { type BotContext, type DialogContext, speak } from './context.ts';

/** To be counted up with every change of a dialog: one of an older version is not continued. */
const version = 3;

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

/** The next message that is no command. What else comes meanwhile does what it does without a dialog. */
export async function nextAnswer(
  conversation: Conversation<BotContext, DialogContext>,
): Promise<Filter<DialogContext, 'message'>> {
  const answer = await conversation.wait();
  if (answer.has('message') && answer.message.text?.startsWith('/') !== true) return answer;
  return await conversation.skip({ next: true });
}
