import { describe, expect, it } from 'vitest';
import { plainJpeg } from '../fakes/plain-pictures.ts';
import { scene } from '../fakes/shots.ts';
import { openWorld, type World } from '../world.ts';

const pictures = ({ simulator }: World) =>
  simulator.dropbox
    .files()
    .map(({ path }) => path)
    .filter((path) => path.startsWith('/Photos/') && !path.includes('/archive/'))
    .map((path) => path.slice('/Photos/'.length))
    .sort();

/** What the bot said of what was sent. */
function seeAnswer({ told, see }: World, beginning: string): Promise<string> {
  return see(beginning, () => told().find((text) => text.startsWith(beginning)));
}

const draftOf = ({ seeCard }: World, name: string) =>
  seeCard(({ text, keyboard }) => text.includes(`📷 ${name}`) && keyboard.length > 0);

describe('a photo that is sent to the bot', () => {
  it('as a file is kept as it is, with its note, is drafted, and goes out', async () => {
    const world = await openWorld();
    const bytes = await scene(1);
    world.phone.sendDocument(bytes, 'Dusk.jpg', 'image/jpeg', 'The ferry at dusk');
    const answer = await seeAnswer(world, 'Dusk.jpg is in');
    expect(answer).toBe('Dusk.jpg is in your Dropbox folder now. Its draft comes at once.');
    await draftOf(world, 'Dusk.jpg');
    expect(world.simulator.dropbox.read('/Photos/Dusk.jpg')?.equals(bytes)).toBe(true);
    expect(String(world.simulator.dropbox.read('/Photos/Dusk.txt'))).toBe('The ferry at dusk');
    await world.tap('Publish');
    await world.seeCard('Archived: /Photos/archive/Dusk.jpg');
    world.phone.sendDocument(bytes, 'Again.jpg', 'image/jpeg');
    await seeAnswer(world, 'Again.jpg is out already or on its way, so there is no new draft.');
  });

  it('as a photo gets a name, and the owner is told once how it keeps its quality', async () => {
    const world = await openWorld({ photos: 'none' });
    await world.phone.sendPhoto(await scene(1));
    const first = await seeAnswer(world, 'photo-');
    expect(first).toMatch(
      /^photo-\d{8}-\d+\.jpg is in .* Its draft comes at once\.\n\nTelegram makes photos smaller/,
    );
    await draftOf(world, 'photo-');
    await world.phone.sendPhoto(await scene(2));
    const second = await world.see('the second', () =>
      world.told().find((text) => text.includes('It comes next, after the draft that waits for you.')),
    );
    expect(second).not.toContain('smaller');
    expect(pictures(world)).toHaveLength(2);
  });

  it('waits in front of all others while another draft waits', async () => {
    const world = await openWorld();
    const { phone, seeCard, tap, darkroom } = world;
    phone.send('/post harbour');
    await draftOf(world, 'harbour');
    phone.sendDocument(await scene(3), 'Dusk.jpg', 'image/jpeg');
    await seeAnswer(world, 'Dusk.jpg is in your Dropbox folder now. It comes next, after the draft');
    expect((await darkroom().app.queue(9)).next[0]?.name).toBe('Dusk.jpg');
    await tap('Skip');
    await seeCard('Skipped');
    await darkroom().app.whenIdle();
    phone.send('/post');
    await draftOf(world, 'Dusk.jpg');
  });

  it('is drafted though it was skipped or taken out before', async () => {
    const world = await openWorld();
    const { phone, tap, darkroom, seeCard, see } = world;
    const bytes = await scene(4);
    phone.sendDocument(bytes, 'Dusk.jpg', 'image/jpeg');
    await draftOf(world, 'Dusk.jpg');
    await tap('Skip');
    await seeCard('Skipped');
    await darkroom().app.whenIdle();
    phone.sendDocument(bytes, 'Dusk.jpg', 'image/jpeg');
    await see('its second card', () => {
      const cards = world.cards().filter(({ text }) => text.includes('📷 Dusk.jpg'));
      return cards.length === 2 && cards.at(-1)?.keyboard.length !== 0;
    });
    expect(pictures(world).filter((name) => name.startsWith('Dusk'))).toEqual(['Dusk.jpg']);
  });

  it('is kept and drafted once, however often its message comes', async () => {
    const world = await openWorld({ photos: 'none' });
    const { app } = world.darkroom();
    const sent = { name: 'Dusk.jpg', bytes: await scene(5), by: world.phone.userId };
    expect(await Promise.all([app.addPhoto(sent), app.addPhoto(sent)])).toMatchObject([
      { became: 'draft' },
      { became: 'draft' },
    ]);
    await draftOf(world, 'Dusk.jpg');
    expect(await app.addPhoto(sent)).toMatchObject({ became: 'draft' });
    await app.whenIdle();
    expect(world.cards()).toHaveLength(1);
    expect(pictures(world)).toEqual(['Dusk.jpg']);
  });

  it.each([
    ['whose name says nothing of it', 'scan', 'scan'],
    ['whose name says something else', 'scan.bin', 'scan.bin.jpg'],
  ])('%s is found again', async (_, name, kept) => {
    const world = await openWorld({ photos: 'none' });
    world.phone.sendDocument(await scene(6), name, 'application/octet-stream');
    await draftOf(world, kept);
    expect(pictures(world)).toEqual([kept]);
  });

  it('brings the draft that waited for photos', async () => {
    const world = await openWorld({ photos: 'none' });
    world.simulator.dropbox.put('/Photos/notes.txt', Buffer.from('Not a photo'));
    world.phone.send('/post');
    await seeAnswer(world, 'There are no photos left');
    await world.darkroom().app.whenIdle();
    world.phone.sendDocument(await scene(7), 'Dusk.jpg', 'image/jpeg');
    await draftOf(world, 'Dusk.jpg');
    await world.darkroom().app.whenIdle();
    expect(world.cards()).toHaveLength(1);
  });
});

