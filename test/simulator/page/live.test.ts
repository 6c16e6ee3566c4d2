import { setTimeout as sleep } from 'node:timers/promises';
import { createTransport } from 'nodemailer';
import { afterEach, beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { createLive } from '#simulator/page/live.ts';
import type { Snapshot } from '#simulator/page/snapshot.ts';
import { plainJpeg } from '../../fakes/plain-pictures.ts';
import { callBot, type OpenPage, openPage, upload, type Watch } from './open-page.ts';

/** Much longer than changes are gathered for. */
const quietMs = 150;

let page: OpenPage;

beforeEach(async () => {
  page = await openPage();
});

afterEach(() => page.close());

async function until(is: () => boolean): Promise<void> {
  await expect.poll(is, { interval: 2 }).toBe(true);
}

/** A look at the page that has been shown how things stand. */
async function watching(): Promise<Watch> {
  const watch = await page.watch();
  await until(() => watch.seen.length > 0);
  await sleep(quietMs);
  return watch;
}

const picture = await plainJpeg(640, 480);
const bot = (method: string, params: Readonly<Record<string, unknown>> | FormData) =>
  callBot(page.simulator, method, params);

async function postOnInstagram(): Promise<void> {
  const { url, createSession } = page.simulator.instagram;
  const cookie = `sessionid=${createSession().sessionid}`;
  await fetch(`${url}/rupload_igphoto/name`, {
    method: 'POST',
    headers: {
      cookie,
      'x-entity-name': 'name',
      'x-entity-length': String(picture.length),
      'x-instagram-rupload-params': JSON.stringify({ upload_id: '5', media_type: '1' }),
    },
    body: new Uint8Array(picture),
  });
  await fetch(`${url}/api/v1/media/configure/`, {
    method: 'POST',
    headers: { cookie },
    body: new URLSearchParams({ upload_id: '5', caption: 'Dusk', custom_accessibility_caption: 'A lake' }),
  });
}

async function sendMail(subject: string): Promise<void> {
  const { host, port, user, password, certificate } = page.simulator.smtp;
  const auth = { user, pass: password };
  const transport = createTransport({ host, port, requireTLS: true, auth, tls: { ca: certificate } });
  await transport.sendMail({ from: user, to: 'family@example.com', subject, text: 'A picture.' });
  transport.close();
}

test('a page that opens is shown at once how things stand', async () => {
  const { telegram, dropbox, instagram } = page.simulator;
  telegram.phone().send('Hello');
  dropbox.put('/Photos/b.jpg', picture);
  dropbox.put('/Photos/a.jpg', picture);
  const { seen } = await page.watch();
  await until(() => seen.length > 0);
  expect(seen[0]).toMatchObject({
    program: 'running',
    phone: {
      owner: telegram.owner.name,
      messages: [{ from: 'user', text: 'Hello' }],
      taps: [],
      isTyping: false,
      hasBlocked: false,
    },
    channel: { title: telegram.channel.title, username: telegram.channel.username, posts: [] },
    instagram: { username: instagram.username, posts: [] },
    mails: [],
    folders: [{ path: '/Photos', count: 2, files: [{ name: 'a.jpg' }, { name: 'b.jpg' }] }],
  });
  expect(seen[0]?.switches).toHaveLength(6);
});

describe('a new snapshot comes', () => {
  const changes: readonly (readonly [string, () => unknown, (snapshot: Snapshot) => unknown, unknown])[] = [
    [
      'a message of the owner',
      () => page.simulator.telegram.phone().send('Hello'),
      ({ phone }) => phone.messages.at(-1)?.text,
      'Hello',
    ],
    [
      'a message of the bot',
      () => bot('sendMessage', { chat_id: page.simulator.telegram.owner.id, text: 'Good morning' }),
      ({ phone }) => phone.messages.at(-1)?.text,
      'Good morning',
    ],
    ['a block', () => page.simulator.telegram.phone().block(), ({ phone }) => phone.hasBlocked, true],
    [
      'the bot’s menu',
      () => bot('setMyCommands', { commands: [{ command: 'next', description: 'The next one' }] }),
      ({ phone }) => phone.commands.map(({ command }) => command),
      ['next'],
    ],
    [
      'a post in the channel',
      () =>
        bot('sendPhoto', upload('photo', page.simulator.telegram.channel.id, picture, 'a.jpg', 'image/jpeg')),
      ({ channel }) => channel.posts.at(-1)?.photo?.width,
      640,
    ],
    [
      'a post on Instagram',
      postOnInstagram,
      ({ instagram }) => instagram.posts.at(-1),
      {
        code: expect.any(String),
        caption: 'Dusk',
        altText: 'A lake',
        date: expect.any(Number),
        width: 640,
        height: 480,
      },
    ],
    ['a mail', () => sendMail('Dusk'), ({ mails }) => mails.map(({ subject }) => subject), ['Dusk']],
    [
      'a file',
      () => page.simulator.dropbox.put('/Photos/a.jpg', picture),
      ({ folders }) => folders.map(({ path, count }) => [path, count]),
      [['/Photos', 1]],
    ],
    [
      'a trouble that is switched on',
      () => page.act({ do: 'set-trouble', service: 'openai', trouble: 'silent', isOnce: false }),
      ({ switches }) => switches.find(({ service }) => service === 'openai')?.trouble,
      'silent',
    ],
    [
      'a speed that is set',
      () => page.act({ do: 'set-speed', service: 'smtp', speed: 'slow' }),
      ({ switches }) => switches.find(({ service }) => service === 'smtp')?.speed,
      'slow',
    ],
    ['a program that stops', () => page.program.set('stopping'), ({ program }) => program, 'stopping'],
  ];

  test.each(changes)('after %s', async (_what, change, view, expected) => {
    const { seen } = await watching();
    expect(view(seen[0] as Snapshot)).not.toEqual(expected);
    await change();
    await expect.poll(() => view(seen.at(-1) as Snapshot), { interval: 2 }).toEqual(expected);
  });

  test('after a trouble has struck and is over', async () => {
    await page.act({ do: 'set-trouble', service: 'telegram', trouble: 'unreachable', isOnce: true });
    const { seen } = await watching();
    const shown = () => seen.at(-1)?.switches.find(({ service }) => service === 'telegram')?.trouble;
    expect(shown()).toBe('unreachable');
    await bot('getMe', {}).catch(() => undefined);
    await until(() => shown() === '');
  });

  test('after Instagram was logged out and somebody logs in', async () => {
    await page.act({ do: 'set-trouble', service: 'instagram', trouble: 'logged-out', isOnce: false });
    const { seen } = await watching();
    page.simulator.instagram.createSession();
    await until(() => seen.at(-1)?.switches.find(({ service }) => service === 'instagram')?.trouble === '');
  });
});

test('changes close together come as one', async () => {
  const { seen } = await watching();
  for (let number = 1; number <= 5; number += 1) page.simulator.telegram.phone().send(String(number));
  page.program.set('off');
  await until(() => seen.length > 1);
  await sleep(quietMs);
  expect(seen).toHaveLength(2);
  expect(seen[1]?.phone.messages.map(({ text }) => text)).toEqual(['1', '2', '3', '4', '5']);
  expect(seen[1]?.program).toBe('off');
});

test('all who look are shown the same', async () => {
  const [one, two] = [await watching(), await watching()];
  page.simulator.telegram.phone().send('Hello');
  await until(() => one.seen.length === 2 && two.seen.length === 2);
  expect(one.seen[1]).toEqual(two.seen[1]);
});

describe('nothing is sent when nothing changed', () => {
  const nothing: readonly (readonly [string, () => unknown])[] = [
    ['nothing happens', () => undefined],
    ['what is set is set again', () => page.act({ do: 'mend' })],
    ['the channel is set to what it was', () => page.simulator.telegram.setProtectedContent(false)],
    ['the program tells the state that it had', () => page.program.set('running')],
  ];

  test.each(nothing)('to a page that has just opened, when %s', async (_what, happens) => {
    const { seen } = await watching();
    await happens();
    await sleep(quietMs);
    expect(seen).toHaveLength(1);
  });

  test.each(nothing)('to a page that has seen changes, when %s', async (_what, happens) => {
    const { seen } = await watching();
    page.program.set('stopping');
    await until(() => seen.length === 2);
    page.program.set('running');
    await until(() => seen.length === 3);
    await happens();
    await sleep(quietMs);
    expect(seen).toHaveLength(3);
  });
});

test('a page that opens later hears of a change back to what another page saw', async () => {
  const first = await watching();
  page.program.set('off');
  await until(() => first.seen.at(-1)?.program === 'off');
  first.leave();
  await sleep(quietMs);
  page.program.set('running');
  await sleep(quietMs);
  const second = await watching();
  expect(second.seen.at(-1)?.program).toBe('running');
  page.program.set('off');
  await until(() => second.seen.at(-1)?.program === 'off');
});

test('the bot types, and a message ends it', async () => {
  const { seen } = await watching();
  const { owner } = page.simulator.telegram;
  await bot('sendChatAction', { chat_id: owner.id, action: 'typing' });
  await until(() => seen.at(-1)?.phone.isTyping === true);
  const sent = seen.length;
  await sleep(700);
  expect(seen).toHaveLength(sent);
  await bot('sendMessage', { chat_id: owner.id, text: 'Here it is' });
  await until(() => seen.at(-1)?.phone.isTyping === false);
  expect(seen.at(-1)?.phone.messages).toHaveLength(1);
});

test('a page that leaves is forgotten, the others are not', async () => {
  const [leaving, staying] = [await watching(), await watching()];
  leaving.leave();
  await until(leaving.hasEnded);
  page.program.set('off');
  await until(() => staying.seen.at(-1)?.program === 'off');
  expect(leaving.seen).toHaveLength(1);
  staying.leave();
  await sleep(quietMs);
  const looks = page.program.looks();
  page.program.set('running');
  await sleep(quietMs);
  expect(page.program.looks()).toBe(looks);
});

test('closing ends what is open, and nothing is looked at any more', async () => {
  const [one, two] = [await watching(), await watching()];
  await page.closePage();
  await until(() => one.hasEnded() && two.hasEnded());
  const looks = page.program.looks();
  page.program.set('off');
  page.simulator.telegram.phone().send('Hello');
  await sleep(quietMs);
  expect(page.program.looks()).toBe(looks);
  expect([one.seen.length, two.seen.length]).toEqual([1, 1]);
  await expect(page.snapshot()).rejects.toThrow('ECONNREFUSED');
});

interface Bare {
  readonly seen: readonly { readonly changes: number; readonly isTyping: boolean }[];
  change(): void;
  readonly looks: () => number;
}

/** The rules of showing alone, looked at by one; `isTyping` is asked at each look. */
function bareLive(isTyping: () => boolean = () => false): Bare {
  const seen: { changes: number; isTyping: boolean }[] = [];
  let heard = () => {};
  let changes = 0;
  let looks = 0;
  const take = async () => {
    looks += 1;
    return { program: changes, phone: { isTyping: isTyping() } } as unknown as Snapshot;
  };
  const source = {
    onChange(listener: () => void) {
      heard = listener;
      return () => {};
    },
  };
  const live = createLive(take, [source]);
  const stop = live.watch((json) => {
    const { program, phone } = JSON.parse(json) as { program: number; phone: { isTyping: boolean } };
    seen.push({ changes: program, isTyping: phone.isTyping });
  });
  onTestFinished(() => {
    stop();
    live.close();
  });
  return {
    seen,
    change() {
      changes += 1;
      heard();
    },
    looks: () => looks,
  };
}

test('changes a few milliseconds apart are not shown one by one', async () => {
  const { seen, change } = bareLive();
  await until(() => seen.length === 1);
  for (let time = 0; time < 12; time += 1) {
    change();
    await sleep(3);
  }
  await until(() => seen.at(-1)?.changes === 12);
  expect(seen.length).toBeLessThanOrEqual(6);
});

test('changes that come without a pause are shown before they end', async () => {
  const { seen, change } = bareLive();
  await until(() => seen.length === 1);
  for (let time = 0; time < 40; time += 1) {
    change();
    await sleep(10);
  }
  expect(seen.length).toBeGreaterThan(1);
});

test.each([
  ['begins', true],
  ['had begun before anybody looked', false],
])('"typing" that %s ends by itself, with nothing else happening', async (_what, isNoticed) => {
  let isTyping = true;
  const { seen, change, looks } = bareLive(() => isTyping);
  await until(() => seen.length === 1);
  if (isNoticed) {
    change();
    await until(() => seen.length === 2);
  }
  expect(seen.at(-1)?.isTyping).toBe(true);
  isTyping = false;
  await expect.poll(() => seen.at(-1)?.isTyping, { interval: 20 }).toBe(false);
  const before = looks();
  await sleep(700);
  expect(looks()).toBe(before);
});

test('a look that fails does not end the showing', async () => {
  const failed: unknown[] = [];
  const note = (error: unknown) => void failed.push(error);
  process.on('unhandledRejection', note);
  onTestFinished(() => void process.off('unhandledRejection', note));
  let isBroken = false;
  const { seen, change } = bareLive(() => {
    if (isBroken) throw new Error('A mail cannot be read.');
    return false;
  });
  await until(() => seen.length === 1);
  isBroken = true;
  change();
  await sleep(quietMs);
  isBroken = false;
  change();
  await sleep(quietMs);
  expect(seen.at(-1)?.changes).toBe(2);
  expect(failed).toEqual([]);
});
