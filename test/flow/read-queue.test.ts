import { expect, it } from 'vitest';
import { openStore } from '#adapters/lowdb.ts';
import { readQueue } from '#flow/pick/read-queue.ts';
import type { Library } from '#ports/library.ts';
import type { Post } from '#post/post.ts';
import { deliveryIn, photoNamed, postIn } from '../fakes/posts.ts';
import { adding } from '../fakes/store-posts.ts';
import { temporaryFolder } from '../fakes/temporary-folder.ts';
import { createTestClock } from '../test-clock.ts';

/** What may come next when the photo of this post has been saved anew. */
async function nextAfter(post: Post, byName?: boolean): Promise<readonly string[]> {
  const clock = createTestClock();
  const { store } = await openStore(await temporaryFolder(), clock);
  await store.change(adding(post));
  const photos = [{ ...post.photo, contentHash: 'saved anew' }, photoNamed('other.jpg')];
  const library = { list: async () => photos } as Pick<Library, 'list'> as Library;
  const { next } = await readQueue({ store, library, clock }, byName);
  return next.map(({ name }) => name).sort();
}

const both = ['harbour.jpg', 'other.jpg'];
const deliveries = { telegram: deliveryIn('published'), email: deliveryIn('uncertain') };
const onItsWay = postIn('publishing', { deliveries });

it.each([
  ['is on its way', onItsWay, ['other.jpg']],
  ['is out', postIn('published'), ['other.jpg']],
  ['has failed', postIn('failed'), both],
  ['waits for the owner', postIn('awaiting-approval'), both],
])('a photo that is saved anew while its post %s is %#', async (_, post, expected) => {
  expect(await nextAfter(post)).toEqual(expected);
});

it('a photo that is saved anew while its post is on its way is there for who asks for it by name', async () => {
  expect(await nextAfter(onItsWay, true)).toEqual(both);
});
