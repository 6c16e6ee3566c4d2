import { describe, expect, it } from 'vitest';
import { wordsFor } from '#bot/words/words.ts';
import { openWorld, type World } from '../world.ts';

/** A draft on the phone. The clock of a test begins on a Sunday in November 2026, in UTC. */
async function openDraft(settings: Record<string, string | undefined> = {}): Promise<World> {
  const world = await openWorld({ settings });
  world.phone.send('/post harbour-at-dusk');
  await world.seeCard('Instagram:');
  return world;
}

const labels = (world: World) =>
  world
    .cards()
    .at(-1)
    ?.keyboard.map((row) => row.map(({ text }) => text));
const sent = ({ simulator: { telegram, instagram, smtp } }: World) => [
  telegram.channelPosts().length,
  instagram.posts().length,
  smtp.mails().length,
];
const seeButton = (world: World, button: string) =>
  world.seeCard(({ keyboard }) => keyboard.flat().some(({ text }) => text === button));
const caption = (world: World) => world.cards().at(-1)?.text.split('\n\n———')[0] ?? '';
const questions = ({ simulator }: World) => simulator.openai.calls.map(({ body }) => body.toString());

const card = [
  ['✅ Publish', '🔄 Regenerate', '⏭ Skip'],
  ['✏️ Edit', '🕒 Later', '📣 Where', '⋯ More'],
  ['🎨 Style'],
];

describe('a menu', () => {
  it.each([
    ['Later', 'Other time'],
    ['Where', '✓ Instagram'],
    ['Style', 'Poetic'],
    ['More', 'Alt text'],
  ])('is other buttons of the same card, and Back leads back: %s', async (menu, button) => {
    const world = await openDraft();
    expect(labels(world)).toEqual(card);
    const before = world.cards();
    expect(await world.tap(menu)).toBe('');
    await world.seeCard(({ keyboard }) => keyboard.flat().some(({ text }) => text.includes(button)));
    expect(world.cards().map(({ id, text }) => [id, text])).toEqual(before.map(({ id, text }) => [id, text]));
    await world.tap('Back');
    await seeButton(world, '🔄 Regenerate');
    expect(labels(world)).toEqual(card);
  });

  it('of an outdated card is not opened, and says so', async () => {
    const world = await openDraft();
    const old = world.cards().at(-1);
    const data = old?.keyboard.flat().find(({ text }) => text.includes('More'))?.data ?? '';
    await world.tap('Regenerate');
    await world.seeCard(({ text, keyboard }) => text.includes('caption 2') && keyboard.length > 0);
    const { text } = await world.phone.tapRaw(old?.id ?? 0, data).answer;
    expect(text).toBe('The draft has changed since. Please look at it again.');
    await world.darkroom().app.whenIdle();
    expect(labels(world)?.[0]).toEqual(card[0]);
  });
});

describe('an open menu', () => {
  it('stays open while its card is brought up to date, and closes with what it was about', async () => {
    const world = await openDraft();
    const { app } = world.darkroom();
    await world.tap('Where');
    await seeButton(world, '✓ Instagram');
    const [post] = (await app.status()).open;
    await app.decide(post?.id ?? '', post?.revision ?? 0, {
      type: 'place-chosen',
      platform: 'email',
      isOn: false,
    });
    await world.seeCard('Email: not this time');
    await app.whenIdle();
    expect(labels(world)?.flat()).toEqual([
      '✓ Telegram channel',
      '✓ Instagram',
      '✗ Email',
      '‹ Back',
      '✅ Publish',
    ]);
    await app.decide(post?.id ?? '', (post?.revision ?? 0) + 1, { type: 'regenerated' });
    await world.seeCard(({ text, keyboard }) => text.includes('caption 2') && keyboard.length > 0);
    expect(labels(world)?.[0]).toEqual(card[0]);
  });

  it('makes way for Undo when another owner has published, and for a card that is sent anew', async () => {
    const world = await openDraft({ UNDO_SECONDS: '60' });
    const { app } = world.darkroom();
    await world.tap('Later');
    await seeButton(world, '‹ Back');
    const [post] = (await app.status()).open;
    await app.approve(post?.id ?? '', post?.revision ?? 0, 2);
    await world.seeCard('Goes out at');
    expect(labels(world)).toEqual([['↩ Undo']]);
    await world.tap('Undo');
    await seeButton(world, '🔄 Regenerate');
    await world.tap('More');
    await seeButton(world, '👁 Preview');
    await app.showAgain(post?.id ?? '');
    expect(labels(world)?.[0]).toEqual(card[0]);
  });

  it('is closed by a restart, and the card has its own buttons', async () => {
    const world = await openDraft();
    await world.tap('More');
    await seeButton(world, '👁 Preview');
    await world.restart();
    await world.darkroom().app.whenIdle();
    expect(labels(world)).toEqual(card);
  });
});

