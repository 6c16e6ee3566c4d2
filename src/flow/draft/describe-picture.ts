import { NotSaved } from '#errors.ts';
import type { Ports } from '#ports/ports.ts';
import type { OpenPicture } from '#ports/renderer.ts';
import type { Photo, PictureLimits } from '#post/photo.ts';
import type { Description } from '#post/state.ts';

/** Replicate: data URLs of up to 256 kB are recommended; base64 adds a third. */
const describerLimits: PictureLimits = {
  maxBytes: 190_000,
  maxLongEdge: 768,
  minWidth: 1,
  minRatio: 0,
  maxRatio: Number.POSITIVE_INFINITY,
};

/**
 * What the picture shows, asked only once for the same content. Only a small copy without metadata leaves the
 * house, made from what `openPicture` opens. Undefined: there is no describer, or it failed, which is logged.
 */
export async function describePicture(
  { store, describer, log }: Pick<Ports, 'store' | 'describer' | 'log'>,
  photo: Photo,
  openPicture: () => Promise<OpenPicture>,
): Promise<Description | undefined> {
  const known = store.state().descriptions[photo.contentHash];
  if (known !== undefined || describer === undefined) return known;
  try {
    const copy = await (await openPicture()).render(describerLimits);
    const description = await describer.describe(copy.bytes);
    await store.change((state) => ({
      ...state,
      descriptions: { ...state.descriptions, [photo.contentHash]: description },
    }));
    return description;
  } catch (error) {
    if (error instanceof NotSaved) throw error;
    log.warn({ photo: photo.name, error: String(error) }, 'The picture could not be described');
    return undefined;
  }
}
