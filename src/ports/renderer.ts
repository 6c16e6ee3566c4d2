import type { OwnWords, PictureLimits, Size } from '#post/photo.ts';
import type { Reshaped, Shape } from '#post/shape.ts';

/**
 * A picture ready to be published: JPEG, upright, sRGB. Of the original's metadata it carries title, artist and
 * copyright, written anew, and nothing else.
 */
export interface Rendition extends Reshaped {
  readonly bytes: Buffer;
  readonly from: Size;
}

/** A file from the library, opened. */
export interface OpenPicture {
  readonly ownWords: OwnWords;
  /**
   * The rendition that fits these limits, in this shape where the picture has none that they allow; absent: with
   * white borders. Throws `UnreadablePicture`.
   */
  render(limits: PictureLimits, shape?: Shape): Promise<Rendition>;
  /** The same as a copy for an AI to look at: a JPEG without any metadata. Throws `UnreadablePicture`. */
  copy(limits: PictureLimits): Promise<Buffer>;
  /** Gives back the memory that it takes, tens of megabytes; nothing can be made of it afterwards. */
  close(): void;
}

/** What the header of a picture says. */
export interface Measured extends Size {
  /** As in `jpeg`. */
  readonly format: string;
}

export interface Renderer {
  /** Loads what it works with, which otherwise happens with the first picture. */
  load?(): Promise<unknown>;
  /**
   * A photo in its full size, ready to be published as a rendition is, and with no more metadata; undefined: it cannot
   * be made within so many bytes. Throws `UnreadablePicture`.
   */
  fullSize(original: Buffer, maxBytes: number): Promise<Buffer | undefined>;
  /** Opens the bytes of a photo. Throws `UnreadablePicture` for whatever cannot be decoded completely. */
  open(original: Buffer): Promise<OpenPicture>;
  /**
   * What the picture looks like, as 120 bits in hexadecimal: the fewer bits differ, the more two pictures look alike,
   * whatever their size and format. Undefined: it cannot be told, as for a picture of one colour.
   */
  perceptualHash(picture: Buffer): Promise<string | undefined>;
  /** What the header alone says of a finished picture. */
  measure(picture: Buffer): Promise<Measured>;
  /**
   * Small pictures side by side in rows of three, as one JPEG, each with its number from `firstNumber` (1) on. Broken ones
   * become an empty frame.
   */
  contactSheet(pictures: readonly (Buffer | undefined)[], firstNumber?: number): Promise<Buffer>;
}
