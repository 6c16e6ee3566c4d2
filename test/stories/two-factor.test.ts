import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { AccountCondition } from '#simulator/instagram/account.ts';
import { openWorld, type World } from '../world.ts';

const minute = 60_000;

/** A world in which Instagram wants a code for the first sign-in, and a post has failed for want of it. */
async function openRefused(condition: AccountCondition = 'two-factor'): Promise<World> {
  const world = await openWorld();
  world.simulator.instagram.setCondition(condition);
  world.phone.send('/post');
  await world.seeCard(({ keyboard }) => keyboard.length > 0);
  await world.tap('Publish');
  await world.seeCard('Archived');
  return world;
}

async function seeTold({ see, told }: World, text: string): Promise<void> {
  await see(`"${text}"`, () => told().at(-1)?.includes(text));
}

/** One in which the bot waits for the code. */
async function openAsked(condition?: AccountCondition): Promise<World> {
  const world = await openRefused(condition);
  await world.tap('Enter the code');
  await seeTold(world, 'Please send me the six digits');
  return world;
}

const stateOf = ({ folder }: World) => readFile(join(folder, 'darkroom.json'), 'utf8');
const sent = ({ phone }: World) =>
  phone
    .messages()
    .filter(({ from }) => from !== 'bot')
    .map(({ text }) => text);

it('lets the owner in with the code from the phone, and publishes what waited for it', async () => {
  const world = await openRefused();
  const { instagram } = world.simulator;
  const card = await world.seeCard('❌ Instagram: not published. It wants a code before it lets me in');
  expect(card.text).toContain('••3412');
  await world.tap('Enter the code');
  await seeTold(world, 'it is in a message to ••3412');
  world.phone.send('my code is 12');
  await seeTold(world, 'A code is six digits');
  world.phone.send('654 321');
  await seeTold(world, 'this is not the code');
  world.phone.send('/status');
  await world.see('the status', () => world.told().at(-1)?.startsWith('Mode:'));
  expect(await stateOf(world)).not.toMatch(/654 ?321/);
  world.phone.send('123 456');
  await seeTold(world, 'let me in');
  await world.seeCard('✅ Instagram: published');
  expect(instagram.posts()).toHaveLength(1);
  expect(instagram.logins).toBe(1);
  expect(sent(world)).not.toContain('654 321');
  expect(sent(world)).not.toContain('123 456');
  expect(`${await stateOf(world)}${world.logged.join('')}`).not.toMatch(/654 ?321|123 ?456/);
  // The sign-in is kept, also over a restart.
  await world.restart();
  world.phone.send('/post');
  await world.seeCard(({ keyboard }) => keyboard.flat().some(({ text }) => text.includes('Publish')));
  await world.tap('Publish');
  await world.see('a second post', () => instagram.posts().length === 2);
  expect(instagram.logins).toBe(1);
});

it('names the authenticator app where that shows the code', async () => {
  const world = await openAsked('two-factor-app');
  await seeTold(world, 'your authenticator app shows it');
  world.phone.send(world.simulator.instagram.securityCode);
  await world.seeCard('✅ Instagram: published');
});

it('goes on with the question after a restart, and says that a new code is needed', async () => {
  const world = await openAsked();
  await world.restart();
  expect(await world.tap('Enter the code')).toContain('Press 🔁');
  world.phone.send('123456');
  await seeTold(world, 'no longer waits for this code');
  expect(world.simulator.instagram.logins).toBe(1);
  await world.tap('Try Instagram again');
  await world.see('a new code', () => world.simulator.instagram.logins === 2);
  await world.see('the question', async () => (await world.tap('Enter the code')) === '');
  await seeTold(world, 'Please send me the six digits');
  world.phone.send('123-456');
  await world.seeCard('✅ Instagram: published');
  expect(world.simulator.instagram.posts()).toHaveLength(1);
});

it('says so when the code is too old', async () => {
  const world = await openAsked();
  world.clock.advance(11 * minute);
  world.phone.send('123456');
  await seeTold(world, 'no longer waits for this code');
  expect(await world.tap('Enter the code')).toContain('Press 🔁');
});

it('stops after three wrong codes, and lets the owner begin anew', async () => {
  const world = await openAsked();
  for (const code of ['111111', '222222']) {
    world.phone.send(code);
    await seeTold(world, 'this is not the code');
    await world.see('that it is deleted', () => !sent(world).includes(code));
  }
  world.phone.send('333333');
  await seeTold(world, 'no longer waits for this code');
  world.phone.send('123456');
  await seeTold(world, 'I did not understand');
  expect(
    world.simulator.instagram.calls.filter(({ operation }) => operation === 'two_factor_login'),
  ).toHaveLength(3);
});

it('takes the same code again when the first answer was lost', async () => {
  const world = await openAsked();
  const fault = { kind: 'drop', afterWork: false } as const;
  world.simulator.faults.add({ service: 'instagram', operation: 'two_factor_login', fault, times: 1 });
  world.phone.send('123456');
  await seeTold(world, 'could not be reached. Please send me the code once more');
  world.phone.send('123456');
  await world.seeCard('✅ Instagram: published');
});

it('keeps the code off the disk while Instagram takes its time, and does not wait for ever', async () => {
  const world = await openAsked();
  const { instagram, faults } = world.simulator;
  faults.add({ service: 'instagram', operation: 'two_factor_login', fault: { kind: 'hang' }, times: 1 });
  world.phone.send('123456');
  await world.see('the call', () =>
    instagram.calls.some(({ operation }) => operation === 'two_factor_login'),
  );
  await world.darkroom().app.setMode('auto', world.phone.userId);
  expect(await stateOf(world)).not.toContain('123456');
  world.clock.advance(minute);
  await seeTold(world, 'did not answer in time. Please send me the code once more');
});

it('says what Instagram wants instead when it wants something else', async () => {
  const world = await openAsked();
  world.simulator.instagram.setCondition('please-wait');
  world.phone.send('123456');
  await seeTold(world, 'The code did not help. Instagram wants a break');
});

it('leaves it at that after /cancel, and the buttons work on', async () => {
  const world = await openAsked();
  world.phone.send('/cancel');
  await seeTold(world, 'All right, no code.');
  await world.tap('Enter the code');
  await seeTold(world, 'Please send me the six digits');
  await world.tap('Leave Instagram out');
  await world.seeCard('➖ Instagram: left out');
  world.phone.send('123456');
  await seeTold(world, 'no longer waits for this code');
  expect(world.simulator.instagram.calls.some(({ operation }) => operation === 'two_factor_login')).toBe(
    false,
  );
});
