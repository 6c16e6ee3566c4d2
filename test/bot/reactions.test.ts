import type { Update } from 'grammy/types';
import { expect, it } from 'vitest';
import { listen, openBot } from '#bot/create-bot.ts';
import { createOpenMenus } from '#bot/open-menus.ts';
import { NotSaved } from '#errors.ts';
import { createFakeApp } from '../fakes/app.ts';
import { createFakeLog } from '../fakes/log.ts';

const reactions = [
  { type: { type: 'emoji', emoji: '👍' }, total_count: 3 },
  { type: { type: 'custom_emoji', custom_emoji_id: '5' }, total_count: 1 },
  { type: { type: 'paid' }, total_count: 2 },
];
const ours = { id: -1001, type: 'channel', title: 'Light', username: 'MyLight' };

/** What a bot of this channel does with an update. */
async function hear(channel: string, update: object, isSaved = true) {
  const counted: unknown[] = [];
  const asked: string[] = [];
  const app = createFakeApp({
    owners: () => [7],
    async countReactions(...given) {
      if (!isSaved) throw new NotSaved('ENOSPC');
      counted.push(given);
    },
  });
  const bot = openBot('42:AAEabcdefghijklmnopqrstuvwxyz0123456', undefined);
  bot.botInfo = { id: 42, is_bot: true, first_name: 'D', username: 'd_bot' } as typeof bot.botInfo;
  bot.api.config.use(async (_previous, method) => {
    asked.push(method);
    return { ok: true, result: true } as never;
  });
  const log = createFakeLog();
  listen(bot, { app, store: undefined as never, log, platforms: [], menus: createOpenMenus(), channel });
  await bot.handleUpdate({ update_id: 1, ...update } as Update).catch((error) => bot.errorHandler(error));
  return { counted, asked, log };
}

const counting = (chat: object) => ({
  message_reaction_count: { chat, message_id: 5, date: 0, reactions },
});

it.each([
  ['by its name', '@mylight', ours, true],
  ['by its id', '-1001', ours, true],
  ['not of another channel', '@mylight', { ...ours, username: 'Light' }, false],
  ['not of a channel without a name', '@undefined', { id: -1002, type: 'channel', title: 'X' }, false],
  ['not of another id', '-100', ours, false],
  ['not of a group of that name', '@mylight', { ...ours, type: 'supergroup' }, false],
  ['not of an owner', '7', { id: 7, type: 'private', first_name: 'Owner' }, false],
])('hears of reactions in its channel, %s', async (_, channel, chat, isHeard) => {
  const { counted, asked } = await hear(channel, counting(chat));
  expect(counted).toEqual(isHeard ? [[5, 6]] : []);
  expect(asked).toEqual([]);
});

it.each(['channel_post', 'edited_channel_post'])('hears nothing else from its channel: %s', async (kind) => {
  const post = { message_id: 5, date: 0, chat: ours, text: '/post', sender_chat: ours };
  expect(await hear('@mylight', { [kind]: post })).toMatchObject({ counted: [], asked: [] });
});

it('says nothing in the channel when they cannot be saved', async () => {
  const { asked, log } = await hear('@mylight', counting(ours), false);
  expect(asked).toEqual([]);
  expect(log.lines.map(({ message }) => message)).toEqual(['An update could not be handled']);
});
