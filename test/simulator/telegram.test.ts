import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Api, InlineKeyboard, InputFile, InputMediaBuilder } from 'grammy';
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
const faults = createFaults();
let nowMs = Date.UTC(2026, 10, 22);
let folder: string;
let telegram: SimulatedTelegram;
let api: Api;
let owner: number;
let channel: number;

async function start(): Promise<void> {
  telegram = await startTelegram({ faults, folder, now: () => nowMs });
  api = new Api(telegram.token, { apiRoot: telegram.url });
  owner = telegram.owner.id;
  channel = telegram.channel.id;
}

async function stop(): Promise<void> {
  exchanges.push(...telegram.exchanges);
  await telegram.close();
}

function picture(width = 60, height = 40): Promise<Buffer> {
  return sharp({ create: { width, height, channels: 3, background: '#345678' } })
    .jpeg()
    .toBuffer();
}

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'telegram-'));
  faults.clear();
  await start();
});
afterEach(async () => {
  await stop();
  rmSync(folder, { recursive: true });
});

describe('sending', () => {
  it('shows a text with its entities and buttons on the phone', async () => {
    const reply_markup = new InlineKeyboard()
      .text('Yes', 'y:1')
      .text('No', 'n:1')
      .row()
      .url('See', 'https://a.example');
    const sent = await api.sendMessage(owner, 'Post <b>this</b> &amp; #that? /help', {
      parse_mode: 'HTML',
      reply_markup,
    });
    expect(sent.entities).toMatchObject([
      { type: 'bold', offset: 5, length: 4 },
      { type: 'hashtag', offset: 12, length: 5 },
      { type: 'bot_command', offset: 19, length: 5 },
    ]);
    expect(telegram.phone().messages()).toMatchObject([
      {
        id: sent.message_id,
        from: 'bot',
        text: 'Post this & #that? /help',
        keyboard: [
          [
            { text: 'Yes', data: 'y:1' },
            { text: 'No', data: 'n:1' },
          ],
          [{ text: 'See', url: 'https://a.example' }],
        ],
      },
    ]);
  });

  it('answers a message, hides the preview and asks for a reply when told to', async () => {
    const asked = telegram.phone().send('hello');
    const sent = await api.sendMessage(owner, 'New caption?', {
      reply_parameters: { message_id: asked.id },
      link_preview_options: { is_disabled: true },
      reply_markup: { force_reply: true },
    });
    expect(sent.reply_to_message?.message_id).toBe(asked.id);
    expect(telegram.phone().messages().at(-1)).toMatchObject({ replyTo: asked.id, forcesReply: true });
    await expect(api.sendMessage(owner, 'x', { reply_parameters: { message_id: 99 } })).rejects.toThrow(
      'Bad Request: message to be replied not found',
    );
    const lenient = { message_id: 99, allow_sending_without_reply: true };
    await expect(api.sendMessage(owner, 'x', { reply_parameters: lenient })).resolves.toBeDefined();
  });

  it('keeps a recompressed picture in several sizes and knows it again by file id', async () => {
    const bytes = await picture(1600, 900);
    const sent = await api.sendPhoto(owner, new InputFile(bytes, 'p.jpg'), { caption: 'Dusk' });
    expect(sent.photo.map((size) => size.width)).toEqual([100, 320, 800, 1280, 1600]);
    const largest = sent.photo.at(-1);
    const again = await api.sendPhoto(channel, largest?.file_id ?? '');
    expect(again.photo.at(-1)?.file_unique_id).toBe(largest?.file_unique_id);
    expect(telegram.phone().messages()[0]).toMatchObject({
      text: 'Dusk',
      photo: { width: 1600, height: 900 },
    });
    const [post] = telegram.channelPosts();
    const shown = telegram.photo(post?.photo?.fileId ?? '');
    expect((await sharp(shown).metadata()).format).toBe('jpeg');
    const file = await api.getFile(largest?.file_id ?? '');
    const download = await fetch(`${telegram.url}/file/bot${telegram.token}/${file.file_path}`);
    expect(Buffer.from(await download.arrayBuffer())).toEqual(shown);
  });

  it('takes a document as it is and a picture album of 2 to 10 without buttons', async () => {
    const bytes = await picture();
    const sent = await api.sendDocument(owner, new InputFile(bytes, 'original.jpg'), {
      caption: 'full size',
    });
    expect(sent.document).toMatchObject({ file_name: 'original.jpg', mime_type: 'image/jpeg' });
    expect(telegram.photo(sent.document.file_id)).toEqual(bytes);
    const first = InputMediaBuilder.photo(new InputFile(bytes, 'a.jpg'), { caption: 'Two' });
    const album = await api.sendMediaGroup(channel, [first, InputMediaBuilder.photo(new InputFile(bytes))]);
    expect(album).toHaveLength(2);
    expect(new Set(telegram.channelPosts().map((each) => each.albumId)).size).toBe(1);
    expect(telegram.channelPosts().map((each) => each.text)).toEqual(['Two', '']);
    const known = InputMediaBuilder.photo(telegram.channelPosts()[0]?.photo?.fileId ?? '');
    await expect(api.sendMediaGroup(channel, Array(11).fill(known))).rejects.toThrow('too many messages');
    await expect(api.sendMediaGroup(channel, [known])).rejects.toThrow('too few messages');
  });

  it.each([
    ['an empty text', () => api.sendMessage(owner, ' \n '), 'message text is empty'],
    ['a long text', () => api.sendMessage(owner, 'x'.repeat(4097)), 'message is too long'],
    ['a long text in UTF-16 units', () => api.sendMessage(owner, '🌄'.repeat(2049)), 'message is too long'],
    ['no chat', () => api.sendMessage('', 'x'), 'chat_id is empty'],
    ['an unknown chat', () => api.sendMessage(12345, 'x'), 'chat not found'],
    [
      'HTML that does not match',
      () => html('<b>x</i>'),
      `Unmatched end tag at byte offset 4, expected "</b>"`,
    ],
    ['an unknown tag', () => html('ü<p>x</p>'), `Unsupported start tag "p" at byte offset 2`],
    ['an open tag', () => html('<b>x'), `Can't find end tag corresponding to start tag "b"`],
    [
      'an unknown parse mode',
      () => raw('sendMessage', { text: 'x', parse_mode: 'BBCode' }),
      'unsupported parse_mode',
    ],
    [
      'a picture by address',
      () => api.sendPhoto(owner, 'http://a.example/x.jpg'),
      'failed to get HTTP URL content',
    ],
    ['an unknown file id', () => api.sendPhoto(owner, 'AgACbogus'), 'wrong remote file identifier specified'],
    ['no picture', () => raw('sendPhoto', {}), 'there is no photo in the request'],
    ['bytes that are no picture', () => send(randomBytes(99)), 'IMAGE_PROCESS_FAILED'],
    [
      '10 MB and more',
      () => send(Buffer.alloc(10_485_761)),
      'is too big for a photo; the maximum size is 10485760',
    ],
    ['data of more than 64 bytes', () => press('ü'.repeat(33)), 'BUTTON_DATA_INVALID'],
    [
      'markup that is no object',
      () => raw('sendMessage', { text: 'x', reply_markup: '7' }),
      'object expected',
    ],
    ['entities out of the text', () => entity('ab', 1, 2), 'ENTITY_BOUNDS_INVALID'],
    ['entities that split a pair', () => entity('🌄', 0, 1), 'ENTITY_BOUNDS_INVALID'],
  ])('refuses %s with a 400', async (_name, call, text) => {
    await expect(call()).rejects.toMatchObject({
      error_code: 400,
      description: expect.stringContaining(text),
    });
  });

  it('refuses pictures that are too large or too thin', async () => {
    await expect(send(await picture(9000, 1001))).rejects.toThrow('Bad Request: PHOTO_INVALID_DIMENSIONS');
    await expect(send(await picture(420, 20))).rejects.toThrow('Bad Request: PHOTO_INVALID_DIMENSIONS');
  });

  it('counts a caption after its tags and refuses more than 1024 units', async () => {
    const { photo } = await send(await picture());
    const id = photo.at(-1)?.file_id ?? '';
    const fits = `<b>${'x'.repeat(1024)}</b>`;
    await expect(api.sendPhoto(owner, id, { caption: fits, parse_mode: 'HTML' })).resolves.toBeDefined();
    await expect(api.sendPhoto(owner, id, { caption: 'x'.repeat(1025) })).rejects.toThrow(
      'Bad Request: message caption is too long',
    );
    await expect(api.sendDocument(owner, id)).rejects.toThrow("can't use file of type Photo as Document");
  });

  function html(text: string) {
    return api.sendMessage(owner, text, { parse_mode: 'HTML' });
  }
  function send(bytes: Buffer) {
    return api.sendPhoto(owner, new InputFile(bytes, 'p.jpg'));
  }
  function press(data: string) {
    return api.sendMessage(owner, 'x', { reply_markup: new InlineKeyboard().text('x', data) });
  }
  function entity(text: string, offset: number, length: number) {
    return api.sendMessage(owner, text, { entities: [{ type: 'bold', offset, length }] });
  }
  async function raw(method: string, params: Record<string, string>): Promise<void> {
    const answer = await fetch(`${telegram.url}/bot${telegram.token}/${method}`, {
      method: 'POST',
      body: new URLSearchParams({ chat_id: String(owner), ...params }),
    });
    if (!answer.ok) throw await answer.json();
  }
});

