import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { plainJpeg } from '../../fakes/plain-pictures.ts';
import { askAt, callBot, type OpenPage, openPage } from './open-page.ts';

let page: OpenPage;

beforeEach(async () => {
  page = await openPage();
});

afterEach(() => page.close());

const phone = () => page.simulator.telegram.phone();
const newest = () => phone().messages().at(-1);
const paths = () => page.simulator.dropbox.files().map(({ path }) => path);
const base64 = (bytes: Buffer | string) => Buffer.from(bytes).toString('base64');
const nothingToTell = { status: 200, done: {} };

/** A message of the bot with one button, `Send it` with the data `send`. */
async function askedByBot(): Promise<number> {
  const { owner } = page.simulator.telegram;
  const reply_markup = { inline_keyboard: [[{ text: 'Send it', callback_data: 'send' }]] };
  const { result } = await callBot(page.simulator, 'sendMessage', {
    chat_id: owner.id,
    text: 'Shall I?',
    reply_markup,
  });
  return result.message_id;
}

describe('on the phone', () => {
  test('says something', async () => {
    expect(await page.act({ do: 'say', text: 'Hello ✨' })).toEqual(nothingToTell);
    expect(newest()).toMatchObject({ from: 'user', text: 'Hello ✨' });
    expect(newest()).not.toHaveProperty('replyTo');
  });

  test('says as much as fits into a message', async () => {
    const text = 'x'.repeat(4096);
    expect(await page.act({ do: 'say', text })).toEqual(nothingToTell);
    expect(newest()?.text).toBe(text);
  });

  test('replies to a message', async () => {
    const replyTo = await askedByBot();
    expect(await page.act({ do: 'say', text: 'Yes', replyTo })).toEqual(nothingToTell);
    expect(newest()).toMatchObject({ from: 'user', text: 'Yes', replyTo });
  });

  test('presses a button, and tells by which number the answer will come', async () => {
    const messageId = await askedByBot();
    const { status, done } = await page.act({ do: 'tap', messageId, data: 'send' });
    expect(status).toBe(200);
    expect(phone().taps()).toEqual([{ id: expect.any(String), messageId, data: 'send' }]);
    expect(done).toEqual({ tapId: phone().taps()[0]?.id });
  });

  test('sends a picture with a caption', async () => {
    const bytes = base64(await plainJpeg(640, 480));
    expect(await page.act({ do: 'send-photo', bytes, caption: 'Dusk' })).toEqual(nothingToTell);
    expect(newest()).toMatchObject({ from: 'user', text: 'Dusk', photo: { width: 640, height: 480 } });
  });

  test('sends a file, byte for byte', async () => {
    const file = { name: 'Café 1.tif', type: 'image/tiff', caption: '' };
    expect(await page.act({ do: 'send-file', bytes: base64('raw'), ...file })).toEqual(nothingToTell);
    const { document } = newest() ?? {};
    expect(document).toMatchObject({ name: 'Café 1.tif', mime: 'image/tiff', bytes: 3 });
    expect(String(page.simulator.telegram.photo(document?.fileId ?? ''))).toBe('raw');
  });

  test.each(['photos', 'files'] as const)('sends several at once, as %s, each with its name', async (as) => {
    const jpeg = base64(await plainJpeg(640, 480));
    const files = ['one', 'two', 'three'].map((name) => ({
      name: `${name}.jpg`,
      type: 'image/jpeg',
      bytes: jpeg,
    }));
    expect(await page.act({ do: 'send-album', as, files, caption: 'A walk' })).toEqual(nothingToTell);
    const sent = phone().messages();
    expect(sent.map(({ text }) => text)).toEqual(['A walk', '', '']);
    const names = as === 'files' ? files.map(({ name }) => name) : files.map(() => undefined);
    expect(sent.map(({ document }) => document?.name)).toEqual(names);
  });

  test('says of a button that is gone that it has changed, and presses nothing', async () => {
    const messageId = await askedByBot();
    const { status, done } = await page.act({ do: 'tap', messageId, data: 'other' });
    expect(status).toBe(400);
    expect(done).toEqual({ problem: 'This button has just changed. Please look again.' });
    expect(phone().taps()).toEqual([]);
  });

  test('sends a file of the 20 MB that a bot can get', async () => {
    const bytes = Buffer.alloc(20 * 1024 * 1024, 'pixels').toString('base64');
    const file = { name: 'large.tif', type: 'image/tiff', caption: '' };
    expect(await page.act({ do: 'send-file', bytes, ...file })).toEqual(nothingToTell);
    expect(newest()?.document?.bytes).toBe(20 * 1024 * 1024);
  });

  test('blocks the bot and lets it in again', async () => {
    expect(await page.act({ do: 'block', isBlocked: true })).toEqual(nothingToTell);
    expect(phone().hasBlocked()).toBe(true);
    const unheard = await page.act({ do: 'say', text: 'Hello?' });
    expect(unheard).toEqual({
      status: 400,
      done: { problem: 'The user has blocked the bot; unblock it first.' },
    });
    expect(await page.act({ do: 'block', isBlocked: false })).toEqual(nothingToTell);
    expect(phone().hasBlocked()).toBe(false);
    expect(await page.act({ do: 'say', text: 'Hello!' })).toEqual(nothingToTell);
  });

  test('says that the bot is blocked, not that the picture is bad', async () => {
    await page.act({ do: 'block', isBlocked: true });
    const bytes = base64(await plainJpeg());
    const { status, done } = await page.act({ do: 'send-photo', bytes, caption: '' });
    expect(status).toBe(400);
    expect(done).toEqual({ problem: 'The user has blocked the bot; unblock it first.' });
  });
});

