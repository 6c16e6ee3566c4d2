import { describe, expect, it } from 'vitest';
import type { ChatMessage } from '#simulator/telegram/chat-message.ts';
import { plainJpeg } from '../fakes/plain-pictures.ts';
import { openWorld, type World } from '../world.ts';

const hour = 60 * 60 * 1000;

/** A world with this one photo in its folder. */
async function openWithPhoto(path: string, settings: Record<string, string> = {}): Promise<World> {
  const world = await openWorld({ photos: 'none', settings });
  world.simulator.dropbox.put(path, await plainJpeg(800, 600));
  return world;
}

const hasButtons = ({ keyboard }: ChatMessage) => keyboard.length > 0;
const published = ({ simulator }: World) => [
  simulator.telegram.channelPosts().length,
  simulator.instagram.posts().length,
  simulator.smtp.mails().length,
];

describe('a photo that changed while its draft waited', () => {
  const ways: readonly (readonly [string, (world: World) => Promise<unknown> | unknown, string])[] = [
    [
      'edited',
      async ({ simulator }) => simulator.dropbox.put('/Photos/dusk.jpg', await plainJpeg(900, 600)),
      'Not published: the photo was changed after this draft. /post brings the next draft.',
    ],
    [
      'moved',
      ({ simulator }) => simulator.dropbox.move('/Photos/dusk.jpg', '/Not good/dusk.jpg'),
      'Not published: the photo was moved out of your photo folder after this draft. /post brings the next draft.',
    ],
    [
      'deleted',
      ({ simulator }) => simulator.dropbox.remove('/Photos/dusk.jpg'),
      'Not published: the photo is no longer in your Dropbox. /post brings the next draft.',
    ],
  ];
  it.each(ways)('because it was %s is not published, and the card says so', async (_, change, sentence) => {
    const world = await openWithPhoto('/Photos/dusk.jpg');
    const { phone, seeCard, tap, darkroom, cards } = world;
    phone.send('/post');
    await seeCard(hasButtons);
    await darkroom().app.whenIdle();
    await change(world);
    expect(await tap('Publish')).toBe(
      'Not published: the photo is not what or where it was. The card says more.',
    );
    const card = await seeCard(sentence);
    expect(card.keyboard).toEqual([]);
    await darkroom().app.whenIdle();
    expect(published(world)).toEqual([0, 0, 0]);
    // The owner had asked for this one and asks again when they like.
    expect(cards()).toHaveLength(1);
    expect((await darkroom().app.status()).open).toEqual([]);
  });

  it('is published when it was only given another name', async () => {
    const world = await openWithPhoto('/Photos/dusk.jpg');
    world.phone.send('/post');
    await world.seeCard(hasButtons);
    world.simulator.dropbox.move('/Photos/dusk.jpg', '/Photos/evening.jpg');
    await world.tap('Publish');
    await world.seeCard('Archived: /Photos/archive/evening.jpg');
    expect(published(world)).toEqual([1, 1, 1]);
  });

  it('comes as it is now, when it is asked for', async () => {
    const world = await openWithPhoto('/Photos/dusk.jpg');
    const { phone, simulator, seeCard, tap, cards, see } = world;
    phone.send('/post');
    await seeCard(hasButtons);
    simulator.dropbox.put('/Photos/dusk.jpg', await plainJpeg(900, 600));
    await tap('Publish');
    await seeCard('the photo was changed after this draft');
    phone.send('/post dusk');
    await see('another card', () => cards().length === 2 && cards().some(hasButtons));
    await tap('Publish');
    await seeCard('Archived');
    expect(published(world)).toEqual([1, 1, 1]);
  });

  it('makes room for the next one where the schedule had asked for it', async () => {
    const world = await openWithPhoto('/Photos/dusk.jpg');
    const { clock, simulator, seeCard, tap, see, cards, darkroom } = world;
    clock.advance(21 * hour);
    await darkroom().schedule.check();
    await seeCard(hasButtons);
    simulator.dropbox.remove('/Photos/dusk.jpg');
    simulator.dropbox.put('/Photos/dawn.jpg', await plainJpeg(640, 480));
    await tap('Publish');
    await seeCard('the photo is no longer in your Dropbox. I take another one.');
    await see('the next card', () =>
      cards().some((card) => card.text.includes('📷 dawn.jpg') && hasButtons(card)),
    );
    expect(published(world)).toEqual([0, 0, 0]);
  });

  it('is not published without asking, either', async () => {
    const world = await openWithPhoto('/Photos/dusk.jpg', { MODE: 'auto' });
    const { clock, simulator, seeCard, see, darkroom } = world;
    simulator.faults.setLatency('openai', 300);
    clock.advance(21 * hour);
    await darkroom().schedule.check();
    await see('the caption being written', () => simulator.openai.calls.length > 0);
    simulator.dropbox.put('/Photos/dusk.jpg', await plainJpeg(900, 600));
    await seeCard('the photo was changed after this draft. I take another one.');
    await seeCard('Archived');
    // The edited one took its place, and only that one went out.
    expect(published(world)).toEqual([1, 1, 1]);
  });
});

