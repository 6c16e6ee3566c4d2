import { expect, it } from 'vitest';
import type { ActiveFault } from '#simulator/faults.ts';
import { openWorld, type World } from '../world.ts';

const minute = 60_000;
const isDraft = ({ keyboard }: ReturnType<World['cards']>[number]) =>
  keyboard.flat().some(({ text }) => text.includes('Publish'));

async function draft(world: World, photo: string): Promise<void> {
  world.phone.send(`/post ${photo}`);
  await world.seeCard((card) => card.text.includes(photo) && isDraft(card));
}

it('brings a draft at once while the writer is left alone, and asks it when the owner wants that', async () => {
  const world = await openWorld();
  const { simulator, seeCard, tap } = world;
  simulator.faults.add({ service: 'openai', fault: { kind: 'error', status: 500 } });
  await draft(world, 'cabin');
  expect(simulator.openai.calls).toHaveLength(3);
  simulator.faults.clear();
  simulator.faults.add({ service: 'openai', fault: { kind: 'hang' } });
  await draft(world, 'harbour');
  await seeCard(({ text }) => text.includes('harbour') && text.includes('The AI did not answer'));
  expect(simulator.openai.calls).toHaveLength(3);
  simulator.faults.clear();
  await tap('Regenerate');
  await seeCard(({ text }) => text.includes('caption 2') && !text.includes('The AI did not answer'));
});

it('brings a draft at once while the describer is left alone, and asks it when the owner wants that', async () => {
  const world = await openWorld();
  const { simulator, seeCard, tap } = world;
  simulator.faults.add({ service: 'replicate', fault: { kind: 'error', status: 500 } });
  await draft(world, 'cabin');
  await draft(world, 'harbour');
  const before = simulator.replicate.calls.length;
  simulator.faults.clear();
  simulator.faults.add({ service: 'replicate', fault: { kind: 'hang' } });
  await draft(world, 'dunes');
  expect(simulator.replicate.calls).toHaveLength(before);
  const spent = (await world.darkroom().app.status()).spending?.dollars;
  simulator.faults.clear();
  await tap('Regenerate');
  await seeCard(({ text }) => text.includes('caption 2') && !text.includes('Replicate could not look'));
  expect(simulator.replicate.calls.length).toBeGreaterThan(before);
  expect(spent).toBeLessThan((await world.darkroom().app.status()).spending?.dollars ?? 0);
});

const unreachable: ActiveFault = {
  service: 'instagram',
  operation: 'upload',
  fault: { kind: 'drop', afterWork: false },
};

it('does not send to a platform that is left alone, says when it goes on, and sends each post once then', async () => {
  const world = await openWorld();
  const { simulator, clock, tap, see, seeCard, darkroom, logged } = world;
  const tried = () => logged.filter((line) => line.includes('"instagram","attempt":')).length;
  await draft(world, 'cabin');
  simulator.faults.add(unreachable);
  await tap('Publish');
  await see('two tries', () => tried() === 2);
  await darkroom().app.whenIdle();
  clock.advance(minute / 2);
  await see('the third', () => tried() === 3);
  await draft(world, 'harbour');
  const before = simulator.instagram.calls.length;
  await tap('Publish');
  await seeCard(
    ({ text }) =>
      text.includes('harbour') && text.includes('⏳ Instagram: It could not be reached. Trying again at'),
  );
  await darkroom().app.whenIdle();
  expect(simulator.instagram.calls).toHaveLength(before);
  const open = (await darkroom().app.status()).open;
  const attempts = open.map((post) => 'deliveries' in post && post.deliveries['instagram']);
  expect(attempts).toEqual([
    expect.objectContaining({ state: 'waiting', attempts: 3 }),
    expect.objectContaining({ state: 'waiting', attempts: 0 }),
  ]);
  simulator.faults.clear();
  for (let wait = 0; wait < 6 && simulator.instagram.posts().length < 2; wait += 1) {
    clock.advance(minute);
    await darkroom().app.whenIdle();
  }
  await see('both', () => simulator.instagram.posts().length === 2);
  await see('both in the archive', () => {
    return simulator.dropbox.files().filter(({ path }) => path.includes('/archive/')).length === 2;
  });
  expect(simulator.telegram.channelPosts()).toHaveLength(2);
});
