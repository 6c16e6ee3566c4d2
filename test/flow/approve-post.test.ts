import { expect, it } from 'vitest';
import { approvePost } from '#flow/approve/approve-post.ts';
import type { PostEvent } from '#post/lifecycle.ts';
import { draftOf, owner, pictureRef, postIn } from '../fakes/posts.ts';

/** What is saved when a draft with a picture of this width is approved. */
async function savedFor(width: number, by: number | 'automatic'): Promise<PostEvent | undefined> {
  let saved: PostEvent | undefined;
  const ports = {
    clock: { now: () => new Date(0) },
    library: { look: async () => 'there' },
    store: {
      async update(_: string, event: PostEvent) {
        saved = event;
      },
    },
    platforms: [
      {
        id: 'here',
        pictureLimits: { maxBytes: 1e6, maxLongEdge: 1000, minWidth: 1, minRatio: 0, maxRatio: 100 },
        captionLimits: { maxLength: 100, maxHashtags: 1 },
      },
    ],
  } as unknown as Parameters<typeof approvePost>[0];
  const pictures = { here: pictureRef({ width, height: 500 }) };
  await approvePost(ports, postIn('awaiting-approval', { draft: draftOf({ pictures }) }), {
    revision: 1,
    by,
  });
  return saved;
}

it('freezes what goes out, also without being asked', async () => {
  for (const by of [owner, 'automatic'] as const) {
    expect(await savedFor(1000, by)).toMatchObject({ type: 'approved', by, contents: { here: {} } });
  }
});

it('holds back what no platform would take, where it would go out by itself', async () => {
  expect(await savedFor(1001, 'automatic')).toMatchObject({ type: 'held' });
});
