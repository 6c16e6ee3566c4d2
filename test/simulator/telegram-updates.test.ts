import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Api, Bot, InlineKeyboard, InputFile } from 'grammy';
import sharp from 'sharp';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createFaults } from '../../src/simulator/faults.ts';
import {
  type Exchange,
  type SimulatedTelegram,
  startTelegram,
} from '../../src/simulator/telegram/telegram.ts';
import { checkBotApi, hasBotApiSpec, wasAccepted } from './bot-api-spec.ts';

const exchanges: Exchange[] = [];
let nowMs = Date.UTC(2026, 10, 22);
let folder: string;
let telegram: SimulatedTelegram;
let api: Api;

async function start(): Promise<void> {
  telegram = await startTelegram({ faults: createFaults(), folder, now: () => nowMs });
  api = new Api(telegram.token, { apiRoot: telegram.url });
}

async function stop(): Promise<void> {
  exchanges.push(...telegram.exchanges);
  await telegram.close();
}

function polls(): number {
  return telegram.calls.filter((call) => call.operation === 'getUpdates').length;
}

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'telegram-'));
  await start();
});
afterEach(async () => {
  await stop();
  rmSync(folder, { recursive: true });
});

describe('reactions in the channel', () => {
  const counted = { message_reaction_count: expect.anything() };

  it('are told to an administrator that has asked for them', async () => {
    const { message_id } = await api.sendMessage(telegram.channel.id, 'Out');
    telegram.setReactions(message_id, { '👍': 1 });
    expect(await api.getUpdates({ allowed_updates: ['message', 'message_reaction_count'] })).toEqual([]);
    telegram.setReactions(message_id, { '👍': 3, '🔥': 1 });
    const [update, ...others] = await api.getUpdates();
    expect(others).toEqual([]);
    expect(update).toMatchObject({
      message_reaction_count: {
        chat: { id: telegram.channel.id },
        message_id,
        reactions: [
          { type: { type: 'emoji', emoji: '👍' }, total_count: 3 },
          { type: { type: 'emoji', emoji: '🔥' }, total_count: 1 },
        ],
      },
    });
    expect(telegram.channelPosts()).toMatchObject([{ reactions: ['👍', '🔥'] }]);
  });

  it('are told to nobody else', async () => {
    const { message_id } = await api.sendMessage(telegram.channel.id, 'Out');
    await api.getUpdates({ allowed_updates: ['message_reaction_count'] });
    telegram.setBotInChannel('member');
    telegram.setReactions(message_id, { '👍': 1 });
    expect(await api.getUpdates()).not.toContainEqual(expect.objectContaining(counted));
  });
});

describe('an album from the phone', () => {
  it.each(['photos', 'files'] as const)('comes as one message for each of its %s', async (as) => {
    const bytes = await sharp({ create: { width: 40, height: 30, channels: 3, background: 'red' } })
      .jpeg()
      .toBuffer();
    const sent = await telegram.phone().sendAlbum([bytes, bytes], as, 'Two of them');
    const updates = await api.getUpdates();
    const messages = updates.map(({ message }) => message);
    expect(messages.map((message) => message?.caption)).toEqual(['Two of them', undefined]);
    expect(new Set(messages.map((message) => message?.media_group_id)).size).toBe(1);
    expect(messages.map((message) => message?.[as === 'photos' ? 'photo' : 'document'])).toEqual([
      expect.anything(),
      expect.anything(),
    ]);
    expect(sent.map(({ albumId }) => albumId)).toEqual(messages.map((message) => message?.media_group_id));
    await expect(telegram.phone().sendAlbum([bytes], as)).rejects.toThrow('2 to 10');
  });
});

