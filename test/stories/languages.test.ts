import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { openWorld } from '../world.ts';

it('speaks German with whose Telegram is German, and English with the other owner meanwhile', async () => {
  const { simulator, see, folder, restart } = await openWorld({
    settings: { TELEGRAM_OWNER_ID: '4711, 7000' },
  });
  const [mia, ben] = [simulator.telegram.phone(4711), simulator.telegram.phone(7000)];
  mia.languageCode = 'de-AT';
  const answerTo = async (phone: typeof mia, text: string, start: string) => {
    phone.send(text);
    await see(start, () =>
      phone.messages().some((each) => each.from === 'bot' && each.text.startsWith(start)),
    );
  };
  const cardOf = (phone: typeof mia, text: string) =>
    see(`a card with ${text}`, () => phone.messages().find((each) => each.photo && each.text.includes(text)));

  await answerTo(mia, '/start', 'Willkommen bei Darkroom.');
  await answerTo(ben, '/start', 'Welcome to Darkroom.');
  mia.send('/post');
  const card = await cardOf(mia, 'Telegram-Kanal: wie gezeigt');
  expect(card.keyboard.flat().map(({ text }) => text)).toContain('✅ Freigeben');
  const other = await cardOf(ben, 'Telegram channel: as shown');
  expect(other.keyboard.flat().map(({ text }) => text)).toContain('✅ Publish');
  await see('what is under way', () =>
    mia.messages().some(({ text }) => text.startsWith('Ich bereite einen')),
  );

  await answerTo(mia, '/status', 'Modus: Ich frage dich erst.');
  await answerTo(ben, '/status', 'Mode: I ask you first.');
  expect((await mia.tap(card.id, '✏️ Ändern').answer).text ?? '').toBe('');
  await see('the question', () => mia.messages().some(({ text }) => text.startsWith('Schick mir die')));
  // A dialog goes on after a restart, still in German.
  await restart();
  await answerTo(mia, '/cancel', 'In Ordnung, die Bildunterschrift bleibt');
  expect((await mia.tap(card.id, '✅ Freigeben').answer).text).toBe('Wird veröffentlicht …');
  await cardOf(mia, 'Archiviert:');
  await cardOf(ben, 'Archived:');

  const kept: unknown = JSON.parse(await readFile(join(folder, 'darkroom.json'), 'utf8'));
  expect(JSON.stringify(kept)).toMatch(/"4711":\{"name":"[^"]+","language":"de"\}/);
});

it('pairs an owner in their own language, and goes along when they change it', async () => {
  const { phone, see, seeCard, logged, darkroom, told } = await openWorld({
    settings: { TELEGRAM_OWNER_ID: undefined },
  });
  phone.languageCode = 'de';
  await darkroom().app.requestDraft();
  phone.send(/\/start \d{9}/.exec(logged.join(''))?.[0] ?? '');
  await see('the welcome', () => told().some((text) => text.startsWith('Dieses Darkroom gehört jetzt dir.')));
  await seeCard('Telegram-Kanal: wie gezeigt');
  phone.languageCode = 'en';
  phone.send('/help');
  await see('the help', () => told().some((text) => text.startsWith('Once a day')));
  phone.send('/post');
  await seeCard('Telegram channel: as shown');
});

it('shows each owner the command menu in their language', async () => {
  const { phone, see } = await openWorld();
  const first = () => phone.commands()[0]?.description ?? '';
  await see('the English menu', () => first().startsWith('Show me a draft'));
  phone.languageCode = 'de';
  await see('the German menu', () => first().startsWith('Jetzt einen Entwurf'));
  phone.languageCode = 'fr';
  expect(first()).toContain('Show me a draft');
});

it('keeps nothing of strangers', async () => {
  const { simulator, phone, see, folder } = await openWorld();
  const stranger = simulator.telegram.phone(4711);
  stranger.languageCode = 'de';
  stranger.send('/start');
  phone.send('/help');
  await see('that everything was read', () => simulator.telegram.updates.pending === 0);
  await see('what is kept of the owner', async () =>
    (await readFile(join(folder, 'darkroom.json'), 'utf8')).includes('"people"'),
  );
  expect(await readFile(join(folder, 'darkroom.json'), 'utf8')).not.toContain('4711');
});
