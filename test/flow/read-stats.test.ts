import { expect, it } from 'vitest';
import { readStats } from '#flow/history/read-stats.ts';
import type { Post } from '#post/post.ts';
import { emptyState } from '#post/state.ts';
import { photoNamed, postIn } from '../fakes/posts.ts';
import { settingsWith } from '../fakes/settings.ts';
import { createTestClock } from '../test-clock.ts';

const dayMs = 24 * 60 * 60 * 1000;
const clock = createTestClock();

/** Finished posts, one a day, the newest first; and some that are open. */
function portsWith(count: number, open: readonly Post[] = []) {
  const read: string[] = [];
  const posts = Array.from({ length: count }, (_, day) =>
    postIn('archived', {
      id: `finished-${day}`,
      createdAt: new Date(clock.now().getTime() - day * dayMs).toISOString(),
      photo: photoNamed(`${day}.jpg`),
    }),
  );
  async function* newestFinished(): AsyncIterable<Post> {
    for (const post of posts) {
      read.push(post.id);
      yield post;
    }
  }
  const store = {
    state: () => ({ ...emptyState('seed'), posts: Object.fromEntries(open.map((post) => [post.id, post])) }),
    newestFinished,
    publishedContent: () => new Set(posts.map(({ photo }) => photo.contentHash)),
  };
  return { read, ports: { store, clock, settings: () => settingsWith() } as never };
}

it('reads the last twelve months of ten thousand posts and no more, and counts all of them', async () => {
  const { ports, read } = portsWith(10_000);
  const stats = await readStats(ports);
  expect(stats.inAll).toBe(10_000);
  expect(stats.places).toEqual([{ platform: 'telegram', published: 366, settled: 366 }]);
  // The first one that is too old tells that all after it are.
  expect(read.length).toBe(367);
});

it('counts a post that is open, and one that is open again only once', async () => {
  const open = [
    postIn('published', { id: 'open', photo: photoNamed('open.jpg') }),
    postIn('withdrawing', { id: 'finished-0', photo: photoNamed('0.jpg') }),
    postIn('awaiting-approval', { id: 'draft', photo: photoNamed('draft.jpg') }),
  ];
  const stats = await readStats(portsWith(2, open).ports);
  expect(stats.inAll).toBe(3);
  expect(stats.places).toEqual([{ platform: 'telegram', published: 3, settled: 3 }]);
});
