import { describe, expect, it } from 'vitest';
import type { ChatMessage } from '#simulator/telegram/chat-message.ts';
import { pngBomb } from '../fakes/camera-pictures.ts';
import { plainJpeg } from '../fakes/plain-pictures.ts';
import { scene } from '../fakes/shots.ts';
import { openWorld, type World } from '../world.ts';

const day = 24 * 60 * 60 * 1000;
const svg = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><image href="/etc/passwd"/></svg>';

async function openEmpty(settings: Record<string, string> = {}): Promise<World> {
  return await openWorld({ photos: 'none', settings });
}

const put = ({ simulator }: World, name: string, bytes: Buffer) =>
  simulator.dropbox.put(`/Photos/${name}`, bytes);

const aside = ({ told }: World) => told().filter((text) => /I leave (it|them) aside/.test(text));
const posts = ({ simulator }: World) => simulator.telegram.channelPosts().length;
const downloads = ({ simulator }: World) =>
  simulator.dropbox.calls.filter(({ operation }) => operation === 'files/download').length;

describe('a file that is no photo', () => {
  const hostile: readonly (readonly [string, string, () => Buffer | Promise<Buffer>])[] = [
    ['cut off', 'cut.jpg', async () => (await scene(1)).subarray(0, 9000)],
    ['empty', 'empty.jpg', () => Buffer.alloc(0)],
    ['a text', 'text.jpg', () => Buffer.from('Not a photo')],
    ['one byte', 'byte.jpg', () => Buffer.from([0xff])],
    ['a bomb', 'bomb.png', () => pngBomb(30_000, 30_000, false)],
    ['a drawing', 'drawing.jpg', () => Buffer.from(svg)],
    ['a page', 'page.png', () => Buffer.from('<!doctype html><script>alert(1)</script>')],
    ['zeros', 'zeros.jpg', () => Buffer.alloc(100_000)],
    ['a film', 'film.jpg', () => Buffer.from('\0\0\0\x18ftypmp42\0\0\0\0mp42isom', 'latin1')],
  ];

  it.each(hostile)('but %s is left aside, and the next photo goes out in its slot', async (_, name, make) => {
    const world = await openEmpty({ MODE: 'auto', SCHEDULE: '0 9 * * *' });
    const { clock, darkroom, see } = world;
    put(world, name, await make());
    clock.advance(day);
    await darkroom().schedule.check();
    await see('the sentence', () => aside(world).length > 0);
    await darkroom().app.whenIdle();
    put(world, 'good.jpg', await plainJpeg());
    await see('the photo', () => posts(world) === 1);
    await darkroom().app.whenIdle();
    expect(aside(world)).toEqual([
      `I cannot open ${name}; the file seems to be damaged or is no photo. I leave it aside.`,
    ]);
    expect(world.simulator.dropbox.files().map(({ path }) => path)).toContain(`/Photos/${name}`);
  });

  it('is told of together with the others, once, also over a restart', async () => {
    const world = await openEmpty();
    const { phone, see, seeCard, told, darkroom, restart } = world;
    for (let file = 0; file < 30; file += 1) put(world, `broken-${file}.jpg`, Buffer.from(`broken ${file}`));
    put(world, 'good.jpg', await plainJpeg());
    phone.send('/post');
    const isDraft = ({ text, keyboard }: ChatMessage) => text.includes('📷 good.jpg') && keyboard.length > 0;
    await seeCard(isDraft);
    await world.tap('Skip');
    await seeCard('Skipped');
    await darkroom().app.whenIdle();
    await restart();
    phone.send('/post');
    await see('that nothing is left', () => told().some((text) => text.startsWith('There are no photos')));
    const counts = aside(world).map((text) => Number(/^I cannot open (\d+) files/.exec(text)?.[1] ?? 1));
    // Those before the good one in one message, those behind it in another.
    expect(counts.length).toBeLessThanOrEqual(2);
    expect(counts.reduce((sum, count) => sum + count, 0)).toBe(30);
    expect(aside(world)[0]).toMatch(/broken-\d+\.jpg/);
    phone.send('/queue');
    await world.see('them in the queue', () =>
      world.told().some((text) => text.includes('30 files I cannot read: broken-')),
    );
    phone.send('/status');
    await world.see('them in the status', () =>
      world.told().some((text) => /^30 files I cannot read: broken-/m.test(text)),
    );
  });

  it('is tried again when it has other content, like one that had not arrived completely', async () => {
    const world = await openEmpty();
    const { phone, see, seeCard, darkroom } = world;
    const picture = await scene(1);
    for (const part of [0.2, 0.6]) {
      put(world, 'slow.jpg', picture.subarray(0, picture.length * part));
      phone.send('/post');
      await see('the sentence', () => aside(world).length > 0);
      await darkroom().app.whenIdle();
    }
    put(world, 'slow.jpg', picture);
    await seeCard('📷 slow.jpg');
    expect((await darkroom().app.queue(9)).setAside).toEqual([]);
  });
});

