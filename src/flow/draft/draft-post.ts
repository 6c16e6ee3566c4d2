import { PhotoGone, ServiceError, UnreadablePicture } from '#errors.ts';
import { bothDone } from '#flow/both-done.ts';
import type { Ports } from '#ports/ports.ts';
import type { OpenPicture } from '#ports/renderer.ts';
import { contentFor, misfitOf } from '#post/content.ts';
import { isRefusal } from '#post/lifecycle.ts';
import { type OwnWords, type Photo, withNote } from '#post/photo.ts';
import type { Draft, Post, PostIn } from '#post/post.ts';
import { describePicture, type Look } from './describe-picture.ts';
import { renderFullSizes, renderPictures } from './render-pictures.ts';
import { type Written, writeCaption } from './write-caption.ts';

type DraftPorts = Pick<
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
  | 'clock'
  | 'log'
>;

/**
 * Makes what the owner is asked about: the picture for each platform and a caption. Writing another caption for
 * a draft that exists leaves its pictures alone. Throws `ServiceError`, `PhotoGone` and `UnreadablePicture`;
 * an AI that fails is no error, the draft comes with other words.
 */
export async function draftPost(ports: DraftPorts, post: PostIn<'drafting'>): Promise<void> {
  const { draft, written } = await (post.draft === undefined
    ? develop(ports, post)
    : rewrite(ports, post, post.draft));
  const { caption, remark } = written;
  const drafted = await ports.store.update(post.id, {
    type: 'drafted',
    at: ports.clock.now().toISOString(),
    draft: { ...draft, ...(remark !== undefined && { remark }) },
    ...(caption !== undefined && { caption }),
  });
  if (drafted !== undefined && !isRefusal(drafted)) reportMisfits(ports, drafted);
}

/** The card says it to the owner; but it is a mistake of ours. */
function reportMisfits({ platforms, log }: DraftPorts, post: Post): void {
  if (post.state !== 'awaiting-approval') return;
  for (const platform of platforms) {
    const content = contentFor(post, platform);
    const misfit = content && misfitOf(content, platform);
    if (misfit === undefined) continue;
    log.error({ post: post.id, platform: platform.id, misfit }, 'What was made does not fit the platform');
  }
}

interface Drafted {
  readonly draft: Draft;
  readonly written: Written;
}

/** The picture is described while it is downloaded, and captioned while the renditions are made. */
async function develop(ports: DraftPorts, post: PostIn<'drafting'>): Promise<Drafted> {
  const opening = open(ports, post.photo);
  const describing = describePicture(ports, post.photo, () => openCopy(ports, post.photo, opening));
  const [draft, written] = await bothDone(
    opening.then(async (opened) => ({
      ...(await renderPictures(ports, opened)),
      ownWords: opened.ownWords,
      ...opened.inFullSize,
    })),
    describing.then(async (look) => write(ports, post, (await opening).ownWords, look)),
  );
  return { draft, written };
}

interface Opened extends OpenPicture {
  readonly inFullSize: Pick<Draft, 'fullSizes'>;
}

async function open(ports: DraftPorts, photo: Photo): Promise<Opened> {
  const { library, renderer, log } = ports;
  // A note that cannot be had is no reason to be without a draft.
  const noting = library.note(photo).catch((error: unknown) => {
    log.warn({ photo: photo.name, error: String(error) }, 'The note beside the photo could not be read');
    return undefined;
  });
  const original = await library.read(photo);
  const opened = await renderer.open(original);
  // Before the renditions, so that the original is not in memory together with them.
  const inFullSize = await renderFullSizes(ports, original);
  return { ...opened, ownWords: withNote(opened.ownWords, await noting), inFullSize };
}

/** The library's own small picture is there first; where it has none, the photo itself is taken. */
async function openCopy(
  { library, renderer }: DraftPorts,
  photo: Photo,
  opening: Promise<OpenPicture>,
): Promise<OpenPicture> {
  try {
    return await renderer.open(await library.thumbnail(photo, 'large'));
  } catch (error) {
    const isExpected =
      error instanceof ServiceError || error instanceof PhotoGone || error instanceof UnreadablePicture;
    if (!isExpected) throw error;
    return await opening;
  }
}

function write(
  ports: DraftPorts,
  { photo, captions, direction }: PostIn<'drafting'>,
  ownWords: OwnWords,
  look: Look,
): Promise<Written> {
  return writeCaption(ports, {
    ...{ ...look, photo, ownWords, direction },
    earlier: captions.map(({ text }) => text),
  });
}

/** For another caption the pictures stay; one that was not described yet is looked at now, as it is kept. */
async function rewrite(ports: DraftPorts, post: PostIn<'drafting'>, old: Draft): Promise<Drafted> {
  const { remark: _, ...draft } = old;
  async function openKept(): Promise<OpenPicture> {
    const [picture] = Object.values(draft.pictures);
    if (picture === undefined) throw new UnreadablePicture('there is none');
    return await ports.renderer.open(await ports.pictures.read(picture.sha256));
  }
  const look = await describePicture(ports, post.photo, openKept, true);
  return { draft, written: await write(ports, post, draft.ownWords, look) };
}
