import { ServiceError } from '#errors.ts';
import { giveUp } from '#flow/give-up.ts';
import { describeError } from '#flow/tell-trouble.ts';
import type { PhotoNow } from '#ports/library.ts';
import type { Ports } from '#ports/ports.ts';
import type { Post, PostIn } from '#post/post.ts';

export type LookPorts = Pick<Ports, 'store' | 'library' | 'clock' | 'log'>;

/**
 * Looks at the photo once more before anything goes out: it can have been edited, moved or deleted while the draft
 * waited, and that says that it is not to be published as it was. Then the post ends, and the answer is the post as it
 * is now; undefined: go on.
 *
 * Only a clear answer of the library ends it. One that is not reached, or too slow, or lets nobody in, stops nothing:
 * what goes out are the pictures made for the draft, which is what was approved. Throws `NotSaved`.
 */
export async function endIfChanged(
  ports: LookPorts,
  post: PostIn<'awaiting-approval' | 'scheduled'>,
): Promise<Post | undefined> {
  const now = await look(ports, post);
  if (now === 'there') return undefined;
  return (await giveUp(ports, post, now)) ?? ports.store.post(post.id) ?? post;
}

async function look(
  { library, log }: LookPorts,
  { id, photo }: PostIn<'awaiting-approval' | 'scheduled'>,
): Promise<PhotoNow> {
  try {
    return await library.look(photo);
  } catch (error) {
    if (!(error instanceof ServiceError)) throw error;
    log.warn({ post: id, error: describeError(error) }, 'The photo could not be looked at again');
    return 'there';
  }
}
