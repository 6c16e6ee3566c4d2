import { createServer } from 'node:net';
import { expect, it, onTestFinished } from 'vitest';
import { telegram as platform } from '#platforms/telegram.ts';
import type { Publisher } from '#ports/platform.ts';
import { createFaults, type Fault } from '#simulator/faults.ts';
import { serve } from '#simulator/http.ts';
import { startTelegram } from '#simulator/telegram/telegram.ts';
import { platformContract, publicationOf } from '../contracts/platform-contract.ts';
import { createFakeLog } from '../fakes/log.ts';
import { ownServer } from '../fakes/own-server.ts';
import { plainJpeg } from '../fakes/plain-pictures.ts';
import { temporaryFolder } from '../fakes/temporary-folder.ts';

async function publisherFor(settings: Readonly<Record<string, unknown>>): Promise<Publisher> {
  return platform.create(settings, { folder: await temporaryFolder(), log: createFakeLog() });
}

async function openTelegram(settings: Readonly<Record<string, unknown>> = {}) {
  const faults = createFaults();
  const service = await startTelegram({ faults, folder: await temporaryFolder() });
  onTestFinished(() => service.close());
  const publisher = await publisherFor({
    TELEGRAM_BOT_TOKEN: service.token,
    TELEGRAM_CHANNEL_ID: `@${service.channel.username}`,
    TELEGRAM_API_ROOT: service.url,
    ...settings,
  });
  return { faults, service, publisher };
}

type Telegram = Awaited<ReturnType<typeof openTelegram>>;

const sent = ({ service }: Telegram) => service.calls.filter(({ operation }) => operation === 'sendPhoto');

/** The file id of a picture that the owner's card shows. */
async function cardPicture({ service }: Telegram): Promise<string> {
  const form = new FormData();
  form.set('chat_id', String(service.owner.id));
  form.set('photo', new Blob([await plainJpeg()]), 'card.jpg');
  const answer = await fetch(`${service.url}/bot${service.token}/sendPhoto`, { method: 'POST', body: form });
  expect(answer.ok).toBe(true);
  return service.phone().messages().at(-1)?.photo?.fileId ?? '';
}

async function attempt(telegram: Telegram, changes: { readonly fileId?: string } = {}) {
  const before = sent(telegram).length;
  const outcome = await telegram.publisher.publish(await publicationOf(changes));
  const posts = telegram.service.channelPosts().length;
  return { outcome, posts, requests: sent(telegram).slice(before) };
}

platformContract({
  name: 'Telegram',
  service: 'telegram',
  work: 'sendPhoto',
  before: [],
  trickleMs: 10,
  takeDown: 'deleteMessages',
  async open() {
    const telegram = await openTelegram();
    return {
      ...telegram,
      async published() {
        const uploads = sent(telegram).map(({ body }) => body);
        return telegram.service.channelPosts().map(({ text }, index) => ({
          text,
          carries: (picture) => uploads[index]?.includes(picture) === true,
        }));
      },
      refuse: () => telegram.service.setBotInChannel('member'),
    };
  },
});

it('sends the picture of the owner’s card by its file id, without uploading it again', async () => {
  const telegram = await openTelegram();
  const { outcome, posts, requests } = await attempt(telegram, { fileId: await cardPicture(telegram) });
  expect(outcome).toMatchObject({ outcome: 'published' });
  expect(posts).toBe(1);
  expect(requests).toHaveLength(1);
  expect(requests[0]?.body.includes((await publicationOf()).picture)).toBe(false);
});

it('uploads the picture once when Telegram does not take the file id', async () => {
  const telegram = await openTelegram();
  const { outcome, posts, requests } = await attempt(telegram, { fileId: 'AgACAgIAAxkBAAIunknown' });
  expect(outcome).toMatchObject({ outcome: 'published' });
  expect(posts).toBe(1);
  expect(requests).toHaveLength(2);
  expect(requests[1]?.body.includes((await publicationOf()).picture)).toBe(true);
});

