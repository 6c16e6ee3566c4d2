import PostalMime from 'postal-mime';
import { describe, expect, it } from 'vitest';
import { checkBotApi, hasBotApiSpec } from '../simulator/bot-api-spec.ts';
import { openWorld } from '../world.ts';

const captionOf = (text: string) => text.split('\n\n———')[0] ?? '';

describe('the draft card', () => {
  it('shows another caption after Regenerate, without asking about the picture again', async () => {
    const { simulator, phone, seeCard, tap } = await openWorld();
    phone.send('/post');
    const first = await seeCard(({ keyboard }) => keyboard.length > 0);
    expect(await tap('Regenerate')).toBe('Writing another caption …');
    const second = await seeCard('caption 2');
    expect(captionOf(second.text)).not.toBe(captionOf(first.text));
    expect(second.id).toBe(first.id);
    expect(second.text).toContain('#photography #light');
    expect(simulator.replicate.predictions).toHaveLength(2);
    await tap('Publish');
    await seeCard('Archived');
    expect(simulator.telegram.channelPosts()[0]?.text).toBe(captionOf(second.text));
  });

  it('takes the text that the owner sends after Edit, exactly as it is', async () => {
    const { simulator, phone, see, seeCard, tap, told } = await openWorld();
    phone.send('/post');
    await seeCard(({ keyboard }) => keyboard.length > 0);
    await tap('Edit');
    await see('the question for the text', () =>
      told().some((text) => text.startsWith('Send me the caption')),
    );
    const text = 'Evening in the harbour.\n\nNo wind,  no hurry <3 & 100% *mine* 👩‍👩‍👧 #harbour';
    phone.send(text);
    const card = await seeCard('Evening in the harbour.');
    expect(captionOf(card.text)).toBe(text);
    await tap('Publish');
    await seeCard('Archived');
    expect(simulator.telegram.channelPosts()[0]?.text).toBe(text);
    expect(simulator.instagram.posts()[0]?.caption).toBe(text);
  });

  it('keeps the formatting of the text, wherever it can be shown, and says where it cannot', async () => {
    const { simulator, phone, see, seeCard, tap, told } = await openWorld();
    phone.send('/post harbour-at-dusk');
    await seeCard(({ keyboard }) => keyboard.length > 0);
    await tap('Edit');
    await see('the question', () => told().some((text) => text.startsWith('Send me the caption')));
    phone.send('**Evening** in\n[the harbour](https://harbour.example/a?b=1&c=2), __no wind__ <3 #harbour');
    const text = 'Evening in\nthe harbour, no wind <3 #harbour';
    const entities = [
      { type: 'bold', offset: 0, length: 7 },
      { type: 'text_link', url: 'https://harbour.example/a?b=1&c=2', offset: 11, length: 11 },
      { type: 'italic', offset: 24, length: 7 },
      { type: 'hashtag', offset: 35, length: 8 },
    ];
    const card = await seeCard('Evening in');
    expect(card.entities.slice(0, 4)).toEqual(entities);
    expect(card.text).toMatch(/^Instagram: .*without formatting$/m);
    expect(card.text).not.toMatch(/^(Email|Telegram channel): .*without formatting$/m);

    await tap('More');
    await tap('Preview');
    const previews = await see('the previews', () => {
      const found = phone.messages().filter(({ document }) => document !== undefined);
      return found.length === 3 && found;
    });
    const [, bold] = previews[0]?.entities ?? [];
    const [first] = previews[0]?.entities ?? [];
    expect(previews[0]?.text.slice(first?.offset, (first?.offset ?? 0) + 7)).toBe('Evening');
    expect(bold).toMatchObject({ type: 'text_link', length: 11 });

    await tap('Publish');
    await seeCard('Archived');
    expect(simulator.telegram.channelPosts()).toMatchObject([{ text, entities }]);
    expect(simulator.instagram.posts()).toMatchObject([{ caption: text }]);
    const { text: plain, html } = await PostalMime.parse(simulator.smtp.mails()[0]?.raw ?? '');
    expect(plain?.trim()).toBe(
      'Evening in\nthe harbour (https://harbour.example/a?b=1&c=2), no wind <3 #harbour',
    );
    expect(html).toContain(
      '<b>Evening</b> in<br><a href="https://harbour.example/a?b=1&#38;c=2">the harbour</a>, <i>no wind</i> &#60;3 #harbour',
    );
    phone.send('/history');
    await see('the history', () => told().some((each) => each.startsWith('Your posts')));
    await phone.tap(phone.messages().at(-1)?.id ?? 0, '1').answer;
    const record = await see('the record', () => {
      const newest = phone.messages().at(-1);
      return newest?.photo !== undefined && newest;
    });
    expect(record.entities.slice(0, 4)).toEqual(entities);
  });

  it('shows the text that there is, to be copied with its formatting', async () => {
    const { phone, see, seeCard, tap, told } = await openWorld();
    phone.send('/post');
    const card = await seeCard(({ keyboard }) => keyboard.length > 0);
    await tap('Edit');
    await see('the text', () => told().at(-1) === captionOf(card.text));
    phone.send('**Dawn** at sea');
    await seeCard('Dawn at sea');
    await tap('Edit');
    const shown = await see('the text', () => {
      const newest = phone.messages().at(-1);
      return newest?.from === 'bot' && newest.text === 'Dawn at sea' && newest;
    });
    expect(shown.entities).toEqual([{ type: 'bold', offset: 0, length: 4 }]);
  });

  it('leaves the caption alone after /cancel', async () => {
    const { phone, see, seeCard, tap, told } = await openWorld();
    phone.send('/post');
    const before = await seeCard(({ keyboard }) => keyboard.length > 0);
    await tap('Edit');
    await see('the question', () => told().some((text) => text.startsWith('Send me the caption')));
    phone.send('/cancel');
    await see('the answer', () => told().includes('All right, the caption stays as it is.'));
    phone.send('This is no caption');
    await see('the answer', () => told().at(-1)?.startsWith('I did not understand'));
    expect((await seeCard('📷')).text).toBe(before.text);
  });

  it('keeps its buttons and the commands working while a text is awaited', async () => {
    const { simulator, phone, see, seeCard, tap, told } = await openWorld();
    phone.send('/post');
    await seeCard(({ keyboard }) => keyboard.length > 0);
    await tap('Edit');
    await see('the question', () => told().some((text) => text.startsWith('Send me the caption')));
    expect(await tap('Publish')).toBe('Publishing …');
    await seeCard('Archived');
    phone.send('/status');
    await see('the status', () => told().at(-1)?.startsWith('Mode:'));
    expect(simulator.telegram.channelPosts()).toHaveLength(1);
  });

  it('asks again for a text when a photo comes instead', async () => {
    const { simulator, phone, see, seeCard, tap, told } = await openWorld();
    phone.send('/post');
    const { photo } = await seeCard(({ keyboard }) => keyboard.length > 0);
    await tap('Edit');
    await see('the question', () => told().some((text) => text.startsWith('Send me the caption')));
    await phone.sendPhoto(simulator.telegram.photo(photo?.fileId ?? '') ?? Buffer.alloc(0));
    await see('the answer', () => told().at(-1)?.startsWith('Please send the caption as text'));
  });

  it('puts a skipped photo back for a month and says so', async () => {
    const { phone, seeCard, tap, darkroom, clock } = await openWorld({
      // Its slot would take one of them.
      settings: { SCHEDULE: '0 0 29 2 *' },
    });
    phone.send('/post');
    const card = await seeCard(({ keyboard }) => keyboard.length > 0);
    const name = /📷 (\S+)/.exec(card.text)?.[1];
    expect(await tap('Skip')).toBe('Skipped.');
    expect((await seeCard('⏭ Skipped')).keyboard).toEqual([]);
    const names = async () => (await darkroom().app.queue(9)).next.map((photo) => photo.name);
    expect(await names()).not.toContain(name);
    expect(await names()).toHaveLength(7);
    clock.advance(31 * 24 * 60 * 60 * 1000);
    expect(await names()).toContain(name);
  });

  it('decides once, however often and whatever is tapped at the same time', async () => {
    const { simulator, phone, seeCard } = await openWorld();
    phone.send('/post');
    const card = await seeCard(({ keyboard }) => keyboard.length > 0);
    const taps = ['✅ Publish', '⏭ Skip', '✅ Publish', '🔄 Regenerate', '✅ Publish'].map((text) =>
      phone.tap(card.id, text),
    );
    const answers = (await Promise.all(taps.map(({ answer }) => answer))).map(({ text }) => text);
    expect(answers[0]).toBe('Publishing …');
    for (const answer of answers.slice(1)) expect(answer).toMatch(/already/);
    await seeCard('Archived');
    expect(simulator.telegram.channelPosts()).toHaveLength(1);
    expect(simulator.instagram.posts()).toHaveLength(1);
    expect(simulator.smtp.mails()).toHaveLength(1);
  });

  it('answers a tap on an outdated revision and does not obey it', async () => {
    const { simulator, phone, seeCard, tap } = await openWorld();
    phone.send('/post');
    const card = await seeCard(({ keyboard }) => keyboard.length > 0);
    const publish = card.keyboard.flat().find(({ text }) => text.includes('Publish'))?.data ?? '';
    await tap('Regenerate');
    await seeCard('caption 2');
    const { text } = await phone.tapRaw(card.id, publish).answer;
    expect(text).toBe('The draft has changed since. Please look at it again.');
    expect(simulator.telegram.channelPosts()).toEqual([]);
  });

  it('answers taps on finished posts and forged buttons with a sentence', async () => {
    const { simulator, phone, see, seeCard, tap, darkroom } = await openWorld();
    phone.send('/post');
    const card = await seeCard(({ keyboard }) => keyboard.length > 0);
    const publish = card.keyboard.flat().find(({ text }) => text.includes('Publish'))?.data ?? '';
    await tap('Publish');
    await seeCard('Archived');
    await see('that it is finished', () => darkroom().app.post(publish.split(':')[1] ?? '') === undefined);
    expect((await phone.tapRaw(card.id, publish).answer).text).toBe('It is already published.');
    const forged = [
      'publish:2020-01-01-nothere:1',
      'retry:2020-01-01-nothere:email:1',
      'format:c:1',
      'edit:x:1',
      'x',
      `retry:${'y'.repeat(50)}:z`,
    ];
    for (const data of forged) {
      expect((await phone.tapRaw(card.id, data).answer).text).toBe(
        'This card is from earlier. There is nothing left to do here.',
      );
    }
    expect(simulator.telegram.channelPosts()).toHaveLength(1);
  });
});

