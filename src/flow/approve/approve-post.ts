import type { Ports } from '#ports/ports.ts';
import { fitCaption } from '#post/caption.ts';
import type { Content } from '#post/delivery.ts';
import type { Refusal } from '#post/lifecycle.ts';
import { currentAltText, currentCaption, type Post, type PostIn } from '#post/post.ts';
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
  const ended = revision === post.revision ? await endIfChanged(ports, post) : undefined;
  if (ended !== undefined) return { refused: 'not-now', post: ended };
  const contents: Record<string, Content> = {};
  const altText = currentAltText(post);
  for (const { id, captionLimits } of platforms) {
    const picture = post.draft.pictures[id];
    if (picture === undefined) continue;
    contents[id] = {
      caption: fitCaption(currentCaption(post), captionLimits).text,
      picture,
      ...(altText !== undefined && { altText }),
    };
  }
  return await store.update(post.id, {
    type: 'approved',
    revision,
    by,
    at: clock.now().toISOString(),
    contents,
  });
}
