import { z } from 'zod';
import { Caption } from './caption.ts';
import { Photo } from './photo.ts';
import { Draft } from './post.ts';
import type { Settings } from './settings.ts';

/** A draft of the next photo that was made before anybody asked for it. */
export const Prepared = z.object({
  photo: Photo,
  /** The note beside the photo, as it was then; absent: there was none. */
  note: z.string().optional(),
  draft: Draft,
  caption: Caption,
  /** What it was made from besides the photo, as `ingredientsOf` has it. */
  ingredients: z.string(),
});
export type Prepared = Readonly<z.infer<typeof Prepared>>;

/** What a platform gets and how. */
interface Place {
  readonly id: string;
  readonly withFullSize?: boolean;
  readonly pictureLimits: object;
}

/** Everything besides the photo that a draft depends on, as text to compare: other ingredients make another draft. */
export function ingredientsOf(
  { hashtags, captionLanguage, voice, instagramShape }: Settings,
  places: readonly Place[],
): string {
  const forPlaces = places.map(({ id, withFullSize, pictureLimits }) => [id, withFullSize, pictureLimits]);
  return JSON.stringify([hashtags, captionLanguage, voice, instagramShape, forPlaces]);
}

/** Whether what was prepared is a draft of this photo, with these ingredients. */
export function isPreparedFor(
  prepared: Prepared | undefined,
  { id, path, contentHash }: Photo,
  ingredients: string,
): prepared is Prepared {
  return (
    prepared?.photo.id === id &&
    // Under another name another note belongs to it.
    prepared.photo.path === path &&
    prepared.photo.contentHash === contentHash &&
    prepared.ingredients === ingredients
  );
}
