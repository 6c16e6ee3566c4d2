import { isAboutPhoto } from '#errors.ts';
import { bothDone } from '#flow/both-done.ts';
import { loadAhead } from '#flow/load-ahead.ts';
import type { Ports } from '#ports/ports.ts';
import type { OpenPicture } from '#ports/renderer.ts';
import { type Photo, withNote } from '#post/photo.ts';
import type { Draft } from '#post/post.ts';
import { describePicture } from './describe-picture.ts';
import { openKept } from './open-kept.ts';
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
  const { words, making } = openAndMake(ports, photo);
  const describing = describePicture(ports, photo, () => openSmall(ports, photo, making));
  const [made, written] = await bothDone(
    making,
    describing.then(async (look) => {
      const { ownWords } = await words;
      return await writeCaption(ports, { ...look, photo, ownWords, direction: undefined, earlier: [] });
    }),
  );
  const { ownWords, note } = await words;
  return { draft: { ...made, ownWords }, written, note };
}

type Words = Pick<OpenPicture, 'ownWords'> & Pick<Developed, 'note'>;
type Made = Omit<Draft, 'ownWords' | 'remark'>;

interface Opened extends OpenPicture, Words {
  readonly fullSizes: Pick<Draft, 'fullSizes'>;
}

/** What is written about the photo, and its renditions. */
function openAndMake(
  ports: DevelopPorts,
  photo: Photo,
): { readonly words: Promise<Words>; readonly making: Promise<Made> } {
  const opening = open(ports, photo);
  const words = opening.then(({ ownWords, note }) => ({ ownWords, note }));
  // Where it cannot be opened, `making` tells.
  words.catch(() => undefined);
  const making = opening.then(async (opened) => {
    try {
      return { ...(await renderPictures(ports, opened)), ...opened.fullSizes };
    } finally {
      opened.close();
    }
  });
  return { words, making };
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
  const fullSizes = await renderFullSizes(ports, original);
  const note = await noting;
  return { ...opened, ownWords: withNote(opened.ownWords, note), fullSizes, note };
}

/** The library's own small picture is there first; where it has none, a rendition is taken. */
async function openSmall(ports: DevelopPorts, photo: Photo, making: Promise<Made>): Promise<OpenPicture> {
  try {
    return await ports.renderer.open(await ports.library.thumbnail(photo, 'large'));
  } catch (error) {
    if (!isAboutPhoto(error)) throw error;
    return await openKept(ports, await making);
  }
}
