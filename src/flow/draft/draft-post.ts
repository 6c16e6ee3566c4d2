import type { Ports } from '#ports/ports.ts';
import type { OpenPicture } from '#ports/renderer.ts';
import type { PictureRef } from '#post/delivery.ts';
import type { Draft, PostIn } from '#post/post.ts';
import { describePicture } from './describe-picture.ts';
import { writeCaption } from './write-caption.ts';

type DraftPorts = Pick<
  Ports,
  | 'store'
  | 'library'
  | 'renderer'
  | 'pictures'
  | 'platforms'
  | 'describer'
  | 'captionWriter'
  | 'hashtags'
  | 'log'
>;

/**
 * Makes what the owner is asked about: the picture for each platform and a caption. Writing another caption for
 * a draft that exists leaves its pictures alone. Throws `ServiceError`, `PhotoGone` and `UnreadablePicture`;
 * an AI that fails is no error, the draft comes with other words.
 */
export async function draftPost(ports: DraftPorts, post: PostIn<'drafting'>): Promise<void> {
  const { draft, description } = await (post.draft === undefined
    ? develop(ports, post)
    : lookAgain(ports, post, post.draft));
  const { caption, remark } = await writeCaption(ports, {
    photo: post.photo,
    description: await description,
    ownWords: draft.ownWords,
    earlier: post.captions.map((each) => each.text),
  });
  await ports.store.update(post.id, {
    type: 'drafted',
    draft: { ...draft, ...(remark !== undefined && { remark }) },
    ...(caption !== undefined && { caption }),
  });
}

interface Developed {
  readonly draft: Draft;
  /** Still under way, so that the renditions are made meanwhile. */
  readonly description: ReturnType<typeof describePicture>;
}

async function develop(ports: DraftPorts, post: PostIn<'drafting'>): Promise<Developed> {
  const opened = await ports.renderer.open(await ports.library.read(post.photo));
  const description = describePicture(ports, post.photo, opened);
  const [pictures] = await Promise.all([renderAll(ports, opened), description]);
  return { draft: { pictures, ownWords: opened.ownWords }, description };
}

async function renderAll(
  { platforms, pictures }: DraftPorts,
  opened: OpenPicture,
): Promise<Record<string, PictureRef>> {
  const refs = platforms.map(async ({ id, pictureLimits }): Promise<[string, PictureRef]> => {
    const { bytes, width, height, isPadded } = await opened.render(pictureLimits);
    return [id, { sha256: await pictures.keep(bytes), width, height, sizeBytes: bytes.length, isPadded }];
  });
  return Object.fromEntries(await Promise.all(refs));
}

/** For another caption: the description is known, or is made now from a rendition that is kept. */
async function lookAgain(ports: DraftPorts, post: PostIn<'drafting'>, old: Draft): Promise<Developed> {
  const { remark: _, ...draft } = old;
  const [picture] = Object.values(draft.pictures);
  const isKnown = ports.store.state().descriptions[post.photo.contentHash] !== undefined;
  if (isKnown || ports.describer === undefined || picture === undefined) {
    return { draft, description: Promise.resolve(ports.store.state().descriptions[post.photo.contentHash]) };
  }
  const opened = await ports.renderer.open(await ports.pictures.read(picture.sha256));
  return { draft, description: describePicture(ports, post.photo, opened) };
}
