import { describe, expect, it } from 'vitest';
import type { ActiveFault, ServiceName } from '#simulator/faults.ts';
import { openWorld, type World } from '../world.ts';

/** Instagram does not show its posts, so nobody can tell what is there. */
const noFeed: ActiveFault = {
  service: 'instagram',
  operation: 'feed',
  fault: { kind: 'error', status: 500 },
};

const minute = 60_000;
const publicCounts = ({ simulator: { telegram, instagram, smtp } }: World) => [
  telegram.channelPosts().length,
  instagram.posts().length,
  smtp.mails().length,
];

async function openDraft(options?: Parameters<typeof openWorld>[0]): Promise<World> {
  const world = await openWorld(options);
  world.phone.send('/post');
  await world.seeCard(({ keyboard }) => keyboard.length > 0);
  return world;
}

describe('the library', () => {
  it('says that there are no photos when the folder is empty', async () => {
    const { simulator, phone, see, told } = await openWorld({ photos: 'none' });
    simulator.dropbox.put('/Photos/notes.txt', Buffer.from('Not a photo'));
    phone.send('/post');
    await see('the sentence', () => told().at(-1)?.startsWith('There are no photos left in your Dropbox'));
    phone.send('/queue');
    await see(
      'the sentence again',
      () => told().filter((text) => text.startsWith('There are no photos')).length === 2,
    );
  });

  it.each<[string, ActiveFault['fault'], string]>([
    ['answers with a fault', { kind: 'error', status: 503 }, 'Dropbox has a fault of its own right now.'],
    ['drops the connection', { kind: 'drop', afterWork: false }, 'Dropbox could not be reached.'],
    ['wants a break', { kind: 'rate-limit', retryAfterSeconds: 1 }, 'Dropbox wants a break'],
  ])(
    'says so once when Dropbox %s, and brings the draft by itself when it is back',
    async (_, fault, sentence) => {
      const { simulator, phone, clock, see, seeCard, told } = await openWorld();
      simulator.faults.add({ service: 'dropbox', operation: 'files/list_folder', fault });
      phone.send('/post');
      await see('the sentence', () => told().at(-1)?.startsWith(sentence));
      expect(told().at(-1)).toContain('So there is no draft yet; I keep trying, and nothing is lost.');
      await see('a pause', () => clock.sleepers() > 0);
      simulator.faults.clear();
      clock.advance(minute);
      await seeCard(({ keyboard }) => keyboard.length > 0);
      expect(told().filter((text) => text.startsWith(sentence))).toHaveLength(1);
    },
  );

  it('says that the folder is not there', async () => {
    const { phone, see, told } = await openWorld({ settings: { DROPBOX_IMAGE_FOLDER: '/Typo' } });
    phone.send('/post');
    await see('the sentence', () => told().at(-1)?.includes('Check DROPBOX_IMAGE_FOLDER.'));
  });

  it('says what to do when Dropbox is no longer connected', async () => {
    const { simulator, phone, see, told } = await openWorld();
    simulator.dropbox.revoke();
    phone.send('/post');
    await see('the sentence', () => told().at(-1)?.startsWith('Dropbox no longer lets me in.'));
    phone.send('/status');
    await see('the status', () => told().at(-1)?.includes('Photos left: unknown, Dropbox does not answer'));
  });

  it('keeps a draft that Dropbox interrupted, and finishes it later', async () => {
    const { simulator, phone, clock, see, seeCard, told } = await openWorld();
    simulator.faults.add({
      service: 'dropbox',
      operation: 'files/download',
      fault: { kind: 'error', status: 500 },
    });
    phone.send('/post');
    await see('the sentence', () =>
      told().at(-1)?.endsWith('The draft waits; I keep trying, and nothing is lost.'),
    );
    await see('a pause', () => clock.sleepers() > 0);
    clock.advance(minute);
    await see('another pause', () => clock.sleepers() > 0);
    simulator.faults.clear();
    clock.advance(5 * minute);
    await seeCard(({ keyboard }) => keyboard.length > 0);
    expect(told().filter((text) => text.includes('keep trying'))).toHaveLength(1);
  });

  it('sets a broken photo aside, says so once and takes the next one', async () => {
    const { simulator, phone, told, see, darkroom } = await openWorld({ photos: 'none' });
    simulator.dropbox.put('/Photos/broken.jpg', Buffer.from('this is no picture'));
    phone.send('/post');
    await see('the sentence', () => told().some((text) => text.startsWith('I cannot open broken.jpg')));
    await see('that none is left', () => told().some((text) => text.startsWith('There are no photos left')));
    const { next } = await darkroom().app.queue(9);
    expect(next).toEqual([]);
    const [sample] = simulator.dropbox.files();
    expect(sample?.path).toBe('/Photos/broken.jpg');
  });

  it('publishes first and archives later when Dropbox fails at the archive', async () => {
    const world = await openDraft();
    const { simulator, clock, see, seeCard, tap, told } = world;
    simulator.faults.add({
      service: 'dropbox',
      operation: 'files/move_v2',
      fault: { kind: 'error', status: 500 },
    });
    await tap('Publish');
    await see('the sentence', () =>
      told().at(-1)?.includes('The post is out, only its photo is not in the archive'),
    );
    simulator.faults.clear();
    await see('a pause', () => clock.sleepers() > 0);
    clock.advance(minute);
    await seeCard('Archived');
    expect(publicCounts(world)).toEqual([1, 1, 1]);
  });
});

