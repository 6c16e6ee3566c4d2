import { expect, it } from 'vitest';
import { PhotoGone } from '#errors.ts';
import type { Fault } from '#simulator/faults.ts';
import { calls, type OpenDropbox, openWithPhoto, strike } from '../fakes/open-dropbox.ts';
import { ownServer } from '../fakes/own-server.ts';
import { serviceErrorOf } from '../fakes/service-errors.ts';

const paths = ({ service }: OpenDropbox) => service.files().map(({ path }) => path);
const move = 'files/move_v2';

it('moves the photo into the archive, which then is not listed', async () => {
  const opened = await openWithPhoto();
  expect(await opened.library.archive(opened.photo)).toBe('/Photos/archive/Dusk.jpg');
  expect(paths(opened)).toEqual(['/Photos/archive/Dusk.jpg']);
  expect(opened.service.read('/Photos/archive/Dusk.jpg')).toEqual(opened.bytes);
  expect(await opened.library.list()).toEqual([]);
});

it('takes a full path for the archive', async () => {
  const opened = await openWithPhoto({ archiveFolder: '/Done' });
  expect(await opened.library.archive(opened.photo)).toBe('/Done/Dusk.jpg');
});

it('does nothing more when it is repeated', async () => {
  const opened = await openWithPhoto();
  await opened.library.archive(opened.photo);
  expect(await opened.start().archive(opened.photo)).toBe('/Photos/archive/Dusk.jpg');
  expect(calls(opened.service, move)).toBe(1);
  expect(paths(opened)).toEqual(['/Photos/archive/Dusk.jpg']);
});

it('moves one photo once for two callers', async () => {
  const opened = await openWithPhoto();
  const { library, photo } = opened;
  const both = await Promise.all([library.archive(photo), library.archive(photo)]);
  expect(both).toEqual(['/Photos/archive/Dusk.jpg', '/Photos/archive/Dusk.jpg']);
  expect(paths(opened)).toEqual(['/Photos/archive/Dusk.jpg']);
});

it('keeps other files of the same name and gives this one a number', async () => {
  const opened = await openWithPhoto();
  opened.service.put('/Photos/archive/Dusk.jpg', Buffer.from('another'));
  opened.service.put('/Photos/archive/dusk (2).JPG', Buffer.from('a third'));
  expect(await opened.library.archive(opened.photo)).toBe('/Photos/archive/Dusk (3).jpg');
  expect(opened.service.read('/Photos/archive/Dusk.jpg')).toEqual(Buffer.from('another'));
  expect(opened.service.read('/Photos/archive/Dusk (2).jpg')).toEqual(Buffer.from('a third'));
  expect(opened.service.read('/Photos/archive/Dusk (3).jpg')).toEqual(opened.bytes);
});

it('gives a number also where a folder has the name', async () => {
  const opened = await openWithPhoto();
  opened.service.put('/Photos/archive/Dusk.jpg/inside.jpg', Buffer.from('x'));
  expect(await opened.library.archive(opened.photo)).toBe('/Photos/archive/Dusk (2).jpg');
});

it('finds the photo under a name that the owner gave it meanwhile', async () => {
  const opened = await openWithPhoto();
  opened.service.move('/Photos/Dusk.jpg', '/Photos/Evening.jpg');
  expect(await opened.library.archive(opened.photo)).toBe('/Photos/archive/Evening.jpg');
});

it('leaves a photo where the owner has moved it by hand', async () => {
  const opened = await openWithPhoto();
  opened.service.move('/Photos/Dusk.jpg', '/Best of/Dusk.jpg');
  expect(await opened.library.archive(opened.photo)).toBe('/Best of/Dusk.jpg');
  expect(paths(opened)).toEqual(['/Best of/Dusk.jpg']);
  expect(calls(opened.service, move)).toBe(0);
});

