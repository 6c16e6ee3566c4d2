import type { Agenda } from '#post/agenda.ts';
import { contentsFor } from '#post/content.ts';
import { laterTimes } from '#post/later.ts';
import type { Post, PostIn } from '#post/post.ts';
import type { CardPlatform, Reader, Row } from './card-view.ts';
import { styles } from './styles.ts';
import type { Words } from './words/words.ts';

/** Other keyboards of the same card; `main` is the card's own. */
export const menuNames = ['later', 'where', 'style', 'more', 'never', 'main'] as const;
export type MenuName = (typeof menuNames)[number];

/** One that is open, and the time that it asks about. */
export type Menu =
  | { readonly name: Exclude<MenuName, 'main'> }
  /** Whether the post is to go out at this time, which the owner wrote. */
  | { readonly name: 'at'; readonly at: Date };

/** A button that opens a menu: `menu:post:revision:name`. */
export function menuButton({ id, revision }: Pick<Post, 'id' | 'revision'>, text: string, name: MenuName) {
  return { text, callback_data: `menu:${id}:${revision}:${name}` };
}

/** What a menu is made from. */
export interface MenuView {
  readonly platforms: readonly CardPlatform[];
  readonly reader: Reader;
  readonly agenda: Agenda;
  readonly now: Date;
}

/** The buttons of a menu; undefined: it makes no sense for this post. */
export function menuOf(
  menu: Menu,
  post: PostIn<'awaiting-approval' | 'scheduled'>,
  view: MenuView,
): readonly Row[] | undefined {
  const { words } = view.reader;
  if (menu.name === 'later') return laterMenu(post, view);
  if (menu.name === 'at') return menu.at > view.now ? atMenu(post, menu.at, view.reader) : undefined;
  if (post.state === 'scheduled') return undefined;
  switch (menu.name) {
    case 'where':
      return whereMenu(post, view.platforms, words);
    case 'style':
      return styleMenu(post, words);
    case 'more':
      return moreMenu(post, view.platforms, words);
    case 'never':
      return [
        [{ text: words.menu.yesNever, callback_data: `never:${post.id}:${post.revision}` }],
        [menuButton(post, words.menu.back, 'more')],
      ];
  }
}

function laterMenu(
  post: PostIn<'awaiting-approval' | 'scheduled'>,
  { reader: { words, time, day }, agenda, now }: MenuView,
): readonly Row[] {
  const rows = laterTimes(agenda, now).map(({ kind, at }) => {
    const iso = at.toISOString();
    const text = kind === 'slot' ? day(iso) : words.menu.at[kind](time(iso));
    return [{ text, callback_data: timeData(post, at) }];
  });
  const other = { text: words.menu.otherTime, callback_data: `ask:${post.id}:${post.revision}:time` };
  return [...rows, [other], [menuButton(post, words.menu.back, 'main')]];
}

/** A time that was written is shown back before it counts. */
function atMenu(
  post: PostIn<'awaiting-approval' | 'scheduled'>,
  at: Date,
  { words, day }: Reader,
): readonly Row[] {
  return [
    [{ text: words.menu.yesAt(day(at.toISOString())), callback_data: timeData(post, at) }],
    [{ text: words.menu.otherTime, callback_data: `ask:${post.id}:${post.revision}:time` }],
    [menuButton(post, words.menu.back, 'main')],
  ];
}

/** What a button for a time carries, in whole minutes: `at:post:revision:minutes since 1970`. */
function timeData({ id, revision }: Pick<Post, 'id' | 'revision'>, at: Date): string {
  return `at:${id}:${revision}:${Math.ceil(at.getTime() / minuteMs)}`;
}

/** In ms. */
export const minuteMs = 60_000;

function whereMenu(
  post: PostIn<'awaiting-approval'>,
  platforms: readonly CardPlatform[],
  words: Words,
): readonly Row[] {
  const rows = platforms
    .filter(({ id }) => post.draft.pictures[id] !== undefined)
    .map(({ id, name }) => {
      const isOn = !post.leftOut?.includes(id);
      return [
        {
          text: `${isOn ? '✓' : '✗'} ${words.place(name)}`,
          callback_data: `place:${post.id}:${post.revision}:${id}:${isOn ? 'off' : 'on'}`,
        },
      ];
    });
  return [...rows, lastRow(post, platforms, words)];
}

/** Back to the card, or straight on where there is somewhere to go. */
function lastRow(
  post: PostIn<'awaiting-approval'>,
  platforms: readonly CardPlatform[],
  { menu, buttons }: Words,
): Row {
  const isTaken = Object.keys(contentsFor(post, platforms)).length > 0;
  const publish = { text: buttons.publish, callback_data: `publish:${post.id}:${post.revision}` };
  return [menuButton(post, menu.back, 'main'), ...(isTaken ? [publish] : [])];
}

function styleMenu(post: PostIn<'awaiting-approval'>, { menu }: Words): readonly Row[] {
  const buttons = styles.map((style) => ({
    text: menu.styles[style],
    callback_data: `style:${post.id}:${post.revision}:${style}`,
  }));
  return [
    buttons.slice(0, 3),
    buttons.slice(3),
    [{ text: menu.sayHow, callback_data: `ask:${post.id}:${post.revision}:direction` }],
    [menuButton(post, menu.back, 'main')],
  ];
}

function moreMenu(
  post: PostIn<'awaiting-approval'>,
  platforms: readonly CardPlatform[],
  words: Words,
): readonly Row[] {
  const { buttons, menu, place } = words;
  const { id, revision, draft, leftOut } = post;
  const fullSizes = platforms
    .filter((each) => each.fullSizeBytes !== undefined && !leftOut?.includes(each.id))
    .map((platform) => {
      const isOn = draft.fullSizes?.[platform.id] !== undefined;
      return [
        {
          text: `${isOn ? '✓' : '✗'} ${menu.fullSize(place(platform.name))}`,
          callback_data: `full:${id}:${revision}:${platform.id}:${isOn ? 'off' : 'on'}`,
        },
      ];
    });
  return [
    [
      { text: buttons.preview, callback_data: `preview:${id}:${revision}` },
      { text: menu.altText, callback_data: `ask:${id}:${revision}:alt-text` },
    ],
    ...fullSizes,
    [menuButton(post, menu.never, 'never')],
    lastRow(post, platforms, words),
  ];
}
