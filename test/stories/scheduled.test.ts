import { describe, expect, it } from 'vitest';
import { openStore } from '#adapters/lowdb.ts';
import { changePause } from '#flow/settings/change-pause.ts';
import { isRefusal } from '#post/lifecycle.ts';
import { openWorld, type World } from '../world.ts';

async function openDraft(settings: Record<string, string>): Promise<World> {
  const world = await openWorld({ settings });
  world.phone.send('/post');
  await world.seeCard('Instagram:');
  return world;
}

const posts = ({ simulator: { telegram, instagram, smtp } }: World) => [
  telegram.channelPosts().length,
  instagram.posts().length,
  smtp.mails().length,
];

describe('a post that can be taken back for a moment', () => {
  it('leaves when that is over, and not before', async () => {
    const world = await openDraft({ UNDO_SECONDS: '60' });
    expect(await world.tap('Publish')).toBe('It goes out in a moment. Undo stops it.');
    await world.seeCard('Goes out at');
    world.clock.advance(59_000);
    await world.darkroom().app.whenIdle();
    expect(posts(world)).toEqual([0, 0, 0]);
    world.clock.advance(1_000);
    await world.seeCard('Archived');
    expect(posts(world)).toEqual([1, 1, 1]);
  });

  it('is a draft again after Undo, with all that it had, and goes out once when it is approved again', async () => {
    const world = await openDraft({ UNDO_SECONDS: '60' });
    await world.tap('Publish');
    await world.seeCard('Goes out at');
    expect(await world.tap('Undo')).toBe('Stopped. Nothing has gone out.');
    await world.seeCard((card) => card.keyboard.flat().some(({ text }) => text.includes('Publish')));
    world.clock.advance(60_000);
    await world.darkroom().app.whenIdle();
    expect(posts(world)).toEqual([0, 0, 0]);
    await world.tap('Publish');
    world.clock.advance(60_000);
    await world.seeCard('Archived');
    expect(posts(world)).toEqual([1, 1, 1]);
  });

  it('does not wait for a clock that was set back by a day', async () => {
    const world = await openDraft({ UNDO_SECONDS: '60' });
    await world.tap('Publish');
    await world.seeCard('Goes out at');
    world.clock.advance(-24 * 60 * 60 * 1000);
    await world.restart({ UNDO_SECONDS: '60' });
    await world.darkroom().app.whenIdle();
    world.clock.advance(30_000);
    await world.seeCard('Archived');
    expect(posts(world)).toEqual([1, 1, 1]);
  });

  it('goes out after a restart in between', async () => {
    const world = await openDraft({ UNDO_SECONDS: '60' });
    await world.tap('Publish');
    await world.seeCard('Goes out at');
    await world.stop();
    world.clock.advance(60_000);
    await world.restart({ UNDO_SECONDS: '60' });
    await world.darkroom().app.whenIdle();
    expect(posts(world)).toEqual([0, 0, 0]);
    world.clock.advance(30_000);
    await world.seeCard('Archived');
    expect(posts(world)).toEqual([1, 1, 1]);
  });

  it('is a draft again when Undo was pressed while Darkroom did not run', async () => {
    const world = await openDraft({ UNDO_SECONDS: '60' });
    await world.tap('Publish');
    const { id } = await world.seeCard('Goes out at');
    await world.stop();
    world.phone.tap(id, '↩ Undo');
    world.clock.advance(90_000);
    await world.restart({ UNDO_SECONDS: '60' });
    await world.seeCard((card) => card.keyboard.flat().some(({ text }) => text === '✅ Publish'));
    world.clock.advance(60_000);
    await world.darkroom().app.whenIdle();
    expect(posts(world)).toEqual([0, 0, 0]);
  });
});

describe('what was pressed while Darkroom did not run', () => {
  it('is not waited for longer than five minutes, so that the other places get what was decided', async () => {
    const world = await openDraft({ UNDO_SECONDS: '60' });
    await world.tap('Publish');
    await world.seeCard('Goes out at');
    await world.stop();
    const deaf = { kind: 'error', status: 502 } as const;
    world.simulator.faults.add({ service: 'telegram', operation: 'getMe', fault: deaf });
    await world.restart({ UNDO_SECONDS: '60' });
    await world.see('the posts', async () => {
      await world.darkroom().app.whenIdle();
      world.clock.advance(30_000);
      return world.simulator.instagram.posts().length === 1;
    });
    expect(world.simulator.smtp.mails()).toHaveLength(1);
  });

  it('counts before an unanswered draft goes out', async () => {
    const settings = { UNANSWERED: 'publish', UNANSWERED_HOURS: '24', REMINDER_HOURS: '0' };
    const world = await openDraft(settings);
    const { id } = await world.seeCard('Instagram:');
    await world.stop();
    world.clock.advance(25 * 60 * 60_000);
    world.phone.tap(id, '⏭ Skip');
    await world.restart(settings);
    await world.seeCard('⏭ Skipped');
    await world.darkroom().app.whenIdle();
    expect(posts(world)).toEqual([0, 0, 0]);
  });
});

