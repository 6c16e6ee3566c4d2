import type { Post } from '#post/post.ts';
import type { CardView } from './card-view.ts';
import { type Menu, type MenuView, menuOf } from './menus.ts';

/**
 * Which menu each owner has open on the card of a post, so that it stays open when the card is brought up to date. Not
 * across a restart, after which the card shows its own buttons.
 */
export interface OpenMenus {
  open(chatId: number, post: Post, menu: Menu): void;
  close(chatId: number, postId: string): void;
  /** Its card is sent anew, without a menu; only a question of the bot's stands on it. */
  closeUnlessAsked(chatId: number, postId: string): void;
  /** The card with the buttons of the menu that is open; one that makes no sense any more is closed. */
  on(chatId: number, post: Post, card: CardView, view: MenuView): CardView;
}

export function createOpenMenus(): OpenMenus {
  const menus = new Map<string, { readonly menu: Menu; readonly state: Post['state'] }>();
  const keyOf = (chatId: number, postId: string) => `${chatId} ${postId}`;
  return {
    open: (chatId, { id, state }, menu) => menus.set(keyOf(chatId, id), { menu, state }),
    close: (chatId, postId) => menus.delete(keyOf(chatId, postId)),
    closeUnlessAsked(chatId, postId) {
      const key = keyOf(chatId, postId);
      if (menus.get(key)?.menu.name !== 'at') menus.delete(key);
    },
    on(chatId, post, card, view) {
      const key = keyOf(chatId, post.id);
      const opened = menus.get(key);
      if (opened === undefined) return card;
      const isOpen = post.state === 'awaiting-approval' || post.state === 'scheduled';
      // Another owner can have decided meanwhile, and then the card's own buttons matter.
      const keyboard = isOpen && post.state === opened.state ? menuOf(opened.menu, post, view) : undefined;
      if (keyboard === undefined) menus.delete(key);
      return keyboard === undefined ? card : { ...card, keyboard };
    },
  };
}
