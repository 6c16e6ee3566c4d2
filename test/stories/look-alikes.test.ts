import { describe, expect, it } from 'vitest';
import { another, type Shot, scene } from '../fakes/shots.ts';
import { openWorld, type World, type WorldOptions } from '../world.ts';

const hour = 60 * 60 * 1000;
const day = 24 * hour;
const auto = { MODE: 'auto', SCHEDULE: '0 9 * * *' };

async function openEmpty(settings: WorldOptions['settings'] = {}): Promise<World> {
  return await openWorld({ photos: 'none', settings });
}

async function put({ simulator }: World, name: string, picture: Buffer | Promise<Buffer>): Promise<void> {
  simulator.dropbox.put(`/Photos/${name}`, await picture);
}

/** Publishes the photo of this name and waits until it is archived. */
async function publish(world: World, name: string): Promise<void> {
  world.phone.send(`/post ${name}`);
  await world.seeCard(({ text, keyboard }) => text.includes(`📷 ${name}`) && keyboard.length > 0);
  await world.tap('Publish');
  await archived(world, name);
}

async function archived({ see, simulator, darkroom }: World, name: string): Promise<void> {
  const isThere = () => simulator.dropbox.files().some(({ path }) => path === `/Photos/archive/${name}`);
  await see(`${name} in the archive`, isThere);
  await darkroom().app.whenIdle();
}

/** Asks for the next draft and tells its card. */
async function nextCard({ phone, see, cards }: World): Promise<string> {
  const before = cards().length;
  phone.send('/post');
  const card = await see('the next card', () => cards().length > before && cards().at(-1));
  return card.text;
}

/** The name of the photo that the newest card is about. */
const photoOf = (text: string) => /📷 (\S+)/.exec(text)?.[1];
const published = ({ simulator }: World) => simulator.telegram.channelPosts().length;

describe('photos of one burst', () => {
  /** A world in which the first of a burst was published, with the second one and others in the folder. */
  async function openWithBurst(others: readonly string[], settings?: WorldOptions['settings']) {
    const world = await openEmpty(settings);
    const first = await scene(1);
    await put(world, 'burst-1.jpg', first);
    await publish(world, 'burst-1.jpg');
    await put(world, 'burst-2.jpg', another(first, 'cropped by 3 %'));
    for (const [index, name] of others.entries()) await put(world, name, scene(100 + index));
    return world;
  }

  it('are kept apart: another one comes first, and the one that was passed over stays in the queue', async () => {
    const world = await openWithBurst([]);
    const { darkroom, see, simulator } = world;
    const order = async () => (await darkroom().app.queue(99)).next.map(({ name }) => name);
    // Nobody has looked at the burst yet, so this is the shuffle: the second shot is made the first of it.
    for (let other = 0; (await order()).at(-1) === 'burst-2.jpg'; other += 1) {
      await put(world, `other-${other}.jpg`, scene(100 + other));
      await see('it in the queue', async () => (await order()).length === other + 2);
    }
    const names = await order();
    for (const name of names.slice(0, names.indexOf('burst-2.jpg'))) {
      simulator.dropbox.remove(`/Photos/${name}`);
    }
    await see('it at the front', async () => (await order())[0] === 'burst-2.jpg');
    expect(photoOf(await nextCard(world))).toMatch(/^other-/);
    expect(await order()).toEqual(['burst-2.jpg']);
  });

  it('do not leave a slot empty: when only look-alikes are left, one comes with a word', async () => {
    const world = await openWithBurst([]);
    const card = await nextCard(world);
    expect(card).toContain('📷 burst-2.jpg');
    expect(card).toContain('👯 It looks much like burst-1.jpg of 22 Nov 2026.');
  });

  it('may follow when the days are over', async () => {
    const world = await openWithBurst([], { LOOKALIKE_DAYS: '3' });
    world.clock.advance(3 * day);
    const card = await nextCard(world);
    expect(card).toContain('📷 burst-2.jpg');
    expect(card).not.toContain('👯');
  });

  it('may follow each other where it is switched off', async () => {
    const world = await openWithBurst([], { LOOKALIKE_DAYS: '0' });
    expect(await nextCard(world)).not.toContain('👯');
  });

  it('come when they are asked for by name, with a word', async () => {
    const world = await openWithBurst(['a.jpg', 'b.jpg']);
    world.phone.send('/post burst-2');
    const card = await world.seeCard('📷 burst-2.jpg');
    expect(card.text).toContain('👯 It looks much like burst-1.jpg');
  });

  it('are known after a restart, and from a draft that waits', async () => {
    const world = await openEmpty({ SCHEDULE: '0 9 * * *' });
    const first = await scene(1);
    await put(world, 'burst-1.jpg', first);
    await nextCard(world);
    await world.darkroom().app.whenIdle();
    await world.restart();
    await put(world, 'burst-2.jpg', another(first, 'moved'));
    world.phone.send('/post burst-2');
    const card = await world.seeCard('📷 burst-2.jpg');
    expect(card.text).toContain('👯 It looks much like burst-1.jpg');
  });

  it('are shown at the end of the queue once they are known', async () => {
    const world = await openWithBurst([]);
    const { clock, simulator, seeCard, tap, darkroom } = world;
    await nextCard(world);
    simulator.dropbox.move('/Photos/burst-2.jpg', '/elsewhere/burst-2.jpg');
    await tap('Publish');
    await seeCard('the photo was moved out of your photo folder');
    await darkroom().app.whenIdle();
    simulator.dropbox.move('/elsewhere/burst-2.jpg', '/Photos/burst-2.jpg');
    clock.advance(2 * hour);
    for (let other = 0; other < 20; other += 1) await put(world, `other-${other}.jpg`, scene(100 + other));
    // A listing under way is shared, and may have begun before the last photo came.
    const next = await world.see('all of them', async () => {
      const queue = await darkroom().app.queue(30);
      return queue.total === 21 && queue.next;
    });
    expect(next.at(-1)?.name).toBe('burst-2.jpg');
  });

  it('cannot be told where Dropbox makes no small picture, and nothing suffers from it', async () => {
    const world = await openWithBurst([]);
    world.simulator.faults.add({
      service: 'dropbox',
      operation: 'files/get_thumbnail_v2',
      fault: { kind: 'error', status: 500 },
    });
    const card = await nextCard(world);
    expect(card).toContain('📷 burst-2.jpg');
    expect(card).not.toContain('👯');
  });

  it('go out apart in automatic mode, too', async () => {
    const world = await openEmpty(auto);
    const first = await scene(1);
    await put(world, 'burst-1.jpg', first);
    await put(world, 'burst-2.jpg', another(first, 'cropped by 3 %'));
    await put(world, 'other.jpg', scene(7));
    const names: (string | undefined)[] = [];
    for (let slot = 0; slot < 3; slot += 1) {
      world.clock.advance(day);
      await world.darkroom().schedule.check();
      await world.see('one more post', () => published(world) === slot + 1);
      await world.darkroom().app.whenIdle();
      names.push(photoOf(world.cards().at(-1)?.text ?? ''));
    }
    expect(names).toContain('burst-1.jpg');
    expect(names.indexOf('other.jpg')).toBeLessThan(2);
    expect(new Set(names).size).toBe(3);
  });
});

