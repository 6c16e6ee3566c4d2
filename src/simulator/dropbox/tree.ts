import { randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openDisk } from '#simulator/disk.ts';
import { contentHash } from './content-hash.ts';
import type { AnyItem, FileItem, FolderItem, Item } from './items.ts';

interface Saved {
  readonly changes: number;
  /** Cursors from before this number are void. */
  readonly era: number;
  readonly items: readonly AnyItem[];
  readonly pastRevisions: readonly FileItem[];
}

/** The files and folders of one account. Paths are absolute, begin with a slash and know no case. */
export interface Tree {
  /** By path, `id:...` or `rev:...` (the last also for revisions that have been replaced). */
  find(ref: string): FileItem | FolderItem | undefined;
  /** Everything that is or was there, in the order of the paths in lower case. */
  all(): readonly AnyItem[];
  bytesOf(file: FileItem): Buffer;
  /** Creates or overwrites; missing folders are made; an overwritten file keeps its id. */
  put(path: string, bytes: Buffer, clientModified?: string): FileItem;
  makeFolder(path: string): FolderItem;
  /** With everything in it. Nothing happens when it is not there. */
  remove(path: string): void;
  /** With everything in it; ids stay. The target must be free. */
  move(from: string, to: string): FileItem | FolderItem | undefined;
  /** The first free one of `name.jpg`, `name (1).jpg`, `name (2).jpg` ... */
  freePath(path: string): string;
  /** `count` files `picture-00001.jpg` ... that share the bytes of `base`, each made different by its end. */
  fill(folder: string, count: number, base: Buffer): void;
  changes(): number;
  era(): number;
  nextEra(): void;
  onChange(listener: () => void): () => void;
}

