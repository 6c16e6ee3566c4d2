import type { ConversationFlavor } from '@grammyjs/conversations';
import type { Context } from 'grammy';
import type { App } from '#app.ts';
import type { Log } from '#ports/log.ts';
import type { Store } from '#ports/store.ts';

export type BotContext = ConversationFlavor<Context>;

/** What the parts of the bot turn to. */
export interface BotParts {
  readonly app: App;
  readonly log: Log;
  /** For the dialogs alone. */
  readonly store: Store;
}