describe('an album', () => {
  it.each(['files', 'photos'] as const)(
    'of %s has one answer and one draft, and the others come next',
    async (as) => {
      const world = await openWorld();
      const album = await Promise.all([11, 12, 13].map((seed) => scene(seed)));
      await world.phone.sendAlbum(album, as);
      const answer = await seeAnswer(world, '3 photos are in your Dropbox folder now');
      expect(answer).toContain('The first one is drafted at once, the others come next.');
      const first = await world.seeCard(({ keyboard }) => keyboard.length > 0);
      await world.darkroom().app.whenIdle();
      expect(world.told().filter((text) => text.includes('Dropbox folder now'))).toHaveLength(1);
      expect(world.cards()).toHaveLength(1);
      const sent = /now: (.+?)\. The/.exec(answer)?.[1]?.split(', ') ?? [];
      expect(first.text).toContain(`📷 ${sent[0]}`);
      const { next } = await world.darkroom().app.queue(2);
      expect(next.map(({ name }) => name)).toEqual(sent.slice(1));
    },
  );
});

describe('what cannot be kept', () => {
  it.each([
    [
      'is no picture',
      async () => Buffer.from('Not a picture'),
      'x.jpg is no photo that I can open, so I did not keep it.',
    ],
    [
      'is half a picture',
      async () => (await plainJpeg(800, 600)).subarray(0, 900),
      'x.jpg is no photo that I can open',
    ],
    ['is too large for Telegram', async () => Buffer.alloc(21 * 1024 * 1024), 'x.jpg is larger than 20 MB'],
  ])('because it %s is said, and nothing is stored', async (_, bytes, answer) => {
    const world = await openWorld({ photos: 'none' });
    world.phone.sendDocument(await bytes(), 'x.jpg', 'image/jpeg');
    await seeAnswer(world, answer);
    await world.darkroom().app.whenIdle();
    expect(pictures(world)).toEqual([]);
    expect(world.cards()).toEqual([]);
  });

  it('because Dropbox does not answer is said, and comes when it is sent again', async () => {
    const world = await openWorld({ photos: 'none' });
    const { simulator, phone } = world;
    const bytes = await scene(8);
    simulator.faults.add({ service: 'dropbox', fault: { kind: 'error', status: 500 } });
    phone.sendDocument(bytes, 'Dusk.jpg', 'image/jpeg');
    const answer = await world.see('the answer', () =>
      world.told().find((text) => text.includes('of Dusk.jpg yet')),
    );
    expect(answer).toBe(
      'Dropbox has a fault of its own right now. So there is no draft of Dusk.jpg yet: please send it again later.',
    );
    simulator.faults.clear();
    world.clock.advance(60 * 60 * 1000);
    phone.sendDocument(bytes, 'Dusk.jpg', 'image/jpeg');
    await draftOf(world, 'Dusk.jpg');
    expect(pictures(world)).toEqual(['Dusk.jpg']);
  });
});