describe('the texts of a draft', () => {
  it('can be gone through, and the one that is shown goes out', async () => {
    const world = await openDraft();
    const first = caption(world);
    await world.tap('Regenerate');
    await world.seeCard(({ text, keyboard }) => text.includes('caption 2/2') && keyboard.length > 0);
    expect(caption(world)).not.toBe(first);
    expect(labels(world)?.[2]).toEqual(['◀', '2/2', '🎨 Style']);
    expect(await world.tap('◀')).toBe('This text counts now.');
    await world.seeCard('caption 1/2');
    expect(labels(world)?.[2]).toEqual(['1/2', '▶', '🎨 Style']);
    expect(caption(world)).toBe(first);
    await world.tap('1/2');
    await world.see('the whole text', () => world.told().includes(first));
    await world.tap('Publish');
    await world.seeCard('Archived');
    expect(world.simulator.telegram.channelPosts().map(({ text }) => text)).toEqual([first]);
    expect(world.simulator.instagram.posts().map((post) => post.caption)).toEqual([first]);
  });

  it.each([
    ['Shorter', 'Make it shorter'],
    ['Longer', 'Make it longer'],
    ['Plain', 'Write it plainly'],
    ['Poetic', 'Write it poetically'],
    ['Playful', 'Write it playfully'],
    ['No emoji', 'without any emoji'],
  ])('are written in a style that the writer is told: %s', async (style, direction) => {
    const world = await openDraft();
    await world.tap('Style');
    expect(await world.tap(style)).toBe('Writing another caption …');
    await world.seeCard(({ text, keyboard }) => text.includes('caption 2/2') && keyboard.length > 0);
    expect(questions(world).at(-1)).toContain(direction);
    expect(questions(world).at(0)).not.toContain(direction);
  });

  it('are written as the owner says in words', async () => {
    const world = await openDraft();
    await world.tap('Style');
    await world.tap('Say how');
    await world.see('the question', () =>
      world.told().some((text) => text.startsWith('How should the next')),
    );
    world.phone.send('like a sailor');
    await world.see('the answer', () =>
      world.told().includes('Writing another caption, as you say: “like a sailor”'),
    );
    await world.seeCard(({ text, keyboard }) => text.includes('caption 2/2') && keyboard.length > 0);
    expect(questions(world).at(-1)).toContain('The photographer says about this one: like a sailor');
  });

  it('are written as a reply to the card says', async () => {
    const world = await openDraft();
    const shown = world.cards().at(-1);
    world.phone.reply(shown?.id ?? 0, 'mention the gulls');
    await world.see('the answer', () =>
      world.told().includes('Writing another caption, as you say: “mention the gulls”'),
    );
    await world.seeCard(({ text, keyboard }) => text.includes('caption 2/2') && keyboard.length > 0);
    expect(questions(world).at(-1)).toContain('The photographer says about this one: mention the gulls');
    await world.tap('Publish');
    await world.seeCard('Archived');
    world.phone.reply(shown?.id ?? 0, 'too late');
    const answers = [wordsFor('en').notUnderstood, 'It is already published.'];
    await world.see('that it is no use', () => answers.includes(world.told().at(-1) ?? ''));
    expect(questions(world)).toHaveLength(2);
  });
});

describe('where it goes', () => {
  it('is switched for one post, and only the rest get it', async () => {
    const world = await openDraft();
    await world.tap('Where');
    expect(await world.tap('✓ Instagram')).toBe('Saved.');
    const { keyboard } = await world.seeCard('Instagram: not this time');
    expect(keyboard.map((row) => row.map(({ text }) => text))).toEqual([
      ['✓ Telegram channel'],
      ['✗ Instagram'],
      ['✓ Email'],
      ['‹ Back', '✅ Publish'],
    ]);
    await world.tap('✓ Email');
    await world.seeCard('Email: not this time');
    await world.tap('✗ Email');
    await world.seeCard(({ text }) => !text.includes('Email: not this time'));
    await world.tap('Publish');
    await world.seeCard('Archived');
    expect(sent(world)).toEqual([1, 0, 1]);
  });

  it('has no Publish button when it is nowhere, and says why, until a place is on again', async () => {
    const world = await openDraft();
    await world.tap('Where');
    for (const place of ['Telegram channel', 'Instagram', 'Email']) {
      await world.tap(`✓ ${place}`);
      await world.seeCard(`${place}: not this time`);
    }
    const shown = await world.seeCard('It goes nowhere now');
    expect(shown.keyboard.flat().map(({ text }) => text)).not.toContain('✅ Publish');
    await world.tap('✗ Email');
    await seeButton(world, '✅ Publish');
    await world.tap('Publish');
    await world.seeCard('Archived');
    expect(sent(world)).toEqual([0, 0, 1]);
  });
});

