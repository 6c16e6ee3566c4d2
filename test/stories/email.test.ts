import { expect, it } from 'vitest';
import { openWorld, type World } from '../world.ts';

const settings = { EMAIL_TO: 'anna@example.com, ben@example.com' };

async function publishWithBenBusy(): Promise<World> {
  const world = await openWorld({ settings });
  world.simulator.smtp.setBusyRecipients(['ben@example.com']);
  world.phone.send('/post');
  await world.seeCard(({ keyboard }) => keyboard.length > 0);
  await world.tap('Publish');
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
