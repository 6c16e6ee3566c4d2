import type { OwnWords } from '#post/photo.ts';
import type { Description } from '#post/state.ts';

/** All that a caption is made from. */
export interface CaptionMaterial {
  /** Absent: nobody could look at the picture, only its own words are known. */
  readonly description: Description | undefined;
  readonly ownWords: OwnWords;
  /** Captions that this photo had before, oldest first: the new one is to differ. */
  readonly earlier: readonly string[];
}

export interface CaptionWriter {
  /** The text of a caption as the AI wrote it, unchecked and never empty. May cost money. Throws `ServiceError`. */
  write(material: CaptionMaterial): Promise<string>;
}
