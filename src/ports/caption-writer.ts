import type { OwnWords } from '#post/photo.ts';
import type { Description } from '#post/state.ts';
import type { Checkable } from './check.ts';

/** All that a caption is made from. */
export interface CaptionMaterial {
  /** Absent: nobody could look at the picture, or the writer looks itself. */
  readonly description: Description | undefined;
  /** A small JPEG without metadata, for a writer that looks itself. */
  readonly picture?: Buffer | undefined;
  readonly ownWords: OwnWords;
  /** Captions that this photo had before, oldest first: the new one is to differ. */
  readonly earlier: readonly string[];
  /** What the owner wants of this one, in their words; absent: only another one. */
  readonly direction?: string | undefined;
}

/** What the AI wrote, unchecked. */
export interface AiCaption {
  /** Never empty. */
  readonly caption: string;
  readonly altText?: string | undefined;
  readonly hashtags: readonly string[];
}

export interface CaptionWriter extends Checkable {
  /** Wants the picture itself instead of a description. */
  readonly looksItself: boolean;
  /**
   * One caption with all that belongs to it. Costs money; what it cost is counted. Throws `ServiceError`, at
   * once while it is left alone because it was down and no caption was there before, and `OverBudget` where the money
   * is not there.
   */
  write(material: CaptionMaterial): Promise<AiCaption>;
  /** Loads what it works with, which otherwise happens with the first caption. */
  load?(): Promise<unknown>;
}
