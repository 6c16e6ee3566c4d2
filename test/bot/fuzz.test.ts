import type { Update } from 'grammy/types';
import { describe, expect, it } from 'vitest';
import type { App } from '#app.ts';
import { listen, openBot } from '#bot/create-bot.ts';
import { createOpenMenus } from '#bot/open-menus.ts';
import type { Store } from '#ports/store.ts';
import { emptyState, type State } from '#post/state.ts';
import { createFakeApp } from '../fakes/app.ts';
import { type Chance, createChance } from '../fakes/chance.ts';
import { createFakeLog } from '../fakes/log.ts';

const owner = 7;
const botId = 42;
/** Every kind of update that the Bot API has (Bot API 9, Update), and some that it has not. */
const kinds = [
  ...['message', 'edited_message', 'channel_post', 'edited_channel_post', 'business_connection'],
  ...['business_message', 'edited_business_message', 'deleted_business_messages', 'guest_message'],
  ...['message_reaction', 'message_reaction_count', 'inline_query', 'chosen_inline_result'],
  ...['callback_query', 'shipping_query', 'pre_checkout_query', 'purchased_paid_media', 'poll'],
  ...['poll_answer', 'my_chat_member', 'chat_member', 'chat_join_request', 'chat_boost'],
  ...['removed_chat_boost', 'managed_bot', 'something_new'],
];
const pieces = [
  ...['/start', '/post', '/queue', '/auto on', '/pause', '/cancel', '/start 000000000', '@darkroom_bot'],
  ...['publish:', 'seen:', 'drop:', 'mode:loud', '2026-11-22-a', ':1', ':-1', ':99999999999999999999'],
  ...[' ', '\n', '\u202e', '\u0000', '😀', '\ud83d', '<b>', '%s', "'; --", '../..', 'é', '🏴󠁧󠁢󠁥󠁮󠁧󠁿'],
];

/** A bot with nobody behind it but its owners; whatever it asks Telegram for is written down. */
function openFuzzedBot(able: Partial<App> = {}) {
  const asked: string[] = [];
  const writes: unknown[] = [];
  const state: State = emptyState('seed');
  const store = {
    state: () => state,
    change: async (change: (state: State) => State) => {
      const next = change(state);
      if (next !== state) writes.push(next);
    },
  } as Partial<Store> as Store;
  const app = createFakeApp({ owners: () => [owner], ...able });
  const log = createFakeLog();
  const bot = openBot('42:AAEabcdefghijklmnopqrstuvwxyz0123456', undefined);
  bot.botInfo = {
    id: botId,
    is_bot: true,
    first_name: 'Darkroom',
    username: 'darkroom_bot',
  } as typeof bot.botInfo;
  bot.api.config.use(async (_previous, method) => {
    asked.push(method);
    return { ok: true, result: true } as never;
  });
  listen(bot, { app, store, log, platforms: [], menus: createOpenMenus(), channel: '@light' });
  return { bot, asked, writes, lines: log.lines };
}

/** The owner is a stranger, too, wherever others can read along. */
function chatOf({ oneOf, number }: Chance, from: number) {
  const open = ['group', 'supergroup', 'channel'];
  const type = oneOf(from === owner ? open : ['private', ...open]);
  return type === 'private' ? { id: from, type } : { id: -number(1, 1e12), type, title: 'Somewhere' };
}

/** An update of this kind with a little of everything in it; fields that do not belong there among them. */
function updateOf(kind: string, id: number, from: number, chance: Chance): Update {
  const text = chance.text(pieces, 4);
  const user = { id: from, is_bot: chance.number(0, 9) === 0, first_name: text };
  const chat = chatOf(chance, from);
  const message = {
    ...{ message_id: chance.number(0, 1e9), date: chance.number(0, 2e9), chat },
    ...(chance.number(0, 9) > 0 && { from: user }),
    ...(chance.number(0, 3) === 0 && { sender_chat: { id: -1001, type: 'channel', title: text } }),
    ...(chance.number(0, 4) > 0 && { text, entities: [{ type: 'bot_command', offset: 0, length: 5 }] }),
    ...(chance.number(0, 4) === 0 && { photo: [], document: {}, new_chat_members: [{ id: botId }] }),
  };
  const content = {
    ...{ id: String(id), from: user, user, chat, query: text, option_ids: [], inline_message_id: 'x' },
    ...(kind.includes('message') || kind.includes('post') ? message : {}),
    ...(kind === 'callback_query' && {
      ...(chance.number(0, 4) > 0 && { message }),
      ...(chance.number(0, 4) > 0 && { data: text }),
      chat_instance: '1',
    }),
  };
  return { update_id: id, [kind]: chance.number(0, 30) === 0 ? {} : content } as unknown as Update;
}

describe('ten thousand strange updates', () => {
  it('from anybody but the owner are not answered, change nothing and ask the app for nothing', async () => {
    const { bot, asked, writes, lines } = openFuzzedBot();
    const chance = createChance(1);
    for (let id = 1; id <= 10_000; id += 1) {
      const stranger = chance.number(0, 9) === 0 ? owner : chance.number(8, 1e10);
      await bot.handleUpdate(updateOf(kinds[id % kinds.length] ?? '', id, stranger, chance));
    }
    expect({ asked, writes }).toEqual({ asked: [], writes: [] });
    expect(lines).toEqual([]);
  });

  it('with buttons that nobody made are each answered once, and decide nothing', async () => {
    const nothing = async () => undefined;
    const decisions = {
      approve: nothing,
      decide: nothing,
      publishNow: nothing,
      retry: nothing,
      seen: nothing,
    };
    const { bot, asked, writes, lines } = openFuzzedBot({
      ...decisions,
      drop: nothing,
      meet: nothing,
      post: () => undefined,
      look: async () => undefined,
      postOn: () => undefined,
    });
    const chance = createChance(2);
    for (let id = 1; id <= 10_000; id += 1) {
      const data =
        `${chance.oneOf(['publish', 'text', 'edit', 'nothing', ''])}${chance.text(pieces, 5)}`.slice(0, 64);
      const from = { id: owner, is_bot: false, first_name: 'Owner' };
      const message = { message_id: id, date: 0, chat: { id: owner, type: 'private', first_name: 'Owner' } };
      const query = { id: String(id), from, message, chat_instance: '1', data };
      await bot.handleUpdate({ update_id: id, callback_query: query } as Update);
    }
    expect(asked).toEqual(Array.from({ length: 10_000 }, () => 'answerCallbackQuery'));
    expect({ writes, lines }).toEqual({ writes: [], lines: [] });
  });
});
