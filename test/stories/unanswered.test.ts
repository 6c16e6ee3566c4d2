import { describe, expect, it } from 'vitest';
import { openWorld, type World } from '../world.ts';

const hour = 60 * 60_000;

async function openDraft(settings: Record<string, string>): Promise<World> {
  const world = await openWorld({ settings: { REMINDER_HOURS: '6', ...settings } });
  world.phone.send('/post');
  await world.seeCard('Instagram:');
  await world.darkroom().app.whenIdle();
  return world;
}

async function pass({ clock, darkroom }: World, hours: number): Promise<void> {
  clock.advance(hours * hour);
  await darkroom().schedule.check();
  await darkroom().app.whenIdle();
}

const published = ({ simulator: { telegram, instagram, smtp } }: World) => [
  telegram.channelPosts().length,
  instagram.posts().length,
  smtp.mails().length,
];

describe('a draft that nobody answers', () => {
  it('comes again once at the end of the chat, also after restarts', async () => {
    const world = await openDraft({});
    await pass(world, 5);
    expect(world.cards()).toHaveLength(1);
    await pass(world, 1);
    const card = await world.seeCard('still waits for you');
    expect([world.cards()[0]?.text, card.id]).toEqual([
      'This card has moved to the end of the chat ⬇️',
      world.phone.messages().at(-1)?.id,
    ]);
    await world.restart({ REMINDER_HOURS: '6' });
    await pass(world, 100);
    expect(world.cards()).toHaveLength(2);
    expect(published(world)).toEqual([0, 0, 0]);
  });

  it('is still shown again when Telegram did not answer at the reminder', async () => {
    const world = await openDraft({});
    const down = { kind: 'error', status: 500 } as const;
    world.simulator.faults.add({ service: 'telegram', operation: 'sendPhoto', fault: down });
    await pass(world, 6);
    expect(world.cards()).toHaveLength(1);
    world.simulator.faults.clear();
    await world.restart({ REMINDER_HOURS: '6' });
    await world.see('the reminder', () => world.cards().length === 2);
    await world.seeCard('still waits for you');
  });

  it('goes out once when that is the setting, and the card says so', async () => {
    const world = await openDraft({ UNANSWERED: 'publish', UNDO_SECONDS: '60' });
    await pass(world, 6);
    await pass(world, 17);
    expect(published(world)).toEqual([0, 0, 0]);
    await pass(world, 1);
    expect((await world.seeCard('Archived')).text).toContain('Nobody answered, so I published it');
    await pass(world, 24);
    expect(published(world)).toEqual([1, 1, 1]);
  });

  it('is put back when that is the setting', async () => {
    const world = await openDraft({ UNANSWERED: 'drop' });
    await pass(world, 6);
    await pass(world, 18);
    const card = await world.seeCard('Nobody answered, so I put it back');
    expect(card.keyboard).toEqual([]);
    expect(published(world)).toEqual([0, 0, 0]);
  });

  it.each(['publish', 'drop'])('has its hours from when that is chosen: %s', async (unanswered) => {
    const world = await openDraft({});
    await pass(world, 6);
    await pass(world, 100);
    const { app } = world.darkroom();
    const [post] = (await app.status()).open;
    await app.change('unanswered', unanswered, 1);
    await pass(world, 23);
    expect(app.post(post?.id ?? '')?.state).toBe('awaiting-approval');
    await pass(world, 1);
    await world.seeCard(unanswered === 'publish' ? 'Archived' : 'put it back');
  });

  it('waits while Darkroom is paused', async () => {
    const world = await openDraft({ UNANSWERED: 'publish' });
    await pass(world, 6);
    await world.darkroom().app.startPause('', 1);
    await pass(world, 100);
    expect(published(world)).toEqual([0, 0, 0]);
    await world.darkroom().app.endPause(1);
    await pass(world, 0);
    expect(published(world)).toEqual([1, 1, 1]);
  });

  it('does not go out when its photo was changed meanwhile', async () => {
    const world = await openDraft({ UNANSWERED: 'publish' });
    await pass(world, 6);
    const [post] = (await world.darkroom().app.status()).open;
    world.simulator.dropbox.remove(post?.photo.path ?? '');
    await pass(world, 18);
    expect(published(world)).toEqual([0, 0, 0]);
  });
});