test('adds files to the photo folder of Dropbox and takes them out', async () => {
  const picture = await plainJpeg();
  const name = 'Ufer – früh.jpg';
  expect(await page.act({ do: 'add-to-dropbox', name, bytes: base64(picture) })).toEqual(nothingToTell);
  expect(paths()).toEqual([`/Photos/${name}`]);
  expect(page.simulator.dropbox.read(`/Photos/${name}`)).toEqual(picture);
  expect(await page.act({ do: 'remove-from-dropbox', path: `/Photos/${name}` })).toEqual(nothingToTell);
  expect(paths()).toEqual([]);
});

test('puts the file of the same name in place of the one before', async () => {
  await page.act({ do: 'add-to-dropbox', name: 'a.jpg', bytes: base64('one') });
  await page.act({ do: 'add-to-dropbox', name: 'a.jpg', bytes: base64('two') });
  expect(paths()).toEqual(['/Photos/a.jpg']);
  expect(String(page.simulator.dropbox.read('/Photos/a.jpg'))).toBe('two');
});

test('sets how fast a service answers', async () => {
  const { faults } = page.simulator;
  expect(await page.act({ do: 'set-speed', service: 'openai', speed: 'slow' })).toEqual(nothingToTell);
  expect(faults.latency('openai', 'chat/completions')).toBeGreaterThan(5000);
  expect(faults.latency('replicate', 'predictions.create')).toBe(0);
  expect(await page.act({ do: 'set-speed', service: 'openai', speed: 'instant' })).toEqual(nothingToTell);
  expect(faults.latency('openai', 'chat/completions')).toBe(0);
});

test('switches troubles on, changes them, and mends everything', async () => {
  const { faults, instagram } = page.simulator;
  const trouble = { do: 'set-trouble', service: 'dropbox', trouble: 'broken' };
  expect(await page.act({ ...trouble, isOnce: true })).toEqual(nothingToTell);
  expect(faults.list()).toEqual([{ service: 'dropbox', fault: { kind: 'error', status: 500 }, times: 1 }]);
  expect(await page.act({ ...trouble, isOnce: false })).toEqual(nothingToTell);
  expect(faults.list()).toEqual([{ service: 'dropbox', fault: { kind: 'error', status: 500 } }]);
  expect(await page.act({ ...trouble, trouble: '', isOnce: false })).toEqual(nothingToTell);
  expect(faults.list()).toEqual([]);
  await page.act({ ...trouble, isOnce: false });
  await page.act({ do: 'set-trouble', service: 'instagram', trouble: 'checkpoint', isOnce: false });
  expect(instagram.condition).toBe('checkpoint');
  expect(await page.act({ do: 'mend' })).toEqual(nothingToTell);
  expect(faults.list()).toEqual([]);
  expect(instagram.condition).toBe('well');
});

test('starts the program, starts it again and pulls its plug', async () => {
  for (const step of ['start', 'restart', 'pull-plug']) {
    expect(await page.act({ do: 'program', step })).toEqual(nothingToTell);
  }
  expect(page.program.steps).toEqual(['start', 'restart', 'pull-plug']);
});

