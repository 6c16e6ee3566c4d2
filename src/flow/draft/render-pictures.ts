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

/** What it is like is read from the finished bytes, not taken from the plan. */
async function renderOne(
  { renderer, pictures }: RenderPorts,
  opened: OpenPicture,
  { pictureLimits }: Platform,
  wanted: Shape | undefined,
): Promise<PictureRef> {
  const { bytes, shape, from } = await opened.render(pictureLimits, wanted);
  const { format, width, height } = await renderer.measure(bytes);
  const sha256 = await pictures.keep(bytes);
  return { sha256, format, width, height, sizeBytes: bytes.length, from, ...(shape && { shape }) };
}