describe('editing', () => {
  it('replaces text and buttons, and takes the buttons away when none are given', async () => {
    const reply_markup = new InlineKeyboard().text('Yes', 'y');
    const { message_id: id } = await api.sendMessage(owner, 'One', { reply_markup });
    await api.editMessageText(owner, id, 'Two', { reply_markup });
    expect(telegram.phone().messages()).toMatchObject([
      { text: 'Two', edits: 1, keyboard: [[{ text: 'Yes' }]] },
    ]);
    await expect(api.editMessageText(owner, id, 'Two', { reply_markup })).rejects.toThrow(
      'message is not modified: specified new message content and reply markup are exactly the same',
    );
    await api.editMessageReplyMarkup(owner, id);
    expect(telegram.phone().messages()).toMatchObject([{ text: 'Two', edits: 2, keyboard: [] }]);
    await expect(api.editMessageReplyMarkup(owner, id)).rejects.toThrow('message is not modified');
  });

  it('replaces the caption and the picture of a post', async () => {
    const bytes = await picture();
    const reply_markup = new InlineKeyboard().text('Publish', 'p');
    const sent = await api.sendPhoto(owner, new InputFile(bytes), { caption: 'Old', reply_markup });
    await api.editMessageCaption(owner, sent.message_id, { caption: 'New', reply_markup });
    const media = InputMediaBuilder.photo(new InputFile(await picture(90, 30), 'b.jpg'), {
      caption: 'Newer',
    });
    await api.editMessageMedia(owner, sent.message_id, media, { reply_markup });
    expect(telegram.phone().messages()).toMatchObject([
      { text: 'Newer', edits: 2, photo: { width: 90 }, keyboard: [[{ text: 'Publish' }]] },
    ]);
    await api.editMessageCaption(owner, sent.message_id, {});
    expect(telegram.phone().messages()).toMatchObject([{ text: '', keyboard: [] }]);
  });

  it('refuses what cannot be edited, in the words of Telegram', async () => {
    const own = telegram.phone().send('mine');
    const text = await api.sendMessage(owner, 'x');
    const photo = await api.sendPhoto(owner, new InputFile(await picture()));
    await expect(api.editMessageText(owner, 99, 'y')).rejects.toThrow('message to edit not found');
    await expect(api.editMessageText(owner, own.id, 'y')).rejects.toThrow("message can't be edited");
    await expect(api.editMessageText(owner, photo.message_id, 'y')).rejects.toThrow(
      'there is no text in the message',
    );
    await expect(api.editMessageCaption(owner, text.message_id, { caption: 'y' })).rejects.toThrow(
      'there is no caption in the message to edit',
    );
  });
});