describe('the AI', () => {
  it.each<[ServiceName, string]>([
    ['replicate', 'predictions.create'],
    ['openai', 'chat/completions'],
  ])('brings the draft with the photo’s own words when %s fails, and says so', async (service, operation) => {
    const { simulator, phone, seeCard } = await openWorld();
    simulator.faults.add({ service, operation, fault: { kind: 'error', status: 500 } });
    phone.send('/post cabin');
    const card = await seeCard(({ keyboard }) => keyboard.length > 0);
    expect(card.text).toContain(
      service === 'openai' ? 'The AI did not answer' : 'Replicate could not look at the picture',
    );
    expect(card.text.split('\n')[0]).not.toBe('');
  });

  it('keeps the caption when Regenerate finds the AI down', async () => {
    const { simulator, seeCard, tap } = await openDraft();
    const before = (await seeCard('———')).text.split('———')[0];
    simulator.faults.add({ service: 'openai', fault: { kind: 'drop', afterWork: false } });
    await tap('Regenerate');
    const card = await seeCard('The AI did not answer, so the caption stays.');
    expect(card.text.split('———')[0]).toBe(before);
    expect(card.keyboard.flat().map(({ text }) => text)).toContain('✅ Publish');
  });

  it('works without any AI, with the photo’s own words', async () => {
    const { phone, seeCard, simulator } = await openWorld({
      settings: { OPENAI_API_KEY: undefined, REPLICATE_API_TOKEN: undefined },
    });
    phone.send('/post IMG_2026');
    const card = await seeCard(({ keyboard }) => keyboard.length > 0);
    expect(card.text).toContain('No AI is set up to write');
    expect(card.text.split('\n\n———')[0]).toContain('#photography #light');
    expect(simulator.openai.calls).toHaveLength(0);
  });
});

