import { Bot } from 'grammy';
import type { InlineKeyboardButton, Update } from 'grammy/types';
import { describe, expect, it } from 'vitest';
import type { App } from '#app.ts';
import { cardButtons } from '#bot/buttons.ts';
import { cardOf } from '#bot/card.ts';
import type { Row } from '#bot/card-view.ts';
import { type BotContext, speak } from '#bot/context.ts';
import { menuNames, menuOf } from '#bot/menus.ts';
import { createOpenMenus } from '#bot/open-menus.ts';
import { wordsFor } from '#bot/words/words.ts';
import { platformDefinitions } from '#platforms/index.ts';
import type { Post, PostIn } from '#post/post.ts';
import { Shape } from '#post/shape.ts';
import { createFakeLog } from '../fakes/log.ts';
import {
  captionOf,
  deliveryIn,
  deliveryStates,
  draftOf,
  owner,
  pictureRef,
  postIn,
  postStates,
} from '../fakes/posts.ts';
import { settingsWith } from '../fakes/settings.ts';

const now = new Date('2026-11-22T09:00:00Z');
const reader = { words: wordsFor('en'), time: String, day: String, nameOf: () => undefined };
const agenda = { patterns: ['30 7 * * *'], timeZone: 'UTC' };
const ids = platformDefinitions.map(({ id }) => id);
const toAll = <T>(value: T) => Object.fromEntries(ids.map((id) => [id, value]));

/** With everything on it that brings a button. */
const shapes = {
  instagram: Object.fromEntries(Shape.options.map((shape) => [shape, pictureRef({ shape })])),
};
const full = {
  captions: [captionOf('One'), captionOf('Two'), captionOf('word '.repeat(300))],
  chosenCaption: 1,
  draft: draftOf({ pictures: toAll(pictureRef()), shapes }),
};
const draft = postIn('awaiting-approval', full);
const problem = { kind: 'check-point', code: { from: 'app' } } as const;
const posts: readonly Post[] = [
  ...postStates.flatMap((state) => [postIn(state), { ...postIn(state), ...full }]),
  draft,
  { ...draft, chosenCaption: 2 },
  { ...draft, leftOut: ids },
  ...(['undo', 'later', 'veto'] as const).map((wait) => postIn('scheduled', { wait })),
  ...deliveryStates.flatMap((state) =>
    (['publishing', 'archived'] as const).map((each) =>
      postIn(each, { deliveries: toAll(deliveryIn(state)) }),
    ),
  ),
  postIn('failed', { deliveries: toAll(deliveryIn('failed', { problem })) }),
];

function menusOf(post: PostIn<'awaiting-approval' | 'scheduled'>): readonly Row[] {
  const view = { platforms: platformDefinitions, reader, agenda, now };
  const at = new Date(now.getTime() + 3_600_000);
  const named = menuNames.flatMap((name) => (name === 'main' ? [] : [{ name }]));
  return [...named, { name: 'at', at } as const].flatMap((menu) => menuOf(menu, post, view) ?? []);
}

const dataOf = (rows: readonly Row[]) =>
  rows
    .flat()
    .flatMap((button: InlineKeyboardButton) => ('callback_data' in button ? [button.callback_data] : []));

const all = posts.flatMap((post) => [
  ...dataOf(cardOf(post, platformDefinitions, reader, now).keyboard).map((data) => ({ data, post })),
  ...(post.state === 'awaiting-approval' || post.state === 'scheduled'
    ? dataOf(menusOf(post)).map((data) => ({ data, post }))
    : []),
]);
const byVerb = Map.groupBy(all, ({ data }) =>
  data.replace(/:[\w-]*?2026-11-22-\w+:\d+/, '').replace(/\d+/g, 'n'),
);

/** What becomes of a tap when the app takes everything: the texts of the answers, and the dialogs that were begun. */
async function press(data: string, post: Post): Promise<readonly string[]> {
  const said: string[] = [];
  const taken: Partial<App> = {
    post: () => post,
    now: () => now,
    settings: () => settingsWith(),
    awaitedCode: () => ({ name: 'Instagram', from: { from: 'app' } }),
    preview: async () => [],
  };
  const app = new Proxy(taken, {
    get: (known, name: keyof App) => known[name] ?? (async () => post),
  }) as App;
  const bot = new Bot<BotContext>('42:AAEabcdefghijklmnopqrstuvwxyz0123456');
  bot.botInfo = { id: 42, is_bot: true, first_name: 'D', username: 'd_bot' } as typeof bot.botInfo;
  bot.api.config.use(async (_previous, method, payload) => {
    const { text = '' } = payload as { readonly text?: string };
    said.push(`${method} ${text}`);
    return { ok: true, result: true } as never;
  });
  bot.use(speak);
  bot.use(async (ctx, next) => {
    const enter = async (dialog: string) => said.push(`begins ${dialog}`);
    ctx.conversation = { enter, exitAll: async () => undefined } as unknown as BotContext['conversation'];
    await next();
  });
  bot.use(
    cardButtons({
      app,
      log: createFakeLog(),
      store: undefined as never,
      platforms: platformDefinitions,
      channel: '',
      menus: createOpenMenus(),
    }),
  );
  const from = { id: owner, is_bot: false, first_name: 'Owner' };
  const message = {
    message_id: 1,
    date: 0,
    chat: { id: owner, type: 'private', first_name: 'Owner' },
    photo: [],
  };
  await bot.handleUpdate({
    update_id: 1,
    callback_query: { id: '1', from, message, chat_instance: '1', data },
  } as unknown as Update);
  return said;
}

const dead = reader.words.notTaken(undefined);

describe('a button', () => {
  it('is found of every kind that there is', () => {
    const verbs = new Set(all.map(({ data }) => data.split(':')[0]));
    expect([...verbs].sort()).toEqual(
      [
        ...[
          'ask',
          'at',
          'code',
          'drop',
          'edit',
          'full',
          'menu',
          'never',
          'now',
          'place',
          'preview',
          'publish',
        ],
        ...['regenerate', 'retry', 'seen', 'shape', 'skip', 'style', 'takedown', 'text', 'undo', 'version'],
      ].sort(),
    );
  });

  it.each([...byVerb.values()].map(([first]) => [first?.data ?? '', first?.post ?? draft] as const))(
    'does something: %s',
    async (data, post) => {
      const said = await press(data, post);
      expect(said[0]).toMatch(/^answerCallbackQuery/);
      expect(said).not.toContain(`answerCallbackQuery ${dead}`);
      expect(Buffer.byteLength(data)).toBeLessThanOrEqual(64);
      const begins = /^(ask|edit|code):/.test(data);
      expect(said.some((each) => each.startsWith('begins '))).toBe(begins);
    },
  );

  it('that nobody knows is answered all the same', async () => {
    expect(await press('nonsense:1', draft)).toEqual([`answerCallbackQuery ${dead}`]);
  });
});
