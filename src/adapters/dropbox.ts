import { createHash, randomUUID } from 'node:crypto';
import { Dropbox, DropboxAuth, DropboxResponseError, type files } from 'dropbox';
import { PhotoGone, ServiceError, UnreadablePicture } from '#errors.ts';
import type { Check } from '#ports/check.ts';
import type { Clock } from '#ports/clock.ts';
import type { Library } from '#ports/library.ts';
import { isPictureName, type Photo } from '#post/photo.ts';
import { fetchWithin, noAnswer, problemOfStatus, repeated, retryAfterMs } from './http.ts';

export interface DropboxSettings {
  readonly appKey: string;
  /** Absent for an app that was connected with PKCE. */
  readonly appSecret?: string | undefined;
  readonly refreshToken: string;
  /** `""` is the root, as Dropbox writes it; others begin with a slash. */
  readonly imageFolder: string;
  /** A full path, or a name inside the image folder. */
  readonly archiveFolder: string;
  /** Another place where Dropbox is spoken to; absent: the real one. */
  readonly endpoint?: string | undefined;
}

/** Dropbox: list_folder takes 1 to 2000. */
const pageSize = 2000;
/** Larger files are no photos that we can handle; refused before a byte is downloaded. */
const largestPhotoBytes = 100 * 1024 * 1024;
const limitMs = 120_000;

