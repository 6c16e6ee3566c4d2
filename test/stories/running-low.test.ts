import { expect, it } from 'vitest';
import { scene } from '../fakes/shots.ts';
import { openWorld, type World } from '../world.ts';

const hour = 60 * 60 * 1000;

/** One draft a day, decided at once by skipping it. */
async function liveDay({ clock, darkroom, seeCard, tap, cards }: World): Promise<void> {
  const before = cards().length;
  const slot = new Date(clock.now());
  slot.setUTCHours(9, 0, 0, 0);
  if (slot <= clock.now()) slot.setUTCDate(slot.getUTCDate() + 1);
  clock.advance(slot.getTime() - clock.now().getTime());
  await darkroom().schedule.check();
  await seeCard(({ keyboard }) => keyboard.length > 0 && cards().length > before);
  await tap('Skip');
  await darkroom().app.whenIdle();
  clock.advance(hour);
}

it('announces in advance that the photos run out, once, and again when new ones run out too', async () => {
  const [one, two, three] = [await scene(1), await scene(2), await scene(3)];
  const world = await openWorld();
  const { simulator, told, restart, phone, see } = world;
  const announced = () => told().filter((text) => text.includes('enough until about'));
  simulator.dropbox.put('/Photos/one.jpg', one);
  simulator.dropbox.put('/Photos/two.jpg', two);
  await liveDay(world);
  await liveDay(world);
  expect(announced()).toEqual([]);
  await liveDay(world);
  expect(announced()).toEqual([
    '7 more photos in your Dropbox folder, enough until about 2 December. Put some in before then, and the drafts go on as planned.',
  ]);
  phone.send('/status');
  await see('the status', () => told().at(-1)?.includes('Photos left: 7, until about 2 December'));
  await restart();
  await liveDay(world);
  expect(announced()).toHaveLength(1);
  simulator.dropbox.fill('/Photos', 3, three);
  await liveDay(world);
  expect(announced()).toHaveLength(1);
  await liveDay(world);
  expect(announced()).toHaveLength(2);
});
