import { createHash } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { contentHash } from '#adapters/dropbox-content.ts';
import { PhotoGone, UnreadablePicture } from '#errors.ts';
import type { Photo } from '#post/photo.ts';
import type { Fault } from '#simulator/faults.ts';
import { untilAsleep } from '../fakes/asleep.ts';
import { oddNames } from '../fakes/odd-names.ts';
import { calls, openDropbox, openWithPhoto, strike } from '../fakes/open-dropbox.ts';
import { ownServer } from '../fakes/own-server.ts';
import { plainJpeg } from '../fakes/plain-pictures.ts';
import { expectNoSecrets, serviceErrorOf } from '../fakes/service-errors.ts';
import { shortenLimits } from '../fakes/short-limits.ts';
import { temporaryFolder } from '../fakes/temporary-folder.ts';

type OpenWithPhoto = Awaited<ReturnType<typeof openWithPhoto>>;

const names = (photos: readonly Photo[]) => photos.map(({ name }) => name).sort();

it('computes the content hash as Dropbox documents it', () => {
  const block = Buffer.alloc(4 * 1024 * 1024, 1);
  const rest = Buffer.from('rest');
  const sha256 = (bytes: Buffer) => createHash('sha256').update(bytes).digest();
  expect(contentHash(Buffer.alloc(0))).toMatch(/^e3b0c442.*b855$/);
  expect(contentHash(Buffer.concat([block, rest]))).toBe(
    sha256(Buffer.concat([sha256(block), sha256(rest)])).toString('hex'),
  );
});

it('lists what can be a picture by its name, also without an ending, but no subfolders and archive', async () => {
  const { service, library } = await openDropbox();
  for (const name of ['a.jpg', 'B.JPEG', 'c.png', 'd.txt', '.e.jpg', 'sub/f.jpg', 'archive/g.jpg', 'IMG_1']) {
    service.put(`/Photos/${name}`, Buffer.from(name));
  }
  service.put('/elsewhere.jpg', Buffer.from('x'));
  expect(names(await library.list())).toEqual(['B.JPEG', 'IMG_1', 'a.jpg', 'c.png']);
});

it('tells everything there is to know about a photo', async () => {
  const { photo, service, bytes } = await openWithPhoto();
  const [file] = service.files();
  expect(photo).toEqual({
    id: file?.id,
    path: '/Photos/Dusk.jpg',
    name: 'Dusk.jpg',
    sizeBytes: bytes.length,
    contentHash: file?.contentHash,
  });
});

it('works in the root of an app folder', async () => {
  const opened = await openWithPhoto({ imageFolder: '' });
  expect(opened.photo.path).toBe('/Dusk.jpg');
  expect(await opened.library.archive(opened.photo)).toBe('/archive/Dusk.jpg');
  expect(await opened.library.list()).toEqual([]);
});

it('reads all pages of a long listing, and then asks for changes only', async () => {
  const { service, library } = await openDropbox();
  service.fill('/Photos', 2500, Buffer.from('x'));
  expect(await library.list()).toHaveLength(2500);
  expect(calls(service, 'files/list_folder/continue')).toBe(1);
  service.put('/Photos/new.jpg', Buffer.from('new'));
  service.remove('/Photos/picture-00001.jpg');
  service.move('/Photos/picture-00002.jpg', '/Photos/renamed.jpg');
  service.put('/Photos/picture-00003.jpg', Buffer.from('other content'));
  const photos = await library.list();
  expect(photos).toHaveLength(2500);
  expect(names(photos)).toEqual(expect.arrayContaining(['new.jpg', 'renamed.jpg']));
  expect(names(photos)).not.toEqual(expect.arrayContaining(['picture-00001.jpg']));
  expect(names(photos)).not.toEqual(expect.arrayContaining(['picture-00002.jpg']));
  const changed = photos.find(({ name }) => name === 'picture-00003.jpg');
  expect(changed?.contentHash).toBe(contentHash(Buffer.from('other content')));
  expect(calls(service, 'files/list_folder')).toBe(1);
  expect(calls(service, 'files/list_folder/continue')).toBe(2);
});