describe('a published picture that was saved anew', () => {
  async function openWithCopy(shot: Shot, settings?: WorldOptions['settings']) {
    const world = await openEmpty();
    const first = await scene(1);
    await put(world, 'dusk.jpg', first);
    await publish(world, 'dusk.jpg');
    // Long after the days of look-alikes, and with nothing but the history to know it by.
    world.clock.advance(400 * day);
    await world.restart(settings);
    await world.darkroom().app.whenIdle();
    await put(world, 'dusk-2.jpg', another(first, shot));
    return world;
  }

  it.each<Shot>(['with other metadata', 'saved anew', 'smaller'])(
    '%s is left aside, and the owner is told once',
    async (shot) => {
      const world = await openWithCopy(shot);
      const told = () => world.told().filter((text) => text.startsWith('dusk-2.jpg looks just like'));
      const none = () => world.told().filter((text) => text.startsWith('There are no photos left')).length;
      world.phone.send('/post');
      await world.see('that there is none', () => none() === 1);
      await world.restart();
      world.phone.send('/post');
      await world.see('that there is none', () => none() === 2);
      expect(told()).toEqual([
        'dusk-2.jpg looks just like a photo that was published already, so I leave it aside. /post with its name takes it anyway.',
      ]);
      const { setAside } = await world.darkroom().app.queue(9);
      expect(setAside).toMatchObject([{ name: 'dusk-2.jpg', reason: 'seen-before' }]);
      expect(published(world)).toBe(1);
    },
  );

  it('makes room for another photo in automatic mode, in the same slot', async () => {
    const world = await openWithCopy('with other metadata', auto);
    await put(world, 'other.jpg', scene(7));
    for (let slot = 0; slot < 2; slot += 1) {
      world.clock.advance(day);
      await world.darkroom().schedule.check();
      await world.darkroom().app.whenIdle();
    }
    await world.see('the other one', () => published(world) === 2);
    expect(published(world)).toBe(2);
    expect(world.told().filter((text) => text.startsWith('dusk-2.jpg looks just like'))).toHaveLength(1);
  });

  it('comes when it is asked for by name, with a word on the card', async () => {
    const world = await openWithCopy('with other metadata');
    world.phone.send('/post dusk-2');
    const card = await world.seeCard('📷 dusk-2.jpg');
    expect(card.text).toContain('👯 It looks just like dusk.jpg, which was published on 22 Nov 2026.');
  });
});
