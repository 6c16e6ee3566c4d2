import { posix } from 'node:path';
import type { Photo } from '#post/photo.ts';
import type { DropboxClient } from './dropbox-client.ts';
import { isNotFound } from './dropbox-errors.ts';

/** Nobody writes more about one photo; what is longer is something else. */
const longestNoteBytes = 20_000;

/** The photographer's note as `Library.note` promises it. A file that is no text is none. */
export async function readNote(
  { dropbox, call, download }: DropboxClient,
  photo: Photo,
): Promise<string | undefined> {
  const { dir, name } = posix.parse(photo.path);
  const path = posix.join(dir, `${name}.txt`);
  try {
    const { result } = await call('ask', () => dropbox.filesGetMetadata({ path }));
    if (result['.tag'] !== 'file' || result.id === photo.id || result.size > longestNoteBytes)
      return undefined;
    const bytes = await download('ask', result.id, longestNoteBytes);
    if (bytes === undefined) return undefined;
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes).trim();
    return text === '' || text.includes('\0') ? undefined : text;
  } catch (error) {
    if (isNotFound(error) || error instanceof TypeError) return undefined;
    throw error;
  }
}
