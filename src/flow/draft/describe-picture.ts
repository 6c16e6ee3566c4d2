import { NotSaved, OverBudget, ServiceError } from '#errors.ts';
import type { Ports } from '#ports/ports.ts';
import type { OpenPicture } from '#ports/renderer.ts';
import type { Photo, PictureLimits } from '#post/photo.ts';
import { type Description, withDescription } from '#post/state.ts';

/** Replicate: data URLs of up to 256 kB are recommended; base64 adds a third. */
const describerLimits: PictureLimits = {
  maxBytes: 190_000,
  maxLongEdge: 768,
  minWidth: 1,
  minRatio: 0,
  maxRatio: Number.POSITIVE_INFINITY,
};

/** OpenAI shrinks a picture in low detail to less than this (developers.openai.com/api/docs/guides/images-vision). */
const writerLimits: PictureLimits = { ...describerLimits, maxBytes: 500_000, maxLongEdge: 1024 };

/** What is known of a picture before its caption is written. */
export interface Look {
  readonly description?: Description | undefined;
  /** A small copy without metadata, for a writer that looks itself. */
  readonly picture?: Buffer;
  /** Nobody looked, because of the budget of the month, or because nothing is left of what was paid in advance. */
  readonly missing?: 'budget' | 'credit';
}

/**
 * What the picture shows, asked only once for the same content, or the picture itself for a writer that looks at
 * it. Only a small copy without metadata leaves the house, made from what `openPicture` opens. Empty: nobody can
 * look, or it failed, which is logged. `isAskedFor`: the owner wants another try.
 */
export async function describePicture(
  { store, describer, captionWriter, log }: Pick<Ports, 'store' | 'describer' | 'captionWriter' | 'log'>,
  photo: Photo,
  openPicture: () => Promise<OpenPicture>,
  isAskedFor = false,
): Promise<Look> {
  const known = store.state().descriptions[photo.contentHash];
  const looksItself = captionWriter?.looksItself === true;
  if (!looksItself && (known !== undefined || describer === undefined)) return { description: known };
  try {
    if (looksItself) return { picture: await copyOf(openPicture, writerLimits) };
    if (describer === undefined) return {};
    const description = await describer.describe(await copyOf(openPicture, describerLimits), isAskedFor);
    await store.change((state) => withDescription(state, photo.contentHash, description));
    return { description };
  } catch (error) {
    if (error instanceof NotSaved) throw error;
    log.warn({ photo: photo.name, error: String(error) }, 'The picture could not be described');
    if (error instanceof OverBudget) return { missing: 'budget' };
    return error instanceof ServiceError && error.problem.kind === 'no-credit' ? { missing: 'credit' } : {};
  }
}

async function copyOf(openPicture: () => Promise<OpenPicture>, limits: PictureLimits): Promise<Buffer> {
  const opened = await openPicture();
  try {
    return await opened.copy(limits);
  } finally {
    opened.close();
  }
}