describe('messages that exist', () => {
  it('forwards with the origin and says when there is nothing to forward', async () => {
    const post = await api.sendPhoto(channel, new InputFile(await picture()), { caption: 'Out' });
    const forwarded = await api.forwardMessage(owner, channel, post.message_id);
    expect(forwarded.forward_origin).toMatchObject({ type: 'channel', message_id: post.message_id });
    expect(telegram.phone().messages()).toMatchObject([
      { text: 'Out', forwardedFrom: telegram.channel.title },
    ]);
    await expect(api.forwardMessage(owner, channel, post.message_id + 1)).rejects.toThrow(
      'Bad Request: message to forward not found',
    );
  });

  it('copies from a protected channel but does not forward from it', async () => {
    const post = await api.sendMessage(channel, 'Out');
    telegram.setProtectedContent(true);
    await expect(api.forwardMessage(owner, channel, post.message_id)).rejects.toThrow(
      "Bad Request: message has protected content and can't be forwarded",
    );
    const { message_id: id } = await api.copyMessage(owner, channel, post.message_id);
    expect(telegram.phone().messages()).toMatchObject([{ id, text: 'Out' }]);
    await expect(api.copyMessage(owner, channel, 77)).rejects.toThrow(
      'Bad Request: message to copy not found',
    );
  });

  it('deletes for 48 hours and skips what is gone when deleting several', async () => {
    const { message_id: id } = await api.sendMessage(owner, 'a');
    const { message_id: other } = await api.sendMessage(owner, 'b');
    const { message_id: old } = await api.sendMessage(channel, 'c');
    await api.deleteMessage(owner, id);
    await expect(api.deleteMessage(owner, id)).rejects.toThrow('Bad Request: message to delete not found');
    await api.deleteMessages(owner, [id, other]);
    expect(telegram.phone().messages()).toEqual([]);
    nowMs += 48 * 3_600_000;
    await expect(api.deleteMessage(channel, old)).rejects.toThrow("Bad Request: message can't be deleted");
    const { message_id: young } = await api.sendMessage(channel, 'd');
    await expect(api.deleteMessages(channel, [young, old])).rejects.toThrow(
      "Bad Request: message can't be deleted",
    );
    expect(telegram.channelPosts()).toHaveLength(2);
  });

  it('shows a reaction', async () => {
    const asked = telegram.phone().send('hello');
    await api.setMessageReaction(owner, asked.id, [{ type: 'emoji', emoji: '👍' }]);
    expect(telegram.phone().messages()).toMatchObject([{ reactions: ['👍'] }]);
  });
});

