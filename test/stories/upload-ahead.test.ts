import { expect, it } from 'vitest';
import { openWorld, type World } from '../world.ts';

const settings = { INSTAGRAM_UPLOAD_AHEAD: 'true' };

const uploads = ({ simulator }: World) =>
  simulator.instagram.calls.filter(({ operation }) => operation === 'upload').length;

/** A Darkroom that has signed in to Instagram, with the next draft before the owner. */
async function openWithDraft(changes: Record<string, string> = {}): Promise<World> {
  const world = await openWorld({ settings: { ...settings, ...changes } });
  world.phone.send('/post');
  await world.tap('Publish');
  await world.seeCard('Archived');
  world.phone.send('/post');
  await world.seeCard(({ keyboard }) => keyboard.length > 0);
  await world.darkroom().app.whenIdle();
  return world;
}

/** The same when the picture is at Instagram, which has one in a post and one in none. */
async function openSentAhead(): Promise<World> {
  const world = await openWithDraft();
  await expect.poll(() => world.simulator.instagram.waiting()).toBe(1);
  expect(uploads(world)).toBe(2);
  return world;
}

async function publish({ tap, simulator }: World): Promise<void> {
  await tap('Publish');
  await expect.poll(() => simulator.instagram.posts().length).toBe(2);
}

it('sends the picture to Instagram while the owner looks, and only what was approved becomes a post', async () => {
  const world = await openSentAhead();
  expect(world.simulator.instagram.posts()).toHaveLength(1);
  await publish(world);
  expect(uploads(world)).toBe(2);
});

it('shows nothing of a draft that is skipped', async () => {
  const world = await openSentAhead();
  await world.tap('Skip');
  await world.seeCard('Skipped');
  await world.darkroom().app.whenIdle();
  expect(world.simulator.instagram.posts()).toHaveLength(1);
});

it('sends the picture anew after a restart, and publishes it once', async () => {
  const world = await openSentAhead();
  world.simulator.instagram.forgetUploads();
  await world.restart(settings);
  await expect.poll(() => uploads(world)).toBe(3);
  await publish(world);
  expect(uploads(world)).toBe(3);
});

it('publishes all the same when Instagram has lost what was sent ahead', async () => {
  const world = await openSentAhead();
  world.simulator.instagram.forgetUploads();
  await publish(world);
  expect(uploads(world)).toBe(3);
});

it('sends nothing before it is approved where the owner does not want that', async () => {
  const world = await openWithDraft({ INSTAGRAM_UPLOAD_AHEAD: 'false' });
  expect(uploads(world)).toBe(1);
});
