import { describe, expect, it } from 'vitest';
import { readHistory } from '#flow/history/read-history.ts';
import type { Post } from '#post/post.ts';
import { hasWords } from '#post/search.ts';
import { captionOf, photoNamed, postIn } from '../fakes/posts.ts';

/** A history of so many posts, which counts how many were read. */
function historyOf(count: number) {
  const read: string[] = [];
  async function* newestFinished(): AsyncIterable<Post> {
    for (let number = count; number > 0; number -= 1) {
      read.push(String(number));
      const state = number % 2 === 0 ? 'archived' : 'skipped';
      yield postIn(state, { id: String(number), captions: [captionOf(`Text ${number}`)] });
    }
  }
  return { read, store: { newestFinished } as never };
}

describe('the history', () => {
  it('comes in pages of eight, of what was decided to go out, and reads no more of it', async () => {
    const { store, read } = historyOf(10_000);
    const first = await readHistory({ store }, '', 0);
    expect(first.posts.map(({ id }) => id)).toEqual(
      Array.from({ length: 8 }, (_, index) => String(10_000 - 2 * index)),
    );
    expect(first.hasMore).toBe(true);
    expect(read.length).toBe(17);
    expect((await readHistory({ store }, '', 1)).posts[0]?.id).toBe('9984');
  });

  it.each([
    [16, 0, 8, false],
    [18, 0, 8, true],
    [18, 1, 1, false],
    [18, 2, 0, false],
  ])('of %i has on page %i so many posts: %i', async (count, page, posts, hasMore) => {
    const found = await readHistory(historyOf(count), '', page);
    expect([found.posts.length, found.hasMore]).toEqual([posts, hasMore]);
  });
});

it.each([
  ['', true],
  ['HAFEN', true],
  ['cafe naïve', true],
  ['#kuche', true],
  ['img_1', true],
  ['hafen berge', false],
])('finds by “%s”: %s', (words, isFound) => {
  const captions = [captionOf('Der Hafen am Café, naive.\n\n#Küche')];
  expect(hasWords(postIn('archived', { captions, photo: photoNamed('IMG_1.jpg') }), words)).toBe(isFound);
});