describe('later', () => {
  it('offers times to come in the owner’s zone, and the one that is pressed counts', async () => {
    const world = await openDraft({ TIMEZONE: 'America/New_York' });
    await world.tap('Later');
    await world.seeCard(({ keyboard }) =>
      keyboard.flat().some(({ text }) => text.startsWith('Tomorrow, 09:00')),
    );
    expect(await world.tap('In 1 hour')).toBe('All right, it goes out then.');
    await world.seeCard('Goes out on');
    await seeButton(world, '🕒 Move');
    expect(sent(world)).toEqual([0, 0, 0]);
    world.clock.advance(61 * 60_000);
    await world.seeCard('Archived');
    expect(sent(world)).toEqual([1, 1, 1]);
  });

  it('moves a scheduled post, which goes out at the new time only', async () => {
    const world = await openDraft();
    await world.tap('Later');
    await world.tap('In 1 hour');
    await world.seeCard('Goes out on');
    await world.tap('Move');
    await world.tap('Tomorrow');
    await world.seeCard('at 09:00');
    world.clock.advance(2 * 60 * 60_000);
    await world.darkroom().app.whenIdle();
    expect(sent(world)).toEqual([0, 0, 0]);
    expect(await world.tap('Publish now')).toBe('Publishing …');
    await world.seeCard('Archived');
    expect(sent(world)).toEqual([1, 1, 1]);
  });

  it('takes a time in words, and asks back before it counts', async () => {
    const world = await openDraft({ TIMEZONE: 'Europe/Berlin' });
    await world.tap('Later');
    await world.tap('Other time');
    await world.see('the question', () => world.told().some((text) => text.startsWith('When should')));
    for (const [said, answer] of [
      ['banana', 'I do not understand that time.'],
      ['friday', 'And at what time of the day?'],
      ['yesterday at 9', 'That time is over already.'],
      ['24 December 2028 9:00', 'That is more than a year away.'],
    ] as const) {
      world.phone.send(said);
      await world.see(answer, () => world.told().at(-1)?.startsWith(answer));
    }
    world.phone.send('24 December at 18:30');
    await world.see('it shown back', () =>
      world.told().includes('Should it go out on Thursday 24 December at 18:30?'),
    );
    expect(sent(world)).toEqual([0, 0, 0]);
    const asked = await seeButton(world, 'Yes, Thursday 24 December at 18:30');
    expect(asked.id).toBe(world.phone.messages().at(-1)?.id);
    expect(await world.tap('Yes, Thursday')).toBe('All right, it goes out then.');
    await world.seeCard('Goes out on Thursday 24 December at 18:30');
    await seeButton(world, '🕒 Move');
  });

  it('leaves nothing to be pressed of a time that was asked about, once the draft is decided', async () => {
    const world = await openDraft();
    await world.tap('Later');
    await world.tap('Other time');
    await world.see('the question', () => world.told().some((text) => text.startsWith('When should')));
    world.phone.send('tomorrow at 9');
    await seeButton(world, 'Yes, Monday 23 November at 09:00');
    await world.tap('Back');
    await world.tap('Skip');
    await world.seeCard('⏭ Skipped');
    await world.darkroom().app.whenIdle();
    expect(world.phone.messages().flatMap(({ keyboard }) => keyboard.flat())).toEqual([]);
  });

  it('does not take a time that has passed while its button was shown', async () => {
    const world = await openDraft();
    await world.tap('Later');
    await seeButton(world, '‹ Back');
    world.clock.advance(2 * 60 * 60_000);
    expect(await world.tap('In 1 hour')).toContain('That time is over already.');
    expect(sent(world)).toEqual([0, 0, 0]);
  });
});

describe('more', () => {
  it('changes the alt text, and takes it away', async () => {
    const world = await openDraft();
    await world.seeCard('Alt text:');
    await world.tap('More');
    await world.tap('Alt text');
    await world.see('the question', () =>
      world.told().some((text) => text.startsWith('Send me the alt text')),
    );
    world.phone.send('Two boats at a pier.');
    await world.seeCard('Alt text: Two boats at a pier.');
    await world.tap('Alt text');
    await world.see('it again', () => world.told().at(-1)?.startsWith('Send me the alt text'));
    world.phone.send('-');
    await world.seeCard(({ text }) => !text.includes('Alt text:'));
    expect(caption(world)).not.toBe('');
  });

  it('says what is left as it is when a question is cancelled', async () => {
    const world = await openDraft();
    await world.tap('More');
    await world.tap('Alt text');
    await world.see('the question', () =>
      world.told().some((text) => text.startsWith('Send me the alt text')),
    );
    world.phone.send('/cancel');
    await world.see('the answer', () => world.told().includes('All right, the alt text stays as it is.'));
  });

  it('asks before a photo never comes again, and then only its name brings it', async () => {
    const world = await openDraft();
    await world.tap('More');
    expect(await world.tap('Never show again')).toBe('Never show this photo again?');
    await seeButton(world, '🚫 Yes, never again');
    await world.tap('Back');
    await world.tap('Never show again');
    expect(await world.tap('Yes, never again')).toBe('It does not come again.');
    await world.seeCard('It does not come again by itself');
    await world.darkroom().app.whenIdle();
    const { next, setAside } = await world.darkroom().app.queue(100);
    expect(next.map(({ name }) => name)).not.toContain('harbour-at-dusk.jpg');
    expect(setAside).toMatchObject([{ name: 'harbour-at-dusk.jpg', reason: 'never' }]);
    world.phone.send('/status');
    await world.see('it in words', () =>
      world.told().some((text) => text.includes('1 photo never to be shown again: harbour-at-dusk.jpg')),
    );
    world.phone.send('/post harbour-at-dusk');
    await seeButton(world, '✅ Publish');
  });
});
