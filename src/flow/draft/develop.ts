import { isAboutPhoto } from '#errors.ts';
import { bothDone } from '#flow/both-done.ts';
import { loadAhead } from '#flow/load-ahead.ts';
import type { Ports } from '#ports/ports.ts';
import type { OpenPicture } from '#ports/renderer.ts';
import { type Photo, withNote } from '#post/photo.ts';
import type { Draft } from '#post/post.ts';
import { describePicture } from './describe-picture.ts';
import { renderFullSizes, renderPictures } from './render-pictures.ts';
import { type Written, writeCaption } from './write-caption.ts';

export type DevelopPorts = Pick<
  Ports,
  | 'store'
  | 'library'
  | 'renderer'
  | 'pictures'
  | 'platforms'
  | 'describer'
  | 'captionWriter'
  | 'hashtagsFromAi'
  | 'settings'
  | 'log'
>;

export interface Developed {
  readonly draft: Draft;
  readonly written: Written;
  /** The photographer's note beside the photo; undefined: there is none, or it could not be had. */
  readonly note: string | undefined;
}

/**
 * Makes the pictures of a photo and its first caption: it is described while it is downloaded, and captioned while the
 * renditions are made. Throws `ServiceError`, `PhotoGone`, `UnreadablePicture` and `NotSaved`.
 */
export async function develop(ports: DevelopPorts, photo: Photo): Promise<Developed> {
  const opening = open(ports, photo);
  const describing = describePicture(ports, photo, () => openCopy(ports, photo, opening));
  const [draft, written] = await bothDone(
    opening.then(async (opened) => ({
      ...(await renderPictures(ports, opened)),
      ownWords: opened.ownWords,
      ...opened.inFullSize,
    })),
    describing.then(async (look) => {
      const { ownWords } = await opening;
      return await writeCaption(ports, { ...look, photo, ownWords, direction: undefined, earlier: [] });
    }),
  );
  return { draft, written, note: (await opening).note };
}

interface Opened extends OpenPicture {
  readonly inFullSize: Pick<Draft, 'fullSizes'>;
  readonly note: string | undefined;
}

async function open(ports: DevelopPorts, photo: Photo): Promise<Opened> {
  const { library, renderer, captionWriter, log } = ports;
  // A note that cannot be had is no reason to be without a draft.
  const noting = library.note(photo).catch((error: unknown) => {
    log.warn({ photo: photo.name, error: String(error) }, 'The note beside the photo could not be read');
    return undefined;
  });
  const original = await library.read(photo);
  // While the picture is described.
  loadAhead([captionWriter], log);
  const opened = await renderer.open(original);
  // Before the renditions, so that the original is not in memory together with them.
  const inFullSize = await renderFullSizes(ports, original);
  const note = await noting;
  return { ...opened, ownWords: withNote(opened.ownWords, note), inFullSize, note };
}

/** The library's own small picture is there first; where it has none, the photo itself is taken. */
async function openCopy(
  { library, renderer }: DevelopPorts,
  photo: Photo,
  opening: Promise<OpenPicture>,
): Promise<OpenPicture> {
  try {
    return await renderer.open(await library.thumbnail(photo, 'large'));
  } catch (error) {
    if (!isAboutPhoto(error)) throw error;
    return await opening;
  }
}