/** Opens the tree in `folder`; `seed` is called once, when the folder is new. */
export function openTree(folder: string, now: () => Date, seed: (tree: Tree) => void): Tree {
  const disk = openDisk<Saved>(folder, 'index');
  const blobs = join(folder, 'bytes');
  mkdirSync(blobs, { recursive: true });
  const saved = disk.read();
  const items = new Map((saved?.items ?? []).map((item) => [item.lower, item]));
  const byId = new Map<string, FileItem | FolderItem>();
  for (const item of items.values()) if (item.kind !== 'deleted') byId.set(item.id, item);
  const pastRevisions = [...(saved?.pastRevisions ?? [])];
  const listeners = new Set<() => void>();
  let changes = saved?.changes ?? 0;
  let era = saved?.era ?? 1;
  // Sorted once per change, not for each page of a long listing.
  let sorted: { at: number; items: readonly AnyItem[] } = { at: -1, items: [] };

  function save(): void {
    disk.write({ changes, era, items: [...items.values()], pastRevisions });
    for (const listener of [...listeners]) listener();
  }

  function set(item: AnyItem): void {
    const before = items.get(item.lower);
    if (before?.kind === 'file') pastRevisions.push(before);
    if (before !== undefined && before.kind !== 'deleted') byId.delete(before.id);
    items.set(item.lower, item);
    if (item.kind !== 'deleted') byId.set(item.id, item);
  }

  function place(path: string): Item {
    changes += 1;
    const cut = path.lastIndexOf('/');
    const name = path.slice(cut + 1);
    const parent = path.slice(0, cut);
    const above = parent === '' ? undefined : items.get(parent.toLowerCase());
    // An existing folder gives its spelling to what comes into it.
    const shown = above === undefined ? path : `${above.path}/${name}`;
    return { name, path: shown, lower: path.toLowerCase(), change: changes };
  }

  function makeParents(path: string): void {
    const parent = path.slice(0, path.lastIndexOf('/'));
    if (parent !== '' && items.get(parent.toLowerCase())?.kind !== 'folder') addFolder(parent);
  }

  function addFolder(path: string, id = newId()): FolderItem {
    makeParents(path);
    const folderItem: FolderItem = { kind: 'folder', id, ...place(path) };
    set(folderItem);
    return folderItem;
  }

  function bury(lower: string): void {
    const item = items.get(lower);
    if (item === undefined || item.kind === 'deleted') return;
    changes += 1;
    set({ kind: 'deleted', name: item.name, path: item.path, lower, change: changes });
  }

  function within(path: string): (FileItem | FolderItem)[] {
    const lower = path.toLowerCase();
    return [...items.values()].filter(
      (item) => item.kind !== 'deleted' && (item.lower === lower || item.lower.startsWith(`${lower}/`)),
    ) as (FileItem | FolderItem)[];
  }

  function store(bytes: Buffer): string {
    const hash = contentHash(bytes);
    writeFileSync(join(blobs, hash), bytes);
    return hash;
  }

  const revision = (): string => `0165${changes.toString(16).padStart(12, '0')}`;

  const tree: Tree = {
    find(ref) {
      if (ref.startsWith('id:')) return byId.get(ref);
      if (ref.startsWith('rev:')) {
        const rev = ref.slice(4);
        const current = [...items.values()].find((item) => item.kind === 'file' && item.rev === rev);
        return (current as FileItem | undefined) ?? pastRevisions.find((file) => file.rev === rev);
      }
      const item = items.get(ref.toLowerCase());
      return item === undefined || item.kind === 'deleted' ? undefined : item;
    },
    all() {
      if (sorted.at !== changes) {
        sorted = { at: changes, items: [...items.values()].sort((a, b) => (a.lower < b.lower ? -1 : 1)) };
      }
      return sorted.items;
    },
    bytesOf(file) {
      const bytes = readFileSync(join(blobs, file.bytes));
      return file.tail === '' ? bytes : Buffer.concat([bytes, Buffer.from(file.tail)]);
    },
    put(path, bytes, clientModified) {
      makeParents(path);
      const before = items.get(path.toLowerCase());
      const hash = store(bytes);
      const stamp = timestamp(now());
      const placed = place(path);
      const file: FileItem = {
        kind: 'file',
        id: before?.kind === 'file' ? before.id : newId(),
        ...placed,
        ...(before?.kind === 'file' ? { name: before.name, path: before.path } : {}),
        rev: revision(),
        size: bytes.length,
        contentHash: hash,
        clientModified: clientModified ?? stamp,
        serverModified: stamp,
        bytes: hash,
        tail: '',
      };
      set(file);
      save();
      return file;
    },
    makeFolder(path) {
      const made = addFolder(path);
      save();
      return made;
    },
    remove(path) {
      const gone = within(path);
      for (const item of gone) bury(item.lower);
      if (gone.length > 0) save();
    },
    move(from, to) {
      const moving = within(from);
      if (moving.length === 0) return undefined;
      makeParents(to);
      // A parent of the target may be new by now, so places are taken one after the other.
      for (const item of moving) bury(item.lower);
      for (const item of moving.sort((a, b) => a.lower.length - b.lower.length)) {
        const placed = place(`${to}${item.path.slice(from.length)}`);
        const rev = revision();
        set(item.kind === 'file' ? { ...item, ...placed, rev } : { ...item, ...placed });
      }
      save();
      return tree.find(to);
    },
    freePath(path) {
      if (tree.find(path) === undefined) return path;
      const [, stem = path, ending = ''] = /^(.*?)(\.[^./]*)?$/s.exec(path) ?? [];
      for (let number = 1; ; number += 1) {
        const candidate = `${stem} (${number})${ending}`;
        if (tree.find(candidate) === undefined) return candidate;
      }
    },
    fill(path, count, base) {
      if (tree.find(path) === undefined) addFolder(path);
      const bytes = store(base);
      const stamp = timestamp(now());
      for (let number = 1; number <= count; number += 1) {
        const placed = place(`${path}/picture-${String(number).padStart(5, '0')}.jpg`);
        const tail = placed.name;
        set({
          kind: 'file',
          id: newId(),
          ...placed,
          rev: revision(),
          size: base.length + tail.length,
          contentHash: contentHash(Buffer.concat([base, Buffer.from(tail)])),
          clientModified: stamp,
          serverModified: stamp,
          bytes,
          tail,
        });
      }
      save();
    },
    changes: () => changes,
    era: () => era,
    nextEra() {
      era += 1;
      save();
    },
    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
  if (saved === undefined) {
    seed(tree);
    save();
  }
  return tree;
}

/** Dropbox writes times in UTC without fractions of a second. */
function timestamp(date: Date): string {
  return `${date.toISOString().slice(0, 19)}Z`;
}

function newId(): string {
  return `id:${randomBytes(16).toString('base64url')}`;
}