it('begins anew when Dropbox has forgotten where it was', async () => {
  const { service, library } = await openWithPhoto();
  service.remove('/Photos/Dusk.jpg');
  service.put('/Photos/Dawn.jpg', Buffer.from('dawn'));
  service.invalidateCursors();
  expect(names(await library.list())).toEqual(['Dawn.jpg']);
  expect(calls(service, 'files/list_folder')).toBe(2);
});

it('shares one listing among parallel callers', async () => {
  const { service, library } = await openWithPhoto();
  const [first, second] = await Promise.all([library.list(), library.list()]);
  expect(first).toEqual(second);
  expect(calls(service, 'files/list_folder/continue')).toBe(1);
});

it('keeps what it knew when a listing breaks off, and loses no change by it', async () => {
  const opened = await openWithPhoto();
  opened.service.put('/Photos/Dawn.jpg', Buffer.from('dawn'));
  strike(opened, 'files/list_folder/continue', { kind: 'error', status: 400 }, 1);
  await serviceErrorOf(opened.library.list());
  expect(names(await opened.library.list())).toEqual(['Dawn.jpg', 'Dusk.jpg']);
});

it('says that the folder is not there', async () => {
  const { library } = await openDropbox({ imageFolder: '/Nowhere' });
  expect(await serviceErrorOf(library.list())).toMatchObject({ problem: { kind: 'not-found' } });
});

it('gives the bytes of the original, by its id, wherever it was moved', async () => {
  const { service, library, photo, bytes } = await openWithPhoto();
  service.move('/Photos/Dusk.jpg', '/Photos/Evening.jpg');
  expect(await library.read(photo)).toEqual(bytes);
});

it('gives a small JPEG to look at', async () => {
  const { service, library } = await openDropbox();
  service.put('/Photos/large.jpg', await plainJpeg(2400, 1600));
  const [photo] = await library.list();
  if (photo === undefined) throw new Error('No photo was listed');
  const { default: sharp } = await import('sharp');
  expect(await sharp(await library.thumbnail(photo, 'small')).metadata()).toMatchObject({
    format: 'jpeg',
    width: 480,
    height: 320,
  });
});

it('says that a photo is gone when it was removed or became another', async () => {
  const { service, library, photo } = await openWithPhoto();
  service.put('/Photos/Dusk.jpg', Buffer.from('another picture'));
  await expect(library.read(photo)).rejects.toBeInstanceOf(PhotoGone);
  service.remove('/Photos/Dusk.jpg');
  await expect(library.read(photo)).rejects.toBeInstanceOf(PhotoGone);
  await expect(library.thumbnail(photo, 'small')).rejects.toBeInstanceOf(PhotoGone);
});

it('says what has become of a photo', async () => {
  const { service, library, photo, bytes } = await openWithPhoto();
  expect(await library.look(photo)).toBe('there');
  service.move('/Photos/Dusk.jpg', '/Photos/Evening.jpg');
  expect(await library.look(photo)).toBe('there');
  service.put('/Photos/Evening.jpg', Buffer.from('another picture'));
  expect(await library.look(photo)).toBe('edited');
  service.put('/Photos/Evening.jpg', bytes);
  service.move('/Photos/Evening.jpg', '/Elsewhere/Evening.jpg');
  expect(await library.look(photo)).toBe('moved');
  service.remove('/Elsewhere/Evening.jpg');
  expect(await library.look(photo)).toBe('deleted');
});

it('does not say that a photo is gone because Dropbox is', async () => {
  const opened = await openWithPhoto();
  strike(opened, 'files/get_metadata', { kind: 'drop', afterWork: true });
  expect((await serviceErrorOf(opened.library.look(opened.photo))).problem.kind).toBe('unreachable');
});