/** The photographer's Dropbox folder. */
export function createDropboxLibrary(settings: DropboxSettings, clock: Clock): Library {
  const fetch = fetchDropbox(settings.endpoint);
  const auth = new DropboxAuth({
    clientId: settings.appKey,
    ...(settings.appSecret !== undefined && { clientSecret: settings.appSecret }),
    refreshToken: settings.refreshToken,
    fetch,
  });
  const dropbox = new Dropbox({ auth, fetch });
  const call = signedIn(auth, clock);
  const archiveFolder = archivePath(settings);
  const list = createListing(dropbox, call, settings.imageFolder);

  async function read(photo: Photo): Promise<Buffer> {
    if (photo.sizeBytes > largestPhotoBytes) throw new UnreadablePicture('the file is larger than 100 MB');
    const file = await unusable(call(() => dropbox.filesDownload({ path: photo.id })));
    const bytes = bytesOf(file.result);
    if (contentHash(bytes) !== photo.contentHash) throw new PhotoGone();
    return bytes;
  }

  async function thumbnail(photo: Photo, size: 'small' | 'large'): Promise<Buffer> {
    const answer = await goneIfMissing(
      call(() =>
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

  /** Looks where the file is now, moves it if it is still in the image folder, and looks again. */
  async function archive(photo: Photo): Promise<string | undefined> {
    for (let number = 1; number < 100; number += 1) {
      const file = await lookUp(photo.id);
      if (file === undefined) return undefined;
      if (file.content_hash !== photo.contentHash) throw new PhotoGone();
      const path = file.path_display ?? file.path_lower ?? file.name;
      if (!isDirectlyIn(file, settings.imageFolder)) return path;
      const target = `${archiveFolder}/${numbered(file.name, number)}`;
      const moved = await move(photo.id, target);
      if (moved !== undefined) return moved;
    }
    throw new ServiceError('Dropbox', { kind: 'rejected', detail: 'too many files of this name' });
  }

  async function lookUp(id: string): Promise<files.FileMetadataReference | undefined> {
    try {
      const { result } = await call(() => dropbox.filesGetMetadata({ path: id }));
      return result['.tag'] === 'file' ? result : undefined;
    } catch (error) {
      if (isNotFound(error)) return undefined;
      throw error;
    }
  }

  /** The new path; undefined when the name is taken or the file is not there any more: then look again. */
  async function move(from: string, to: string): Promise<string | undefined> {
    try {
      const { result } = await call(() =>
        dropbox.filesMoveV2({ from_path: from, to_path: to, autorename: false }),
      );
      return result.metadata.path_display ?? to;
    } catch (error) {
      if (!(error instanceof ServiceError)) throw error;
      if (error.problem.detail?.startsWith('to/conflict') || isNotFound(error)) return undefined;
      throw error;
    }
  }

  return { list, read, thumbnail, archive, check: () => check(dropbox, call, settings.imageFolder) };
}

type Call = <T>(request: () => Promise<T>) => Promise<T>;

/** Repeats calls that meet a passing problem, and signs in once for all callers. */
function signedIn(auth: DropboxAuth, clock: Clock): Call {
  let signingIn: Promise<void> | undefined;
  function signIn(isForced: boolean): Promise<void> {
    signingIn ??= renew(auth, isForced).finally(() => {
      signingIn = undefined;
    });
    return signingIn;
  }
  return (request) =>
    repeated(
      clock,
      async () => {
        await signIn(false);
        try {
          return await request();
        } catch (error) {
          if (!isExpired(error)) throw error;
          await signIn(true);
          return await request();
        }
      },
      toServiceError,
    );
}

/** Asks for a new access token where one is needed; the client's types do not say that it is a promise. */
async function renew(auth: DropboxAuth, isForced: boolean): Promise<void> {
  await Promise.resolve(isForced ? auth.refreshAccessToken() : auth.checkAndRefreshAccessToken());
}

/** The photos of a folder by their lower-case path; after the first time only the changes are asked for. */
function createListing(dropbox: Dropbox, call: Call, folder: string): Library['list'] {
  let known = new Map<string, Photo>();
  let cursor: string | undefined;
  let listing: Promise<readonly Photo[]> | undefined;

  async function update(): Promise<readonly Photo[]> {
    try {
      await readPages();
    } catch (error) {
      if (cursor === undefined || !isReset(error)) throw error;
      cursor = undefined;
      await readPages();
    }
    return [...known.values()];
  }

  async function readPages(): Promise<void> {
    const photos = cursor === undefined ? new Map<string, Photo>() : new Map(known);
    let next = cursor;
    for (;;) {
      const page = await call(() => readPage(next));
      for (const entry of page.result.entries) note(photos, entry);
      next = page.result.cursor;
      if (!page.result.has_more) break;
    }
    known = photos;
    cursor = next;
  }

  function readPage(from: string | undefined) {
    return from === undefined
      ? dropbox.filesListFolder({ path: folder, limit: pageSize })
      : dropbox.filesListFolderContinue({ cursor: from });
  }

  // Dropbox answers parallel listings of one folder with a rate limit, so callers share one.
  return () => {
    listing ??= update().finally(() => {
      listing = undefined;
    });
    return listing;
  };
}

type Entry = files.ListFolderResult['entries'][number];

function note(photos: Map<string, Photo>, entry: Entry): void {
  const path = entry.path_lower ?? entry.name;
  photos.delete(path);
  if (entry['.tag'] !== 'file' || !isPictureName(entry.name) || entry.content_hash === undefined) return;
  photos.set(path, {
    id: entry.id,
    path: entry.path_display ?? path,
    name: entry.name,
    sizeBytes: entry.size,
    contentHash: entry.content_hash,
  });
}

/** Dropbox's own hash: SHA-256 over the SHA-256 of each block of 4 MiB (its content hash documentation). */
export function contentHash(bytes: Buffer): string {
  const blockSize = 4 * 1024 * 1024;
  const whole = createHash('sha256');
  for (let start = 0; start < bytes.length; start += blockSize) {
    whole.update(
      createHash('sha256')
        .update(bytes.subarray(start, start + blockSize))
        .digest(),
    );
  }
  return whole.digest('hex');
}

/** A fetch for the Dropbox clients, with a time limit, that can be turned to another place. */
export function fetchDropbox(endpoint: string | undefined): typeof fetch {
  const bounded = fetchWithin(limitMs);
  if (endpoint === undefined) return bounded;
  return (input, init) =>
    bounded(
      String(input).replace(/^https:\/\/(api|content|notify)\.dropboxapi\.com/, `${endpoint}/$1`),
      init,
    );
}

function archivePath({ imageFolder, archiveFolder }: DropboxSettings): string {
  return archiveFolder.startsWith('/') ? archiveFolder : `${imageFolder}/${archiveFolder}`;
}

function isDirectlyIn(file: files.FileMetadata, folder: string): boolean {
  const path = file.path_lower ?? '';
  return path.slice(0, path.lastIndexOf('/')) === folder.toLowerCase();
}

/** `name.jpg`, then `name (2).jpg` and so on. */
function numbered(name: string, number: number): string {
  if (number === 1) return name;
  const dot = name.lastIndexOf('.');
  const stem = dot > 0 ? name.slice(0, dot) : name;
  return `${stem} (${number})${dot > 0 ? name.slice(dot) : ''}`;
}

function bytesOf(result: object): Buffer {
  const bytes = 'fileBinary' in result ? result.fileBinary : undefined;
  if (!(bytes instanceof Uint8Array)) throw new ServiceError('Dropbox', { kind: 'unexpected' });
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
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

function isNotFound(error: unknown): boolean {
  return error instanceof ServiceError && error.problem.kind === 'not-found';
}

function isReset(error: unknown): boolean {
  return error instanceof ServiceError && error.problem.detail?.startsWith('reset') === true;
}

function isExpired(error: unknown): boolean {
  return (
    error instanceof DropboxResponseError &&
    error.status === 401 &&
    summaryOf(error).startsWith('expired_access_token')
  );
}

/** Ends the client's own errors, which can hold tokens. */
export function toServiceError(error: unknown): ServiceError {
  if (error instanceof ServiceError) return error;
  if (!(error instanceof DropboxResponseError)) return noAnswer('Dropbox', error);
  const summary = summaryOf(error);
  const waitMs = retryAfterMs(error.headers?.get?.('retry-after'));
  if (/^(path|from_lookup|path_lookup)\/not_found/.test(summary)) {
    return new ServiceError('Dropbox', { kind: 'not-found', detail: summary });
  }
  if (summary.startsWith('missing_scope')) {
    return new ServiceError('Dropbox', { kind: 'no-permission', detail: summary });
  }
  if (summary.startsWith('invalid_grant') || summary.startsWith('invalid_client')) {
    return new ServiceError('Dropbox', { kind: 'signed-out', detail: summary });
  }
  // Dropbox answers a missing file with 409; a 404 comes from something in between.
  const status = error.status === 404 ? 502 : error.status;
  return new ServiceError('Dropbox', problemOfStatus(status, summary === '' ? undefined : summary), waitMs);
}

/** Dropbox's `error_summary`, or the OAuth error code of the token call. */
function summaryOf({ error }: DropboxResponseError<unknown>): string {
  if (typeof error !== 'object' || error === null) return '';
  const body: Readonly<Record<string, unknown>> = { ...error };
  const summary = body['error_summary'] ?? body['error'];
  return typeof summary === 'string' ? summary : '';
}

/**
 * Looks into the image folder, and tries what reading and moving need on a path where nothing is: each permission is
 * told by its own call. All that are missing are named at once.
 */
async function check(dropbox: Dropbox, call: Call, folder: string): Promise<Check> {
  const nowhere = `/${randomUUID()}`;
  // What each of these calls needs, and that it needs nothing else, is in dropbox-api-spec.
  const calls: Readonly<Record<string, () => Promise<unknown>>> = {
    'files.metadata.read': () => dropbox.filesListFolder({ path: folder, limit: 1 }),
    'files.content.read': () => dropbox.filesGetTemporaryLink({ path: nowhere }),
    'files.content.write': () => dropbox.filesMoveV2({ from_path: nowhere, to_path: `${nowhere}-2` }),
  };
  const found = await Promise.all(
    Object.entries(calls).map(async ([scope, request]) => {
      const problem = await call(request).then(
        () => undefined,
        (error: unknown) => toServiceError(error).problem,
      );
      const isAllowed = problem?.kind === 'not-found' && scope !== 'files.metadata.read';
      return { scope, problem: isAllowed ? undefined : problem };
    }),
  );
  const missing = found.filter(({ problem }) => problem?.detail?.startsWith('missing_scope'));
  const detail = missing.map(({ scope }) => scope).join(', ');
  if (missing.length > 0) return { state: 'broken', problem: { kind: 'no-permission', detail } };
  const problem = found.find((each) => each.problem !== undefined)?.problem;
  return problem === undefined ? { state: 'works' } : { state: 'broken', problem };
}
