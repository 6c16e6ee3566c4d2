import { expect, it } from 'vitest';
import { openWorld, type World } from '../world.ts';

/** A world in which so many photos are out. */
async function openWith(count: number): Promise<World> {
  const world = await openWorld({ settings: { LOOKALIKE_DAYS: '0' } });
  for (let out = 1; out <= count; out += 1) {
    await world.darkroom().app.requestDraft();
    await world.seeCard((card) => card.keyboard.flat().some(({ text }) => text === '✅ Publish'));
    await world.tap('✅ Publish');
    await world.see('the post', () => world.simulator.telegram.channelPosts().length === out);
    await world.darkroom().app.whenIdle();
    world.clock.advance(60_000);
  }
  return world;
}

const listed = (world: World) =>
  world.told().findLast((text) => /^(Your posts|Nothing|I found no)/.test(text));

it('shows what was published with its links, and a record from which it can be taken down', async () => {
  const world = await openWith(1);
  world.phone.send('/history');
  const list = await world.see('the list', () =>
    world.phone.messages().findLast(({ text }) => text.startsWith('Your posts, the newest first')),
  );
  expect(list.text).toMatch(/\n\n1\. 22 Nov 2026 · .+\n✅ Telegram channel · ✅ Instagram · ✅ Email$/);
  const links = list.entities.filter(({ type }) => type === 'text_link');
  expect(links.map(({ offset, length }) => list.text.slice(offset, offset + length))).toEqual([
    'Telegram channel',
    'Instagram',
  ]);
  await world.phone.tap(list.id, '1').answer;
  const record = await world.seeCard((card) => card.id > list.id);
  expect(record.text).toContain('Archived:');
  await world.phone.tap(record.id, '🗑 Take down').answer;
  const question = await world.see('the question', () =>
    world.phone.messages().findLast(({ text }) => text.startsWith('Take ')),
  );
  await world.phone.tap(question.id, 'Yes, take it down').answer;
  await world.seeCard('Taken down.');
  expect(world.simulator.telegram.channelPosts()).toEqual([]);
});

it('finds posts by their words, and says where there is none', async () => {
  const world = await openWith(1);
  const caption = world.simulator.telegram.channelPosts()[0]?.text ?? '';
  const [hashtag = ''] = /#\w+/.exec(caption) ?? [];
  world.phone.send(`/history ${hashtag.toUpperCase()}`);
  await world.see('the post', () => listed(world)?.startsWith(`Your posts with “${hashtag.toUpperCase()}”`));
  world.phone.send('/history zeppelin');
  await world.see('no post', () => listed(world) === 'I found no post with “zeppelin”.');
});

it('says that there is nothing yet', async () => {
  const world = await openWorld();
  world.phone.send('/history');
  await world.see('the answer', () => listed(world) === 'Nothing is published yet. /post brings a draft.');
});

it('has a post that is out although one place failed, and says so in words', async () => {
  const world = await openWorld();
  world.simulator.faults.add({
    service: 'instagram',
    operation: 'configure',
    fault: { kind: 'error', status: 400 },
  });
  world.phone.send('/post');
  await world.seeCard('Instagram:');
  await world.tap('✅ Publish');
  await world.seeCard('Archived:');
  await world.darkroom().app.whenIdle();
  world.phone.send('/history');
  await world.see('the post', () =>
    listed(world)?.endsWith('✅ Telegram channel · ❌ Instagram (not published) · ✅ Email'),
  );
});