describe('publishing', () => {
  it('lets the others go out when Instagram wants a check, and tries again only when told', async () => {
    const world = await openDraft();
    const { simulator, seeCard, tap, darkroom } = world;
    simulator.instagram.setCondition('checkpoint');
    await tap('Publish');
    const card = await seeCard('It wants to know that it is you. Open its app');
    expect(card.text).toContain('❌ Instagram: not published.');
    await seeCard('Archived');
    expect(publicCounts(world)).toEqual([1, 0, 1]);
    simulator.instagram.setCondition('well');
    expect(await tap('Try Instagram again')).toBe('Trying again …');
    await seeCard('✅ Instagram: published');
    await darkroom().app.whenIdle();
    expect(publicCounts(world)).toEqual([1, 1, 1]);
  });

  it('can leave a failed platform out', async () => {
    const world = await openDraft();
    world.simulator.smtp.setUnknownRecipients(['family@example.com', 'friends@example.org']);
    await world.tap('Publish');
    await world.seeCard(
      '❌ Email: not published. There is no such mailbox. Check the addresses in EMAIL_TO.',
    );
    expect(await world.tap('Leave Email out')).toBe('All right.');
    await world.seeCard(({ text }) => text.includes('➖ Email: left out') && text.includes('Archived'));
    expect(publicCounts(world)).toEqual([1, 1, 0]);
  });

  it('says that the bot is no administrator of the channel', async () => {
    const world = await openDraft();
    world.simulator.telegram.setBotInChannel('member');
    await world.tap('Publish');
    await world.seeCard('I may not post there. Make me an administrator of the channel, then try again.');
    await world.seeCard('Archived');
    world.simulator.telegram.setBotInChannel('administrator');
    await world.tap('Try Telegram channel again');
    await world.seeCard('✅ Telegram channel: published');
    expect(publicCounts(world)).toEqual([1, 1, 1]);
  });

  it('keeps the photo in the folder when nothing could be published', async () => {
    const world = await openDraft({
      settings: {
        SMTP_HOST: undefined,
        SMTP_PORT: undefined,
        SMTP_USER: undefined,
        SMTP_PASSWORD: undefined,
        EMAIL_FROM: undefined,
        EMAIL_TO: undefined,
      },
    });
    world.simulator.telegram.setBotInChannel('kicked');
    world.simulator.instagram.setCondition('feedback-required');
    await world.tap('Publish');
    const card = await world.seeCard('It was not published anywhere. The photo stays in your folder.');
    expect(card.text).toContain('It holds this account back for now.');
    expect(world.simulator.dropbox.files().some(({ path }) => path.includes('archive'))).toBe(false);
    world.simulator.telegram.setBotInChannel('administrator');
    await world.tap('Try Telegram channel again');
    await world.seeCard('Archived');
    expect(publicCounts(world)).toEqual([1, 0, 0]);
  });

  it.each<[string, ActiveFault, number]>([
    [
      'Telegram channel',
      { service: 'telegram', operation: 'sendPhoto', fault: { kind: 'drop', afterWork: true }, times: 1 },
      0,
    ],
    [
      'Instagram',
      { service: 'instagram', operation: 'configure', fault: { kind: 'drop', afterWork: true }, times: 1 },
      1,
    ],
    ['Email', { service: 'smtp', operation: 'data', fault: { kind: 'drop', afterWork: true }, times: 1 }, 2],
  ])(
    'never repeats a send to %s by itself when its outcome is unknown, and asks',
    async (name, fault, index) => {
      const world = await openDraft();
      world.simulator.faults.add(fault);
      await world.tap('Publish');
      await world.seeCard(({ text }) => text.split('published').length === 3 && !text.includes('sending …'));
      // Where it could have been looked for, but nothing is known of the channel yet, and the feed is not shown.
      world.simulator.faults.add(noFeed);
      if (name !== 'Email') world.clock.advance(2 * minute);
      const card = await world.seeCard(`❓ ${name}: the connection was lost while sending`);
      expect(card.keyboard.flat().flatMap(({ text, data }) => (data === undefined ? [] : [text]))).toEqual([
        `${name}: it is there`,
        `${name}: not there, send again`,
        `${name}: I don’t know, leave it`,
      ]);
      world.clock.advance(60 * minute);
      await world.darkroom().app.whenIdle();
      expect(publicCounts(world)[index]).toBe(1);
      expect(world.simulator.dropbox.files().some(({ path }) => path.includes('archive'))).toBe(false);
      expect(await world.tap('it is there')).toBe('Good, noted.');
      await world.seeCard(`✅ ${name}: published, as you saw`);
      await world.seeCard('Archived');
      expect(publicCounts(world)).toEqual([1, 1, 1]);
    },
  );

  it('sends again when the owner has looked and did not find it', async () => {
    const world = await openDraft();
    const { simulator, clock, tap, seeCard } = world;
    simulator.faults.add({
      service: 'smtp',
      operation: 'data',
      fault: { kind: 'drop', afterWork: false },
      times: 1,
    });
    await tap('Publish');
    await seeCard('❓ Email');
    expect(publicCounts(world)[2]).toBe(0);
    expect(await tap('not there, send again')).toBe(
      'Please wait two minutes and look again: it can still turn up.',
    );
    clock.advance(2 * minute);
    expect(await tap('not there, send again')).toBe('Trying again …');
    await seeCard('✅ Email: published');
    await seeCard('Archived');
    expect(publicCounts(world)).toEqual([1, 1, 1]);
  });

  it.each<[string, ActiveFault, string]>([
    [
      'Instagram',
      { service: 'instagram', operation: 'upload', fault: { kind: 'drop', afterWork: false } },
      '⏳ Instagram: It could not be reached. Trying again at',
    ],
    [
      'Email',
      { service: 'smtp', operation: 'connect', fault: { kind: 'drop', afterWork: false } },
      '⏳ Email: It could not be reached. Trying again at',
    ],
  ])(
    'tries %s again by itself when it surely got nothing, and gives up in words',
    async (name, fault, sentence) => {
      const world = await openDraft();
      const { simulator, clock, logged, tap, see, seeCard, darkroom } = world;
      const id = fault.service === 'smtp' ? 'email' : fault.service;
      simulator.faults.add(fault);
      await tap('Publish');
      await seeCard(sentence);
      // The first pause is a short one; the others are driven here.
      for (const attempt of [2, 3, 4]) {
        await see(`attempt ${attempt}`, () =>
          logged.some((line) => line.includes(`"${id}","attempt":${attempt},`)),
        );
        await darkroom().app.whenIdle();
        clock.advance(10 * minute);
      }
      await seeCard(`❌ ${name}: not published. It could not be reached. Try again later.`);
      simulator.faults.clear();
      await tap(`Try ${name} again`);
      await seeCard(`✅ ${name}: published`);
      expect(publicCounts(world)).toEqual([1, 1, 1]);
    },
  );

  it('waits as long as Telegram asks and tries again by itself, because nothing went out', async () => {
    const world = await openDraft();
    const { simulator, tap, seeCard, see, clock } = world;
    simulator.faults.add({
      service: 'telegram',
      operation: 'sendPhoto',
      fault: { kind: 'rate-limit', retryAfterSeconds: 90 },
      times: 1,
    });
    await tap('Publish');
    await seeCard('It wants a break because of too many requests. Trying again at');
    await see('the pause', () => clock.sleepers() > 0);
    expect(publicCounts(world)[0]).toBe(0);
    clock.advance(90_000);
    await seeCard('Archived');
    expect(publicCounts(world)).toEqual([1, 1, 1]);
  });

  it('shortens and pads per platform, and says so before', async () => {
    const { simulator, phone, seeCard, tap } = await openWorld({
      settings: { HASHTAGS: '#one #two #three #four #five #six #seven' },
    });
    phone.send('/post dunes-panorama');
    const card = await seeCard(({ keyboard }) => keyboard.length > 0);
    expect(card.text).toContain('Telegram channel: as shown');
    expect(card.text).toContain('Instagram: 3:1 → 1.91:1 with white borders, 7 → 5 hashtags');
    await tap('Publish');
    await seeCard('Archived');
    const [post] = simulator.instagram.posts();
    expect(post?.caption.match(/#/g)).toHaveLength(5);
    expect((post?.width ?? 0) / (post?.height ?? 1)).toBeLessThanOrEqual(1.91);
  });
});
