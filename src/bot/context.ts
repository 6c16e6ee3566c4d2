import type { ConversationFlavor } from '@grammyjs/conversations';
import type { Context, MiddlewareFn } from 'grammy';
import type { App } from '#app.ts';
import type { Log } from '#ports/log.ts';
import type { Store } from '#ports/store.ts';
import { languageFrom } from '#post/state.ts';
import type { CardPlatform } from './card-view.ts';
import type { OpenMenus } from './open-menus.ts';
import { type Words, wordsFor } from './words/words.ts';

/** What a dialog sees of an update. */
export interface DialogContext extends Context {
  /** In the language of whom it came from. */
  words: Words;
}

export type BotContext = ConversationFlavor<DialogContext>;

/** What the parts of the bot turn to. */
export interface BotParts {
  readonly app: App;
  readonly log: Log;
  readonly platforms: readonly CardPlatform[];
  /** Where it publishes: its `@name` or its id. */
  readonly channel: string;
  readonly menus: OpenMenus;
  /** For the dialogs alone. */
  readonly store: Store;
}

/** Finds the words for whom an update came from. */
export const speak: MiddlewareFn<DialogContext> = (ctx, next) => {
  ctx.words = wordsFor(languageFrom(ctx.from?.language_code));
  return next();
};