describe('a post that could be taken back when Darkroom was stopped for long', () => {
  async function stopFor(hours: number, meanwhile?: (world: World, path: string) => void): Promise<World> {
    const world = await openDraft({ UNDO_SECONDS: '60' });
    await world.tap('Publish');
    await world.seeCard('Goes out at');
    const [post] = (await world.darkroom().app.status()).open;
    await world.stop();
    meanwhile?.(world, post?.photo.path ?? '');
    world.clock.advance(hours * 60 * 60 * 1000);
    await world.restart({ UNDO_SECONDS: '60' });
    return world;
  }

  it('is a draft again', async () => {
    const world = await stopFor(14);
    await world.seeCard((card) => card.keyboard.flat().some(({ text }) => text === '✅ Publish'));
    expect(posts(world)).toEqual([0, 0, 0]);
  });

  it('does not go out when its photo is gone by then', async () => {
    const world = await stopFor(1, ({ simulator }, path) => simulator.dropbox.remove(path));
    await world.darkroom().app.whenIdle();
    world.clock.advance(30_000);
    await world.seeCard('no longer in your Dropbox');
    expect(posts(world)).toEqual([0, 0, 0]);
  });
});

describe('a post for later', () => {
  async function schedule(world: World, inMs: number): Promise<string> {
    const { app } = world.darkroom();
    const [post] = (await app.status()).open;
    const at = new Date(world.clock.now().getTime() + inMs);
    const decided = await app.schedule(post?.id ?? '', post?.revision ?? 0, at, 1);
    expect(decided !== undefined && !isRefusal(decided) && decided.state).toBe('scheduled');
    await world.seeCard('Goes out on');
    return post?.id ?? '';
  }

  it('goes out at its time', async () => {
    const world = await openDraft({});
    await schedule(world, 3 * 60 * 60 * 1000);
    for (let half = 1; half <= 6; half += 1) {
      expect(posts(world)).toEqual([0, 0, 0]);
      world.clock.advance(30 * 60 * 1000);
      await world.darkroom().app.whenIdle();
    }
    await world.seeCard('Archived');
    expect(posts(world)).toEqual([1, 1, 1]);
  });

  it('goes out at its time to where it can, while Telegram lets no card be changed', async () => {
    const world = await openDraft({});
    const fault = { kind: 'error', status: 502 } as const;
    world.simulator.faults.add({ service: 'telegram', operation: 'editMessageCaption', fault });
    const { app } = world.darkroom();
    const [post] = (await app.status()).open;
    const at = new Date(world.clock.now().getTime() + 60 * 60 * 1000);
    await app.schedule(post?.id ?? '', post?.revision ?? 0, at, 1);
    for (let minute = 1; minute <= 60; minute += 1) {
      expect(posts(world)).toEqual([0, 0, 0]);
      world.clock.advance(60_000);
      await app.whenIdle();
    }
    await world.see('the posts', () => posts(world).every((count) => count === 1));
  });

  it('goes out now, when that is pressed, and not again at its time', async () => {
    const world = await openDraft({});
    await schedule(world, 3 * 60 * 60 * 1000);
    await world.tap('Publish now');
    await world.seeCard('Archived');
    world.clock.advance(4 * 60 * 60 * 1000);
    await world.darkroom().app.whenIdle();
    expect(posts(world)).toEqual([1, 1, 1]);
  });

  it('does not go out when its photo is no longer what it was', async () => {
    const world = await openDraft({});
    const id = await schedule(world, 60 * 60 * 1000);
    const { dropbox } = world.simulator;
    dropbox.remove(world.darkroom().app.post(id)?.photo.path ?? '');
    world.clock.advance(60 * 60 * 1000);
    await world.seeCard('no longer in your Dropbox');
    expect(posts(world)).toEqual([0, 0, 0]);
  });

  it('whose time is long over at a start is a draft again, and the owner hears of it', async () => {
    const world = await openDraft({});
    await schedule(world, 60 * 60 * 1000);
    await world.stop();
    world.clock.advance(14 * 60 * 60 * 1000);
    await world.restart();
    await world.see('the notice', () => world.told().some((text) => text.includes('It waits for you now')));
    await world.seeCard((card) => card.keyboard.flat().some(({ text }) => text === '✅ Publish'));
    expect(posts(world)).toEqual([0, 0, 0]);
  });
});

