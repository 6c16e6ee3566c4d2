import { describe, expect, it, vi } from 'vitest';
import { openWorld, type World } from '../world.ts';

/** A world whose owner has set up Instagram's official way, with a draft on the phone. */
async function openDraft(): Promise<World> {
  const world = await openWorld();
  await world.restart({
    INSTAGRAM_USERNAME: undefined,
    INSTAGRAM_PASSWORD: undefined,
    INSTAGRAM_ACCESS_TOKEN: world.simulator.graph.accessToken,
  });
  world.phone.send('/post');
  await world.seeCard('Instagram:');
  return world;
}

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
    await vi.waitFor(() => expect(dropbox.files().filter(({ path }) => path.includes('outbox'))).toEqual([]));
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
});
