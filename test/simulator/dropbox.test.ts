import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Dropbox, type DropboxResponseError } from 'dropbox';
import sharp from 'sharp';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type SimulatedDropbox, startDropbox } from '../../src/simulator/dropbox.ts';
import { createFaults } from '../../src/simulator/faults.ts';

const start = new Date('2026-11-22T10:00:00Z').getTime();
const faults = createFaults();
let clock = start;
let folder: string;
let box: SimulatedDropbox;

async function open(): Promise<SimulatedDropbox> {
  return startDropbox({ faults, folder, now: () => new Date(clock), longpollSecondMs: 1 });
}

function client(url = box.url, refreshToken = box.refreshToken): Dropbox {
  return new Dropbox({
    clientId: box.appKey,
    clientSecret: box.appSecret,
    refreshToken,
    fetch: (address: string, init: RequestInit) =>
      fetch(address.replace(/^https:\/\/(api|content|notify)\.dropboxapi\.com/, `${url}/$1`), init),
  });
}

async function failureOf(call: Promise<unknown>): Promise<DropboxResponseError<{ error_summary: string }>> {
  return call.then(
    () => {
      throw new Error('The call succeeded.');
    },
    (error: unknown) => error as DropboxResponseError<{ error_summary: string }>,
  );
}

const summaryOf = async (call: Promise<unknown>): Promise<string> =>
  (await failureOf(call)).error.error_summary;

beforeEach(async () => {
  clock = start;
  faults.clear();
  folder = mkdtempSync(join(tmpdir(), 'simulated-dropbox-'));
  box = await open();
});

afterEach(async () => {
  await box.close();
  rmSync(folder, { recursive: true });
});

describe('listing', () => {
  it('comes in pages whose cursors lead through every file once', async () => {
    for (let number = 0; number < 7; number += 1) box.put(`/In/${number}.jpg`, Buffer.from([number]));
    const dropbox = client();
    let { result } = await dropbox.filesListFolder({ path: '/in', limit: 3 });
    const names = result.entries.map((entry) => entry.name);
    while (result.has_more) {
      ({ result } = await dropbox.filesListFolderContinue({ cursor: result.cursor }));
      names.push(...result.entries.map((entry) => entry.name));
    }
    expect(names).toEqual([0, 1, 2, 3, 4, 5, 6].map((number) => `${number}.jpg`));
  });

  it('then tells what has been added, moved and deleted since the cursor', async () => {
    box.put('/In/a.jpg', Buffer.from('a'));
    box.put('/In/b.jpg', Buffer.from('b'));
    const dropbox = client();
    const { result } = await dropbox.filesListFolder({ path: '/In' });
    box.put('/In/c.jpg', Buffer.from('c'));
    box.remove('/In/a.jpg');
    box.move('/In/b.jpg', '/Out/b.jpg');
    const news = await dropbox.filesListFolderContinue({ cursor: result.cursor });
    expect(news.result.entries.map((entry) => [entry['.tag'], entry.name])).toEqual([
      ['file', 'c.jpg'],
      ['deleted', 'a.jpg'],
      ['deleted', 'b.jpg'],
    ]);
    const more = await dropbox.filesListFolderContinue({ cursor: news.result.cursor });
    expect(more.result.entries).toEqual([]);
  });

  it('goes into folders only when asked to', async () => {
    box.put('/In/Deep/a.jpg', Buffer.from('a'));
    const dropbox = client();
    const flat = await dropbox.filesListFolder({ path: '' });
    const deep = await dropbox.filesListFolder({ path: '', recursive: true });
    expect(flat.result.entries.map((entry) => entry.path_display)).toEqual(['/In']);
    expect(deep.result.entries.map((entry) => entry.path_display)).toEqual([
      '/In',
      '/In/Deep',
      '/In/Deep/a.jpg',
    ]);
  });

  it('refuses "/" as the root, a missing folder and a file', async () => {
    box.put('/a.jpg', Buffer.from('a'));
    const dropbox = client();
    const root = await failureOf(dropbox.filesListFolder({ path: '/' }));
    expect(root.status).toBe(400);
    expect(root.error).toContain('Specify the root folder as an empty string rather than as "/"');
    expect(await summaryOf(dropbox.filesListFolder({ path: '/none' }))).toContain('path/not_found');
    expect(await summaryOf(dropbox.filesListFolder({ path: '/a.jpg' }))).toContain('path/not_folder');
  });

  it('answers reset for a cursor that has become invalid', async () => {
    const dropbox = client();
    const { cursor } = (await dropbox.filesListFolder({ path: '' })).result;
    box.invalidateCursors();
    expect(await summaryOf(dropbox.filesListFolderContinue({ cursor }))).toContain('reset');
    expect((await dropbox.filesListFolder({ path: '' })).status).toBe(200);
  });

  it('lists fifty thousand files without fifty thousand files on disk', async () => {
    box.fill('/Big', 50_000, Buffer.from('picture'));
    const dropbox = client();
    let { result } = await dropbox.filesListFolder({ path: '/Big', limit: 2000 });
    let count = result.entries.length;
    while (result.has_more) {
      ({ result } = await dropbox.filesListFolderContinue({ cursor: result.cursor }));
      count += result.entries.length;
    }
    expect(count).toBe(50_000);
    expect(box.read('/Big/picture-49999.jpg')?.toString()).toBe('picturepicture-49999.jpg');
  });
});