describe('rights', () => {
  it('tells apart a user who never wrote, one who blocked the bot, and one who came back', async () => {
    const stranger = telegram.phone(4242);
    await expect(api.sendMessage(4242, 'x')).rejects.toThrow(
      "Forbidden: bot can't initiate conversation with a user",
    );
    stranger.send('/start');
    await expect(api.sendMessage(4242, 'x')).resolves.toBeDefined();
    stranger.block();
    await expect(api.sendMessage(4242, 'x')).rejects.toMatchObject({
      error_code: 403,
      description: 'Forbidden: bot was blocked by the user',
    });
    stranger.unblock();
    await expect(api.sendMessage(4242, 'x')).resolves.toBeDefined();
  });

  it('posts to the channel by id or name as administrator only', async () => {
    await api.sendMessage(`@${telegram.channel.username}`, 'x');
    telegram.setBotInChannel('member');
    await expect(api.sendMessage(channel, 'x')).rejects.toThrow(
      'Bad Request: need administrator rights in the channel chat',
    );
    telegram.setBotInChannel('kicked');
    await expect(api.sendMessage(channel, 'x')).rejects.toThrow(
      'Forbidden: bot was kicked from the channel chat',
    );
    telegram.setBotInChannel('administrator');
    await api.leaveChat(channel);
    await expect(api.sendMessage(channel, 'x')).rejects.toThrow(
      'Forbidden: bot is not a member of the channel chat',
    );
    expect(telegram.channelPosts()).toHaveLength(1);
  });

  it('describes the bot, the chats and their members', async () => {
    expect(await api.getMe()).toMatchObject({ is_bot: true, id: Number(telegram.token.split(':')[0]) });
    expect(await api.getChat(channel)).toMatchObject({ type: 'channel', username: 'darkroom_demo' });
    expect(await api.getChat(owner)).toMatchObject({ type: 'private', first_name: telegram.owner.name });
    const bot = await api.getMe();
    expect(await api.getChatMember(channel, bot.id)).toMatchObject({
      status: 'administrator',
      can_post_messages: true,
    });
    expect(await api.getChatMember(channel, owner)).toMatchObject({ status: 'creator' });
    expect(await api.getChatMemberCount(channel)).toBe(2);
    expect(await api.getChatAdministrators(channel)).toHaveLength(2);
    telegram.setBotInChannel('member');
    expect(await api.getChatMember(channel, bot.id)).toMatchObject({ status: 'member' });
    await expect(api.getChatAdministrators(channel)).rejects.toThrow('member list is inaccessible');
  });

  it('refuses a wrong token and an unknown method', async () => {
    const other = new Api('7000000001:wrong', { apiRoot: telegram.url });
    await expect(other.getMe()).rejects.toMatchObject({ error_code: 401, description: 'Unauthorized' });
    const answer = await fetch(`${telegram.url}/bot${telegram.token}/getNothing`);
    expect(await answer.json()).toEqual({ ok: false, error_code: 404, description: 'Not Found' });
  });
});

