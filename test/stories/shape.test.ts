import { createHash } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import PostalMime from 'postal-mime';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import type { ChatMessage } from '#simulator/telegram/chat-message.ts';
import { plainJpeg } from '../fakes/plain-pictures.ts';
import { openWorld, type World } from '../world.ts';

/** The words of the photo count, so that nothing is asked of an AI. */
const withoutAi = { OPENAI_API_KEY: undefined, REPLICATE_API_TOKEN: undefined };

interface Input {
  readonly picture: Buffer;
  readonly note?: string;
  readonly settings?: Readonly<Record<string, string | undefined>>;
  readonly way?: 'private' | 'official';
}

/** A world with this one photo in its folder, and its draft on the phone. */
async function openDraft({ picture, note, settings, way = 'private' }: Input): Promise<World> {
  const world = await openWorld({ photos: 'none', settings: { ...withoutAi, ...settings } });
  world.simulator.dropbox.put('/Photos/dusk.png', picture);
  if (note !== undefined) world.simulator.dropbox.put('/Photos/dusk.txt', Buffer.from(note));
  if (way === 'official') {
    await world.restart({
      ...withoutAi,
      ...settings,
      INSTAGRAM_USERNAME: undefined,
      INSTAGRAM_PASSWORD: undefined,
      INSTAGRAM_ACCESS_TOKEN: world.simulator.graph.accessToken,
    });
  }
  world.phone.send('/post');
  await world.seeCard('📷');
  await world.darkroom().app.whenIdle();
  return world;
}

const labels = ({ keyboard }: ChatMessage) => keyboard.map((row) => row.map(({ text }) => text));
const sha256 = (bytes: Buffer | undefined) =>
  createHash('sha256')
    .update(bytes ?? '')
    .digest('hex');
const panorama = () => plainJpeg(2400, 600);
const kept = ({ folder }: World) => readdir(join(folder, 'pictures'));

async function mailIn({ simulator }: World) {
  const { subject, text, html, attachments } = await PostalMime.parse(simulator.smtp.mails()[0]?.raw ?? '');
  const [picture] = attachments.map(({ content }) => Buffer.from(content as ArrayBuffer));
  const altText = html?.match(/ alt="([^"]*)"/)?.[1];
  return { subject, altText, text: text?.replaceAll('\r\n', '\n').trim(), picture };
}

