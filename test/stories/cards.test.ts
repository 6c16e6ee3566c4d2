import { Api } from 'grammy';
import { expect, it } from 'vitest';
import type { ChatMessage } from '#simulator/telegram/chat-message.ts';
import { openWorld, type World } from '../world.ts';

/** A link, or to take down what is out: there is nothing more to decide. */
const isOver = ({ url, data }: { readonly url?: string; readonly data?: string }) =>
  url !== undefined || data?.startsWith('takedown:') === true;

const hour = 60 * 60 * 1000;

async function openDraft(): Promise<World> {
  const world = await openWorld();
  world.phone.send('/post');
  await world.seeCard(({ keyboard }) => keyboard.length > 0);
  return world;
}

it('brings a card up to date later when Telegram fails at the moment', async () => {
  const { simulator, clock, tap, see, seeCard, darkroom } = await openDraft();
  simulator.faults.add({
    service: 'telegram',
    operation: 'editMessageCaption',
    fault: { kind: 'error', status: 502 },
  });
  await tap('Publish');
  await see('the post', () => simulator.telegram.channelPosts().length === 1);
  await see('a pause', () => simulator.smtp.mails().length === 1 && clock.sleepers() > 0);
  await darkroom().app.whenIdle();
  simulator.faults.clear();
  clock.advance(hour);
  const card = await seeCard('Archived');
  expect(card.keyboard.flat().every(isOver)).toBe(true);
  expect(simulator.telegram.channelPosts()).toHaveLength(1);
});

/** As Telegram does when it carries out an edit long after the connection for it was lost. */
async function setBack({ simulator }: World, { id, text, keyboard }: ChatMessage): Promise<void> {
  const { telegram } = simulator;
  const api = new Api(telegram.token, { apiRoot: telegram.url });
  const rows = keyboard.map((row) =>
    row.map((each) => ({ text: each.text, callback_data: each.data ?? '' })),
  );
  await api.editMessageCaption(telegram.owner.id, id, {
    caption: text,
    reply_markup: { inline_keyboard: rows },
  });
}

it('mends a card that a late edit has set back, as soon as one of its old buttons is pressed', async () => {
  const world = await openDraft();
  const { simulator, tap, seeCard, darkroom } = world;
  const old = await seeCard('📷');
  await tap('Regenerate');
  await seeCard('· caption 2');
  await darkroom().app.whenIdle();
  await setBack(world, old);
  expect(await tap('Publish')).toContain('The draft has changed since');
  await seeCard('· caption 2');
  const draft = await seeCard(({ keyboard }) => keyboard.length > 0);
  simulator.smtp.setDailyLimitReached(true);
  expect(await tap('Publish')).toBe('Publishing …');
  await seeCard('❌ Email');
  await darkroom().app.whenIdle();
  await setBack(world, draft);
  expect(await tap('Publish')).toBe('It is already published.');
  await seeCard('❌ Email');
});

it('shows the draft later when its card could not be sent', async () => {
  const { simulator, phone, clock, see, seeCard } = await openWorld();
  simulator.faults.add({
    service: 'telegram',
    operation: 'sendPhoto',
    fault: { kind: 'error', status: 502 },
    times: 3,
  });
  phone.send('/post');
  await see('a pause', () => clock.sleepers() > 0);
  simulator.faults.clear();
  clock.advance(hour);
  await seeCard(({ keyboard }) => keyboard.length > 0);
});

it('keeps answering taps while Dropbox hangs', async () => {
  const { simulator, phone, tap, see } = await openDraft();
  simulator.faults.add({ service: 'dropbox', fault: { kind: 'hang' } });
  phone.send('/queue');
  phone.send('/status');
  phone.send('/post dunes');
  expect(await tap('Publish')).toBe('Publishing …');
  await see('the post', () => simulator.telegram.channelPosts().length === 1);
});

it('names the platform on each button when several are uncertain, and obeys each button once', async () => {
  const { simulator, phone, clock, tap, seeCard, darkroom } = await openDraft();
  const drop = { kind: 'drop', afterWork: true } as const;
  simulator.faults.add({ service: 'telegram', operation: 'sendPhoto', fault: drop, times: 1 });
  simulator.faults.add({
    service: 'instagram',
    operation: 'configure',
    fault: { ...drop, afterWork: false },
    times: 2,
  });
  simulator.faults.add({ service: 'instagram', operation: 'feed', fault: drop });
  await tap('Publish');
  await seeCard(({ text }) => text.includes('🔎 Telegram channel') && text.includes('🔎 Instagram'));
  clock.advance(120_000);
  const card = await seeCard(({ text }) => text.split('❓').length === 3);
  expect(card.keyboard.flat().flatMap(({ text, data }) => (data === undefined ? [] : [text]))).toEqual([
    'Telegram channel: it is there',
    'Telegram channel: not there, send again',
    'Telegram channel: I don’t know, leave it',
    'Instagram: it is there',
    'Instagram: not there, send again',
    'Instagram: I don’t know, leave it',
  ]);
  const again =
    card.keyboard.flat().find(({ text }) => text === 'Instagram: not there, send again')?.data ?? '';
  clock.advance(120_000);
  expect((await phone.tapRaw(card.id, again).answer).text).toBe('Trying again …');
  await darkroom().app.whenIdle();
  await seeCard('🔎 Instagram');
  clock.advance(120_000);
  await seeCard(({ text }) => text.split('❓').length === 3);
  expect((await phone.tapRaw(card.id, again).answer).text).toBe(
    'This button is from earlier. Please look at the card again.',
  );
  expect(simulator.instagram.posts()).toEqual([]);
});

