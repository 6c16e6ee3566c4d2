import { expect, it } from 'vitest';
import { openWorld } from '../world.ts';

it('tries again what has failed with /retry, nothing twice, and says so', async () => {
  const { phone, simulator, seeCard, see, tap, told, darkroom } = await openWorld();
  const { faults, telegram, instagram, smtp } = simulator;
  faults.add({ service: 'smtp', fault: { kind: 'error', status: 535 } });
  phone.send('/post');
  await seeCard('Instagram:');
  await tap('Publish');
  await seeCard('❌ Email');
  await darkroom().app.whenIdle();
  faults.clear();
  phone.send('/retry');
  await see('what is tried', () => told().some((text) => text.startsWith('🔁 I try again: Email.')));
  await seeCard('✅ Email');
  await darkroom().app.whenIdle();
  phone.send('/retry');
  await see('that there is nothing', () => told().some((text) => text.startsWith('Nothing has failed')));
  await darkroom().app.whenIdle();
  expect([telegram.channelPosts().length, instagram.posts().length, smtp.mails().length]).toEqual([1, 1, 1]);
});