describe('a picture whose shape Instagram does not take', () => {
  it('is drafted in every shape, goes out in the one that was chosen, and leaves none behind', async () => {
    const world = await openDraft({ picture: await panorama() });
    const { simulator, tap, seeCard, darkroom } = world;
    const card = await seeCard('Instagram: 4:1 → 1.91:1 with white borders');
    expect(labels(card).at(-1)).toEqual(['✓ White', 'Black', 'Blurred', 'Crop']);
    // For the channel and by mail it is as it is.
    expect(card.text).toContain('Telegram channel: as shown');
    expect(await kept(world)).toHaveLength(6);
    expect(await tap('Crop')).toBe('Changed. More › Preview shows you the picture.');
    const cropped = await seeCard('Instagram: 4:1 → 1.91:1, 52% cut off');
    expect(labels(cropped).at(-1)).toEqual(['White', 'Black', 'Blurred', '✓ Crop']);
    await tap('Publish');
    await seeCard('Archived');
    const [post] = simulator.instagram.posts();
    expect([post?.width, post?.height]).toEqual([1146, 600]);
    await darkroom().app.whenIdle();
    expect(await kept(world)).toEqual([]);
  });

  it('keeps what was chosen over a restart and another text', async () => {
    const { simulator, tap, phone, seeCard, restart } = await openDraft({ picture: await panorama() });
    await tap('Black');
    await seeCard('black borders');
    await restart();
    await tap('Edit');
    phone.send('My own words.');
    await seeCard(({ text }) => text.includes('My own words.') && text.includes('black borders'));
    await tap('Publish');
    await seeCard('Archived');
    const { data } = await sharp(simulator.instagram.posts()[0]?.picture)
      .raw()
      .toBuffer({ resolveWithObject: true });
    expect([...data.subarray(0, 3)]).toEqual([0, 0, 0]);
  });

  it('is drafted as the setting says', async () => {
    const { seeCard, tap } = await openDraft({
      picture: await panorama(),
      settings: { INSTAGRAM_SHAPE: 'crop' },
    });
    await seeCard('4:1 → 1.91:1, 52% cut off');
    await tap('White');
    await seeCard('white borders');
  });

  it('takes no choice from an old card, and none twice', async () => {
    const { phone, tap, seeCard } = await openDraft({ picture: await panorama() });
    const card = await seeCard('white borders');
    const dataOf = (label: string) => card.keyboard.flat().find(({ text }) => text === label)?.data ?? '';
    const outdated = 'The draft has changed since. Please look at it again.';
    const [first, second] = [dataOf('Black'), dataOf('Black')].map((data) => phone.tapRaw(card.id, data));
    expect((await first?.answer)?.text).toBe('Changed. More › Preview shows you the picture.');
    expect((await second?.answer)?.text).toBe(outdated);
    await seeCard('black borders');
    expect((await phone.tapRaw(card.id, dataOf('Crop')).answer).text).toBe(outdated);
    expect((await phone.tapRaw(card.id, dataOf('⋯ More')).answer).text).toBe(outdated);
    await tap('Publish');
    await seeCard('Archived');
    expect((await phone.tapRaw(card.id, dataOf('Crop')).answer).text).toBe('It is already published.');
  });

  it('has no such buttons where the shape is taken', async () => {
    const { seeCard } = await openDraft({ picture: await plainJpeg(1500, 1000) });
    expect(labels(await seeCard('📷'))).toEqual([
      ['✅ Publish', '🔄 Regenerate', '⏭ Skip'],
      ['✏️ Edit', '🕒 Later', '📣 Where', '⋯ More'],
      ['🎨 Style'],
    ]);
  });
});