it('refuses a file of more than 100 MB before it loads a byte', async () => {
  const { service, library, photo } = await openWithPhoto();
  const huge = { ...photo, sizeBytes: 100 * 1024 * 1024 + 1 };
  await expect(library.read(huge)).rejects.toBeInstanceOf(UnreadablePicture);
  expect(calls(service, 'files/download')).toBe(0);
});

it('signs in once for many parallel callers', async () => {
  const { service, photo, start } = await openWithPhoto();
  const fresh = start();
  const before = calls(service, 'oauth2/token');
  await Promise.all(Array.from({ length: 8 }, () => fresh.read(photo)));
  expect(calls(service, 'oauth2/token') - before).toBe(1);
});

it('renews an expired token once for all, and goes on', async () => {
  const { service, library, photo, faults, bytes } = await openWithPhoto();
  faults.setLatency('dropbox', 50, 'oauth2/token');
  service.expireTokens();
  const before = calls(service, 'oauth2/token');
  expect(await Promise.all([1, 2, 3].map(() => library.read(photo)))).toEqual([bytes, bytes, bytes]);
  expect(calls(service, 'oauth2/token') - before).toBe(1);
});

it('does not renew again for a call that was still under way with the old token', async () => {
  const { service, library, photo, faults, bytes } = await openWithPhoto();
  faults.setLatency('dropbox', 200, 'files/get_thumbnail_v2');
  service.expireTokens();
  const before = calls(service, 'oauth2/token');
  const [read, small] = await Promise.all([library.read(photo), library.thumbnail(photo, 'small')]);
  expect(read).toEqual(bytes);
  expect(small.length).toBeGreaterThan(0);
  expect(calls(service, 'files/get_thumbnail_v2')).toBe(2);
  expect(calls(service, 'oauth2/token') - before).toBe(1);
});

it('renews a token that is refused for ever no more than once', async () => {
  const opened = await openWithPhoto();
  strike(opened, 'files/download', { kind: 'error', status: 401 });
  const before = calls(opened.service, 'oauth2/token');
  const error = await serviceErrorOf(opened.library.read(opened.photo));
  expect(error.problem.kind).toBe('signed-out');
  expect(calls(opened.service, 'oauth2/token') - before).toBe(1);
});

it('says that the owner has to sign in again when the app was disconnected', async () => {
  const { service, library, start } = await openWithPhoto();
  service.revoke();
  for (const each of [library, start()]) {
    const error = await serviceErrorOf(each.list());
    expect(error.problem.kind).toBe('signed-out');
    expectNoSecrets(error, service.appSecret, service.refreshToken);
  }
});

// src/adapters/dropbox.ts, toServiceError: Dropbox writes "invalid_client: …", not the bare code.
it('says that the sign-in is wrong when the app secret is', async () => {
  const { library } = await openDropbox({ appSecret: 'a wrong secret' });
  const error = await serviceErrorOf(library.list());
  expect(error.problem.kind).toBe('signed-out');
});

it('waits as long as Dropbox asks for, and goes on', async () => {
  const opened = await openWithPhoto();
  const { clock, service, library, photo, bytes } = opened;
  strike(opened, 'files/download', { kind: 'rate-limit', retryAfterSeconds: 40 }, 1);
  const reading = library.read(photo);
  await untilAsleep(clock);
  clock.advance(39_999);
  expect(clock.sleepers()).toBe(1);
  expect(calls(service, 'files/download')).toBe(1);
  clock.advance(1);
  expect(await reading).toEqual(bytes);
});

it('hands on a wait that is too long to sit out', async () => {
  const opened = await openWithPhoto();
  strike(opened, 'files/download', { kind: 'rate-limit', retryAfterSeconds: 600 });
  const error = await serviceErrorOf(opened.library.read(opened.photo));
  expect(error).toMatchObject({ problem: { kind: 'rate-limited' }, waitMs: 600_000 });
  expect(calls(opened.service, 'files/download')).toBe(1);
});