it('says that the photo is nowhere to be found', async () => {
  const opened = await openWithPhoto();
  opened.service.remove('/Photos/Dusk.jpg');
  expect(await opened.library.archive(opened.photo)).toBeUndefined();
});

it('leaves a photo with another content where it is', async () => {
  const opened = await openWithPhoto();
  opened.service.put('/Photos/Dusk.jpg', Buffer.from('another picture'));
  await expect(opened.library.archive(opened.photo)).rejects.toBeInstanceOf(PhotoGone);
  expect(paths(opened)).toEqual(['/Photos/Dusk.jpg']);
});

const interruptions: readonly (readonly [string, Fault])[] = [
  ['before the move', { kind: 'drop', afterWork: false }],
  ['after the move', { kind: 'drop', afterWork: true }],
  ['with an error after the move', { kind: 'error', status: 500, afterWork: true }],
];
it.each(interruptions)('moves the photo once when it is interrupted %s', async (_, fault) => {
  const opened = await openWithPhoto();
  opened.service.put('/Photos/archive/Dusk.jpg', Buffer.from('another'));
  strike(opened, move, fault, 1);
  expect(await opened.library.archive(opened.photo)).toBe('/Photos/archive/Dusk (2).jpg');
  expect(paths(opened).sort()).toEqual(['/Photos/archive/Dusk (2).jpg', '/Photos/archive/Dusk.jpg']);
});

it('does not ask for a move that was carried out, when its answer was lost', async () => {
  const opened = await openWithPhoto();
  strike(opened, move, { kind: 'drop', afterWork: true }, 1);
  expect(await opened.library.archive(opened.photo)).toBe('/Photos/archive/Dusk.jpg');
  expect(calls(opened.service, move)).toBe(1);
});

it.each(interruptions)('may be asked again after it gave up, interrupted %s', async (_, fault) => {
  const opened = await openWithPhoto();
  strike(opened, move, fault);
  await opened.library.archive(opened.photo).catch(() => undefined);
  opened.faults.clear();
  expect(await opened.library.archive(opened.photo)).toBe('/Photos/archive/Dusk.jpg');
  expect(paths(opened)).toEqual(['/Photos/archive/Dusk.jpg']);
});

it.each(['{}', '[]', '{".tag":"file"}'])('does not take %s for a photo that is gone', async (body) => {
  const { start, photo } = await openWithPhoto();
  const token = { access_token: 'sl.u.x', token_type: 'bearer', expires_in: 14_400 };
  const { url } = await ownServer(({ path }) => ({
    status: 200,
    body: path.endsWith('/token') ? token : body,
  }));
  const library = start({ endpoint: url });
  const calls = [
    () => library.archive(photo),
    () => library.look(photo),
    () => library.list(),
    () => library.read(photo),
  ];
  for (const ask of calls) expect((await serviceErrorOf(ask())).problem.kind).toBe('out-of-order');
});

it.each(['too_many_write_operations/..', 'internal_error/..'])(
  'tries again where Dropbox says %s',
  async (summary) => {
    const { start, photo } = await openWithPhoto();
    const file = {
      '.tag': 'file',
      name: photo.name,
      path_lower: '/photos/dusk.jpg',
      content_hash: photo.contentHash,
    };
    let moves = 0;
    const { url } = await ownServer(({ path }) => {
      if (path.endsWith('/token')) {
        return { status: 200, body: { access_token: 'sl.u.x', token_type: 'bearer', expires_in: 14_400 } };
      }
      if (path.endsWith('/get_metadata')) return { status: 200, body: file };
      moves += 1;
      if (moves === 1) return { status: 409, body: { error_summary: summary, error: {} } };
      return { status: 200, body: { metadata: { ...file, path_display: '/Photos/archive/Dusk.jpg' } } };
    });
    expect(await start({ endpoint: url }).archive(photo)).toBe('/Photos/archive/Dusk.jpg');
    expect(moves).toBe(2);
  },
);
