import { expect, it } from 'vitest';
import { openWorld, type World } from '../world.ts';

const hour = 60 * 60 * 1000;

async function openPublished(settings: Record<string, string | undefined> = {}): Promise<World> {
  const world = await openWorld({ settings });
  world.phone.send('/post');
  await world.seeCard('Instagram:');
  await world.tap('Publish');
  await world.seeCard('Archived');
  await world.darkroom().app.whenIdle();
  return world;
}

const out = ({ simulator: { telegram, instagram, smtp } }: World) => [
  telegram.channelPosts().length,
  instagram.posts().length,
  smtp.mails().length,
];

/** The answer to the question that the button asks. */
async function answer(world: World, text: string): Promise<string> {
  const asked = () =>
    world.phone.messages().findLast(({ keyboard }) => keyboard.flat().some((each) => each.text === text));
  const question = await world.see(`the question with ${text}`, asked);
  return (await world.phone.tap(question.id, text).answer).text ?? '';
}

async function takeDown(world: World): Promise<void> {
  await world.tap('Take down');
  expect(await answer(world, 'Yes, take it down')).toBe('Taking it down …');
}

const nameOn = (card: { readonly text: string }) => /📷 (\S.*)/.exec(card.text)?.[1] ?? '';

it('takes a post down where it can, brings the photo back, and says what it cannot take back', async () => {
  const world = await openPublished();
  const [card] = world.cards();
  const name = nameOn(card ?? { text: '' });
  await takeDown(world);
  const { text, keyboard } = await world.seeCard('Taken down.');
  expect(out(world)).toEqual([0, 0, 1]);
  expect(text).toContain('🗑 Telegram channel: taken down');
  expect(text).toContain('🗑 Instagram: taken down');
  expect(text).toContain('📌 Email: still there. I cannot take it back from there.');
  expect(text).toContain(`The photo is back: /Photos/${name}`);
  expect(keyboard.flat()).toEqual([]);
  expect(world.cards()).toHaveLength(1);
});

it('asks first, and keeps it after a No', async () => {
  const world = await openPublished();
  await world.tap('Take down');
  await answer(world, 'No, keep it');
  await world.see('the answer', () => world.told().includes('All right, it stays.'));
  await world.darkroom().app.whenIdle();
  expect(out(world)).toEqual([1, 1, 1]);
});

it.each([false, true])(
  'does not let the photo come again by itself, but by its name with a warning (after a restart: %s)',
  async (isRestarted) => {
    const world = await openPublished({ LOOK_ALIKE_DAYS: '0' });
    const name = nameOn(world.cards()[0] ?? { text: '' });
    await takeDown(world);
    await world.seeCard('Taken down.');
    await world.darkroom().app.whenIdle();
    if (isRestarted) await world.restart();
    const { next } = await world.darkroom().app.queue(20);
    expect(next.map((photo) => photo.name)).not.toContain(name);
    expect(next).toHaveLength(7);

    world.phone.send(`/post ${name}`);
    const card = await world.seeCard((each) =>
      each.keyboard.flat().some(({ text }) => text === '✅ Publish'),
    );
    expect(nameOn(card)).toBe(name);
    expect(card.text).toContain('👯 It looks just like');
    await world.tap('Publish');
    await world.seeCard((each) => each.text.includes('Archived') && each.id === card.id);
    await world.darkroom().app.whenIdle();
    world.phone.send(`/post ${name}`);
    await world.see('that it is out again', () =>
      world.told().some((text) => text.includes('There is no photo called')),
    );
    expect(out(world).slice(0, 2)).toEqual([1, 1]);
  },
);

it('tries again for a day where a place does not answer, and then says that it is still there', async () => {
  const world = await openPublished();
  const fault = { kind: 'error', status: 500 } as const;
  world.simulator.faults.add({ service: 'telegram', operation: 'deleteMessages', fault });
  await takeDown(world);
  await world.seeCard('Instagram: taken down');
  await world.darkroom().app.whenIdle();
  for (let hours = 0; hours < 26; hours += 1) {
    world.clock.advance(hour);
    await world.darkroom().app.whenIdle();
  }
  await world.seeCard('📌 Telegram channel: still there. I could not take it down');
  expect(out(world)).toEqual([1, 0, 1]);
});

it('waits for Dropbox with the photo, and takes nothing down twice', async () => {
  const world = await openPublished();
  const { faults, telegram } = world.simulator;
  faults.add({ service: 'dropbox', operation: 'files/move_v2', fault: { kind: 'error', status: 500 } });
  await takeDown(world);
  await world.see('the notice', () => world.told().some((text) => text.includes('I keep trying')));
  await world.darkroom().app.whenIdle();
  await world.restart();
  faults.clear();
  world.clock.advance(hour);
  await world.seeCard('The photo is back');
  expect(telegram.calls.filter(({ operation }) => operation === 'deleteMessages')).toHaveLength(1);
});
