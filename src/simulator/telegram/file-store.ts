import { randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import sharp from 'sharp';
import { openDisk } from '#simulator/disk.ts';
import type { Upload } from './params.ts';
import { badRequest } from './refusal.ts';
import type { WireDocument, WirePhotoSize } from './wire.ts';

/** What the service holds under one file id. */
export interface StoredFile {
  /** `photos/file_0.jpg`: where `/file/bot<token>/` serves it. */
  readonly path: string;
  readonly uniqueId: string;
  readonly bytes: number;
  /** All sizes of the picture, smallest first, for each of its file ids. */
  readonly photo?: readonly WirePhotoSize[];
  readonly document?: WireDocument;
}

/** The service's files. File ids stay valid for ever, across restarts too. */
export interface FileStore {
  /** Takes a picture in as the service does: checked, scaled to its sizes, recompressed as JPEG. */
  addPhoto(upload: Upload): Promise<readonly WirePhotoSize[]>;
  /** Does beforehand what takes long of `addPhoto`. */
  prepare(upload: Upload): Promise<unknown>;
  addDocument(upload: Upload, mime?: string): WireDocument;
  find(fileId: string): StoredFile | undefined;
  read(fileId: string): Buffer | undefined;
  readPath(path: string): Buffer | undefined;
}

/** core.telegram.org/api/files: s 100, m 320, x 800, y 1280, w 2560, each the longer edge. */
const boxes = [100, 320, 800, 1280, 2560];
const largestPhoto = 10 * 1024 * 1024;
const photoFormats = new Set(['jpeg', 'png', 'webp', 'gif']);
const mimeTypes: Readonly<Record<string, string>> = {
  '.jpg': 'image/jpeg',
  '.jpeg': 'image/jpeg',
  '.png': 'image/png',
  '.webp': 'image/webp',
  '.tif': 'image/tiff',
  '.tiff': 'image/tiff',
  '.gif': 'image/gif',
  '.pdf': 'application/pdf',
  '.zip': 'application/zip',
  '.txt': 'text/plain',
  '.json': 'application/json',
};

export function createFileStore(folder: string): FileStore {
  const disk = openDisk<Record<string, StoredFile>>(folder, 'files');
  const index = new Map(Object.entries(disk.read() ?? {}));
  mkdirSync(join(folder, 'photos'), { recursive: true });
  mkdirSync(join(folder, 'documents'), { recursive: true });

  function keep(fileId: string, file: StoredFile, bytes: Buffer): void {
    writeFileSync(join(folder, file.path), bytes);
    index.set(fileId, file);
  }

  function readPath(path: string): Buffer | undefined {
    const isKnown = [...index.values()].some((each) => each.path === path);
    return isKnown ? readFileSync(join(folder, path)) : undefined;
  }

  const ready = new WeakMap<Upload, Promise<readonly Scaled[]>>();
  function sizesOf(upload: Upload): Promise<readonly Scaled[]> {
    const sizes = ready.get(upload) ?? scaled(upload.bytes);
    ready.set(upload, sizes);
    return sizes;
  }

  return {
    prepare: sizesOf,
    async addPhoto(upload) {
      const sizes = await sizesOf(upload);
      const photo = sizes.map(({ data, width, height }) => ({
        file_id: newId('AgACAgIAAxkBAAI', 66),
        file_unique_id: newId('AQAD', 12),
        width,
        height,
        file_size: data.length,
      }));
      for (const [at, { data }] of sizes.entries()) {
        const size = photo[at];
        if (size === undefined) continue;
        const path = `photos/file_${index.size}.jpg`;
        keep(size.file_id, { path, uniqueId: size.file_unique_id, bytes: data.length, photo }, data);
      }
      disk.write(Object.fromEntries(index));
      return photo;
    },
    addDocument(upload, mime) {
      if (upload.bytes.length === 0) throw badRequest('file must be non-empty');
      const extension = extname(upload.name).toLowerCase();
      const document = {
        file_id: newId('BQACAgIAAxkBAAI', 56),
        file_unique_id: newId('AgAD', 12),
        file_name: upload.name,
        mime_type: mime ?? mimeTypes[extension] ?? 'application/octet-stream',
        file_size: upload.bytes.length,
      };
      const path = `documents/file_${index.size}${/^\.\w{1,8}$/.test(extension) ? extension : ''}`;
      const stored = { path, uniqueId: document.file_unique_id, bytes: document.file_size, document };
      keep(document.file_id, stored, upload.bytes);
      disk.write(Object.fromEntries(index));
      return document;
    },
    find: (fileId) => index.get(fileId),
    read(fileId) {
      const file = index.get(fileId);
      return file === undefined ? undefined : readPath(file.path);
    },
    readPath,
  };
}

interface Scaled {
  readonly data: Buffer;
  readonly width: number;
  readonly height: number;
}

async function scaled(bytes: Buffer): Promise<readonly Scaled[]> {
  if (bytes.length === 0) throw badRequest('file must be non-empty');
  if (bytes.length > largestPhoto) {
    throw badRequest(
      `file of size ${bytes.length} bytes is too big for a photo; the maximum size is ${largestPhoto} bytes`,
    );
  }
  const { width, height } = await measured(bytes);
  // Bot API, sendPhoto: width and height must not exceed 10000 in total, ratio at most 20.
  const isTooThin = Math.max(width, height) > 20 * Math.min(width, height);
  if (width + height > 10_000 || isTooThin) throw badRequest('PHOTO_INVALID_DIMENSIONS');
  const edge = Math.max(width, height);
  try {
    const largest = await resized(bytes, 2560);
    const smaller = boxes.filter((box) => box < Math.min(edge, 2560));
    return [...(await Promise.all(smaller.map((box) => resized(largest.data, box)))), largest];
  } catch {
    throw badRequest('IMAGE_PROCESS_FAILED');
  }
}

async function measured(bytes: Buffer): Promise<{ readonly width: number; readonly height: number }> {
  const found = await sharp(bytes)
    .metadata()
    .catch(() => undefined);
  if (found === undefined || !photoFormats.has(found.format)) throw badRequest('IMAGE_PROCESS_FAILED');
  return { width: found.width, height: found.height };
}

async function resized(bytes: Buffer, box: number): Promise<Scaled> {
  const { data, info } = await sharp(bytes)
    .autoOrient()
    .resize(box, box, { fit: 'inside', withoutEnlargement: true })
    .flatten({ background: '#ffffff' })
    .jpeg({ quality: 82 })
    .toBuffer({ resolveWithObject: true });
  return { data, width: info.width, height: info.height };
}

function newId(prefix: string, length: number): string {
  return prefix + randomBytes(length).toString('base64url').slice(0, length);
}
