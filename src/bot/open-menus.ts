import type { Post } from '#post/post.ts';
import type { CardView } from './card-view.ts';
import { type Menu, type MenuView, menuOf } from './menus.ts';

/**
 * Which menu each owner has open on the card of a post, so that it stays open when the card is brought up to date. Not
 * across a restart, after which the card shows its own buttons.
 */
export interface OpenMenus {
  open(chatId: number, postId: string, menu: Menu): void;
  close(chatId: number, postId: string): void;
  /** The card with the buttons of the menu that is open; one that makes no sense any more is closed. */
  on(chatId: number, post: Post, card: CardView, view: MenuView): CardView;
}

export function createOpenMenus(): OpenMenus {
  const menus = new Map<string, Menu>();
  const keyOf = (chatId: number, postId: string) => `${chatId} ${postId}`;
  return {
    open: (chatId, postId, menu) => menus.set(keyOf(chatId, postId), menu),
    close: (chatId, postId) => menus.delete(keyOf(chatId, postId)),
    on(chatId, post, card, view) {
      const key = keyOf(chatId, post.id);
      const menu = menus.get(key);
      if (menu === undefined) return card;
      const isOpen = post.state === 'awaiting-approval' || post.state === 'scheduled';
      const keyboard = isOpen ? menuOf(menu, post, view) : undefined;
      if (keyboard === undefined) menus.delete(key);
      return keyboard === undefined ? card : { ...card, keyboard };
    },
  };
}
