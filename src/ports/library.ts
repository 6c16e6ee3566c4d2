import type { Photo } from '#post/photo.ts';
import type { Checkable } from './check.ts';

/** What has become of a photo: another content, out of the folder, or nowhere to be found. */
export type PhotoNow = 'there' | 'edited' | 'moved' | 'deleted';

/** The photographer's folder. Every method throws `ServiceError` when the library cannot be reached. */
export interface Library extends Checkable {
  /**
   * All photos of the image folder, subfolders and archive left out, in no particular order. Called again, it
   * asks the service only for what changed since, also after a restart. May be repeated.
   */
  list(): Promise<readonly Photo[]>;
  /**
   * Calls `onChange` whenever something in the folder has changed, within a minute and with `list` up to date by
   * then. Trouble of the service is waited out. Resolves at once when the signal is aborted, and then
   * nothing more of the listing goes to the disk.
   */
  watch(onChange: () => void, signal: AbortSignal): Promise<void>;
  /** The original's bytes. Throws `PhotoGone` when it is not there any more or its content is another. */
  read(photo: Photo): Promise<Buffer>;
  /**
   * A smaller JPEG of the photo, of about 480 pixels (`small`) or 1024 (`large`) where it has them. Throws
   * `PhotoGone`; a service that makes none of this photo is a `ServiceError`.
   */
  thumbnail(photo: Photo, size: 'small' | 'large'): Promise<Buffer>;
  /** The text file of the photo's name beside it, `harbour.txt` for `harbour.jpg`; undefined: there is none. */
  note(photo: Photo): Promise<string | undefined>;
  /** Whether the photo is still what and where it was, renamed or not. Answers or throws within six seconds. */
  look(photo: Photo): Promise<PhotoNow>;
  /**
   * Moves the photo to the archive folder and tells its new path; undefined when it is nowhere to be found.
   * May be repeated: a photo that is there already stays. A different file of the same name there is kept, and
   * this one gets a number behind its name. Throws `PhotoGone` when the photo's content has changed.
   */
  archive(photo: Photo): Promise<string | undefined>;
  /**
   * Moves a photo from the archive folder back to the image folder, with all that `archive` promises. A photo that
   * somebody has moved elsewhere stays there.
   */
  restore(photo: Photo): Promise<string | undefined>;
  /**
   * Puts a picture of up to 150 MB, or a note beside one, into the image folder, under a name that any disk takes. May be
   * repeated: the same bytes under the same name are no second file. Another file of that name is kept, and this one gets a number behind
   * its name.
   */
  add(name: string, bytes: Buffer): Promise<Photo>;
}
