import { type Conversation, createConversation } from '@grammyjs/conversations';
import type { App } from '#app.ts';
import { NotSaved } from '#errors.ts';
import type { BotContext, DialogContext } from './context.ts';
import { nextAnswer } from './dialogs.ts';
import { type AskedSetting, replyWithView, type SettingsView, takeAnswer } from './settings-views.ts';
import type { Words } from './words/words.ts';

export const askSetting = 'ask-setting';

/** Waits for the value of a setting that was asked for. Buttons and commands keep working meanwhile. */
export function settingDialog(app: App): ReturnType<typeof createConversation<BotContext, DialogContext>> {
  async function dialog(
    conversation: Conversation<BotContext, DialogContext>,
    _: DialogContext,
    name: AskedSetting,
  ) {
    for (;;) {
      const answer = await nextAnswer(conversation);
      const { text, from } = answer.message;
      if (from === undefined || text === undefined || text.trim() === '')
        await answer.reply(answer.words.settings.textPlease);
      else {
        const view = await conversation.external(() => take(app, answer.words, name, text, from.id));
        await replyWithView(answer, view);
        if (!view.isWrong) return;
      }
    }
  }
  return createConversation<BotContext, DialogContext>(dialog, { id: askSetting });
}

async function take(
  app: App,
  words: Words,
  name: AskedSetting,
  text: string,
  by: number,
): Promise<SettingsView> {
  try {
    return await takeAnswer(app, words, name, text, by);
  } catch (error) {
    if (!(error instanceof NotSaved)) throw error;
    return { text: words.notSaved(error.code), keyboard: [], isWrong: true };
  }
}