describe('the long poll', () => {
  it('answers when a file changes', async () => {
    const dropbox = client();
    const { cursor } = (await dropbox.filesListFolderGetLatestCursor({ path: '', recursive: true })).result;
    const waiting = dropbox.filesListFolderLongpoll({ cursor, timeout: 480 });
    await expect.poll(() => box.calls.at(-1)?.operation).toBe('files/list_folder/longpoll');
    box.put('/In/a.jpg', Buffer.from('a'));
    expect((await waiting).result.changes).toBe(true);
    expect(box.calls.at(-1)?.headers.authorization).toBeUndefined();
  });

  it('says how long to stay away, when it is told to', async () => {
    const dropbox = client();
    const { cursor } = (await dropbox.filesListFolderGetLatestCursor({ path: '' })).result;
    box.setBackoff(60);
    const quiet = await dropbox.filesListFolderLongpoll({ cursor, timeout: 30 });
    expect(quiet.result).toEqual({ changes: false, backoff: 60 });
    box.put('/a.jpg', Buffer.from('a'));
    const busy = await dropbox.filesListFolderLongpoll({ cursor, timeout: 30 });
    expect(busy.result).toEqual({ changes: true, backoff: 60 });
  });

  it('answers reset when its cursor has become invalid, also while it waits', async () => {
    const dropbox = client();
    const { cursor } = (await dropbox.filesListFolderGetLatestCursor({ path: '' })).result;
    const waiting = failureOf(dropbox.filesListFolderLongpoll({ cursor, timeout: 480 }));
    await expect.poll(() => box.calls.at(-1)?.operation).toBe('files/list_folder/longpoll');
    box.invalidateCursors();
    expect((await waiting).error.error_summary).toContain('reset');
    expect(await summaryOf(dropbox.filesListFolderLongpoll({ cursor, timeout: 30 }))).toContain('reset');
  });

  it('answers without changes at its timeout', async () => {
    const dropbox = client();
    const { cursor } = (await dropbox.filesListFolderGetLatestCursor({ path: '' })).result;
    expect((await dropbox.filesListFolderLongpoll({ cursor, timeout: 30 })).result.changes).toBe(false);
    expect((await failureOf(dropbox.filesListFolderLongpoll({ cursor, timeout: 5 }))).status).toBe(400);
  });
});