it('lets as many hashtags go to Instagram as the setting says', async () => {
  const settings = { HASHTAGS: '#a #b #c #d #e #f #g', INSTAGRAM_HASHTAGS: '6' };
  const { simulator, seeCard, tap } = await openDraft({ picture: await plainJpeg(), settings });
  await seeCard('Instagram: 7 → 6 hashtags');
  await tap('Publish');
  await seeCard('Archived');
  expect(simulator.instagram.posts()[0]?.caption).toMatch(/#e #f$/);
});

describe('the preview', () => {
  /** The files that came, by their names, and the text behind the head. */
  function previewsOf({ phone, simulator }: World) {
    return phone
      .messages()
      .filter(({ document }) => document !== undefined)
      .map(({ document, text, replyTo, keyboard }) => ({
        name: document?.name,
        hash: sha256(simulator.telegram.photo(document?.fileId ?? '')),
        head: text.split('\n\n')[0],
        text: text.split('\n\n').slice(1).join('\n\n'),
        ...{ replyTo, keyboard },
      }));
  }

  it.each(['private', 'official'] as const)(
    'shows the very bytes and texts that the services then receive (%s)',
    async (way) => {
      const note = 'Dusk over the harbour. Nobody was awake.\n\nBut the gulls 👨‍👩‍👧‍👦 #a #b #c #d #e #f';
      const world = await openDraft({
        picture: await panorama(),
        note,
        way,
        settings: { INSTAGRAM_SHAPE: 'blurred' },
      });
      const { simulator, tap, see, seeCard } = world;
      const card = await seeCard('📷');
      await world.darkroom().app.whenIdle();
      await tap('More');
      expect(await tap('Preview')).toBe('Here is what goes out …');
      const previews = await see('three files', () => {
        const found = previewsOf(world);
        return found.length === 3 && found;
      });
      expect(previews.map(({ name }) => name)).toEqual([
        'Telegram-channel.jpg',
        'Instagram.jpg',
        'Email.jpg',
      ]);
      expect(previews.map(({ replyTo }) => replyTo)).toEqual([card.id, card.id, card.id]);
      expect(previews.every(({ keyboard }) => keyboard.length === 0)).toBe(true);
      // The files are none of the cards, and the card is still the one to decide on.
      expect(world.cards()).toHaveLength(1);
      await tap('Back');
      await tap('Publish');
      await seeCard('Archived');
      const [channel, instagram, email] = previews;

      const uploads = simulator.telegram.calls.filter(({ operation }) => operation === 'sendPhoto');
      const uploaded = uploads.map(({ body }) => body.subarray(body.indexOf('\xff\xd8\xff', 0, 'latin1')));
      const jpegs = uploaded.map((body) =>
        sha256(body.subarray(0, body.lastIndexOf('\xff\xd9', undefined, 'latin1') + 2)),
      );
      expect(jpegs).toContain(channel?.hash);
      expect(simulator.telegram.channelPosts().map(({ text }) => text)).toEqual([channel?.text]);

      const posts = way === 'private' ? simulator.instagram.posts() : simulator.graph.posts();
      expect(posts.map(({ picture, caption }) => [sha256(picture), caption])).toEqual([
        [instagram?.hash, instagram?.text],
      ]);
      expect(instagram?.text).toMatch(/#e$/);

      const mail = await mailIn(world);
      expect([sha256(mail.picture), mail.text]).toEqual([email?.hash, email?.text]);
      expect(email?.head?.split('\n').slice(1)).toEqual([
        `Subject: ${mail.subject}`,
        `Alt text: ${mail.altText}`,
      ]);
    },
  );

  it('sends a text that does not fit below a picture behind it', async () => {
    const note = 'Dusk over the harbour. '.repeat(80);
    const { see, tap, phone, darkroom } = await openDraft({ picture: await plainJpeg(), note });
    await darkroom().app.whenIdle();
    await tap('More');
    await tap('Preview');
    await see(
      'the whole text',
      () => phone.messages().filter(({ text }) => text.startsWith(note.trim())).length === 2,
    );
    const [channel] = phone.messages().filter(({ document }) => document !== undefined);
    expect(channel?.text.length).toBeLessThanOrEqual(1024);
  });

  it('is sent once however often it is pressed meanwhile, and again afterwards', async () => {
    const world = await openDraft({ picture: await plainJpeg() });
    const { simulator, tap, see } = world;
    simulator.faults.add({
      service: 'telegram',
      operation: 'sendDocument',
      fault: { kind: 'slow', ms: 150 },
    });
    await world.darkroom().app.whenIdle();
    await tap('More');
    expect(await tap('Preview')).toBe('Here is what goes out …');
    expect(await tap('Preview')).toBe('The preview is already on its way.');
    await see('three files', () => previewsOf(world).length === 3);
    simulator.faults.clear();
    await see('the end of it', async () => (await tap('Preview')) === 'Here is what goes out …');
    await see('three more', () => previewsOf(world).length === 6);
  });

  it('says when it did not come through, and can be asked for again', async () => {
    const world = await openDraft({ picture: await plainJpeg() });
    const { simulator, tap, see, told } = world;
    const fault = { kind: 'error', status: 400 } as const;
    simulator.faults.add({ service: 'telegram', operation: 'sendDocument', fault, times: 1 });
    await world.darkroom().app.whenIdle();
    await tap('More');
    await tap('Preview');
    await see('an excuse', () => told().some((text) => text.includes('did not come through')));
    await see('the end of it', async () => (await tap('Preview')) === 'Here is what goes out …');
    await see('three files', () => previewsOf(world).length === 3);
  });
});
