import type { Ports } from '#ports/ports.ts';
import { contentFor, misfitOf } from '#post/content.ts';
import type { Content } from '#post/delivery.ts';
import type { PostIn } from '#post/post.ts';

/** What one platform would get: the very bytes and texts. */
export interface Preview {
  /** The platform's name. */
  readonly name: string;
  readonly content: Content;
  /** JPEG. */
  readonly picture: Buffer;
  /** The file that follows in full size, where one does. */
  readonly fullSize?: Buffer;
  /** The line above the text, where the platform has one. */
  readonly subject?: string;
  /** What those get who cannot see the picture. */
  readonly altText?: string;
}

/** What would go out if the draft were approved as it is, platform by platform. */
export async function previewPost(
  { platforms, pictures }: Pick<Ports, 'platforms' | 'pictures'>,
  post: PostIn<'awaiting-approval'>,
): Promise<readonly Preview[]> {
  const previews = platforms.map(async (platform): Promise<readonly Preview[]> => {
    const content = contentFor(post, platform);
    if (content === undefined || misfitOf(content, platform) !== undefined) return [];
    const subject = platform.subject?.(content.caption);
    const picture = await pictures.read(content.picture.sha256);
    const fullSize = content.fullSize && (await pictures.read(content.fullSize.sha256));
    const altText = content.altText ?? platform.altText?.(content.caption);
    return [
      {
        ...{ name: platform.name, content, picture },
        ...(fullSize && { fullSize }),
        ...(subject !== undefined && { subject }),
        ...(altText && { altText }),
      },
    ];
  });
  return (await Promise.all(previews)).flat();
}
