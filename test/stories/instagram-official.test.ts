import { expect, it, vi } from 'vitest';
import { openWorld } from '../world.ts';

it('publishes a post by Instagram’s official way, and leaves nothing behind in Dropbox', async () => {
  const world = await openWorld();
  const { graph, dropbox, instagram } = world.simulator;
  await world.restart({
    INSTAGRAM_USERNAME: undefined,
    INSTAGRAM_PASSWORD: undefined,
    INSTAGRAM_ACCESS_TOKEN: graph.accessToken,
  });
  world.phone.send('/post');
  await world.seeCard('Instagram:');
  await world.tap('Publish');
  const card = await world.seeCard('✅ Instagram: published');
  const [post, ...others] = graph.posts();
  expect(others).toEqual([]);
  expect(card.text).toContain('✅ Instagram: published');
  expect(post?.caption).not.toBe('');
  expect(instagram.posts()).toEqual([]);
  await vi.waitFor(() => expect(dropbox.files().filter(({ path }) => path.includes('outbox'))).toEqual([]));
  expect(world.logged.join('')).not.toContain(graph.accessToken);
});
