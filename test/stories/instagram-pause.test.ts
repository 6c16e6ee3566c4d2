import { expect, it } from 'vitest';
import { openWorld } from '../world.ts';

const minute = 60_000;

it('waits when Instagram asks for it, says until when, and goes on by itself', async () => {
  const { simulator, phone, clock, tap, see, seeCard, told, darkroom } = await openWorld();
  phone.send('/post harbour');
  await seeCard(({ keyboard }) => keyboard.length > 0);
  await tap('Publish');
  await seeCard('Archived');
  simulator.instagram.setCondition('please-wait');
  phone.send('/post cabin');
  await seeCard(({ text, keyboard }) => text.includes('cabin') && keyboard.length > 0);
  await tap('Publish');
  const card = await seeCard(
    '⏳ Instagram: It wants a break because of too many requests. Trying again at 12:30.',
  );
  expect(card.keyboard.flat().some(({ text }) => text.includes('Instagram'))).toBe(false);
  const calls = simulator.instagram.calls.length;
  phone.send('/status');
  await see('the reason in the status', () =>
    told().at(-1)?.includes('❌ Instagram: Instagram wants a break because of too many requests.'),
  );
  // To ask would be one more request of those that were too many.
  expect(simulator.instagram.calls).toHaveLength(calls);
  simulator.instagram.setCondition('well');
  await seeCard(({ text }) => text.includes('cabin') && text.includes('✅ Email: published'));
  await darkroom().app.whenIdle();
  clock.advance(30 * minute);
  await seeCard(({ text }) => text.includes('cabin') && text.includes('Archived'));
  expect(simulator.instagram.posts()).toHaveLength(2);
  expect(simulator.instagram.logins).toBe(1);
});
