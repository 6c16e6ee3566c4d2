import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { scene } from '../fakes/shots.ts';
import { openWorld, type World } from '../world.ts';

/** Of each photo the bytes, by their names. */
const photos = Object.fromEntries(
  await Promise.all(['one', 'two', 'three'].map(async (name, at) => [name, await scene(at + 1)] as const)),
);

/** Darkroom with these photos, when it has prepared what it wants to. */
async function openPrepared(
  names = Object.keys(photos),
  settings: Record<string, string> = {},
): Promise<World> {
  const world = await openWorld({ photos: 'none', settings: { PREPARE_AHEAD: 'true', ...settings } });
  for (const name of names)
    world.simulator.dropbox.put(`/Photos/${name}.jpg`, photos[name] ?? Buffer.alloc(0));
  await world.restart();
  await world.darkroom().app.whenIdle();
  return world;
}

/** How often each service was asked for its work so far. */
function asked({ simulator: { openai, replicate, dropbox } }: World) {
  const downloads = dropbox.calls.filter(({ operation }) => operation === 'files/download');
  const looks = replicate.calls.filter(({ operation }) => operation === 'predictions.create');
  return { captions: openai.calls.length, looks: looks.length, downloads: downloads.length };
}

const isDraft = ({ keyboard }: { readonly keyboard: readonly unknown[] }) => keyboard.length > 0;

/** The names of the pictures that are kept. */
const kept = ({ folder }: World) => readdir(join(folder, 'pictures'));

async function askForOne({ phone, seeCard, darkroom }: World, text = '/post') {
  phone.send(text);
  const card = await seeCard(isDraft);
  await darkroom().app.whenIdle();
  return card;
}

describe('the next draft', () => {
  it('is made ahead, comes without another question to anybody, and goes out as any other', async () => {
    const world = await openPrepared(['one']);
    const before = asked(world);
    expect(before).toEqual({ captions: 1, looks: 2, downloads: 1 });
    expect(world.cards()).toEqual([]);
    const card = await askForOne(world);
    expect(card.text).toContain('one.jpg');
    expect(card.text).toContain('tones');
    expect(asked(world)).toEqual(before);
    await world.tap('Publish');
    await world.seeCard('Archived');
    expect(world.simulator.telegram.channelPosts()).toHaveLength(1);
    expect(world.simulator.instagram.posts()).toHaveLength(1);
    expect(world.simulator.smtp.mails()).toHaveLength(1);
  });

  it('is followed by the one after it as soon as it is shown', async () => {
    const world = await openPrepared();
    await askForOne(world);
    expect(asked(world).captions).toBe(2);
    await world.tap('Skip');
    await world.darkroom().app.whenIdle();
    await askForOne(world);
    expect(asked(world).captions).toBe(3);
    expect(world.cards()).toHaveLength(2);
  });

  it('is still there after a restart', async () => {
    const world = await openPrepared(['one']);
    const before = asked(world);
    await world.restart();
    await world.darkroom().app.whenIdle();
    await askForOne(world);
    expect(asked(world)).toEqual(before);
  });

  it('is waited for when it is asked for while it is being made, and nobody is asked twice', async () => {
    const world = await openWorld({ photos: 'none', settings: { PREPARE_AHEAD: 'true' } });
    const { simulator, see } = world;
    simulator.faults.add({ service: 'openai', fault: { kind: 'slow', ms: 500 } });
    simulator.dropbox.put('/Photos/one.jpg', photos['one'] ?? Buffer.alloc(0));
    await see('the writer at work', () => simulator.openai.calls.length === 1);
    await askForOne(world);
    expect(asked(world)).toEqual({ captions: 1, looks: 2, downloads: 1 });
  });

  it('is the one of the schedule, too, and of a photo by its name', async () => {
    const world = await openPrepared(['one'], { SCHEDULE: '0 13 * * *' });
    world.clock.advance(60 * 60 * 1000);
    await world.darkroom().schedule.check();
    await world.seeCard(isDraft);
    await world.tap('Skip');
    await world.darkroom().app.whenIdle();
    const before = asked(world);
    world.simulator.dropbox.put('/Photos/two.jpg', photos['two'] ?? Buffer.alloc(0));
    await world.see('the next one prepared', () => asked(world).captions > before.captions);
    await world.darkroom().app.whenIdle();
    await askForOne(world, '/post two');
    expect(asked(world).captions).toBe(before.captions + 1);
  });

  it('goes out by itself where nobody is asked', async () => {
    const world = await openPrepared(['one'], { MODE: 'auto', SCHEDULE: '0 13 * * *' });
    expect(world.simulator.telegram.channelPosts()).toEqual([]);
    world.clock.advance(60 * 60 * 1000);
    await world.darkroom().schedule.check();
    await world.seeCard('Archived');
    expect(asked(world).captions).toBe(1);
    expect(world.simulator.telegram.channelPosts()).toHaveLength(1);
  });

  it('is not made ahead where that is not wanted', async () => {
    const world = await openPrepared(['one'], { PREPARE_AHEAD: 'false' });
    expect(asked(world)).toEqual({ captions: 0, looks: 0, downloads: 0 });
    await askForOne(world);
    expect(asked(world).captions).toBe(1);
  });
});