describe('the commands', () => {
  it('greets, helps and registers its menu', async () => {
    const { phone, see, told } = await openWorld();
    phone.send('/start');
    await see('the greeting', () => told().some((text) => text.startsWith('Welcome to Darkroom')));
    phone.send('/help');
    await see('the help', () => told().at(-1)?.includes('/queue – the next photos'));
    const menu = await see('the menu', () => phone.commands().length > 0 && phone.commands());
    expect(menu.map(({ command }) => command)).toEqual([
      ...[
        'post',
        'queue',
        'history',
        'stats',
        'status',
        'retry',
        'auto',
        'schedule',
        'settings',
        'pause',
        'resume',
      ],
      ...['cancel', 'help'],
    ]);
  });

  it('drafts the photo that is named, and says when the name fits none or several', async () => {
    const { phone, see, seeCard, told } = await openWorld();
    phone.send('/post harbour');
    expect((await seeCard(({ keyboard }) => keyboard.length > 0)).text).toContain('📷 harbour-at-dusk.jpg');
    phone.send('/post nowhere');
    await see('the answer', () => told().at(-1)?.startsWith('There is no photo called “nowhere”'));
    phone.send('/post dsc');
    await see('the answer', () => told().at(-1)?.startsWith('Several photos are called like that'));
    expect(told().at(-1)).toContain('DSC_0412.jpg');
  });

  it('shows the waiting draft again at the end of the chat, and the old card says that it moved', async () => {
    const { phone, see, seeCard, cards } = await openWorld();
    phone.send('/post');
    const first = await seeCard(({ keyboard }) => keyboard.length > 0);
    phone.send('/post');
    const second = await see('a second card', () => cards().find(({ id }) => id > first.id));
    expect(second.keyboard).toEqual(first.keyboard);
    expect(second.photo?.fileId).toBe(first.photo?.fileId);
    const old = await seeCard('has moved');
    expect([old.id, old.keyboard]).toEqual([first.id, []]);
  });

  it('shows the next photos as a contact sheet with their names in order', async () => {
    const { phone, seeCard, darkroom } = await openWorld();
    phone.send('/queue');
    const sheet = await seeCard('Next, by their numbers');
    const { next } = await darkroom().app.queue(9);
    expect(sheet.text).toBe(
      `Next, by their numbers:\n${next.map(({ name }, at) => `${at + 1}. ${name}`).join('\n')}`,
    );
    expect(sheet.photo?.width).toBe(3 * 332 + 12);
    phone.send('/post');
    const card = await seeCard('———');
    expect(card.text).toContain(`📷 ${next[0]?.name}`);
  });

  it('tells how things stand', async () => {
    const { phone, see, told } = await openWorld();
    phone.send('/status');
    const status = await see('the status', () => told().find((text) => text.endsWith('answer.')));
    expect(status).toBe(
      [
        'Mode: I ask you first.',
        'Next draft: Monday 23 November at 09:00',
        'Photos left: 8, until about 30 November',
        'Publishing to: Telegram channel, Instagram, Email',
        'Captions: written by the AI',
        'AI this month: $0.00',
        '',
        '✅ All services answer.',
      ].join('\n'),
    );
  });

  it('switches between asking and publishing by itself, and remembers it', async () => {
    const { phone, see, told, darkroom, restart } = await openWorld();
    phone.send('/auto');
    const message = await see('the mode', () =>
      phone.messages().findLast(({ keyboard }) => keyboard.length > 0),
    );
    expect(message.text).toBe('I show you each draft and publish when you say so.');
    const { text } = await phone.tap(message.id, 'Publish without asking').answer;
    expect(text).toBe('From now on I publish by myself.');
    expect(darkroom().app.mode()).toBe('auto');
    await restart();
    expect(darkroom().app.mode()).toBe('auto');
    phone.send('/auto off');
    await see('the answer', () => told().includes('From now on I ask you first.'));
    expect(darkroom().app.mode()).toBe('review');
  });
});