describe('getUpdates', () => {
  it('gives updates again until the offset confirms them', async () => {
    const phone = telegram.phone();
    for (const text of ['one', 'two', 'three']) phone.send(text);
    const updates = await api.getUpdates({ limit: 2 });
    expect(updates.map((each) => each.message?.text)).toEqual(['one', 'two']);
    expect(await api.getUpdates()).toHaveLength(3);
    const second = updates[1]?.update_id ?? 0;
    expect(await api.getUpdates({ offset: second })).toHaveLength(2);
    expect(await api.getUpdates({ offset: second + 1 })).toMatchObject([{ message: { text: 'three' } }]);
    expect(telegram.updates.pending).toBe(1);
    expect((await api.getWebhookInfo()).pending_update_count).toBe(1);
  });

  it('drops all but the newest for a negative offset', async () => {
    for (const text of ['one', 'two', 'three']) telegram.phone().send(text);
    expect(await api.getUpdates({ offset: -1 })).toMatchObject([{ message: { text: 'three' } }]);
    expect(await api.getUpdates()).toHaveLength(1);
  });

  it('keeps messages for a day and presses for 150 seconds', async () => {
    const phone = telegram.phone();
    const { message_id: id } = await api.sendMessage(phone.userId, 'Post?', {
      reply_markup: new InlineKeyboard().text('Yes', 'y'),
    });
    phone.tap(id, 'Yes');
    phone.send('hello');
    expect(await api.getUpdates()).toHaveLength(2);
    nowMs += 150_000;
    expect(await api.getUpdates()).toMatchObject([{ message: { text: 'hello' } }]);
    nowMs += 86_400_000;
    expect(await api.getUpdates()).toEqual([]);
  });

  it('sends the kinds that were asked for, as long as nothing else is asked', async () => {
    const phone = telegram.phone();
    await api.getUpdates({ allowed_updates: ['callback_query'] });
    phone.send('unheard');
    phone.tapRaw(1, 'x');
    expect(await api.getUpdates()).toMatchObject([{ callback_query: { data: 'x' } }]);
    await api.getUpdates({ offset: -1, allowed_updates: [] });
    phone.send('heard');
    expect((await api.getUpdates()).at(-1)).toMatchObject({ message: { text: 'heard' } });
  });

  it('answers a waiting poll as soon as something comes', async () => {
    const waiting = api.getUpdates({ timeout: 30 });
    while (polls() === 0) await new Promise(setImmediate);
    telegram.phone().send('now');
    expect(await waiting).toMatchObject([{ message: { text: 'now' } }]);
  });

  it('ends the older of two polls with the 409 of Telegram', async () => {
    const older = api.getUpdates({ timeout: 30 });
    const refused = expect(older).rejects.toMatchObject({
      error_code: 409,
      description:
        'Conflict: terminated by other getUpdates request; make sure that only one bot instance is running',
    });
    while (polls() < 1) await new Promise(setImmediate);
    const newer = api.getUpdates({ timeout: 30 });
    await refused;
    telegram.phone().send('for the newer');
    expect(await newer).toHaveLength(1);
  });

  it('forgets a poll whose client went away', async () => {
    const abort = new AbortController();
    const url = `${telegram.url}/bot${telegram.token}/getUpdates?timeout=30`;
    const gone = expect(fetch(url, { signal: abort.signal })).rejects.toThrow();
    while (polls() < 1) await new Promise(setImmediate);
    abort.abort();
    await gone;
    telegram.phone().send('kept');
    expect(await api.getUpdates({ timeout: 30 })).toMatchObject([{ message: { text: 'kept' } }]);
  });

  it('refuses a webhook and drops what waits when the webhook is deleted so', async () => {
    telegram.phone().send('old');
    await expect(api.setWebhook('http://a.example')).rejects.toThrow('An HTTPS URL must be provided');
    await expect(api.setWebhook('https://a.example')).rejects.toThrow('bad webhook');
    await api.deleteWebhook({ drop_pending_updates: true });
    expect(await api.getUpdates()).toEqual([]);
  });

  it('hands out after a restart what was not confirmed before it', async () => {
    telegram.phone().send('before');
    const [before] = await api.getUpdates();
    await stop();
    await start();
    telegram.phone().send('after');
    const updates = await api.getUpdates();
    expect(updates.map((each) => each.message?.text)).toEqual(['before', 'after']);
    expect(updates.map((each) => each.update_id)).toEqual([before?.update_id, (before?.update_id ?? 0) + 1]);
  });
});

