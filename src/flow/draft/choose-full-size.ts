import { PhotoGone } from '#errors.ts';
import { removeUnused } from '#flow/remove-unused.ts';
import type { Ports } from '#ports/ports.ts';
import type { PictureRef } from '#post/delivery.ts';
import { type Post, picturesOf } from '#post/post.ts';
import { renderFullSize } from './render-pictures.ts';

/** What an owner chooses for a draft: whether the picture in full size follows it on a platform. */
export interface FullSizeChoice {
  readonly id: string;
  readonly revision: number;
  readonly platform: string;
  readonly isOn: boolean;
}

/** Why there is no file: the photo is not what or where it was, or it cannot be made of this one. */
export type NoFile = 'gone' | 'impossible';

type ChoicePorts = Pick<Ports, 'store' | 'library' | 'renderer' | 'pictures' | 'platforms' | 'log'>;

/**
 * Makes the file of the photo in the library where it is wanted, lets `decide` record the choice and keeps no file that
 * nobody uses. Throws `ServiceError` and `NotSaved`, and then nothing has changed.
 */
export async function chooseFullSize<T>(
  ports: ChoicePorts,
  { id, revision, platform, isOn }: FullSizeChoice,
  decide: (picture: PictureRef | undefined) => Promise<T>,
): Promise<T | NoFile> {
  const post = ports.store.post(id);
  // It is refused, for which no file has to be made.
  if (post?.state !== 'awaiting-approval' || post.revision !== revision) return await decide(undefined);
  const made = isOn ? await makeFile(ports, post, platform) : undefined;
  if (typeof made === 'string') return made;
  try {
    return await decide(made);
  } finally {
    await removeUnused(ports, [...picturesOf(post), ...(made ? [made.sha256] : [])]);
  }
}

async function makeFile(
  { library, platforms, ...ports }: ChoicePorts,
  { photo }: Post,
  id: string,
): Promise<PictureRef | NoFile> {
  const platform = platforms.find((each) => each.id === id);
  if (platform === undefined) return 'impossible';
  try {
    return (await renderFullSize(ports, await library.read(photo), platform)) ?? 'impossible';
  } catch (error) {
    if (error instanceof PhotoGone) return 'gone';
    throw error;
  }
}