describe('a file above 100 MB', () => {
  it('is never downloaded, and the owner is told once', async () => {
    const world = await openEmpty();
    const { phone, see, seeCard, told, darkroom } = world;
    put(world, 'huge.tif', Buffer.alloc(100 * 1024 * 1024 + 1));
    phone.send('/post');
    await see('that nothing is left', () => told().some((text) => text.startsWith('There are no photos')));
    await darkroom().app.whenIdle();
    expect(downloads(world)).toBe(0);
    put(world, 'good.jpg', await plainJpeg());
    await seeCard('📷 good.jpg');
    expect(aside(world)).toEqual([
      'huge.tif is larger than 100 MB, which is more than I can handle. I leave it aside.',
    ]);
    phone.send('/status');
    await see('it in the status', () =>
      told().some((text) => text.includes('1 file larger than 100 MB: huge.tif')),
    );
  });
});

describe('a name', () => {
  const names = [
    'two\nlines.jpg',
    'gpj.\u202Eexe',
    '-rf',
    'Cafe\u0301.jpg',
    '👨‍👩‍👧.jpg',
    `${'long'.repeat(62)}.jpg`,
    '$(reboot).jpg',
    '<b>bold<b>.jpg',
  ];
  it.each(names)('%j turns nothing around, and is in the archive as it was', async (name) => {
    const world = await openEmpty();
    const { phone, see, seeCard, tap, simulator } = world;
    put(world, name, await scene(1));
    phone.send('/queue');
    await see('the queue', () =>
      phone.messages().some(({ text }) => text.startsWith('Next, by their numbers')),
    );
    phone.send('/post');
    await seeCard(({ keyboard }) => keyboard.length > 0);
    await tap('Publish');
    await see('it in the archive', () =>
      simulator.dropbox.files().some(({ path }) => path === `/Photos/archive/${name}`),
    );
    await seeCard('Archived');
    const texts = [...phone.messages(), ...simulator.telegram.channelPosts()].map(({ text }) => text);
    expect(texts.filter((text) => /[\u202A-\u202E\u2066-\u2069]|two\nlines/.test(text))).toEqual([]);
  });
});

describe('the same content under another name', () => {
  const auto = { MODE: 'auto', SCHEDULE: '0 9 * * *' };

  async function serveSlots({ clock, darkroom }: World, slots: number): Promise<void> {
    for (let slot = 0; slot < slots; slot += 1) {
      clock.advance(day);
      await darkroom().schedule.check();
      await darkroom().app.whenIdle();
    }
  }

  it('goes out once of two in the folder, in slots one after the other, and after a restart', async () => {
    const world = await openEmpty(auto);
    for (const name of ['a.jpg', 'b.jpg', 'c']) put(world, name, await plainJpeg());
    await serveSlots(world, 2);
    await world.restart(auto);
    await serveSlots(world, 2);
    expect(posts(world)).toBe(1);
  });

  it.each<readonly [string, (world: World) => Promise<unknown>]>([
    ['uploaded again', async (world) => put(world, 'new name.jpg', await plainJpeg())],
    [
      'copied out of the archive',
      async (world) => world.simulator.dropbox.move('/Photos/archive/a.jpg', '/Photos/a copy.jpg'),
    ],
  ])('does not go out when it is %s, years later', async (_, bring) => {
    const world = await openEmpty(auto);
    put(world, 'a.jpg', await plainJpeg());
    await serveSlots(world, 1);
    await world.see(
      'it in the archive',
      () => world.simulator.dropbox.files()[0]?.path === '/Photos/archive/a.jpg',
    );
    world.clock.advance(3 * 365 * day);
    await world.restart(auto);
    await bring(world);
    await serveSlots(world, 2);
    world.phone.send('/post name');
    await world.see('that it is not there', () =>
      world.told().some((text) => text.startsWith('There is no photo called')),
    );
    expect(posts(world)).toBe(1);
  });

  it('is one draft when both are asked for at once', async () => {
    const world = await openEmpty();
    for (const name of ['first.jpg', 'second.jpg']) put(world, name, await plainJpeg());
    world.phone.send('/post first');
    world.phone.send('/post second');
    await world.see(
      'an answer to each',
      () =>
        world.told().some((text) => text.startsWith('There is no photo called')) && world.cards().length > 0,
    );
    await world.darkroom().app.whenIdle();
    expect(world.cards()).toHaveLength(1);
  });

  it('is known when the file is renamed while its draft waits and comes back under the old name', async () => {
    const world = await openEmpty();
    put(world, 'a.jpg', await plainJpeg());
    world.phone.send('/post');
    await world.seeCard(({ keyboard }) => keyboard.length > 0);
    world.simulator.dropbox.move('/Photos/a.jpg', '/Photos/b.jpg');
    put(world, 'a.jpg', await plainJpeg());
    await world.tap('Publish');
    await world.seeCard('Archived');
    await world.darkroom().app.whenIdle();
    expect((await world.darkroom().app.queue(9)).total).toBe(0);
  });
});