describe('reading', () => {
  it('finds a file by path in any case and by id, and hands out its bytes', async () => {
    const { id } = box.put('/In/Über den Wolken ☁.jpg', Buffer.from('bytes'));
    const dropbox = client();
    const byPath = await dropbox.filesGetMetadata({ path: '/in/üBER den wolken ☁.JPG' });
    const byId = await dropbox.filesDownload({ path: id });
    const { fileBinary } = byId.result as typeof byId.result & { fileBinary: Buffer };
    expect(byPath.result).toMatchObject({ '.tag': 'file', id });
    expect(byId.result.name).toBe('Über den Wolken ☁.jpg');
    expect(fileBinary.toString()).toBe('bytes');
    expect(await summaryOf(dropbox.filesDownload({ path: '/none' }))).toBe('path/not_found/..');
  });

  it('hashes the content in blocks of 4 MiB', () => {
    const block = 4 * 1024 * 1024;
    const bytes = Buffer.alloc(block + 10, 7);
    const sha = (part: Buffer): Buffer => createHash('sha256').update(part).digest();
    const expected = sha(Buffer.concat([sha(bytes.subarray(0, block)), sha(bytes.subarray(block))])).toString(
      'hex',
    );
    expect(box.put('/big.bin', bytes).contentHash).toBe(expected);
    expect(box.put('/none.bin', Buffer.alloc(0)).contentHash).toMatch(/^e3b0c442.*b855$/);
  });

  it('gives a temporary link that works for four hours', async () => {
    box.put('/a.jpg', Buffer.from('bytes'));
    const { link } = (await client().filesGetTemporaryLink({ path: '/a.jpg' })).result;
    expect(await (await fetch(link)).text()).toBe('bytes');
    clock += 4 * 60 * 60 * 1000;
    expect((await fetch(link)).status).toBe(410);
  });

  it('makes thumbnails of the formats it knows', async () => {
    const picture = await sharp({ create: { width: 900, height: 600, channels: 3, background: '#456' } })
      .jpeg()
      .toBuffer();
    box.put('/a.jpg', picture);
    box.put('/a.heic', picture);
    box.put('/huge.png', Buffer.alloc(20 * 1024 * 1024 + 1));
    const dropbox = client();
    const thumbnail = (path: string) =>
      dropbox.filesGetThumbnailV2({ resource: { '.tag': 'path', path }, size: { '.tag': 'w640h480' } });
    const { fileBinary } = (await thumbnail('/a.jpg')).result as unknown as { fileBinary: Buffer };
    expect(await sharp(fileBinary).metadata()).toMatchObject({ format: 'jpeg', width: 640, height: 427 });
    expect(await summaryOf(thumbnail('/a.heic'))).toContain('unsupported_extension');
    expect(await summaryOf(thumbnail('/huge.png'))).toContain('unsupported_image');
  });
});

describe('writing', () => {
  it('moves a file, keeps its id and makes the folder', async () => {
    const { id } = box.put('/In/a.jpg', Buffer.from('a'));
    const moved = await client().filesMoveV2({ from_path: id, to_path: '/Out/2026/a.jpg' });
    expect(moved.result.metadata).toMatchObject({ '.tag': 'file', id, path_display: '/Out/2026/a.jpg' });
    expect(box.files().map((file) => file.path)).toEqual(['/Out/2026/a.jpg']);
  });

  it('refuses a taken name, or finds another one', async () => {
    box.put('/In/a.jpg', Buffer.from('new'));
    box.put('/Out/A.jpg', Buffer.from('old'));
    const dropbox = client();
    const paths = { from_path: '/in/a.jpg', to_path: '/Out/a.jpg' };
    const failure = await failureOf(dropbox.filesMoveV2(paths));
    expect(failure.status).toBe(409);
    expect(failure.error).toEqual({
      error_summary: 'to/conflict/file/..',
      error: { '.tag': 'to', to: { '.tag': 'conflict', conflict: { '.tag': 'file' } } },
    });
    const { metadata } = (await dropbox.filesMoveV2({ ...paths, autorename: true })).result;
    expect(metadata.path_display).toBe('/Out/a (1).jpg');
    expect(await summaryOf(dropbox.filesMoveV2(paths))).toBe('from_lookup/not_found/..');
  });

  it('uploads by the rules of its mode', async () => {
    const dropbox = client();
    const path = '/State/state.json';
    const first = (await dropbox.filesUpload({ path, contents: Buffer.from('1') })).result;
    expect(await summaryOf(dropbox.filesUpload({ path, contents: Buffer.from('2') }))).toContain(
      'path/conflict/file',
    );
    const mode = { '.tag': 'update', update: first.rev } as const;
    const second = (await dropbox.filesUpload({ path, mode, contents: Buffer.from('2') })).result;
    expect(second.id).toBe(first.id);
    expect(await summaryOf(dropbox.filesUpload({ path, mode, contents: Buffer.from('3') }))).toContain(
      'conflict',
    );
    const hash = { content_hash: '0'.repeat(64), mode: { '.tag': 'overwrite' } } as const;
    expect(await summaryOf(dropbox.filesUpload({ path, ...hash, contents: Buffer.from('4') }))).toContain(
      'content_hash_mismatch',
    );
    expect(box.read(path)?.toString()).toBe('2');
  });

  it('makes and deletes folders with what is in them', async () => {
    const dropbox = client();
    await dropbox.filesCreateFolderV2({ path: '/Out' });
    expect(await summaryOf(dropbox.filesCreateFolderV2({ path: '/out' }))).toContain('path/conflict/folder');
    box.put('/Out/a.jpg', Buffer.from('a'));
    await dropbox.filesDeleteV2({ path: '/Out' });
    expect(box.files()).toEqual([]);
    expect(await summaryOf(dropbox.filesDeleteV2({ path: '/Out' }))).toContain('path_lookup/not_found');
  });
});