describe('a grammY bot and a phone', () => {
  it('talk to each other: command, button, toast, edit', async () => {
    const bot = new Bot(telegram.token, { client: { apiRoot: telegram.url } });
    bot.command('start', async (ctx) => {
      await ctx.replyWithChatAction('typing');
      await ctx.reply('Post?', { reply_markup: new InlineKeyboard().text('Yes', 'yes:1') });
    });
    bot.callbackQuery('yes:1', async (ctx) => {
      await ctx.answerCallbackQuery({ text: 'On it' });
      await ctx.editMessageText('Posted');
    });
    bot.on('message:text', (ctx) =>
      ctx.reply(ctx.message.text, { reply_parameters: { message_id: ctx.message.message_id } }),
    );
    const running = bot.start();
    const phone = telegram.phone();
    const started = phone.send('/start');
    expect(started.entities).toEqual([{ type: 'bot_command', offset: 0, length: 6 }]);
    await telegram.until(() => phone.messages().length === 2);
    const asked = phone.messages()[1]?.id ?? 0;
    const tap = phone.tap(asked, 'Yes');
    expect(await tap.answer).toEqual({ text: 'On it', alert: false });
    await telegram.until(() => phone.messages()[1]?.text === 'Posted');
    expect(phone.toasts()).toEqual([{ text: 'On it', alert: false }]);
    const replied = phone.reply(asked, 'thanks');
    await telegram.until(() => phone.messages().length === 4);
    expect(phone.messages().slice(2)).toMatchObject([
      { replyTo: asked },
      { replyTo: replied.id, text: 'thanks' },
    ]);
    await bot.stop();
    await running;
    expect(telegram.updates.pending).toBe(0);
  });
});

