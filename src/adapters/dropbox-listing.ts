import { z } from 'zod';
import { ServiceError } from '#errors.ts';
import { isPictureName, type Photo } from '#post/photo.ts';
import type { DropboxClient } from './dropbox-client.ts';
import { answerAs, isReset } from './dropbox-errors.ts';
import type { Known, ListingFile } from './dropbox-listing-file.ts';

/** Dropbox: list_folder takes 1 to 2000. */
const pageSize = 2000;

const Entry = z.object({
  '.tag': z.string(),
  name: z.string(),
  path_lower: z.string().optional(),
  path_display: z.string().optional(),
  ...{ id: z.string().optional(), size: z.number().optional(), content_hash: z.string().optional() },
});
type Entry = z.infer<typeof Entry>;
const Page = z.object({ entries: z.array(Entry), cursor: z.string(), has_more: z.boolean() });

/** The photos of one folder. After the first time only the changes are asked for, also after a restart. */
export interface Listing {
  /** Parallel callers share one answer. Throws `ServiceError`, and then what was known stays known. */
  list(): Promise<readonly Photo[]>;
  /** Where the last answer stood; undefined: there was none yet. */
  cursor(): string | undefined;
  /** Counts up with every answer that had something new. */
  news(): number;
  /** From now on nothing more is kept on disk; resolves when what was on its way there has arrived. */
  close(): Promise<void>;
}

export function createListing(
  { dropbox, call }: DropboxClient,
  folder: string,
  file: ListingFile | undefined,
): Listing {
  let known: Known | undefined;
  /** What was kept on disk, and was not tried yet. */
  let isUntried = true;
  let news = 0;
  let listing: Promise<readonly Photo[]> | undefined;
  let isClosed = false;
  let keeping: Promise<void> | undefined;

  async function update(): Promise<readonly Photo[]> {
    if (isUntried) known ??= await file?.read();
    const { isNew, ...now } = await readPages(known).catch((error: unknown) => {
      if (known === undefined || !isVoid(error)) throw error;
      return readPages(undefined);
    });
    isUntried = false;
    if (isNew) news += 1;
    known = now;
    if (isNew && !isClosed) {
      keeping = file?.write(now);
      await keeping;
    }
    return Object.values(now.photos);
  }

  /** A cursor from disk can be one that Dropbox does not even understand. */
  function isVoid(error: unknown): boolean {
    if (isReset(error)) return true;
    return isUntried && error instanceof ServiceError && error.problem.kind === 'rejected';
  }

  async function readPages(from: Known | undefined): Promise<Known & { readonly isNew: boolean }> {
    const photos = new Map(Object.entries(from?.photos ?? {}));
    let isNew = from === undefined;
    for (let next = from?.cursor; ; ) {
      const result = await call('ask', () => readPage(next));
      for (const entry of result.entries) note(photos, entry);
      isNew ||= result.entries.length > 0;
      next = result.cursor;
      if (!result.has_more) return { cursor: next, photos: Object.fromEntries(photos), isNew };
    }
  }

  async function readPage(from: string | undefined): Promise<z.infer<typeof Page>> {
    const { result } = await (from === undefined
      ? dropbox.filesListFolder({ path: folder, limit: pageSize })
      : dropbox.filesListFolderContinue({ cursor: from }));
    return answerAs(Page, result);
  }

  return {
    // Dropbox answers parallel listings of one folder with a rate limit, so callers share one.
    list() {
      listing ??= update().finally(() => {
        listing = undefined;
      });
      return listing;
    },
    cursor: () => known?.cursor,
    news: () => news,
    async close() {
      isClosed = true;
      await keeping;
    },
  };
}

/** Of a file nobody has opened yet, only name and size are known: what is no picture by content shows when it is read. */
function note(photos: Map<string, Photo>, entry: Entry): void {
  const path = entry.path_lower ?? entry.name;
  photos.delete(path);
  const { name, id, size: sizeBytes, content_hash: contentHash } = entry;
  if (entry['.tag'] !== 'file' || !isPictureName(name)) return;
  if (id === undefined || sizeBytes === undefined || contentHash === undefined) return;
  photos.set(path, { id, path: entry.path_display ?? path, name, sizeBytes, contentHash });
}
