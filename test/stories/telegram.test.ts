import { expect, it } from 'vitest';
import { openWorld } from '../world.ts';

const complaints = (logged: readonly string[]) =>
  logged.filter((line) => /could not be|"level":50/.test(line));

it('takes it for no error that a message is already as it should be', async () => {
  const { phone, see, logged } = await openWorld();
  phone.send('/auto');
  const message = await see('the question', () =>
    phone.messages().findLast(({ keyboard }) => keyboard.length > 0),
  );
  for (const _ of ['once', 'and again']) {
    const { text } = await phone.tapRaw(message.id, 'mode:auto').answer;
    expect(text).toBe('From now on I publish by myself.');
  }
  const shown = await see('the answer', () =>
    phone.messages().find(({ id, text }) => id === message.id && text === 'From now on I publish by myself.'),
  );
  expect(shown.keyboard.flat().map(({ text }) => text)).toContain('↩ Undo');
  phone.send('/help');
  await see('the help', () => phone.messages().some(({ text }) => text.includes('Commands:')));
  expect(complaints(logged)).toEqual([]);
});

it('takes it for no error that a card is already as it should be', async () => {
  const { simulator, phone, seeCard, restart, see, darkroom, logged } = await openWorld();
  phone.send('/post');
  await seeCard(({ keyboard }) => keyboard.length > 0);
  await darkroom().app.whenIdle();
  await restart();
  await see('the same card', () =>
    simulator.telegram.exchanges.some(
      ({ method, answer }) =>
        method === 'editMessageCaption' && JSON.stringify(answer).includes('message is not modified'),
    ),
  );
  await darkroom().app.whenIdle();
  expect(complaints(logged)).toEqual([]);
});

it('obeys a tap that comes too late to be answered, and takes that for no error', async () => {
  const { simulator, phone, clock, seeCard, stop, restart, logged } = await openWorld();
  phone.send('/post');
  const card = await seeCard(({ keyboard }) => keyboard.length > 0);
  await stop();
  phone.tap(card.id, '✅ Publish');
  clock.advance(20_000);
  await restart();
  await seeCard('Archived');
  const answers = simulator.telegram.exchanges.filter(({ method }) => method === 'answerCallbackQuery');
  expect(JSON.stringify(answers.at(-1)?.answer)).toContain('query is too old');
  expect(complaints(logged)).toEqual([]);
});

it('says in the log that an owner has blocked the bot', async () => {
  const { phone, darkroom, see, logged } = await openWorld();
  phone.block();
  await darkroom().app.requestDraft();
  await see('the log', () => logged.some((line) => line.includes('This owner has blocked the bot')));
});

it('says on the card that the bot is no longer in the channel', async () => {
  const { simulator, phone, seeCard, tap } = await openWorld();
  simulator.telegram.setBotInChannel('kicked');
  phone.send('/post');
  await seeCard(({ keyboard }) => keyboard.length > 0);
  await tap('Publish');
  await seeCard('Telegram channel: not published. I am no longer in the channel.');
});