it('takes what was left while uncertain for published: it is archived and never comes again', async () => {
  const { simulator, clock, tap, seeCard, darkroom } = await openDraft();
  const drop = { kind: 'drop', afterWork: true } as const;
  simulator.faults.add({ service: 'instagram', operation: 'feed', fault: drop });
  simulator.telegram.setBotInChannel('kicked');
  simulator.smtp.setUnknownRecipients(['family@example.com', 'friends@example.org']);
  simulator.faults.add({ service: 'instagram', operation: 'configure', fault: drop, times: 1 });
  await tap('Publish');
  await seeCard('🔎 Instagram');
  clock.advance(120_000);
  await seeCard('❓ Instagram');
  await tap('Instagram: I don’t know');
  const card = await seeCard('Archived');
  expect(card.text).toContain('➖ Instagram: left as it is');
  await darkroom().app.whenIdle();
  expect((await darkroom().app.queue(9)).total).toBe(7);
});

it('puts a failed post away after a week, without leaving dead buttons', async () => {
  const { simulator, clock, tap, seeCard, see, darkroom } = await openDraft();
  simulator.instagram.setCondition('challenge');
  await tap('Publish');
  await seeCard('Archived');
  clock.advance(8 * 24 * hour);
  await darkroom().schedule.check();
  const card = await seeCard('A week has passed');
  expect(card.keyboard.flat().every(isOver)).toBe(true);
  await see('that it is filed', async () => {
    const { open } = await darkroom().app.status();
    return open.every(({ state }) => state !== 'archived');
  });
});

it('says which recipients did not get the mail', async () => {
  const { simulator, tap, seeCard } = await openDraft();
  simulator.smtp.setUnknownRecipients(['friends@example.org']);
  await tap('Publish');
  await seeCard('✅ Email: published, but not to friends@example.org');
});

it('says that only the beginning of a long text fits, and shows all of it on request', async () => {
  const { phone, tap, see, seeCard, told } = await openDraft();
  const text = `${'A long story about light. '.repeat(60)}The end.`;
  await tap('Edit');
  await see('the question', () => told().some((each) => each.startsWith('Send me the caption')));
  phone.send(text);
  const card = await seeCard('Only the beginning of the text fits here');
  expect(card.text.length).toBeLessThanOrEqual(1024);
  expect(card.text).toContain('Telegram channel: text shortened');
  expect(card.text).not.toContain('as shown');
  await tap('Whole text');
  await see('the whole text', () => told().includes(text));
});

it('leaves one card alive when a draft is asked for again while its card is on the way', async () => {
  const { simulator, phone, tap, see, seeCard, cards, darkroom } = await openWorld();
  simulator.faults.setLatency('telegram', 150, 'sendPhoto');
  phone.send('/post');
  await see('the draft on its way', () =>
    simulator.telegram.calls.some(({ operation }) => operation === 'sendPhoto'),
  );
  phone.send('/post');
  await see('two cards', () => cards().length === 2);
  await darkroom().app.whenIdle();
  await seeCard('has moved');
  await tap('Publish');
  await seeCard('Archived');
  await darkroom().app.whenIdle();
  const alive = cards().filter(({ keyboard }) => !keyboard.flat().every(isOver));
  expect(alive).toEqual([]);
  expect(simulator.telegram.channelPosts()).toHaveLength(1);
});

it('keeps the request for a draft that could not be shown again', async () => {
  const { simulator, phone, clock, see, cards } = await openDraft();
  simulator.faults.add({
    service: 'telegram',
    operation: 'sendPhoto',
    fault: { kind: 'error', status: 502 },
    times: 1,
  });
  phone.send('/post');
  await see('a pause', () => clock.sleepers() > 0);
  clock.advance(60_000);
  await see('the card at the end', () => cards().length === 2);
});

it('lets a text be written although commands come between', async () => {
  const { phone, tap, see, seeCard, told } = await openDraft();
  await tap('Edit');
  await see('the question', () => told().some((text) => text.startsWith('Send me the caption')));
  phone.send('/status');
  await see('the status', () => told().at(-1)?.startsWith('Mode:'));
  phone.send('Written after a look at the status');
  await seeCard('Written after a look at the status');
});

it('tells in the log that an owner has to press Start, and shows what waits when they do', async () => {
  const { phone, darkroom, see, seeCard, logged } = await openWorld({ ownerStarted: false });
  await darkroom().app.requestDraft();
  await see('the log', () => logged.some((line) => line.includes('press Start first')));
  phone.send('/start');
  await seeCard(({ keyboard }) => keyboard.length > 0);
});

it('shows that a draft is on its way, and that another text is', async () => {
  const world = await openDraft();
  const { simulator, tap, seeCard, see, phone } = world;
  const shown = () =>
    simulator.telegram.calls
      .filter(({ operation }) => operation === 'sendChatAction')
      .map(({ body }) => JSON.parse(body.toString()).action);
  await see('a picture on its way', () => shown().includes('upload_photo'));
  expect(shown()).not.toContain('typing');
  await world.darkroom().app.whenIdle();
  const messages = phone.messages().length;
  await tap('Regenerate');
  await seeCard(({ text, keyboard }) => text.includes('caption 2') && keyboard.length > 0);
  await see('that it is writing', () => shown().includes('typing'));
  expect(phone.messages()).toHaveLength(messages);
});
