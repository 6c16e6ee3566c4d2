import type { Ports } from '#ports/ports.ts';
import { contentsFor } from '#post/content.ts';
import type { Refusal } from '#post/lifecycle.ts';
import type { Post, PostIn } from '#post/post.ts';
import { endIfChanged, type LookPorts } from './look-again.ts';

/**
 * Freezes what goes out to each platform and saves the decision. Nothing is sent here. A revision that is no
 * longer the current one is refused, and so is a photo that is not what and where it was: then the post has expired.
 */
export async function approvePost(
  ports: LookPorts & Pick<Ports, 'platforms'>,
  post: PostIn<'awaiting-approval'>,
  { revision, by }: { readonly revision: number; readonly by: number | 'automatic' },
): Promise<Post | Refusal | undefined> {
  const { store, clock, platforms } = ports;
  const contents = contentsFor(post, platforms);
  // What no place takes cannot go out by itself; the owner is to see why.
  if (by === 'automatic' && Object.keys(contents).length === 0)
    return await store.update(post.id, { type: 'held' });
  const ended = revision === post.revision ? await endIfChanged(ports, post) : undefined;
  if (ended !== undefined) return { refused: 'not-now', post: ended };
  return await store.update(post.id, {
    type: 'approved',
    revision,
    by,
    at: clock.now().toISOString(),
    contents,
  });
}
