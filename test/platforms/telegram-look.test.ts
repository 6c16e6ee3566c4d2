import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { openChannelFile } from '#platforms/telegram/channel-file.ts';
import { telegram as platform } from '#platforms/telegram.ts';
import type { Publication, Publisher } from '#ports/platform.ts';
import { createFaults, type Faults } from '#simulator/faults.ts';
import { type SimulatedTelegram, startTelegram } from '#simulator/telegram/telegram.ts';
import { publicationOf } from '../contracts/platform-contract.ts';
import { createFakeLog } from '../fakes/log.ts';
import { plainJpeg } from '../fakes/plain-pictures.ts';
import { temporaryFolder } from '../fakes/temporary-folder.ts';
import { createTestClock, type TestClock } from '../test-clock.ts';

const hourMs = 60 * 60_000;

interface Channel {
  readonly service: SimulatedTelegram;
  readonly faults: Faults;
  readonly clock: TestClock;
  readonly note: string;
  /** A platform as a start makes it, with the same folder. */
  start(isReadOnly?: boolean): Publisher;
  call(method: string, params: object): Promise<{ readonly message_id: number }>;
  /** The publication of a post whose picture is on the owner's card. */
  publicationOf(postId: string): Promise<Publication>;
}

/** A channel in which one post is out already. */
async function openChannel(): Promise<Channel> {
  const faults = createFaults();
  const clock = createTestClock();
  const now = () => clock.now().getTime();
  const service = await startTelegram({ faults, folder: await temporaryFolder(), now });
  onTestFinished(() => service.close());
  const folder = await temporaryFolder();
  const settings = {
    TELEGRAM_BOT_TOKEN: service.token,
    TELEGRAM_CHANNEL_ID: `@${service.channel.username}`,
    TELEGRAM_API_ROOT: service.url,
  };
  const ask = (method: string, init: RequestInit) =>
    fetch(`${service.url}/bot${service.token}/${method}`, { method: 'POST', ...init });
  const channel: Channel = {
    service,
    faults,
    clock,
    note: join(folder, 'telegram-channel.json'),
    start: (isReadOnly = false) =>
      platform.create(settings, {
        folder,
        clock,
        isReadOnly,
        log: createFakeLog(),
        ownerChat: () => service.owner.id,
      }),
    async call(method, params) {
      const body = JSON.stringify({ chat_id: service.channel.id, ...params });
      const answer = await ask(method, { headers: { 'content-type': 'application/json' }, body });
      expect(answer.status).toBe(200);
      return ((await answer.json()) as { readonly result: { readonly message_id: number } }).result;
    },
    async publicationOf(postId) {
      const form = new FormData();
      form.set('chat_id', String(service.owner.id));
      form.set('photo', new Blob([await plainJpeg()]), 'card.jpg');
      expect((await ask('sendPhoto', { body: form })).ok).toBe(true);
      const fileId = service.phone().messages().at(-1)?.photo?.fileId;
      return publicationOf({
        postId,
        caption: `Words of ${postId}`,
        ...(fileId !== undefined && { fileId }),
      });
    },
  };
  await channel.start().publish(await channel.publicationOf('first'));
  return channel;
}

/** Publishes a post whose answer is lost, carried out or not. */
async function lose(
  { faults, start }: Channel,
  publication: Publication,
  afterWork: boolean,
): Promise<Publisher> {
  faults.add({
    service: 'telegram',
    operation: 'sendPhoto',
    fault: { kind: 'drop', afterWork },
    times: 1,
  });
  const publisher = start();
  expect(await publisher.publish(publication)).toMatchObject({ outcome: 'uncertain' });
  return publisher;
}

const lookAt = (publisher: Publisher | undefined, publication: Publication, since: Date) =>
  publisher?.look?.(publication, since);

const newest = ({ service }: Channel) => service.channelPosts().at(-1)?.id;
const copies = ({ service }: Channel) =>
  service
    .phone()
    .messages()
    .filter(({ forwardedFrom }) => forwardedFrom !== undefined);
const probed = ({ service }: Channel) =>
  service.calls.filter(({ operation }) => operation === 'forwardMessage').length;

