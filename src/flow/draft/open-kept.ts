import { UnreadablePicture } from '#errors.ts';
import type { Ports } from '#ports/ports.ts';
import type { OpenPicture } from '#ports/renderer.ts';
import type { Draft } from '#post/post.ts';

/** Opens a rendition that was made for the draft. Throws `UnreadablePicture`, and what `Pictures.read` throws. */
export async function openKept(
  { renderer, pictures }: Pick<Ports, 'renderer' | 'pictures'>,
  draft: Pick<Draft, 'pictures'>,
): Promise<OpenPicture> {
  const [picture] = Object.values(draft.pictures);
  if (picture === undefined) throw new UnreadablePicture('there is none');
  return await renderer.open(await pictures.read(picture.sha256));
}
