import { z } from 'zod';
import { ServiceError } from '#errors.ts';
import { nameToKeep } from '#post/file-name.ts';
import type { Photo } from '#post/photo.ts';
import { mostOfOneName, numbered, tooManyOfOneName } from './dropbox-archive.ts';
import type { DropboxClient } from './dropbox-client.ts';
import { contentHash } from './dropbox-content.ts';
import { toServiceError } from './dropbox-errors.ts';

const Uploaded = z.object({
  id: z.string(),
  name: z.string(),
  path_display: z.string(),
  size: z.number(),
  content_hash: z.string(),
});

/**
 * Uploads a picture as `Library.add` promises. Each try may come twice: without `strict_conflict` the same bytes at the
 * same place are no conflict, and the answer tells of the file that is there (dropbox-api-spec, files.stone, WriteMode).
 */
export async function addFile(
  { dropbox, call }: DropboxClient,
  folder: string,
  name: string,
  bytes: Buffer,
): Promise<Photo> {
  const kept = nameToKeep(name);
  const hash = contentHash(bytes);

  async function put(path: string): Promise<Photo | 'taken'> {
    try {
      const { result } = await dropbox.filesUpload({
        ...{ path, contents: bytes, content_hash: hash },
        mode: { '.tag': 'add' },
      });
      return photoOf(result, hash);
    } catch (cause) {
      if (toServiceError(cause).problem.detail?.startsWith('path/conflict')) return 'taken';
      throw cause;
    }
  }

  for (let number = 1; number <= mostOfOneName; number += 1) {
    const answer = await call('upload', () => put(`${folder}/${numbered(kept, number)}`));
    if (answer !== 'taken') return answer;
  }
  throw tooManyOfOneName();
}

/** What stands in between can answer with a page of its own, and then nobody knows what was kept. */
function photoOf(answer: unknown, hash: string): Photo {
  const { data: file } = Uploaded.safeParse(answer);
  if (file?.content_hash !== hash) throw new ServiceError('Dropbox', { kind: 'out-of-order' });
  const { id, name, path_display: path, size: sizeBytes, content_hash: contentHash } = file;
  return { id, path, name, sizeBytes, contentHash };
}
