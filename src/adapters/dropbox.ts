import { createHash } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import { PhotoGone, ServiceError, UnreadablePicture } from '#errors.ts';
import type { Clock } from '#ports/clock.ts';
import type { Library, PhotoNow } from '#ports/library.ts';
import { largestPhotoBytes, type Photo } from '#post/photo.ts';
import { archiveFile, type Folders, findFile, isDirectlyIn, restoreFile } from './dropbox-archive.ts';
import { checkDropbox } from './dropbox-check.ts';
import { connectDropbox, type DropboxAccount } from './dropbox-client.ts';
import { bytesOf, contentHash } from './dropbox-content.ts';
import { isNotFound } from './dropbox-errors.ts';
import { createListing } from './dropbox-listing.ts';
import { openListingFile } from './dropbox-listing-file.ts';
import { readNote } from './dropbox-note.ts';
import { addFile } from './dropbox-upload.ts';
import { createPoll, watchListing } from './dropbox-watch.ts';

export interface DropboxSettings extends DropboxAccount, Folders {
  /** Where the listing is kept between two starts; absent: nowhere. */
  readonly listingPath?: string | undefined;
}

/** Somebody has tapped and waits for an answer. */
const lookLimitMs = 5_000;

/** The photographer's Dropbox folder. */
export function createDropboxLibrary(settings: DropboxSettings, clock: Clock): Library {
  const client = connectDropbox(settings, clock);
  const { dropbox, call } = client;
  const { imageFolder, listingPath } = settings;
  const file = listingPath === undefined ? undefined : openListingFile(listingPath, ownerOf(settings));
  const listing = createListing(client, imageFolder, file);
  const poll = createPoll(settings.appKey, settings.endpoint);

  async function read(photo: Photo): Promise<Buffer> {
    if (photo.sizeBytes > largestPhotoBytes) throw new UnreadablePicture('the file is larger than 100 MB');
    const bytes = await unusable(client.download('download', photo.id, photo.sizeBytes));
    if (bytes === undefined || contentHash(bytes) !== photo.contentHash) throw new PhotoGone();
    return bytes;
  }

  async function thumbnail(photo: Photo, size: 'small' | 'large'): Promise<Buffer> {
    const answer = await goneIfMissing(
      call('ask', () =>
        dropbox.filesGetThumbnailV2({
          resource: { '.tag': 'path', path: photo.id },
          format: { '.tag': 'jpeg' },
          size: { '.tag': size === 'small' ? 'w480h320' : 'w1024h768' },
          mode: { '.tag': 'bestfit' },
        }),
      ),
    );
    return bytesOf(answer.result);
  }

  async function look(photo: Photo): Promise<PhotoNow> {
    const file = await within(
      lookLimitMs,
      call('ask', () => findFile(client, photo.id)),
    );
    if (file === undefined) return 'deleted';
    if (file.content_hash !== photo.contentHash) return 'edited';
    return isDirectlyIn(file, imageFolder) ? 'there' : 'moved';
  }

  return {
    list: listing.list,
    async watch(onChange, signal) {
      await watchListing({ listing, poll, clock }, onChange, signal);
      await listing.close();
    },
    read,
    thumbnail,
    note: (photo) => readNote(client, photo),
    look,
    archive: (photo) => archiveFile(client, settings, photo),
    restore: (photo) => restoreFile(client, settings, photo),
    add: (name, bytes) => addFile(client, imageFolder, name, bytes),
    check: () => checkDropbox(client, imageFolder),
  };
}

/** Names the folder of an account, so that a listing is never taken for that of another one. */
function ownerOf({ appKey, refreshToken, imageFolder }: DropboxSettings): string {
  return createHash('sha256')
    .update(JSON.stringify([appKey, refreshToken, imageFolder]))
    .digest('hex');
}

/** What takes longer is left to itself; only for work that changes nothing. */
async function within<T>(ms: number, work: Promise<T>): Promise<T> {
  const over = new AbortController();
  const limit = setTimeout(ms, undefined, { signal: over.signal, ref: false }).then(() => {
    throw new ServiceError('Dropbox', { kind: 'timeout' });
  });
  limit.catch(() => undefined);
  try {
    return await Promise.race([work, limit]);
  } finally {
    over.abort();
  }
}

/** A photo that Dropbox does not hand out, for whatever reason of its own, is set aside like a damaged one. */
async function unusable<T>(answer: Promise<T>): Promise<T> {
  try {
    return await goneIfMissing(answer);
  } catch (error) {
    const why = error instanceof ServiceError ? (error.problem.detail ?? '') : '';
    throw /^(path\/|unsupported_file)/.test(why) ? new UnreadablePicture(`Dropbox says ${why}`) : error;
  }
}

async function goneIfMissing<T>(answer: Promise<T>): Promise<T> {
  try {
    return await answer;
  } catch (error) {
    throw isNotFound(error) ? new PhotoGone() : error;
  }
}
