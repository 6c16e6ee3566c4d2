import { describe, expect, it } from 'vitest';
import { readHistory } from '#flow/history/read-history.ts';
import type { Post } from '#post/post.ts';
import { hasWords } from '#post/search.ts';
import { captionOf, photoNamed, postIn } from '../fakes/posts.ts';

/** A history of so many posts, which counts how many were read. */
function historyOf(count: number, open: Readonly<Record<string, Post>> = {}) {
  const read: string[] = [];
  async function* newestFinished(): AsyncIterable<Post> {
    for (let number = count; number > 0; number -= 1) {
      read.push(String(number));
      const state = number % 2 === 0 ? 'archived' : 'skipped';
      yield postIn(state, { id: String(number), captions: [captionOf(`Text ${number}`)] });
    }
  }
  return { read, store: { newestFinished, state: () => ({ posts: open }) } as never };
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

  it('has what is out in its place, although a place where it failed can still be tried again', async () => {
    const at = (day: number) => `2026-11-${day}T09:00:00.000Z`;
    const open = {
      new: { ...postIn('archived', { id: 'new' }), createdAt: at(29) },
      old: { ...postIn('archived', { id: 'old' }), createdAt: at(11) },
      draft: { ...postIn('awaiting-approval', { id: 'draft' }), createdAt: at(30) },
      waits: { ...postIn('failed', { id: 'waits' }), createdAt: at(30) },
      '2': { ...postIn('withdrawing', { id: '2' }), createdAt: at(10) },
    };
    const found = await readHistory(historyOf(4, open), '', 0);
    expect(found.posts.map(({ id }) => id)).toEqual(['new', '4', 'old', '2']);
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