describe('the service', () => {
  it('asks to wait in its own form when its rate limit strikes', async () => {
    const fault = { kind: 'rate-limit', retryAfterSeconds: 7 } as const;
    faults.add({ service: 'telegram', operation: 'sendMessage', fault, times: 1 });
    await expect(api.sendMessage(owner, 'x')).rejects.toMatchObject({
      error_code: 429,
      description: 'Too Many Requests: retry after 7',
      parameters: { retry_after: 7 },
    });
    await expect(api.sendMessage(owner, 'x')).resolves.toBeDefined();
  });

  it('goes on after a restart where it stood', async () => {
    const photo = await api.sendPhoto(owner, new InputFile(await picture()), { caption: 'Kept' });
    telegram.phone().send('still here');
    await stop();
    await start();
    expect(telegram.phone().messages()).toMatchObject([{ text: 'Kept' }, { text: 'still here' }]);
    expect(telegram.updates.pending).toBe(1);
    const again = await api.sendPhoto(channel, photo.photo[0]?.file_id ?? '');
    expect(again.photo).toEqual(photo.photo);
    const next = await api.sendMessage(owner, 'next');
    expect(next.message_id).toBe(photo.message_id + 2);
  });
});

it.skipIf(!hasBotApiSpec)('speaks the documented Bot API in every call of these tests', () => {
  expect(exchanges.length).toBeGreaterThan(50);
  expect(checkBotApi(exchanges.filter(wasAccepted))).toEqual([]);
});

it.skipIf(!hasBotApiSpec)('would notice a call that the Bot API does not document', () => {
  const params = { chat_id: 1, txt: 'x', reply_markup: { inline_keyboard: [[{ text: 1 }]] } };
  expect(checkBotApi([{ method: 'sendMessage', params, answer: { ok: true, result: { date: 1 } } }])).toEqual(
    [
      'sendMessage: text is missing',
      'sendMessage: txt is not a parameter',
      expect.stringContaining('text: 1 is no String'),
      'sendMessage: answer.message_id is missing in Message',
      'sendMessage: answer.chat is missing in Message',
    ],
  );
});
