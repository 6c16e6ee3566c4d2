import { expect, it } from 'vitest';
import { openWorld, type World } from '../world.ts';

/** Brings so many posts out; their messages in the channel. */
async function publish(world: World, count: number) {
  const { telegram } = world.simulator;
  for (let out = 1; out <= count; out += 1) {
    await world.darkroom().app.requestDraft();
    await world.seeCard((card) => card.keyboard.flat().some(({ text }) => text === '✅ Publish'));
    await world.tap('✅ Publish');
    await world.see('the post', () => telegram.channelPosts().length === out);
    await world.darkroom().app.whenIdle();
  }
  return telegram.channelPosts();
}

async function statsOf(world: World) {
  const before = world.phone.messages().at(-1)?.id ?? 0;
  world.phone.send('/stats');
  return await world.see('the answer', () =>
    world.phone.messages().find(({ id, from }) => from === 'bot' && id > before),
  );
}

it('tells of the posts in numbers, and which ones people liked most', async () => {
  const world = await openWorld({ settings: { LOOKALIKE_DAYS: '0' } });
  const { telegram } = world.simulator;
  const [first, second] = await publish(world, 2);
  telegram.setReactions(first?.id ?? 0, { '👍': 1 });
  telegram.setReactions(second?.id ?? 0, { '👍': 3, '🔥': 1 });
  telegram.setReactions(first?.id ?? 0, { '👍': 2 });
  await world.see('that the bot has heard it', () => telegram.updates.pending === 0);
  // What was heard is still known after a restart.
  await world.restart();
  const { text, entities } = await statsOf(world);
  expect(text).toContain('Your posts: 2 this month, 2 in all.');
  expect(text).toContain('Telegram channel: 100% (2 of 2)\nInstagram: 100% (2 of 2)\nEmail: 100% (2 of 2)');
  expect(text).toMatch(/until it is out: usually .+\nAI this month: .+ a post\nIn the channel: 6 reactions/);
  const [most, next] = text.split('\n').slice(-2);
  const wordsOf = (post = '') => post.slice(0, 20);
  expect(most).toContain(`1. ${wordsOf(second?.text)}`);
  expect(most).toMatch(/ · 4 reactions$/);
  expect(next).toContain(`2. ${wordsOf(first?.text)}`);
  expect(next).toMatch(/ · 2 reactions$/);
  const links = entities.filter(({ type }) => type === 'text_link').map(({ url }) => url);
  const { username } = telegram.channel;
  expect(links).toEqual([second, first].map((post) => `https://t.me/${username}/${post?.id}`));
});

it('does without what nobody knows yet', async () => {
  const world = await openWorld();
  await publish(world, 1);
  const { text } = await statsOf(world);
  expect(text).toContain('In the channel: no reactions yet');
  expect(text).not.toContain('What people liked most');
});

it('says that there is nothing yet', async () => {
  const world = await openWorld();
  expect((await statsOf(world)).text).toBe('Nothing is published yet. /post brings a draft.');
});
