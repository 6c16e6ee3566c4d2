import type { Publication } from '#ports/platform.ts';
import type { Ports } from '#ports/ports.ts';
import type { Delivery } from '#post/delivery.ts';
import type { Post } from '#post/post.ts';

/** What goes out to a platform, as it was approved; undefined when its kept picture is gone. */
export async function preparePublication(
  { pictures, log }: Pick<Ports, 'pictures' | 'log'>,
  post: Post,
  platformId: string,
  { content, round, partly }: Delivery,
): Promise<Publication | undefined> {
  const held = post.cards.find((card) => card.sha256 === content.picture.sha256)?.fileId;
  try {
    return {
      postId: post.id,
      caption: content.caption,
      ...(content.entities && { entities: content.entities }),
      ...(content.altText !== undefined && { altText: content.altText }),
      picture: await pictures.read(content.picture.sha256),
      width: content.picture.width,
      height: content.picture.height,
      round,
      ...(partly && { reached: partly.reached }),
      ...(held !== undefined && { fileId: held }),
    };
  } catch (error) {
    log.error({ post: post.id, platform: platformId, error: String(error) }, 'A kept picture is missing');
    return undefined;
  }
}