describe('a phone', () => {
  it('sends pictures and files that the bot can fetch', async () => {
    const phone = telegram.phone();
    const bytes = await sharp({ create: { width: 200, height: 100, channels: 3, background: 'red' } })
      .png()
      .toBuffer();
    await phone.sendPhoto(bytes, 'seen #today');
    phone.sendDocument(bytes, 'raw.png', 'image/png');
    const [photo, document] = await api.getUpdates();
    expect(photo?.message).toMatchObject({ caption: 'seen #today', caption_entities: [{ type: 'hashtag' }] });
    expect(photo?.message?.photo?.map((size) => size.width)).toEqual([100, 200]);
    const { file_path } = await api.getFile(document?.message?.document?.file_id ?? '');
    const download = await fetch(`${telegram.url}/file/bot${telegram.token}/${file_path}`);
    expect(Buffer.from(await download.arrayBuffer())).toEqual(bytes);
  });

  it('shows only buttons that are there, but can forge a press', async () => {
    const phone = telegram.phone();
    const { message_id: id } = await api.sendMessage(phone.userId, 'Post?');
    expect(() => phone.tap(id, 'Yes')).toThrow('has no button "Yes" to press; it shows: none');
    await api.deleteMessage(phone.userId, id);
    phone.tapRaw(id, 'yes:1');
    expect(await api.getUpdates()).toMatchObject([
      { callback_query: { data: 'yes:1', from: { id: phone.userId }, message: { message_id: id, date: 0 } } },
    ]);
    expect(phone.taps()).toEqual([{ id: expect.any(String), messageId: id, data: 'yes:1' }]);
  });

  it('takes one answer to a press, in time and of 200 characters at most', async () => {
    const phone = telegram.phone();
    const late = 'Bad Request: query is too old and response timeout expired or query ID is invalid';
    const { id } = phone.tapRaw(1, 'x');
    await expect(api.answerCallbackQuery(id, { text: 'x'.repeat(201) })).rejects.toThrow('MESSAGE_TOO_LONG');
    await api.answerCallbackQuery(id, { text: 'Sure?', show_alert: true });
    expect(phone.toasts()).toEqual([{ text: 'Sure?', alert: true }]);
    await expect(api.answerCallbackQuery(id)).rejects.toThrow(late);
    const slow = phone.tapRaw(1, 'y');
    nowMs += 60_000;
    await expect(api.answerCallbackQuery(slow.id)).rejects.toThrow(late);
  });

  it('shows "typing" until the message comes or 5 seconds are over', async () => {
    const phone = telegram.phone();
    await api.sendChatAction(phone.userId, 'upload_photo');
    expect(phone.isTyping()).toBe(true);
    await api.sendMessage(phone.userId, 'x');
    expect(phone.isTyping()).toBe(false);
    await api.sendChatAction(phone.userId, 'typing');
    nowMs += 5000;
    expect(phone.isTyping()).toBe(false);
  });

  it('shows the menu for its chat, its language, or everybody', async () => {
    const phone = telegram.phone();
    phone.send('/start');
    await api.setMyCommands([{ command: 'help', description: 'What I can do' }]);
    await api.setMyCommands([{ command: 'help', description: 'Was ich kann' }], { language_code: 'de' });
    expect(phone.commands()).toEqual([{ command: 'help', description: 'What I can do' }]);
    phone.languageCode = 'de';
    expect(phone.commands()).toEqual([{ command: 'help', description: 'Was ich kann' }]);
    const scope = { type: 'chat', chat_id: phone.userId } as const;
    await api.setMyCommands([{ command: 'post', description: 'Post now' }], { scope });
    expect(phone.commands()).toEqual([{ command: 'post', description: 'Post now' }]);
    expect(telegram.phone(4242).commands()).toEqual([{ command: 'help', description: 'What I can do' }]);
    expect(await api.getMyCommands({ scope })).toHaveLength(1);
    await api.deleteMyCommands({ scope });
    expect(phone.commands()[0]?.description).toBe('Was ich kann');
    await expect(api.setMyCommands([{ command: 'No-Good', description: 'x' }])).rejects.toThrow(
      'Bad Request: BOT_COMMAND_INVALID',
    );
    expect((await api.getUpdates()).at(-1)?.message?.from?.language_code).toBe('en');
  });

  it('leaves room for the bot to describe itself', async () => {
    await api.setMyDescription('Publishes pictures.');
    await api.setMyShortDescription('Pictures.');
    await api.setChatMenuButton({ menu_button: { type: 'commands' } });
    expect(await api.getMyDescription()).toEqual({ description: 'Publishes pictures.' });
    expect(await api.getMyShortDescription()).toEqual({ short_description: 'Pictures.' });
    expect(await api.getChatMenuButton()).toEqual({ type: 'commands' });
    await expect(api.setMyShortDescription('x'.repeat(121))).rejects.toThrow('Bad Request');
  });

  it('tells the bot of a block and sends nothing while it lasts', async () => {
    const phone = telegram.phone();
    phone.block();
    expect(() => phone.send('x')).toThrow('unblock it first');
    phone.unblock();
    const kinds = (await api.getUpdates()).map((each) => each.my_chat_member?.new_chat_member.status);
    expect(kinds).toEqual(['kicked', 'member']);
  });

  it('may be that of an owner who has not pressed Start', async () => {
    await stop();
    rmSync(folder, { recursive: true });
    telegram = await startTelegram({ faults: createFaults(), folder, ownerStarted: false });
    api = new Api(telegram.token, { apiRoot: telegram.url });
    const photo = new InputFile(Buffer.from('x'));
    await expect(api.sendPhoto(telegram.owner.id, photo)).rejects.toThrow("bot can't initiate conversation");
    telegram.phone().send('/start');
    await expect(api.sendMessage(telegram.owner.id, 'Welcome')).resolves.toBeDefined();
  });
});

describe('until', () => {
  it('rejects with what was waited for when it does not come', async () => {
    await expect(telegram.until(() => telegram.channelPosts().length > 0, 5)).rejects.toThrow(
      'within 5 ms: () => telegram.channelPosts().length > 0',
    );
  });
});

it.skipIf(!hasBotApiSpec)('speaks the documented Bot API in every call of these tests', () => {
  expect(exchanges.length).toBeGreaterThan(40);
  expect(checkBotApi(exchanges.filter(wasAccepted))).toEqual([]);
});