describe('a lost post in the channel is found', () => {
  it('when Darkroom was killed after the answer, before it was saved', async () => {
    const channel = await openChannel();
    const post = await channel.publicationOf('second');
    const outcome = await channel.start().publish(post);
    const { ref, url } = { ref: '', url: '', ...outcome };
    expect(ref).not.toBe('');
    const found = await lookAt(channel.start(), post, channel.clock.now());
    expect(found).toEqual({ found: 'there', ref, url });
    expect(copies(channel)).toEqual([]);
  });

  it('behind a later post of ours', async () => {
    const channel = await openChannel();
    const post = await channel.publicationOf('second');
    const publisher = await lose(channel, post, true);
    const ref = String(newest(channel));
    await publisher.publish(await channel.publicationOf('third'));
    expect(await lookAt(publisher, post, channel.clock.now())).toMatchObject({ found: 'there', ref });
  });

  it('from where its first attempt began', async () => {
    const channel = await openChannel();
    const post = await channel.publicationOf('second');
    await lose(channel, post, true);
    const ref = String(newest(channel));
    await channel.start().publish(await channel.publicationOf('third'));
    const publisher = await lose(channel, { ...post, round: 2 }, false);
    expect(await lookAt(publisher, post, channel.clock.now())).toMatchObject({ found: 'there', ref });
  });

  it('behind messages that were deleted', async () => {
    const channel = await openChannel();
    const post = await channel.publicationOf('second');
    await lose(channel, post, false);
    for (let count = 0; count < 9; count += 1) {
      const { message_id } = await channel.call('sendMessage', { text: 'Not for long' });
      await channel.call('deleteMessage', { message_id });
    }
    const { message_id } = await channel.call('sendPhoto', { photo: post.fileId, caption: post.caption });
    expect(await lookAt(channel.start(), post, channel.clock.now())).toMatchObject({
      found: 'there',
      ref: String(message_id),
    });
  });

  it('although our clock is ahead', async () => {
    const channel = await openChannel();
    const post = await channel.publicationOf('second');
    const publisher = await lose(channel, post, true);
    const later = new Date(channel.clock.now().getTime() + 26 * hourMs);
    expect(await lookAt(publisher, post, later)).toMatchObject({ found: 'there' });
  });

  it('with a note that an earlier version has left', async () => {
    const channel = await openChannel();
    const { lastId } = JSON.parse(await readFile(channel.note, 'utf8')) as { readonly lastId: number };
    const name = `@${channel.service.channel.username}`;
    await writeFile(channel.note, JSON.stringify({ channel: name, lastId }));
    const post = await channel.publicationOf('second');
    const publisher = await lose(channel, post, true);
    expect(await lookAt(publisher, post, channel.clock.now())).toMatchObject({ found: 'there' });
  });
});

describe('a lost post in the channel is asked about', () => {
  it('when its text was changed there', async () => {
    const channel = await openChannel();
    const post = await channel.publicationOf('second');
    const publisher = await lose(channel, post, true);
    await channel.call('editMessageCaption', { message_id: newest(channel), caption: 'Mended by hand' });
    expect(await lookAt(publisher, post, channel.clock.now())).toEqual({ found: 'unclear' });
  });

  it('when only a forward of it is there', async () => {
    const channel = await openChannel();
    const post = await channel.publicationOf('second');
    const publisher = await lose(channel, post, true);
    const message_id = newest(channel);
    await channel.call('forwardMessage', { from_chat_id: channel.service.channel.id, message_id });
    await channel.call('deleteMessage', { message_id });
    expect(await lookAt(publisher, post, channel.clock.now())).toEqual({ found: 'unclear' });
  });

  it('when more has come since than is looked at', async () => {
    const channel = await openChannel();
    const post = await channel.publicationOf('second');
    const publisher = await lose(channel, post, false);
    for (let count = 0; count < 40; count += 1) await channel.call('sendMessage', { text: `${count}` });
    expect(await lookAt(publisher, post, channel.clock.now())).toEqual({ found: 'unclear' });
    expect(copies(channel)).toEqual([]);
  });

  it('when it was the first one ever, also after another try behind a later one', async () => {
    const channel = await openChannel();
    await rm(channel.note);
    const post = await channel.publicationOf('second');
    const publisher = await lose(channel, post, true);
    await publisher.publish(await channel.publicationOf('third'));
    await lose(channel, post, false);
    expect(await lookAt(publisher, post, channel.clock.now())).toEqual({ found: 'unclear' });
  });

  it('when it was the first one ever, also once a later one is known', async () => {
    const channel = await openChannel();
    await rm(channel.note);
    const post = await channel.publicationOf('second');
    const publisher = await lose(channel, post, true);
    await publisher.publish(await channel.publicationOf('third'));
    expect(await lookAt(publisher, post, channel.clock.now())).toEqual({ found: 'unclear' });
    expect(probed(channel)).toBe(0);
  });
});