describe('a post that goes out unless it is stopped', () => {
  it('does not, when its card could not be shown, and its owner is asked later', async () => {
    const world = await openWorld({ settings: { MODE: 'veto' } });
    const fault = { kind: 'error', status: 502 } as const;
    world.simulator.faults.add({ service: 'telegram', operation: 'sendPhoto', fault });
    world.clock.advance(21 * 60 * 60_000);
    await world.darkroom().schedule.check();
    for (let minute = 0; minute < 45; minute += 1) {
      await world.darkroom().app.whenIdle();
      world.clock.advance(60_000);
    }
    await world.darkroom().app.whenIdle();
    expect(posts(world)).toEqual([0, 0, 0]);
    world.simulator.faults.clear();
    await world.see('the draft', async () => {
      world.clock.advance(60 * 60_000);
      await world.darkroom().app.whenIdle();
      return world
        .cards()
        .at(-1)
        ?.keyboard.flat()
        .some(({ text }) => text === '✅ Publish');
    });
    expect(posts(world)).toEqual([0, 0, 0]);
  });

  it('is held when the pause is on the disk and what follows from it is not', async () => {
    const world = await openWorld({ settings: { MODE: 'veto' } });
    world.clock.advance(21 * 60 * 60_000);
    await world.darkroom().schedule.check();
    await world.seeCard('unless you stop it');
    await world.stop();
    const { store } = await openStore(world.folder, world.clock);
    await changePause({ store, clock: world.clock }, { since: world.clock.now().toISOString() }, 1);
    await world.restart();
    await world.darkroom().app.whenIdle();
    world.clock.advance(31 * 60_000);
    await world.darkroom().app.whenIdle();
    world.clock.advance(30_000);
    await world.seeCard((card) => card.keyboard.flat().some(({ text }) => text === '✅ Publish'));
    expect(posts(world)).toEqual([0, 0, 0]);
  });

  async function openVeto(): Promise<World> {
    const world = await openWorld({ settings: { MODE: 'veto', VETO_MINUTES: '30' } });
    world.clock.advance(24 * 60 * 60_000);
    await world.darkroom().schedule.check();
    await world.seeCard('unless you stop it');
    return world;
  }

  it('goes out when its time is over', async () => {
    const world = await openVeto();
    world.clock.advance(29 * 60_000);
    await world.darkroom().app.whenIdle();
    expect(posts(world)).toEqual([0, 0, 0]);
    world.clock.advance(60_000);
    await world.seeCard('Archived');
    expect(posts(world)).toEqual([1, 1, 1]);
  });

  it('that the owner has put off is followed by nothing unasked, when the mode is another one and its photo is gone', async () => {
    const world = await openVeto();
    const { app } = world.darkroom();
    const [post] = (await app.status()).open;
    const { id = '', revision = 0, photo } = post ?? {};
    await app.schedule(id, revision, new Date(world.clock.now().getTime() + 60 * 60_000), 1);
    await app.setMode('review', 1);
    await world.seeCard('Goes out on');
    world.simulator.dropbox.remove(photo?.path ?? '');
    world.clock.advance(60 * 60_000);
    await world.seeCard((card) => card.keyboard.flat().some(({ text }) => text === '✅ Publish'));
    await world.darkroom().app.whenIdle();
    expect(posts(world)).toEqual([0, 0, 0]);
  });

  it('waits for the owner when it could not be stopped at its time', async () => {
    const world = await openVeto();
    await world.stop();
    world.clock.advance(60 * 60_000);
    await world.restart({ MODE: 'veto', VETO_MINUTES: '30' });
    await world.seeCard((card) => card.keyboard.flat().some(({ text }) => text === '✅ Publish'));
    await world.darkroom().app.whenIdle();
    expect(posts(world)).toEqual([0, 0, 0]);
  });

  it.each(['Stop, back to the draft', 'mode'])('does not when it is stopped (%s)', async (how) => {
    const world = await openVeto();
    if (how === 'mode') await world.darkroom().app.setMode('review', 1);
    else await world.tap(how);
    await world.seeCard((card) => card.keyboard.flat().some(({ text }) => text === '✅ Publish'));
    world.clock.advance(24 * 60 * 60_000);
    await world.darkroom().app.whenIdle();
    expect(posts(world)).toEqual([0, 0, 0]);
  });
});