describe('who is heard', () => {
  it('gives strangers no answer at all, and lets them decide nothing', async () => {
    const { simulator, phone, seeCard, see } = await openWorld();
    phone.send('/post');
    const card = await seeCard(({ keyboard }) => keyboard.length > 0);
    const data = card.keyboard.flat()[0]?.data ?? '';
    const stranger = simulator.telegram.phone(4711);
    for (const text of ['/start', '/start 123456789', '/post', '/queue', 'hello']) stranger.send(text);
    await stranger.sendPhoto(simulator.telegram.photo(card.photo?.fileId ?? '') ?? Buffer.alloc(0));
    const said = stranger.messages().at(-1);
    stranger.tapRaw(said?.id ?? 0, data);
    phone.send('/help');
    await see('that everything was read', () => simulator.telegram.updates.pending === 0);
    expect(stranger.messages().filter(({ from }) => from === 'bot')).toEqual([]);
    expect(stranger.taps().every(({ answer }) => answer === undefined)).toBe(true);
    expect(simulator.telegram.channelPosts()).toEqual([]);
  });

  it('makes the sender of the code from the log the owner, once, and shows them what waits', async () => {
    const { simulator, phone, seeCard, see, logged, darkroom, told } = await openWorld({
      settings: { TELEGRAM_OWNER_ID: undefined },
    });
    await darkroom().app.requestDraft();
    const code = /\/start \d{9}/.exec(logged.join(''))?.[0] ?? '';
    phone.send('/start 000000000');
    phone.send('/post');
    phone.send(code);
    await see('the welcome', () => told().some((text) => text.startsWith('You are the owner')));
    await seeCard(({ keyboard }) => keyboard.length > 0);
    const late = simulator.telegram.phone(4711);
    late.send(code);
    phone.send('/status');
    await see('the status', () => told().some((text) => text.startsWith('Mode:')));
    expect(late.messages()).toHaveLength(1);
    expect(darkroom().app.owners()).toEqual([simulator.telegram.owner.id]);
  });

  it('shows the card to every owner, and the first decision counts', async () => {
    const { simulator, phone, see } = await openWorld({ settings: { TELEGRAM_OWNER_ID: '4711, 7000' } });
    const [anna, ben] = [simulator.telegram.phone(4711), simulator.telegram.phone(7000)];
    anna.send('/start');
    ben.send('/start');
    anna.send('/post');
    const card = await see('Ben’s card', () => ben.messages().find(({ photo }) => photo !== undefined));
    const own = await see('Anna’s card', () => anna.messages().find(({ photo }) => photo !== undefined));
    expect(card.photo?.fileId).toBe(own.photo?.fileId);
    expect((await ben.tap(card.id, '⏭ Skip').answer).text).toBe('Skipped.');
    const gone = await see('Anna’s card', () =>
      anna.messages().find(({ text }) => text.includes('⏭ Skipped')),
    );
    expect(gone.keyboard).toEqual([]);
    expect(phone.messages()).toEqual([]);
  });
});

it.skipIf(!hasBotApiSpec)('asks the Bot API only for what its specification knows', async () => {
  const { simulator, phone, seeCard, tap } = await openWorld();
  for (const command of ['/start', '/help', '/queue', '/status', '/auto', '/post']) phone.send(command);
  await seeCard('———');
  await tap('Regenerate');
  await seeCard('caption 2');
  await tap('Publish');
  await seeCard('Archived');
  expect(simulator.telegram.exchanges.length).toBeGreaterThan(15);
  expect(checkBotApi(simulator.telegram.exchanges)).toEqual([]);
});
