import { UnreadablePicture } from '#errors.ts';
import type { Platform } from '#ports/platform.ts';
import type { Ports } from '#ports/ports.ts';
import type { OpenPicture } from '#ports/renderer.ts';
import type { PictureRef } from '#post/delivery.ts';
import type { Draft } from '#post/post.ts';
import { Shape } from '#post/shape.ts';

type RenderPorts = Pick<Ports, 'renderer' | 'pictures' | 'platforms'>;
type Pictures = Pick<Draft, 'pictures' | 'shapes'>;

/**
 * The picture for each platform, kept on disk. Where a platform does not take its shape and the owner may choose, it is
 * made in every shape, so that a choice is there at once and cannot fail. Throws `UnreadablePicture` and `NotSaved`.
 */
export async function renderPictures(ports: RenderPorts, opened: OpenPicture): Promise<Pictures> {
  const made: Made[] = [];
  // One after the other, so that not all of them are in memory at once.
  for (const platform of ports.platforms) made.push(await renderFor(ports, opened, platform));
  const shapes = made.flatMap(({ id, shapes: each }) => (each === undefined ? [] : [[id, each] as const]));
  return {
    pictures: Object.fromEntries(made.map(({ id, picture }) => [id, picture])),
    ...(shapes.length > 0 && { shapes: Object.fromEntries(shapes) }),
  };
}

/**
 * The picture in full size for each platform where it follows as a file, kept on disk. Where it cannot be made the post
 * does without. Throws `NotSaved`.
 */
export async function renderFullSizes(
  { renderer, pictures, platforms, log }: RenderPorts & Pick<Ports, 'log'>,
  original: Buffer,
): Promise<Pick<Draft, 'fullSizes'>> {
  const made: Record<string, PictureRef> = {};
  for (const platform of platforms.filter(({ withFullSize }) => withFullSize)) {
    const picture = await renderFullSize({ renderer, pictures, log }, original, platform);
    if (picture !== undefined) made[platform.id] = picture;
  }
  return Object.keys(made).length === 0 ? {} : { fullSizes: made };
}

/** The same for one platform; undefined: it cannot be made, or there are no such files. */
export async function renderFullSize(
  { renderer, pictures, log }: Pick<Ports, 'renderer' | 'pictures' | 'log'>,
  original: Buffer,
  { id, fullSizeBytes }: Pick<Platform, 'id' | 'fullSizeBytes'>,
): Promise<PictureRef | undefined> {
  if (fullSizeBytes === undefined) return undefined;
  const bytes = await renderer.fullSize(original, fullSizeBytes).catch((error: unknown) => {
    if (!(error instanceof UnreadablePicture)) throw error;
    log.warn({ platform: id, error: String(error) }, 'The picture could not be made in full size');
    return undefined;
  });
  return bytes && (await keep({ renderer, pictures }, bytes));
}

interface Made {
  readonly id: string;
  readonly picture: PictureRef;
  readonly shapes?: Readonly<Partial<Record<Shape, PictureRef>>>;
}

async function renderFor(ports: RenderPorts, opened: OpenPicture, platform: Platform): Promise<Made> {
  const { id, shape: wanted } = platform;
  const picture = await renderOne(ports, opened, platform, wanted);
  if (wanted === undefined || picture.shape === undefined) return { id, picture };
  const shapes: Partial<Record<Shape, PictureRef>> = { [wanted]: picture };
  for (const shape of Shape.options) {
    shapes[shape] ??= await renderOne(ports, opened, platform, shape);
  }
  return { id, picture, shapes };
}

async function renderOne(
  ports: RenderPorts,
  opened: OpenPicture,
  { pictureLimits }: Platform,
  wanted: Shape | undefined,
): Promise<PictureRef> {
  const { bytes, shape, from } = await opened.render(pictureLimits, wanted);
  return { ...(await keep(ports, bytes)), from, ...(shape && { shape }) };
}

/** What it is like is read from the finished bytes, not taken from the plan. */
async function keep(
  { renderer, pictures }: Pick<Ports, 'renderer' | 'pictures'>,
  bytes: Buffer,
): Promise<PictureRef> {
  const { format, width, height } = await renderer.measure(bytes);
  const sha256 = await pictures.keep(bytes);
  return { sha256, format, width, height, sizeBytes: bytes.length };
}