it('asks for nothing at all while Dropbox wants a break, whoever comes', async () => {
  const opened = await openWithPhoto();
  const { clock, service, library, photo, bytes } = opened;
  strike(opened, 'files/download', { kind: 'rate-limit', retryAfterSeconds: 600 }, 1);
  await serviceErrorOf(library.read(photo));
  clock.advance(200_000);
  const before = service.calls.length;
  for (const asked of [library.list(), library.read(photo), library.thumbnail(photo, 'small')]) {
    const error = await serviceErrorOf(asked);
    expect(error).toMatchObject({ problem: { kind: 'rate-limited' }, waitMs: 400_000 });
  }
  await serviceErrorOf(library.look(photo));
  await serviceErrorOf(library.archive(photo));
  expect(service.calls).toHaveLength(before);
  clock.advance(400_000);
  expect(await library.read(photo)).toEqual(bytes);
});

it('finds the wait in the answer where no header has it', async () => {
  const { start, photo } = await openWithPhoto();
  const { url } = await ownServer(({ path }) =>
    path.endsWith('/token')
      ? { status: 200, body: { access_token: 'sl.u.x', token_type: 'bearer', expires_in: 14_400 } }
      : {
          status: 429,
          body: {
            error_summary: 'too_many_requests/',
            error: { reason: { '.tag': 'too_many_requests' }, retry_after: 600 },
          },
        },
  );
  const error = await serviceErrorOf(start({ endpoint: url }).read(photo));
  expect(error).toMatchObject({ problem: { kind: 'rate-limited' }, waitMs: 600_000 });
});

it('cuts off a download that goes on after the size that was listed', async () => {
  const { start, photo } = await openWithPhoto();
  const cutOff = Promise.withResolvers<void>();
  let sent = 0;
  const endless = createServer((request, response) => {
    if (request.url?.includes('/token')) {
      response.setHeader('content-type', 'application/json');
      response.end(JSON.stringify({ access_token: 'sl.u.x', token_type: 'bearer', expires_in: 14_400 }));
      return;
    }
    response.writeHead(200, { 'dropbox-api-result': '{}' });
    const chunk = Buffer.alloc(64 * 1024);
    response.on('close', cutOff.resolve);
    const more = () => {
      sent += chunk.length;
      if (!response.destroyed) response.write(chunk, () => setImmediate(more));
    };
    more();
  });
  await new Promise<void>((resolve) => endless.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    endless.close();
  });
  const { port } = endless.address() as AddressInfo;
  const reading = start({ endpoint: `http://127.0.0.1:${port}` }).read(photo);
  await expect(reading).rejects.toThrow(PhotoGone);
  await cutOff.promise;
  expect(sent).toBeLessThan(50 * 1024 * 1024);
});

const passing: readonly (readonly [string, Fault])[] = [
  ['an error of the server', { kind: 'error', status: 503 }],
  ['a dropped connection', { kind: 'drop', afterWork: false }],
  ['a short rate limit', { kind: 'rate-limit', retryAfterSeconds: 1 }],
];
it.each(passing)('gets over %s, twice', async (_, fault) => {
  for (const operation of ['files/download', 'oauth2/token']) {
    const opened = await openWithPhoto();
    strike(opened, operation, fault, 2);
    expect(await opened.start().read(opened.photo)).toEqual(opened.bytes);
  }
});

const lasting: readonly (readonly [string, Fault, string])[] = [
  ['errors of the server', { kind: 'error', status: 500 }, 'out-of-order'],
  ['dropped connections', { kind: 'drop', afterWork: true }, 'unreachable'],
  ['silence', { kind: 'hang' }, 'timeout'],
];
it.each(lasting.flatMap((each) => ['files/download', 'oauth2/token'].map((at) => [...each, at] as const)))(
  'names %s, keeps the secrets and gives up: %j as %s at %s',
  async (_, fault, kind, operation) => {
    shortenLimits(500);
    const opened = await openWithPhoto();
    const { service, start, photo } = opened;
    const fresh = start();
    strike(opened, operation, fault);
    const before = calls(service, operation);
    const error = await serviceErrorOf(fresh.read(photo));
    expect(error.problem.kind).toBe(kind);
    expectNoSecrets(error, service.appSecret, service.refreshToken, 'sl.u.');
    expect(calls(service, operation) - before).toBe(3);
  },
);

