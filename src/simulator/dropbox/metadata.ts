import type { AnyItem, FileItem } from './items.ts';

/** An item as the API shows it. */
export function metadataOf(item: AnyItem, isTagged = true): Record<string, unknown> {
  return {
    ...(isTagged ? { '.tag': item.kind } : {}),
    name: item.name,
    ...place(item),
    ...(item.kind === 'file' ? file(item) : {}),
  };
}

function place(item: AnyItem): object {
  return {
    path_lower: item.lower,
    path_display: item.path,
    ...(item.kind === 'deleted' ? {} : { id: item.id }),
  };
}

function file(item: FileItem): object {
  return {
    client_modified: item.clientModified,
    server_modified: item.serverModified,
    rev: item.rev,
    size: item.size,
    is_downloadable: true,
    content_hash: item.contentHash,
  };
}