const noFreshUpload: readonly (readonly [string, Fault, string])[] = [
  ['a wait is asked for', { kind: 'rate-limit', retryAfterSeconds: 3 }, 'not-sent'],
  ['the connection is lost', { kind: 'drop', afterWork: true }, 'uncertain'],
  ['the server breaks', { kind: 'error', status: 500 }, 'uncertain'],
];
it.each(noFreshUpload)('does not upload after a file id when %s', async (_, fault, expected) => {
  const telegram = await openTelegram();
  const fileId = await cardPicture(telegram);
  telegram.faults.add({ service: 'telegram', operation: 'sendPhoto', fault, times: 1 });
  const { outcome, requests } = await attempt(telegram, { fileId });
  expect(outcome.outcome).toBe(expected);
  expect(requests).toHaveLength(1);
});

it('is uncertain when the upload after a refused file id is lost', async () => {
  const telegram = await openTelegram();
  // The first call is refused by the service itself; the latency gives the fault its place at the second one.
  const { publisher, faults, service } = telegram;
  faults.setLatency('telegram', 20, 'sendPhoto');
  const publishing = publisher.publish(await publicationOf({ fileId: 'AgACAgIAAxkBAAIunknown' }));
  await expect.poll(() => service.exchanges.length, { interval: 1 }).toBe(1);
  faults.add({ service: 'telegram', fault: { kind: 'drop', afterWork: true } });
  expect(await publishing).toMatchObject({ outcome: 'uncertain' });
  expect(service.channelPosts()).toHaveLength(1);
});

const refusals = [
  ['an unknown channel', { TELEGRAM_CHANNEL_ID: '@nobody_there' }, undefined, 'not-found'],
  ['a channel in which the bot is no administrator', {}, 'member', 'no-permission'],
  ['a channel that the bot was thrown out of', {}, 'kicked', 'no-permission'],
  ['a channel that the bot has left', {}, 'left', 'no-permission'],
  [
    'a revoked token',
    { TELEGRAM_BOT_TOKEN: '1:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA' },
    undefined,
    'signed-out',
  ],
] as const;
it.each(refusals)('fails at once for %s', async (_, settings, status, kind) => {
  const telegram = await openTelegram(settings);
  if (status !== undefined) telegram.service.setBotInChannel(status);
  const { outcome, posts, requests } = await attempt(telegram);
  expect(outcome).toMatchObject({ outcome: 'failed', problem: { kind } });
  expect(JSON.stringify(outcome)).not.toContain(telegram.service.token);
  expect(posts).toBe(0);
  expect(requests).toHaveLength(1);
});

it('hands on the wait that Telegram asks for, and does not wait itself', async () => {
  const telegram = await openTelegram();
  telegram.faults.add({ service: 'telegram', fault: { kind: 'rate-limit', retryAfterSeconds: 61 } });
  const { outcome, requests } = await attempt(telegram);
  expect(outcome).toMatchObject({ outcome: 'not-sent', waitMs: 61_000, problem: { kind: 'rate-limited' } });
  expect(requests).toHaveLength(1);
});

it.each([500, 502, 504])('is uncertain after status %i, posted or not', async (status) => {
  const telegram = await openTelegram();
  for (const afterWork of [false, true]) {
    telegram.faults.add({ service: 'telegram', fault: { kind: 'error', status, afterWork }, times: 1 });
    const { outcome, posts, requests } = await attempt(telegram);
    expect(outcome).toMatchObject({ outcome: 'uncertain', problem: { kind: 'out-of-order' } });
    expect(posts).toBe(afterWork ? 1 : 0);
    expect(requests).toHaveLength(1);
  }
});

it('knows that nothing was sent when nobody listens there', async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : undefined;
  await new Promise((resolve) => server.close(resolve));
  const telegram = await openTelegram({ TELEGRAM_API_ROOT: `http://127.0.0.1:${port}` });
  const { outcome } = await attempt(telegram);
  expect(outcome).toMatchObject({ outcome: 'not-sent', problem: { kind: 'unreachable' } });
  expect(JSON.stringify(outcome)).not.toContain(telegram.service.token);
});

