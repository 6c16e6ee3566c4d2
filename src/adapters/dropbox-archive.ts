import { z } from 'zod';
import { PhotoGone, ServiceError } from '#errors.ts';
import type { Photo } from '#post/photo.ts';
import type { DropboxClient } from './dropbox-client.ts';
import { answerAs, isNotFound, toServiceError } from './dropbox-errors.ts';

export interface Folders {
  /** `""` is the root, as Dropbox writes it; others begin with a slash. */
  readonly imageFolder: string;
  /** A full path, or a name inside the image folder. */
  readonly archiveFolder: string;
}

const Metadata = z.discriminatedUnion('.tag', [
  z.object({
    '.tag': z.literal('file'),
    name: z.string(),
    /** Absent: it is in a shared folder that is not mounted. */
    path_lower: z.string().optional(),
    path_display: z.string().optional(),
    content_hash: z.string(),
  }),
  z.object({ '.tag': z.enum(['folder', 'deleted']) }),
]);
const Moved = z.object({ metadata: z.object({ path_display: z.string() }) });

/** What Dropbox knows of a file. */
export type FileNow = Extract<z.infer<typeof Metadata>, { readonly '.tag': 'file' }>;

/** The file of this id, wherever it is now; undefined: there is none. Not repeated; to be made within `call`. */
export async function findFile({ dropbox }: DropboxClient, id: string): Promise<FileNow | undefined> {
  try {
    const { result } = await dropbox.filesGetMetadata({ path: id });
    const found = answerAs(Metadata, result);
    return found['.tag'] === 'file' ? found : undefined;
  } catch (error) {
    if (isNotFound(toServiceError(error))) return undefined;
    throw error;
  }
}

export function isDirectlyIn(file: FileNow, folder: string): boolean {
  const { path_lower: path } = file;
  return path !== undefined && path.slice(0, path.lastIndexOf('/')) === folder.toLowerCase();
}

/** Moves the photo as `Library.archive` promises. */
export function archiveFile(client: DropboxClient, folders: Folders, photo: Photo) {
  return moveFile(client, photo, { from: folders.imageFolder, to: archiveOf(folders) });
}

/** Moves the photo back as `Library.restore` promises. */
export function restoreFile(client: DropboxClient, folders: Folders, photo: Photo) {
  return moveFile(client, photo, { from: archiveOf(folders), to: folders.imageFolder });
}

function archiveOf({ imageFolder, archiveFolder }: Folders): string {
  return archiveFolder.startsWith('/') ? archiveFolder : `${imageFolder}/${archiveFolder}`;
}

/**
 * Every try looks first where the file is now, also after an answer that was lost: a move that was carried out is not
 * asked for again.
 */
async function moveFile(
  client: DropboxClient,
  photo: Photo,
  { from, to }: { readonly from: string; readonly to: string },
): Promise<string | undefined> {
  async function step(number: number): Promise<Step> {
    const file = await findFile(client, photo.id);
    if (file === undefined) return 'nowhere';
    if (file.content_hash !== photo.contentHash) return 'changed';
    if (!isDirectlyIn(file, from)) return { path: file.path_display ?? file.path_lower ?? file.name };
    return await move(client, photo.id, `${to}/${numbered(file.name, number)}`);
  }

  for (let number = 1; number <= mostOfOneName; number += 1) {
    const done = await client.call('ask', () => step(number));
    if (done === 'nowhere') return undefined;
    if (done === 'changed') throw new PhotoGone();
    if (done !== 'look-again') return done.path;
  }
  throw tooManyOfOneName();
}

type Step = { readonly path: string } | 'nowhere' | 'changed' | 'look-again';

/** The name can be taken, and the file can have gone meanwhile: then it is looked at again. */
async function move({ dropbox }: DropboxClient, from: string, to: string): Promise<Step> {
  try {
    const { result } = await dropbox.filesMoveV2({ from_path: from, to_path: to, autorename: false });
    return { path: answerAs(Moved, result).metadata.path_display };
  } catch (cause) {
    const error = toServiceError(cause);
    if (error.problem.detail?.startsWith('to/conflict') || isNotFound(error)) return 'look-again';
    throw cause;
  }
}

/** So many names are tried for a file before it is given up. */
export const mostOfOneName = 99;

export function tooManyOfOneName(): ServiceError {
  return new ServiceError('Dropbox', { kind: 'rejected', detail: 'too many files of this name' });
}

/** `name.jpg`, then `name (2).jpg` and so on. */
export function numbered(name: string, number: number): string {
  if (number === 1) return name;
  const dot = name.lastIndexOf('.');
  const stem = dot > 0 ? name.slice(0, dot) : name;
  return `${stem} (${number})${dot > 0 ? name.slice(dot) : ''}`;
}
