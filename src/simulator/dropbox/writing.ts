import { contentHash } from './content-hash.ts';
import { refuse, refuseInput, refuseUpload } from './failures.ts';
import type { FileItem, FolderItem } from './items.ts';
import { metadataOf } from './metadata.ts';
import type { Tree } from './tree.ts';

interface WriteArgument {
  readonly path?: unknown;
  readonly from_path?: unknown;
  readonly to_path?: unknown;
  readonly autorename?: boolean;
  readonly strict_conflict?: boolean;
  readonly mode?: string | { readonly '.tag'?: string; readonly update?: string };
  readonly content_hash?: string;
  readonly client_modified?: string;
  readonly parent_rev?: string;
}

/** Files of more than 150 MiB need an upload session. */
const largestUpload = 150 * 1024 * 1024;

export function move(tree: Tree, given: WriteArgument): object {
  const from = String(given.from_path);
  const to = writable('files/move_v2', 'to_path', given.to_path);
  const source = tree.find(from);
  if (source === undefined) throw refuse('from_lookup/not_found');
  // Renaming that changes only the case is accepted and does nothing.
  if (source.lower === to.toLowerCase()) return { metadata: metadataOf(source) };
  if (to.toLowerCase().startsWith(`${source.lower}/`)) {
    throw refuse(source.kind === 'folder' ? 'cant_move_folder_into_itself' : 'to/conflict/file_ancestor');
  }
  const target = freeTarget(tree, to, given.autorename ?? false, (reason) => refuse(`to/${reason}`));
  const moved = tree.move(source.path, target);
  return { metadata: metadataOf(moved ?? source) };
}

export function createFolder(tree: Tree, given: WriteArgument): object {
  const path = writable('files/create_folder_v2', 'path', given.path);
  const target = freeTarget(tree, path, given.autorename ?? false, (reason) => refuse(`path/${reason}`));
  return { metadata: metadataOf(tree.makeFolder(target), false) };
}

export function remove(tree: Tree, given: WriteArgument): object {
  const found = tree.find(String(given.path));
  if (found === undefined) throw refuse('path_lookup/not_found');
  if (given.parent_rev !== undefined && found.kind === 'file' && found.rev !== given.parent_rev) {
    throw refuse('path_write/conflict/file');
  }
  tree.remove(found.path);
  return { metadata: metadataOf(found) };
}

export function upload(tree: Tree, given: WriteArgument, bytes: Buffer): object {
  const path = writable('files/upload', 'path', given.path);
  if (bytes.length > largestUpload) throw refuse('payload_too_large');
  if (given.content_hash !== undefined && given.content_hash !== contentHash(bytes)) {
    throw refuse('content_hash_mismatch');
  }
  const mode = typeof given.mode === 'string' ? { '.tag': given.mode } : (given.mode ?? {});
  const existing = tree.find(path);
  const isSame = existing?.kind === 'file' && existing.contentHash === contentHash(bytes);
  if (mode['.tag'] === 'overwrite' && existing?.kind === 'file')
    return stored(tree, existing.path, given, bytes);
  if (mode['.tag'] === 'update' && existing?.kind === 'file' && existing.rev === mode.update) {
    return stored(tree, existing.path, given, bytes);
  }
  // Without strict_conflict the same bytes again are no conflict.
  if (existing?.kind === 'file' && isSame && given.strict_conflict !== true)
    return metadataOf(existing, false);
  if (existing === undefined && mode['.tag'] === 'update' && given.strict_conflict === true) {
    throw refuseUpload('conflict/file');
  }
  const target = freeTarget(tree, path, given.autorename ?? false, refuseUpload);
  return stored(tree, target, given, bytes);
}

function stored(tree: Tree, path: string, given: WriteArgument, bytes: Buffer): object {
  return metadataOf(tree.put(path, bytes, given.client_modified), false);
}

function freeTarget(
  tree: Tree,
  path: string,
  autorename: boolean,
  refuseWith: (reason: string) => object,
): string {
  for (let cut = path.lastIndexOf('/'); cut > 0; cut = path.lastIndexOf('/', cut - 1)) {
    if (tree.find(path.slice(0, cut))?.kind === 'file') throw refuseWith('conflict/file_ancestor');
  }
  const existing: FileItem | FolderItem | undefined = tree.find(path);
  if (existing === undefined) return path;
  if (!autorename) throw refuseWith(`conflict/${existing.kind}`);
  return tree.freePath(path);
}

function writable(operation: string, name: string, path: unknown): string {
  if (typeof path !== 'string' || !path.startsWith('/')) {
    const pattern = "'(/(.|[\\r\\n])*)|(ns:[0-9]+(/.*)?)|(id:.*)'";
    throw refuseInput(operation, `request body: ${name}: '${String(path)}' did not match pattern ${pattern}`);
  }
  if (path.length < 2 || path.endsWith('/') || path.includes('//')) {
    throw operation === 'files/move_v2' ? refuse('to/malformed_path') : refuse('path/malformed_path');
  }
  return path;
}