it('links to the post in a public channel by its name', async () => {
  const { outcome } = await attempt(await openTelegram());
  expect(outcome).toMatchObject({ outcome: 'published', url: 'https://t.me/darkroom_demo/2', ref: '2' });
});

it('links to the post in a private channel by its number', async () => {
  const chat = { id: -1001234567890, type: 'channel', title: 'Private' };
  const message = { message_id: 77, date: 1, chat, photo: [] };
  const server = await serve(
    {
      name: 'telegram',
      operation: () => 'sendPhoto',
      answer: () => ({ status: 200, body: { ok: true, result: message } }),
      refuse: () => ({ status: 500, body: '' }),
    },
    createFaults(),
  );
  onTestFinished(() => server.close());
  const publisher = await publisherFor({
    TELEGRAM_BOT_TOKEN: '1:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA',
    TELEGRAM_CHANNEL_ID: String(chat.id),
    TELEGRAM_API_ROOT: server.url,
  });
  expect(await publisher.publish(await publicationOf())).toEqual({
    outcome: 'published',
    ref: '77',
    url: 'https://t.me/c/1234567890/77',
  });
});

/** A channel or group that answers these; everything else it refuses. */
async function publisherAt(answers: Readonly<Record<string, object>>): Promise<Publisher> {
  const server = await ownServer(({ path }) => {
    const result = answers[path.split('/').at(-1) ?? ''];
    if (result !== undefined) return { status: 200, body: { ok: true, result } };
    const description = 'Bad Request: group chat was upgraded to a supergroup chat';
    const parameters = { migrate_to_chat_id: -1009876543210 };
    return { status: 400, body: { ok: false, error_code: 400, description, parameters } };
  });
  return publisherFor({
    TELEGRAM_BOT_TOKEN: '1:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA',
    TELEGRAM_CHANNEL_ID: '-100200300',
    TELEGRAM_API_ROOT: server.url,
  });
}

it.each([
  '{}',
  '[]',
  '7',
  '{"ok":false}',
  '{"ok":true}',
  '{"ok":true,"result":{}}',
  '{"ok":true,"result":true}',
])('takes %s for nobody’s word', async (body) => {
  const { url } = await ownServer(() => ({ status: 200, body }));
  const publisher = await publisherFor({
    TELEGRAM_BOT_TOKEN: '1:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA',
    TELEGRAM_CHANNEL_ID: '-100200300',
    TELEGRAM_API_ROOT: url,
  });
  const publication = await publicationOf();
  const { postId } = publication;
  expect(await publisher.publish(publication)).toMatchObject({ outcome: 'uncertain' });
  expect(await publisher.sendFullSize?.({ postId, ref: '7', picture: publication.picture })).toBeUndefined();
  if (body.includes('"result":true')) return;
  expect(await publisher.withdraw?.({ postId, ref: '7', at: new Date() })).toEqual({
    withdrawal: 'unknown',
    problem: { kind: 'unexpected' },
  });
});

it('names the new number of a group that has become a supergroup', async () => {
  const moved = { kind: 'not-found', detail: expect.stringMatching(/upgraded.*: -1009876543210$/) };
  const publisher = await publisherAt({});
  expect(await publisher.publish(await publicationOf())).toEqual({ outcome: 'failed', problem: moved });
  expect(await publisher.check?.()).toEqual({ state: 'broken', problem: moved });
});

it.each([
  ['group', 'member', true],
  ['group', 'left', false],
  ['channel', 'member', false],
])('knows that in a %s a %s may post: %s', async (type, status, mayPost) => {
  const user = { id: 1, is_bot: true, first_name: 'Darkroom' };
  const publisher = await publisherAt({
    getMe: user,
    getChat: { id: -100200300, type, title: 'Family' },
    getChatMember: { status, user },
  });
  expect(await publisher.check?.()).toMatchObject({ state: mayPost ? 'works' : 'broken' });
});
