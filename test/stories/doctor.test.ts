import { expect, it } from 'vitest';
import { openWorld, type World } from '../world.ts';

const status = ({ told }: World) => told().find((text) => text.startsWith('Mode:')) ?? '';

it('shows the status at once, and then, in the same message, that all services answer', async () => {
  const world = await openWorld();
  world.simulator.faults.setLatency('openai', 300, 'models/retrieve');
  world.phone.send('/status');
  await world.see('the status', () => status(world).includes('Asking all services'));
  await world.see('the check', () => status(world).endsWith('All services answer.'));
  expect(status(world)).toContain('Photos left: 8');
  expect(world.told()).toHaveLength(1);
});

it('names only the services that do not work, with what helps', async () => {
  const world = await openWorld();
  const { simulator, phone } = world;
  simulator.telegram.setMayPost(false);
  simulator.faults.add({ service: 'smtp', operation: 'auth', fault: { kind: 'error', status: 535 } });
  phone.send('/status');
  await world.see('the check', () => status(world).includes('❌'));
  expect(status(world)).toContain('❌ Telegram channel: I may not post there.');
  expect(status(world)).toContain('❌ Email: The mail server does not accept');
  expect(status(world)).not.toMatch(/Dropbox:|OpenAI:|Instagram:|All services/);
});

it('hears the owner while a service hangs', async () => {
  const world = await openWorld();
  const { simulator, phone, clock, told } = world;
  simulator.faults.add({ service: 'replicate', fault: { kind: 'hang' } });
  phone.send('/status');
  await world.see('the status', () => status(world).includes('Asking all services'));
  phone.send('/help');
  await world.see('the help', () => told().some((text) => text.includes('Commands:')));
  expect(status(world)).toContain('Asking all services');
  clock.advance(30_000);
  await world.see('the check', () => status(world).includes('Replicate did not answer in time.'));
});

it('shows the status although Dropbox hangs', async () => {
  const world = await openWorld();
  const { simulator, phone, clock } = world;
  simulator.faults.add({ service: 'dropbox', fault: { kind: 'hang' } });
  phone.send('/status');
  await expect.poll(() => clock.sleepers(), { interval: 2 }).toBeGreaterThanOrEqual(2);
  await world.see('both questions', () => simulator.dropbox.calls.length > 0);
  clock.advance(30_000);
  await world.see('the check', () => status(world).includes('❌ Dropbox: Dropbox did not answer in time.'));
  expect(status(world)).toContain('Photos left: unknown, Dropbox does not answer right now');
});
