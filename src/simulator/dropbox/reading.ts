import sharp from 'sharp';
import type { SimulatedAnswer, SimulatedRequest } from '#simulator/http.ts';
import { refuse } from './failures.ts';
import type { FileItem, FolderItem } from './items.ts';
import { metadataOf } from './metadata.ts';
import type { Tree } from './tree.ts';

/** Links live four hours, then they answer 410. */
const linkMs = 4 * 60 * 60 * 1000;
/** Dropbox makes no thumbnails of files above 20 MB, and none of HEIC. */
const largestThumbnailSource = 20 * 1024 * 1024;
const thumbnailEndings = /\.(jpe?g|png|tiff?|gif|webp|ppm|bmp)$/i;
const thumbnailSizes = [
  'w32h32',
  'w64h64',
  'w128h128',
  'w256h256',
  'w480h320',
  'w640h480',
  'w960h640',
  'w1024h768',
  'w2048h1536',
];

export function findItem(tree: Tree, path: unknown): FileItem | FolderItem {
  const item = typeof path === 'string' ? tree.find(path) : undefined;
  if (item === undefined) throw refuse('path/not_found');
  return item;
}

function findFile(tree: Tree, path: unknown): FileItem {
  const item = findItem(tree, path);
  if (item.kind === 'folder') throw refuse('path/not_file');
  return item;
}

export function download(tree: Tree, path: unknown, request: SimulatedRequest): SimulatedAnswer {
  const file = findFile(tree, path);
  const result = { 'dropbox-api-result': headerJson(metadataOf(file, false)), etag: `W/"${file.rev}"` };
  return ranged(tree.bytesOf(file), request, { ...result, 'original-content-length': String(file.size) });
}

export function temporaryLink(
  tree: Tree,
  path: unknown,
  place: { readonly url: string; readonly now: Date },
): object {
  const file = findFile(tree, path);
  const ticket = Buffer.from(JSON.stringify([file.rev, place.now.getTime() + linkMs])).toString('base64url');
  return { metadata: metadataOf(file, false), link: `${place.url}/content/link/${ticket}/file` };
}

/** What lies behind a temporary link. */
export function followLink(tree: Tree, request: SimulatedRequest, now: Date): SimulatedAnswer {
  const [rev, until] = readTicket(request.path.split('/')[3] ?? '');
  const file = tree.find(`rev:${rev}`);
  if (file?.kind !== 'file') return { status: 404, body: 'Not Found' };
  if (until <= now.getTime()) return { status: 410, body: 'Gone' };
  return ranged(tree.bytesOf(file), request, {});
}

function readTicket(ticket: string): readonly [string, number] {
  try {
    const [rev, until] = JSON.parse(Buffer.from(ticket, 'base64url').toString()) as unknown[];
    return [String(rev), Number(until)];
  } catch {
    // Not one of ours.
    return ['', 0];
  }
}

function ranged(bytes: Buffer, request: SimulatedRequest, headers: Record<string, string>): SimulatedAnswer {
  const plain = { ...headers, 'content-type': 'application/octet-stream', 'accept-ranges': 'bytes' };
  const range = /^bytes=(\d+)-(\d*)$/.exec(request.headers.range ?? '');
  if (range === null) return { status: 200, headers: plain, body: bytes };
  const first = Number(range[1]);
  const last = range[2] === '' ? bytes.length - 1 : Math.min(Number(range[2]), bytes.length - 1);
  if (first > last) return { status: 416, headers: { 'content-range': `bytes */${bytes.length}` }, body: '' };
  const content = { 'content-range': `bytes ${first}-${last}/${bytes.length}` };
  return { status: 206, headers: { ...plain, ...content }, body: bytes.subarray(first, last + 1) };
}

interface ThumbnailArgument {
  readonly resource?: { readonly '.tag'?: string; readonly path?: string };
  readonly format?: string | { readonly '.tag'?: string };
  readonly size?: string | { readonly '.tag'?: string };
  readonly mode?: string | { readonly '.tag'?: string };
}

export async function thumbnail(tree: Tree, given: ThumbnailArgument): Promise<SimulatedAnswer> {
  const file = findFile(tree, given.resource?.path);
  if (!thumbnailEndings.test(file.name)) throw refuse('unsupported_extension');
  if (file.size > largestThumbnailSource) throw refuse('unsupported_image');
  const size = tagOf(given.size, 'w64h64');
  if (!thumbnailSizes.includes(size)) throw refuse('other');
  const [width = 64, height = 64] = (size.match(/\d+/g) ?? []).map(Number);
  const { format, type } = formatOf(tagOf(given.format, 'jpeg'));
  const source = tree.bytesOf(file);
  try {
    const { autoOrient: upright } = await sharp(source).metadata();
    const isTall = upright.height > upright.width;
    const mode = tagOf(given.mode, 'strict');
    const [boxWidth, boxHeight] = mode !== 'strict' && isTall ? [height, width] : [width, height];
    const fit = mode === 'fitone_bestfit' ? 'outside' : 'inside';
    const bytes = await sharp(source)
      .autoOrient()
      .resize(boxWidth, boxHeight, { fit, withoutEnlargement: true })
      .toFormat(format)
      .toBuffer();
    const result = headerJson({ file_metadata: metadataOf(file, false) });
    return { status: 200, headers: { 'content-type': type, 'dropbox-api-result': result }, body: bytes };
  } catch {
    throw refuse('conversion_error');
  }
}

function formatOf(tag: string): { readonly format: 'jpeg' | 'png' | 'webp'; readonly type: string } {
  const format = tag === 'png' || tag === 'webp' ? tag : 'jpeg';
  return { format, type: `image/${format}` };
}

function tagOf(value: string | { readonly '.tag'?: string } | undefined, usual: string): string {
  return (typeof value === 'string' ? value : value?.['.tag']) ?? usual;
}

/** JSON for a header: everything outside printable ASCII as \uXXXX. */
function headerJson(value: object): string {
  return JSON.stringify(value).replace(
    /[\u007f-\uffff]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