describe('a folder without photos', () => {
  it('brings the draft by itself as soon as a photo is there', async () => {
    const { phone, simulator, told, see, seeCard } = await openWorld({ photos: 'none' });
    simulator.dropbox.put('/Photos/notes.txt', Buffer.from('Not a photo'));
    phone.send('/post');
    await see('the sentence', () => told().some((text) => text.startsWith('There are no photos left')));
    simulator.dropbox.put('/Photos/dusk.jpg', await plainJpeg(800, 600));
    await seeCard(hasButtons);
    expect(told().filter((text) => text.startsWith('There are no photos left'))).toHaveLength(1);
  });

  it('keeps the planned draft over a restart, and says nothing twice', async () => {
    const { clock, simulator, told, see, seeCard, restart, darkroom, cards } = await openWorld({
      photos: 'none',
    });
    simulator.dropbox.put('/Photos/notes.txt', Buffer.from('Not a photo'));
    clock.advance(21 * hour);
    await darkroom().schedule.check();
    await see('the sentence', () => told().some((text) => text.startsWith('There are no photos left')));
    await restart();
    await darkroom().app.whenIdle();
    simulator.dropbox.put('/Photos/dusk.jpg', await plainJpeg(800, 600));
    await seeCard(hasButtons);
    await darkroom().app.whenIdle();
    expect(told().filter((text) => text.startsWith('There are no photos left'))).toHaveLength(1);
    expect(cards()).toHaveLength(1);
  });

  it('answers again when it is asked again', async () => {
    const { phone, simulator, told, see } = await openWorld({ photos: 'none' });
    simulator.dropbox.put('/Photos/notes.txt', Buffer.from('Not a photo'));
    const sentences = () => told().filter((text) => text.startsWith('There are no photos left')).length;
    phone.send('/post');
    await see('the sentence', () => sentences() === 1);
    phone.send('/post');
    await see('the sentence again', () => sentences() === 2);
  });

  it('lets the draft go when no photo comes for twelve hours', async () => {
    const { phone, clock, simulator, told, see, darkroom, cards } = await openWorld({ photos: 'none' });
    simulator.dropbox.put('/Photos/notes.txt', Buffer.from('Not a photo'));
    phone.send('/post');
    await see('the sentence', () => told().some((text) => text.startsWith('There are no photos left')));
    await darkroom().app.whenIdle();
    clock.advance(13 * hour);
    simulator.dropbox.put('/Photos/dusk.jpg', await plainJpeg(800, 600));
    const listings = () =>
      simulator.dropbox.calls.filter(({ operation }) => operation === 'files/list_folder/longpoll').length;
    const before = listings();
    await see('that it was noticed', () => listings() > before);
    await darkroom().app.whenIdle();
    expect(cards()).toEqual([]);
  });

  it('makes one draft of several planned times that waited', async () => {
    const settings = { MODE: 'auto', SCHEDULE: '0 15,21 * * *' };
    const world = await openWorld({ photos: 'none', settings });
    const { clock, simulator, see, seeCard, darkroom, told } = world;
    simulator.dropbox.put('/Photos/notes.txt', Buffer.from('Not a photo'));
    const sentences = () => told().filter((text) => text.startsWith('There are no photos left')).length;
    clock.advance(4 * hour);
    await darkroom().schedule.check();
    await see('the sentence', () => sentences() === 1);
    await darkroom().app.whenIdle();
    clock.advance(6 * hour);
    await darkroom().schedule.check();
    await see('the sentence again', () => sentences() === 2);
    await darkroom().app.whenIdle();
    simulator.dropbox.put('/Photos/dusk.jpg', await plainJpeg(800, 600));
    simulator.dropbox.put('/Photos/dawn.jpg', await plainJpeg(640, 480));
    await seeCard('Archived');
    await darkroom().app.whenIdle();
    expect(simulator.telegram.channelPosts()).toHaveLength(1);
  });
});

describe('what a file is', () => {
  it('shows in its content: a photo without an ending is published, a text without one is set aside', async () => {
    const { phone, simulator, see, seeCard, told, tap } = await openWorld({ photos: 'none' });
    simulator.dropbox.put('/Photos/NOTES', Buffer.from('Not a photo'));
    phone.send('/post');
    await see('the sentence', () => told().some((text) => text.startsWith('I cannot open NOTES; ')));
    simulator.dropbox.put('/Photos/IMG 0412', await plainJpeg(800, 600));
    await seeCard('📷 IMG 0412');
    await tap('Publish');
    await seeCard('Archived: /Photos/archive/IMG 0412');
  });
});
