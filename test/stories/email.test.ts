import { expect, it } from 'vitest';
import { openWorld, type World } from '../world.ts';

const settings = { EMAIL_TO: 'anna@example.com, ben@example.com' };

async function publish(world: World): Promise<void> {
  world.phone.send('/post');
  await world.seeCard(({ keyboard }) => keyboard.length > 0);
  await world.tap('Publish');
}

async function publishWithBenBusy(): Promise<World> {
  const world = await openWorld({ settings });
  world.simulator.smtp.setBusyRecipients(['ben@example.com']);
  await publish(world);
  await world.seeCard('⏳ Email: sent, but not yet to ben@example.com. Trying again, for them alone, at ');
  return world;
}

const envelopes = ({ simulator }: World) => simulator.smtp.mails().map(({ envelope }) => envelope.to);

it('is sent again to the one whose mail server was busy, and to nobody else, also after a restart', async () => {
  const world = await publishWithBenBusy();
  await world.see('the pause', () => world.clock.sleepers() > 0);
  world.simulator.smtp.setBusyRecipients([]);
  await world.restart();
  world.clock.advance(60_000);
  await world.seeCard(({ text }) => /✅ Email: published$/m.test(text) && text.includes('Archived'));
  expect(envelopes(world)).toEqual([['anna@example.com'], ['ben@example.com']]);
});

it('is published without the one whose mail server stays busy', async () => {
  const world = await publishWithBenBusy();
  for (let round = 0; round < 6; round += 1) {
    await world.darkroom().app.whenIdle();
    world.clock.advance(600_000);
  }
  await world.seeCard('✅ Email: published, but not to ben@example.com');
  await world.seeCard('Archived');
  expect(envelopes(world)).toEqual([['anna@example.com']]);
});

it('says for whom alone nobody knows when the connection is lost while it is sent to the others', async () => {
  const world = await publishWithBenBusy();
  const { simulator, clock, seeCard } = world;
  simulator.smtp.setBusyRecipients([]);
  simulator.faults.add({ service: 'smtp', operation: 'data', fault: { kind: 'drop', afterWork: false } });
  await world.darkroom().app.whenIdle();
  clock.advance(60_000);
  await seeCard('❓ Email: the connection was lost while sending to ben@example.com');
  simulator.faults.clear();
  await world.darkroom().app.whenIdle();
  clock.advance(120_000);
  await world.tap('not there');
  await seeCard(({ text }) => /✅ Email: published$/m.test(text));
  expect(envelopes(world)).toEqual([['anna@example.com'], ['ben@example.com']]);
});

it('keeps in mind who has it when the list is changed meanwhile', async () => {
  const world = await publishWithBenBusy();
  await world.see('the pause', () => world.clock.sleepers() > 0);
  await world.restart({ EMAIL_TO: 'ben@example.com, cara@example.com' });
  world.clock.advance(60_000);
  await world.see('the mail to Cara', () => envelopes(world).length === 2);
  await world.seeCard('Email: sent, but not yet to ben@example.com.');
  await world.darkroom().app.whenIdle();
  world.simulator.smtp.setBusyRecipients([]);
  await world.restart({ EMAIL_TO: 'anna@example.com, ben@example.com, cara@example.com' });
  world.clock.advance(600_000);
  await world.seeCard(({ text }) => /✅ Email: published$/m.test(text) && text.includes('Archived'));
  expect(envelopes(world)).toEqual([['anna@example.com'], ['cara@example.com'], ['ben@example.com']]);
});

it('goes once to an address that is on the list twice', async () => {
  const world = await openWorld({
    settings: { EMAIL_TO: 'anna@example.com, ben@example.com; Anna@Example.com' },
  });
  await publish(world);
  await world.seeCard('Archived');
  expect(envelopes(world)).toEqual([['anna@example.com', 'ben@example.com']]);
});

it('says in words that there were too many sign-ins, and goes on by itself', async () => {
  const world = await openWorld();
  const { faults, smtp } = world.simulator;
  faults.add({ service: 'smtp', operation: 'auth', fault: { kind: 'rate-limit', retryAfterSeconds: 60 } });
  await publish(world);
  await world.seeCard(
    '⏳ Email: Your mail provider wants a break because of too many sign-ins. Trying again at ',
  );
  await world.darkroom().app.whenIdle();
  faults.clear();
  world.clock.advance(600_000);
  await world.seeCard('✅ Email: published');
  expect(smtp.mails()).toHaveLength(1);
});

it('says in words that the provider takes no more mails today, and sends it when asked again', async () => {
  const world = await openWorld();
  world.simulator.smtp.setDailyLimitReached(true);
  await publish(world);
  await world.seeCard(
    '❌ Email: not published. Your mail provider takes no more mails from you today. Try again later.',
  );
  await world.darkroom().app.whenIdle();
  world.simulator.smtp.setDailyLimitReached(false);
  await world.tap('Try Email again');
  await world.seeCard('✅ Email: published');
  expect(envelopes(world)).toHaveLength(1);
});
