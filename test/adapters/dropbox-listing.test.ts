import { readFile, rm, stat, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { expect, it } from 'vitest';
import { connectDropbox } from '#adapters/dropbox-client.ts';
import { createListing } from '#adapters/dropbox-listing.ts';
import { openListingFile } from '#adapters/dropbox-listing-file.ts';
import type { Photo } from '#post/photo.ts';
import { calls, type OpenDropbox, openDropbox, openWithPhoto, strike } from '../fakes/open-dropbox.ts';
import { serviceErrorOf } from '../fakes/service-errors.ts';

const names = (photos: readonly Photo[]) => photos.map(({ name }) => name).sort();
const listed = ({ service }: OpenDropbox) => [
  calls(service, 'files/list_folder'),
  calls(service, 'files/list_folder/continue'),
];

it('lists fifty thousand files by pages once, and after that asks only for what changed, also after a restart', async () => {
  const opened = await openDropbox();
  const { service, library, start } = opened;
  service.fill('/Photos', 50_000, Buffer.from('x'));
  const first = await library.list();
  expect(first).toHaveLength(50_000);
  expect(listed(opened)).toEqual([1, 24]);
  service.put('/Photos/new.jpg', Buffer.from('new'));
  service.remove('/Photos/picture-00001.jpg');
  const again = await start().list();
  expect(again).toHaveLength(50_000);
  expect(names(again)).toContain('new.jpg');
  expect(names(again)).not.toContain('picture-00001.jpg');
  expect(listed(opened)).toEqual([1, 25]);
}, 30_000);

it('keeps a file that only its owner can read', async () => {
  const { listingPath } = await openWithPhoto();
  expect((await stat(listingPath)).mode & 0o777).toBe(0o600);
  expect(await readFile(listingPath, 'utf8')).toContain('Dusk.jpg');
});

it('keeps what changed, too', async () => {
  const opened = await openWithPhoto();
  opened.service.put('/Photos/Dawn.jpg', Buffer.from('dawn'));
  await opened.library.list();
  expect(names(await opened.start().list())).toEqual(['Dawn.jpg', 'Dusk.jpg']);
  expect(calls(opened.service, 'files/list_folder')).toBe(1);
});

it.each([
  ['damaged', (text: string) => text.replace('Dusk.jpg', 'Dawn.jpg')],
  ['cut off', (text: string) => text.slice(0, 100)],
  ['from a newer Darkroom', (text: string) => text.replace(/"schema":\d+/, '"schema":99')],
])('lists anew where what was kept is %s', async (_, spoil) => {
  const opened = await openWithPhoto();
  await writeFile(opened.listingPath, spoil(await readFile(opened.listingPath, 'utf8')));
  expect(names(await opened.start().list())).toEqual(['Dusk.jpg']);
  expect(calls(opened.service, 'files/list_folder')).toBe(2);
  expect(names(await opened.start().list())).toEqual(['Dusk.jpg']);
  expect(calls(opened.service, 'files/list_folder')).toBe(2);
});

it('never takes the listing of another folder', async () => {
  const opened = await openWithPhoto();
  opened.service.put('/Other/Dawn.jpg', Buffer.from('dawn'));
  expect(names(await opened.start({ imageFolder: '/Other' }).list())).toEqual(['Dawn.jpg']);
});

it('lists anew where Dropbox has forgotten the kept cursor meanwhile', async () => {
  const opened = await openWithPhoto();
  opened.service.remove('/Photos/Dusk.jpg');
  opened.service.put('/Photos/Dawn.jpg', Buffer.from('dawn'));
  opened.service.invalidateCursors();
  expect(names(await opened.start().list())).toEqual(['Dawn.jpg']);
  expect(calls(opened.service, 'files/list_folder')).toBe(2);
});

it('lists anew where Dropbox does not understand the kept cursor', async () => {
  const opened = await openWithPhoto();
  const of = /"of":"(\w+)"/.exec(await readFile(opened.listingPath, 'utf8'))?.[1] ?? '';
  await openListingFile(opened.listingPath, of).write({ cursor: 'of another time', photos: {} });
  expect(names(await opened.start().list())).toEqual(['Dusk.jpg']);
});

it('does not list anew because Dropbox is away', async () => {
  const opened = await openWithPhoto();
  strike(opened, 'files/list_folder/continue', { kind: 'error', status: 503 }, 3);
  const library = opened.start();
  expect((await serviceErrorOf(library.list())).problem.kind).toBe('out-of-order');
  expect(names(await library.list())).toEqual(['Dusk.jpg']);
  expect(calls(opened.service, 'files/list_folder')).toBe(1);
});

it('lists also where the disk takes nothing', async () => {
  const opened = await openDropbox();
  await rm(dirname(opened.listingPath), { recursive: true });
  opened.service.put('/Photos/Dusk.jpg', Buffer.from('dusk'));
  expect(names(await opened.library.list())).toEqual(['Dusk.jpg']);
});

it('waits at a stop for what is on its way to the disk, and keeps nothing after it', async () => {
  const { service, clock } = await openWithPhoto();
  const { appKey, appSecret, refreshToken, url: endpoint } = service;
  const arrived = Promise.withResolvers<void>();
  let writes = 0;
  function write(): Promise<void> {
    writes += 1;
    return arrived.promise;
  }
  const client = connectDropbox({ appKey, appSecret, refreshToken, endpoint }, clock);
  const listing = createListing(client, '/Photos', { read: async () => undefined, write });
  const listed = listing.list();
  await expect.poll(() => writes, { interval: 2 }).toBe(1);
  let isClosed = false;
  const closing = listing.close().then(() => {
    isClosed = true;
  });
  await new Promise((resolve) => setImmediate(resolve));
  expect(isClosed).toBe(false);
  arrived.resolve();
  await closing;
  await listed;
  service.put('/Photos/Dawn.jpg', Buffer.from('dawn'));
  expect(names(await listing.list())).toEqual(['Dawn.jpg', 'Dusk.jpg']);
  expect(writes).toBe(1);
});

it('keeps nothing any more when the watch has ended', async () => {
  const opened = await openWithPhoto();
  const { service, library, faults, listingPath } = opened;
  const before = await readFile(listingPath, 'utf8');
  service.put('/Photos/Dawn.jpg', Buffer.from('dawn'));
  faults.setLatency('dropbox', 50, 'files/list_folder/continue');
  const over = new AbortController();
  const watching = library.watch(() => undefined, over.signal);
  await expect.poll(() => calls(service, 'files/list_folder/continue'), { interval: 2 }).toBe(1);
  over.abort();
  await watching;
  expect(names(await library.list())).toEqual(['Dawn.jpg', 'Dusk.jpg']);
  expect(await readFile(listingPath, 'utf8')).toBe(before);
});
