import type { Ports } from '#ports/ports.ts';
import { contentsFor } from '#post/content.ts';
import type { PostIn } from '#post/post.ts';

/**
 * Sends the pictures of a draft, as they would go out now, to the platforms that take them ahead. Nothing comes of it when
 * one fails: publishing sends it then, and tells.
 */
export async function uploadAhead(
  { platforms, pictures, log }: Pick<Ports, 'platforms' | 'pictures' | 'log'>,
  post: PostIn<'awaiting-approval'>,
): Promise<void> {
  const contents = contentsFor(post, platforms);
  for (const platform of platforms) {
    const content = contents[platform.id];
    if (platform.uploadAhead === undefined || content === undefined) continue;
    try {
      await platform.uploadAhead(await pictures.read(content.picture.sha256));
    } catch (error) {
      log.warn(
        { post: post.id, platform: platform.id, error: String(error) },
        'A picture could not be sent ahead',
      );
    }
  }
}