describe('access', () => {
  it('knows the account and echoes the check', async () => {
    const dropbox = client();
    expect((await dropbox.usersGetCurrentAccount()).result.name.display_name).toBe('Mara Lindqvist');
    expect((await dropbox.checkUser({ query: 'hello' })).result.result).toBe('hello');
  });

  it('ends an access token after four hours, and on command', async () => {
    const dropbox = client();
    await dropbox.checkUser({ query: '1' });
    box.expireTokens();
    const failure = await failureOf(dropbox.checkUser({ query: '2' }));
    expect(failure.status).toBe(401);
    expect(failure.error.error_summary).toContain('expired_access_token');
    const later = client();
    await later.checkUser({ query: '3' });
    clock += 4 * 60 * 60 * 1000 + 1;
    expect(await summaryOf(later.checkUser({ query: '4' }))).toContain('expired_access_token');
  });

  it('refuses a wrong refresh token, and every token after a revocation', async () => {
    const wrong = await failureOf(client(box.url, 'wrong').checkUser({ query: '' }));
    expect([wrong.status, wrong.error]).toEqual([400, expect.objectContaining({ error: 'invalid_grant' })]);
    const dropbox = client();
    await dropbox.checkUser({ query: '' });
    box.revoke();
    expect(await summaryOf(dropbox.checkUser({ query: '' }))).toContain('invalid_access_token');
    expect((await failureOf(client().checkUser({ query: '' }))).error).toMatchObject({
      error: 'invalid_grant',
    });
    box.allow();
    expect((await client().checkUser({ query: 'again' })).result.result).toBe('again');
  });
});

describe('trouble', () => {
  it('limits the rate in the words of Dropbox', async () => {
    const dropbox = client();
    await dropbox.checkUser({ query: '' });
    faults.add({
      service: 'dropbox',
      operation: 'files/list_folder',
      fault: { kind: 'rate-limit', retryAfterSeconds: 7 },
      times: 1,
    });
    const failure = await failureOf(dropbox.filesListFolder({ path: '' }));
    expect(failure.status).toBe(429);
    expect(failure.error).toMatchObject({
      error: { reason: { '.tag': 'too_many_requests' }, retry_after: 7 },
    });
    expect((failure.headers as Headers).get('retry-after')).toBe('7');
    expect((await dropbox.filesListFolder({ path: '' })).status).toBe(200);
  });

  it('can move a file and fail to say so', async () => {
    box.put('/In/a.jpg', Buffer.from('a'));
    const dropbox = client();
    faults.add({
      service: 'dropbox',
      operation: 'files/move_v2',
      fault: { kind: 'error', status: 503, afterWork: true },
    });
    const paths = { from_path: '/In/a.jpg', to_path: '/Out/a.jpg' };
    expect((await failureOf(dropbox.filesMoveV2(paths))).status).toBe(503);
    faults.clear();
    expect(await summaryOf(dropbox.filesMoveV2(paths))).toContain('from_lookup/not_found');
    expect(box.files().map((file) => file.path)).toEqual(['/Out/a.jpg']);
  });
});

describe('a restart', () => {
  it('keeps files, ids, cursors and tokens', async () => {
    const { id } = box.put('/In/a.jpg', Buffer.from('a'));
    const before = client();
    const { cursor } = (await before.filesListFolder({ path: '/In' })).result;
    await box.close();
    box = await open();
    const after = client();
    box.put('/In/b.jpg', Buffer.from('b'));
    const news = await after.filesListFolderContinue({ cursor });
    expect(news.result.entries.map((entry) => entry.name)).toEqual(['b.jpg']);
    expect(box.files()[0]?.id).toBe(id);
    expect(box.read('/In/a.jpg')?.toString()).toBe('a');
  });

  it('seeds the samples only the first time', async () => {
    const samples = join(import.meta.dirname, '..', '..', 'data', 'samples');
    const seeded = mkdtempSync(join(tmpdir(), 'simulated-dropbox-'));
    const first = await startDropbox({ faults, folder: seeded, samples });
    expect(first.files()).toHaveLength(8);
    first.remove('/Photos/DSC_0412.jpg');
    await first.close();
    const second = await startDropbox({ faults, folder: seeded, samples });
    expect(second.files()).toHaveLength(7);
    await second.close();
    rmSync(seeded, { recursive: true });
  });
});