describe('refuses with a sentence and changes nothing:', () => {
  const photo = { do: 'send-photo', bytes: base64('no picture'), caption: '' };
  const file = { do: 'send-file', bytes: base64('raw'), name: 'a.tif', type: 'image/tiff', caption: '' };
  const toDropbox = { do: 'add-to-dropbox', name: 'a.jpg', bytes: base64('raw') };
  const trouble = { do: 'set-trouble', service: 'dropbox', trouble: 'broken', isOnce: true };
  const speed = { do: 'set-speed', service: 'dropbox', speed: 'slow' };

  const badNames = ['a/b.jpg', '../b.jpg', '/b.jpg', '..', '.', '...', '', 'a\\b.jpg', 'a\0.jpg', 'a\nb.jpg'];
  const named = [...badNames, 'x'.repeat(256)].flatMap((name): [string, unknown][] => [
    [`a file for Dropbox named ${JSON.stringify(name.slice(0, 12))}`, { ...toDropbox, name }],
    [`a file for the chat named ${JSON.stringify(name.slice(0, 12))}`, { ...file, name }],
  ]);

  test.each<[string, unknown]>([
    ['no JSON', '{"do": "say", "text": "Hello"'],
    ['nothing', ''],
    ['null', 'null'],
    ['a list', [{ do: 'say', text: 'Hello' }]],
    ['a text', '"mend"'],
    ['no action', { text: 'Hello' }],
    ['an action that there is not', { do: 'format-disk' }],
    ['an action named as a part of every object', { do: 'constructor' }],
    ['a field too many', { do: 'say', text: 'Hello', from: 'bot' }],
    ['a field too many where none is wanted', { do: 'mend', service: 'telegram' }],
    ['a field too few', { do: 'block' }],
    ['a field of another type', { do: 'block', isBlocked: 'no' }],
    ['an empty text', { do: 'say', text: '' }],
    ['a text of spaces', { do: 'say', text: ' \n ' }],
    ['a text that is none', { do: 'say', text: 5 }],
    ['5,000 characters', { do: 'say', text: 'x'.repeat(5000) }],
    ['a reply to nothing', { do: 'say', text: 'Hello', replyTo: 999 }],
    ['a reply to half a message', { do: 'say', text: 'Hello', replyTo: 1.5 }],
    ['a press of a button that there is not', { do: 'tap', messageId: 1, data: 'delete-all' }],
    ['a press below a message that there is not', { do: 'tap', messageId: 999, data: 'send' }],
    ['a press of nothing', { do: 'tap', messageId: 1, data: '' }],
    ['a picture that is none', photo],
    ['a picture with nothing in it', { ...photo, bytes: '' }],
    ['a picture that is no base64', { ...photo, bytes: 'not base64!' }],
    ['a picture with a long caption', { ...photo, caption: 'x'.repeat(1025) }],
    ['a file with nothing in it', { ...file, bytes: '' }],
    ['a file with a long type', { ...file, type: 'x'.repeat(101) }],
    ['a file for Dropbox with nothing in it', { ...toDropbox, bytes: '' }],
    ...named,
    ['a trouble that there is not', { ...trouble, trouble: 'fire' }],
    ['the trouble of another service', { ...trouble, trouble: 'checkpoint' }],
    ['a service that there is not', { ...trouble, service: 'mastodon' }],
    ['a speed that there is not', { ...speed, speed: 'warp' }],
    ['a speed for a service that there is not', { ...speed, service: 'constructor' }],
    ['a step of the program that there is not', { do: 'program', step: 'crash' }],
  ])('%s', async (_what, action) => {
    const messageId = await askedByBot();
    expect(messageId).toBe(1);
    const before = await page.snapshot();
    const { status, done } = await page.act(action);
    expect(status).toBe(400);
    expect(done).toEqual({ problem: expect.stringMatching(/^[A-Z].*\.$/) });
    expect(await page.snapshot()).toEqual(before);
    expect(page.simulator.faults.list()).toEqual([]);
    expect(page.program.steps).toEqual([]);
  });

  test.each([
    ['told', (body: string) => ({ 'content-length': String(Buffer.byteLength(body)) })],
    ['not told', () => ({ 'content-length': undefined, 'transfer-encoding': 'chunked' })],
  ])('more than 28 MB, whose length is %s', async (_what, headers) => {
    const bytes = 'QUFB'.repeat(7 * 1024 * 1024);
    const body = JSON.stringify({ ...toDropbox, bytes });
    const answer = await askAt(page.port, {
      method: 'POST',
      path: '/act',
      body,
      headers: { cookie: await page.cookie(), ...headers(body) },
    });
    expect(answer.status).toBe(413);
    expect(JSON.parse(answer.text)).toEqual({ problem: expect.stringMatching(/^[A-Z].*\.$/) });
    expect(paths()).toEqual([]);
  });
});