const askings: readonly (readonly [string, (opened: OpenWithPhoto) => Promise<unknown>])[] = [
  ['files/list_folder', ({ start }) => start({ imageFolder: '' }).list()],
  ['files/list_folder/continue', ({ library }) => library.list()],
  ['files/download', ({ library, photo }) => library.read(photo)],
  ['files/get_thumbnail_v2', ({ library, photo }) => library.thumbnail(photo, 'small')],
  ['files/get_metadata', ({ library, photo }) => library.look(photo)],
  ['files/get_metadata', ({ library, photo }) => library.archive(photo)],
  ['oauth2/token', ({ start }) => start().list()],
];
it.each(askings)('ends an answer of %s that trickles', async (operation, ask) => {
  shortenLimits(300);
  const opened = await openWithPhoto();
  strike(opened, operation, { kind: 'trickle', msPerByte: 50 });
  expect((await serviceErrorOf(ask(opened))).problem.kind).toBe('timeout');
});

it('archives also when the answer to the move trickles', async () => {
  shortenLimits(300);
  const opened = await openWithPhoto();
  strike(opened, 'files/move_v2', { kind: 'trickle', msPerByte: 50 });
  expect(await opened.library.archive(opened.photo)).toBe('/Photos/archive/Dusk.jpg');
  expect(calls(opened.service, 'files/move_v2')).toBe(1);
});

it('does not ask again for what Dropbox refuses', async () => {
  const opened = await openWithPhoto();
  const { service, library, photo } = opened;
  for (const operation of ['files/list_folder/continue', 'files/get_thumbnail_v2', 'files/download']) {
    strike(opened, operation, { kind: 'error', status: 400 });
  }
  expect((await serviceErrorOf(library.list())).problem.kind).toBe('rejected');
  expect((await serviceErrorOf(library.thumbnail(photo, 'small'))).problem.kind).toBe('rejected');
  expect((await serviceErrorOf(library.read(photo))).problem.kind).toBe('rejected');
  expect(calls(service, 'files/list_folder/continue')).toBe(1);
  expect(calls(service, 'files/get_thumbnail_v2')).toBe(1);
  expect(calls(service, 'files/download')).toBe(1);
});

it('reads and archives three hundred odd names, each exactly as it is', async () => {
  const { clock, service, library } = await openDropbox();
  const picture = await plainJpeg(8, 8);
  for (const name of oddNames) service.put(`/Photos/${name}`, Buffer.concat([picture, Buffer.from(name)]));
  const photos = await library.list();
  expect(names(photos)).toEqual([...oddNames].sort());
  for (const photo of photos) {
    // Slow enough for the rate that the policy keeps.
    clock.advance(1_000);
    expect((await library.read(photo)).subarray(picture.length).toString()).toBe(photo.name);
    expect(await library.archive(photo)).toBe(`/Photos/archive/${photo.name}`);
  }
  const archived = service.files().map(({ path }) => path);
  expect(archived.sort()).toEqual(oddNames.map((name) => `/Photos/archive/${name}`).sort());
}, 60_000);

it.each(['list', 'look', 'archive'] as const)(
  'takes a page from something in between for no answer, and not for a folder without the photo: %s',
  async (ask) => {
    const { start, photo } = await openWithPhoto();
    const { url: endpoint } = await ownServer(({ path }) =>
      path.endsWith('/oauth2/token')
        ? { status: 200, body: { access_token: 'sl.new', token_type: 'bearer', expires_in: 14_400 } }
        : { status: 200, headers: { 'content-type': 'text/html' }, body: '<h1>It works!</h1>' },
    );
    const library = start({ endpoint, listingPath: join(await temporaryFolder(), 'listing.json') });
    const { problem } = await serviceErrorOf(ask === 'list' ? library.list() : library[ask](photo));
    expect(problem.kind).toBe('out-of-order');
  },
);