it('is absent only after as many messages as can have come were looked for', async () => {
  const channel = await openChannel();
  const post = await channel.publicationOf('second');
  const publisher = await lose(channel, post, false);
  await channel.call('sendMessage', { text: 'Somebody else' });
  expect(await lookAt(publisher, post, channel.clock.now())).toEqual({ found: 'absent' });
  expect(probed(channel)).toBe(40);
});

it('sends nothing that could not be found again, because its beginning cannot be noted', async () => {
  const channel = await openChannel();
  await rm(channel.note);
  await mkdir(channel.note);
  const posts = channel.service.channelPosts().length;
  const outcome = await channel.start().publish(await channel.publicationOf('second'));
  expect(outcome).toMatchObject({ outcome: 'not-sent', problem: { kind: 'unexpected' } });
  expect(channel.service.channelPosts()).toHaveLength(posts);
});

describe('a copy in the owner’s chat', () => {
  /** One look during which Telegram does not delete its copy. */
  async function leaveCopy(times = 1): Promise<Channel> {
    const channel = await openChannel();
    const post = await channel.publicationOf('second');
    const publisher = await lose(channel, post, true);
    const fault = { kind: 'error', status: 500 } as const;
    channel.faults.add({ service: 'telegram', operation: 'deleteMessage', fault, times });
    expect(await lookAt(publisher, post, channel.clock.now())).toMatchObject({ found: 'there' });
    expect(copies(channel)).toHaveLength(1);
    return channel;
  }

  it('that could not be deleted goes at the next look', async () => {
    const channel = await leaveCopy();
    // A start would delete it, too; this one fails at it once more.
    channel.faults.add({
      service: 'telegram',
      operation: 'deleteMessage',
      fault: { kind: 'drop', afterWork: false },
      times: 1,
    });
    const publisher = channel.start();
    await expect.poll(() => channel.faults.list()).toEqual([]);
    expect(copies(channel)).toHaveLength(1);
    await lookAt(publisher, await channel.publicationOf('third'), channel.clock.now());
    expect(copies(channel)).toEqual([]);
  });

  it('that a kill has left goes at the next start', async () => {
    const channel = await leaveCopy();
    channel.start();
    await expect.poll(() => copies(channel)).toEqual([]);
    await expect.poll(() => readFile(channel.note, 'utf8')).toContain('"copies":[]');
  });

  it('is left alone by a check', async () => {
    const channel = await leaveCopy();
    const calls = channel.service.calls.length;
    const publisher = channel.start(true);
    // Time enough for a deletion, if there were one.
    for (let round = 0; round < 5; round += 1) {
      expect(await publisher.check?.()).toEqual({ state: 'works' });
    }
    const after = channel.service.calls.slice(calls).map(({ operation }) => operation);
    expect(after).not.toContain('deleteMessage');
    expect(copies(channel)).toHaveLength(1);
  });

  it('that is too old to be deleted is forgotten', async () => {
    const channel = await leaveCopy();
    channel.clock.advance(49 * hourMs);
    channel.start();
    await expect.poll(() => readFile(channel.note, 'utf8')).toContain('"copies":[]');
    const calls = channel.service.calls.length;
    await lookAt(channel.start(), await channel.publicationOf('third'), channel.clock.now());
    expect(channel.service.calls.slice(calls)).not.toContainEqual(
      expect.objectContaining({ operation: 'deleteMessage' }),
    );
  });
});

describe('the note of the channel', () => {
  it('only goes forward, and loses nothing that is noted at the same time', async () => {
    const path = join(await temporaryFolder(), 'channel.json');
    const file = openChannelFile(path, '@light', createTestClock());
    await Promise.all([file.saw(12), file.saw(11), file.begin('one'), file.begin('two')]);
    expect(await file.before('one')).toBe(12);
    expect(await file.before('two')).toBe(12);
  });

  it('forgets posts after a month, and everything of another channel', async () => {
    const clock = createTestClock();
    const path = join(await temporaryFolder(), 'channel.json');
    const file = openChannelFile(path, '@light', clock);
    await file.saw(12);
    await file.begin('old');
    clock.advance(29 * 24 * hourMs);
    await file.begin('young');
    expect(await file.before('old')).toBe(12);
    clock.advance(2 * 24 * hourMs);
    await file.begin('new');
    expect(await file.before('old')).toBeUndefined();
    expect(await file.before('young')).toBe(12);
    expect(await openChannelFile(path, '@shadow', clock).before('young')).toBeUndefined();
  });
});
