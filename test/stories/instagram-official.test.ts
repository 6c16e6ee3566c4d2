import exifr from 'exifr';
import { describe, expect, it, vi } from 'vitest';
import { openWorld, type World } from '../world.ts';

/** A world whose owner has set up Instagram's official way, with a draft on the phone. */
async function openDraft(wish = '/post'): Promise<World> {
  const world = await openWorld();
  await world.restart({
    INSTAGRAM_USERNAME: undefined,
    INSTAGRAM_PASSWORD: undefined,
    INSTAGRAM_ACCESS_TOKEN: world.simulator.graph.accessToken,
  });
  world.phone.send(wish);
  await world.seeCard('Instagram:');
  return world;
}

const isRenewal = (line: string) => line.includes('The Instagram token was refreshed');

describe('a post to Instagram by its official way', () => {
  it('goes out, and leaves nothing behind in Dropbox', async () => {
    const world = await openDraft();
    const { graph, dropbox, instagram } = world.simulator;
    await world.tap('Publish');
    const card = await world.seeCard('Archived');
    expect(card.text).toContain('✅ Instagram: published');
    const [post, ...others] = graph.posts();
    expect(others).toEqual([]);
    expect(post?.caption).not.toBe('');
    expect(card.keyboard.flat().map(({ url }) => url)).toContain(post?.permalink);
    expect(instagram.posts()).toEqual([]);
    await vi.waitFor(
      () => expect(dropbox.files().filter(({ path }) => path.includes('outbox'))).toEqual([]),
      { timeout: 60_000 },
    );
    expect(world.logged.join('')).not.toContain(graph.accessToken);
  });

  it('is tried again by the button on the card', async () => {
    const world = await openDraft();
    const { graph, faults } = world.simulator;
    faults.add({ service: 'graph', fault: { kind: 'error', status: 400 } });
    await world.tap('Publish');
    await world.seeCard('❌ Instagram');
    faults.clear('graph');
    expect(await world.tap('Try Instagram again')).toBe('Trying again …');
    await world.seeCard('✅ Instagram: published');
    expect(graph.posts()).toHaveLength(1);
  });

  it.each([true, false])(
    'is there once after the answer was lost, arrived or not (%s)',
    async (afterWork) => {
      const world = await openDraft();
      const { graph, faults } = world.simulator;
      const fault = { kind: 'drop', afterWork } as const;
      faults.add({ service: 'graph', operation: 'media_publish', fault, times: 1 });
      await world.tap('Publish');
      await world.seeCard('🔎 Instagram: the connection was lost while sending.');
      await world.seeCard('✅ Email: published');
      // What is not there is looked for a second time, and then asked about.
      for (let look = 1; look <= (afterWork ? 1 : 2); look += 1) {
        world.clock.advance(120_000);
        await world.darkroom().app.whenIdle();
      }
      if (!afterWork) await world.tap('Instagram: not there, send again');
      await world.seeCard('Archived');
      expect(graph.posts()).toHaveLength(1);
      expect(graph.containers()).toBe(1);
    },
  );

  it('keeps its token alive while nothing is published', async () => {
    const world = await openDraft();
    const { graph } = world.simulator;
    for (let week = 1; week <= 10; week += 1) {
      world.clock.advance(8 * 24 * 60 * 60 * 1000);
      await world.darkroom().schedule.check();
      await world.see('a new token', () => world.logged.filter(isRenewal).length === week);
    }
    graph.setLooksInProgress(0);
    await world.tap('Publish');
    await world.seeCard('✅ Instagram: published');
  });

  it('leaves nothing in Dropbox over a restart', async () => {
    const world = await openDraft();
    const { dropbox, telegram } = world.simulator;
    const left = '/.darkroom-outbox/darkroom-0f8fad5b-d9cb-469f-a165-70867728950e.jpg';
    dropbox.put(left, telegram.photo(world.cards()[0]?.photo?.fileId ?? '') ?? Buffer.alloc(0));
    await world.restart({
      INSTAGRAM_USERNAME: undefined,
      INSTAGRAM_PASSWORD: undefined,
      INSTAGRAM_ACCESS_TOKEN: world.simulator.graph.accessToken,
    });
    await world.see('an empty outbox', () => dropbox.files().every(({ path }) => path !== left));
  });

  it('hands out a picture that does not tell where it was taken', async () => {
    const world = await openDraft('/post IMG_20261018');
    const { graph, dropbox } = world.simulator;
    const original = dropbox.files().find(({ name }) => name.startsWith('IMG_20261018'));
    expect(await exifr.gps(dropbox.read(original?.path ?? '') ?? Buffer.alloc(0))).toHaveProperty('latitude');
    await world.tap('Publish');
    await world.seeCard('✅ Instagram: published');
    const handedOver = dropbox.calls.find(({ operation }) => operation === 'files/upload')?.body;
    for (const bytes of [handedOver, graph.posts()[0]?.picture]) {
      expect(await exifr.gps(bytes ?? Buffer.alloc(0))).toBeUndefined();
    }
  });

  it('tells the owner, once, that the token is not renewed', async () => {
    const world = await openDraft();
    const { faults, graph } = world.simulator;
    const fault = { kind: 'error', status: 500 } as const;
    faults.add({ service: 'graph', operation: 'refresh_access_token', fault });
    const told = () => world.told().filter((text) => text.includes('did not renew my access'));
    for (let day = 1; day <= 3; day += 1) {
      world.clock.advance(24 * 60 * 60 * 1000);
      // As the clock does every minute: what was under way at the first look is asked by the next.
      await world.see('the question', async () => {
        await world.darkroom().schedule.check();
        const asked = graph.calls.filter(({ operation }) => operation === 'refresh_access_token');
        return asked.length === day;
      });
      await world.see('the notice', () => told().length > 0);
    }
    expect(told()).toHaveLength(1);
    expect(told()[0]).toContain('about 59 more days');
  });

  it('is named by the check in /status when its token is dead', async () => {
    const world = await openDraft();
    world.simulator.graph.expireTokens();
    world.phone.send('/status');
    await world.see('what is wrong', () =>
      world.told().at(-1)?.includes('❌ Instagram: Instagram does not accept the password or token.'),
    );
    expect(world.told().at(-1)).toContain('INSTAGRAM_ACCESS_TOKEN');
  });
});