describe('what was made ahead is made anew', () => {
  const changes: readonly (readonly [string, (world: World) => Promise<unknown> | unknown, string])[] = [
    [
      'when its photo was edited',
      ({ simulator }) => simulator.dropbox.put('/Photos/one.jpg', photos['two'] ?? Buffer.alloc(0)),
      'one.jpg',
    ],
    [
      'when a note was written beside it',
      ({ simulator }) =>
        simulator.dropbox.put('/Photos/one.txt', Buffer.from('The ferry of six in the morning')),
      'one.jpg',
    ],
    [
      'when its photo has another name, with a note of its own',
      ({ simulator }) => {
        simulator.dropbox.put('/Photos/ferry.txt', Buffer.from('The ferry of six in the morning'));
        simulator.dropbox.move('/Photos/one.jpg', '/Photos/ferry.jpg');
      },
      'ferry.jpg',
    ],
    [
      'when the hashtags are others',
      ({ darkroom }) => darkroom().app.change('hashtags', ['#sea'], 1),
      '#sea',
    ],
    [
      'when another prompt is set',
      ({ restart }) => restart({ PREPARE_AHEAD: 'true', OPENAI_ROLE_PROMPT: 'Rhyme.' }),
      'one.jpg',
    ],
  ];
  it.each(changes)('%s', async (_, change, text) => {
    const world = await openPrepared(['one']);
    await change(world);
    await world.darkroom().app.whenIdle();
    const card = await askForOne(world);
    expect(card.text).toContain(text);
    expect(asked(world).captions).toBe(2);
  });

  it('when its pictures are gone', async () => {
    const world = await openPrepared(['one']);
    for (const name of await kept(world)) await rm(join(world.folder, 'pictures', name));
    await askForOne(world);
    await world.tap('Publish');
    await world.seeCard('Archived');
    expect(world.simulator.telegram.channelPosts()).toHaveLength(1);
  });

  it('when the AI was not there', async () => {
    const world = await openWorld({ photos: 'none', settings: { PREPARE_AHEAD: 'true' } });
    const { simulator, see } = world;
    simulator.faults.add({ service: 'openai', fault: { kind: 'error', status: 500 } });
    simulator.dropbox.put('/Photos/one.jpg', photos['one'] ?? Buffer.alloc(0));
    await see('the writer asked', () => simulator.openai.calls.length > 0);
    await world.darkroom().app.whenIdle();
    expect(await kept(world)).toEqual([]);
    // For a while it is left alone, whatever else goes on.
    const before = asked(world);
    world.darkroom().app.attendOldPosts();
    simulator.dropbox.put('/Photos/one.txt', Buffer.from('A note'));
    await world.darkroom().app.whenIdle();
    expect(asked(world)).toEqual(before);
    simulator.faults.clear();
    world.clock.advance(60 * 60 * 1000);
    await askForOne(world);
    expect(asked(world).captions).toBe(before.captions + 1);
  });
});

describe('a photo that is not the next one any more', () => {
  it('leaves no pictures behind, and its draft is not shown for another', async () => {
    const world = await openPrepared(['one']);
    const first = await kept(world);
    world.simulator.dropbox.remove('/Photos/one.jpg');
    world.simulator.dropbox.put('/Photos/two.jpg', photos['two'] ?? Buffer.alloc(0));
    await world.see('the other prepared', () => asked(world).captions === 2);
    await world.darkroom().app.whenIdle();
    expect(await kept(world)).not.toEqual(expect.arrayContaining([first[0]]));
    const card = await askForOne(world);
    expect(card.text).toContain('two.jpg');
    expect(asked(world).captions).toBe(2);
  });
});
