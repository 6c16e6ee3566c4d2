import { randomUUID } from 'node:crypto';
import type { Check } from '#ports/check.ts';
import type { DropboxClient } from './dropbox-client.ts';
import { toServiceError } from './dropbox-errors.ts';

/**
 * Looks into the image folder, and tries what reading and moving need on a path where nothing is: each permission is
 * told by its own call. All that are missing are named at once.
 */
export async function checkDropbox({ dropbox, call }: DropboxClient, folder: string): Promise<Check> {
  const nowhere = `/${randomUUID()}`;
  // What each of these calls needs, and that it needs nothing else, is in dropbox-api-spec.
  const calls: Readonly<Record<string, () => Promise<unknown>>> = {
    'files.metadata.read': () => dropbox.filesListFolder({ path: folder, limit: 1 }),
    'files.content.read': () => dropbox.filesGetTemporaryLink({ path: nowhere }),
    'files.content.write': () => dropbox.filesMoveV2({ from_path: nowhere, to_path: `${nowhere}-2` }),
  };
  const found = await Promise.all(
    Object.entries(calls).map(async ([scope, request]) => {
      const problem = await call('ask', request, 'check').then(
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
