/** What a path in the tree has in any state. */
export interface Item {
  readonly name: string;
  /** As it was written; `lower` is what counts. */
  readonly path: string;
  readonly lower: string;
  /** The number of the change that brought it into this state. */
  readonly change: number;
}

export interface FileItem extends Item {
  readonly kind: 'file';
  readonly id: string;
  readonly rev: string;
  readonly size: number;
  readonly contentHash: string;
  readonly clientModified: string;
  readonly serverModified: string;
  /** The content hash of the stored bytes it begins with, and the text that follows them. */
  readonly bytes: string;
  readonly tail: string;
}

export interface FolderItem extends Item {
  readonly kind: 'folder';
  readonly id: string;
}

/** What is left of something that was deleted or moved away, for those who follow the changes. */
export interface DeletedItem extends Item {
  readonly kind: 'deleted';
}

export type AnyItem = FileItem | FolderItem | DeletedItem;
