import { expect, it } from 'vitest';
import type { Fault } from '#simulator/faults.ts';
import { calls, type OpenDropbox, openDropbox, strike } from '../fakes/open-dropbox.ts';
import { ownServer } from '../fakes/own-server.ts';
import { plainJpeg } from '../fakes/plain-pictures.ts';
import { shortenLimits } from '../fakes/short-limits.ts';

const paths = ({ service }: OpenDropbox) => service.files().map(({ path }) => path);
const upload = 'files/upload';
const token = { access_token: 'sl.u.x', token_type: 'bearer', expires_in: 14_400 };

it('puts a picture into the folder, byte for byte, as the listing shows it', async () => {
  const { library, service } = await openDropbox();
  const bytes = await plainJpeg();
  const photo = await library.add('Dusk.jpg', bytes);
  expect(photo.path).toBe('/Photos/Dusk.jpg');
  expect(service.read('/Photos/Dusk.jpg')).toEqual(bytes);
  expect(await library.list()).toEqual([photo]);
  expect(await library.read(photo)).toEqual(bytes);
});

it('puts it into the root where that is the folder', async () => {
  const { library } = await openDropbox({ imageFolder: '' });
  expect(await library.add('Dusk.jpg', await plainJpeg())).toMatchObject({ path: '/Dusk.jpg' });
});

it('makes no second file of the same bytes under the same name, also behind another file', async () => {
  const opened = await openDropbox();
  const { library, start, service } = opened;
  service.put('/Photos/dusk.JPG', Buffer.from('another'));
  const bytes = await plainJpeg();
  const photo = await library.add('Dusk.jpg', bytes);
  expect(photo.name).toBe('Dusk (2).jpg');
  expect(await start().add('Dusk.jpg', bytes)).toEqual(photo);
  expect(await library.add('Dusk.jpg', Buffer.from('a third'))).toMatchObject({ name: 'Dusk (3).jpg' });
  expect(service.read('/Photos/dusk.JPG')).toEqual(Buffer.from('another'));
  expect(paths(opened)).toHaveLength(3);
});

it('keeps it in the folder whatever it is called', async () => {
  const opened = await openDropbox();
  await opened.library.add('../../archive/Dusk.jpg', await plainJpeg());
  expect(paths(opened)).toEqual(['/Photos/archive Dusk.jpg']);
});

const passing: readonly (readonly [string, Fault])[] = [
  ['before the work', { kind: 'drop', afterWork: false }],
  ['after the work', { kind: 'drop', afterWork: true }],
  ['with an error after the work', { kind: 'error', status: 500, afterWork: true }],
  ['with a wait', { kind: 'rate-limit', retryAfterSeconds: 2 }],
];
it.each(passing)('makes one file when it is interrupted %s', async (_, fault) => {
  const opened = await openDropbox();
  strike(opened, upload, fault, 1);
  expect(await opened.library.add('Dusk.jpg', await plainJpeg())).toMatchObject({ name: 'Dusk.jpg' });
  expect(paths(opened)).toEqual(['/Photos/Dusk.jpg']);
  expect(calls(opened.service, upload)).toBe(2);
});

it('ends within its limit when Dropbox hangs', async () => {
  shortenLimits(1000);
  const opened = await openDropbox();
  strike(opened, upload, { kind: 'hang' });
  await expect(opened.library.add('Dusk.jpg', Buffer.from('x'))).rejects.toMatchObject({
    problem: { kind: 'timeout' },
  });
});

it('says which permission is missing', async () => {
  const { library, service } = await openDropbox();
  service.withholdScopes(['files.content.write']);
  await expect(library.add('Dusk.jpg', Buffer.from('x'))).rejects.toMatchObject({
    problem: { kind: 'no-permission' },
  });
});

// dropbox-api-spec, files.stone: UploadError and WriteError.
const refusals: readonly (readonly [string, string, number])[] = [
  ['path/insufficient_space/..', 'rejected', 1],
  ['path/disallowed_name/..', 'rejected', 1],
  ['path/no_write_permission/..', 'no-permission', 1],
  ['path/too_many_write_operations/..', 'rate-limited', 3],
  ['content_hash_mismatch/..', 'out-of-order', 3],
];
it.each(refusals)('tells %s as %s', async (summary, kind, uploads) => {
  const { start } = await openDropbox();
  let asked = 0;
  const { url } = await ownServer(({ path }) => {
    if (path.endsWith('/token')) return { status: 200, body: token };
    asked += 1;
    return { status: 409, body: { error_summary: summary, error: {} } };
  });
  await expect(start({ endpoint: url }).add('a.jpg', Buffer.from('x'))).rejects.toMatchObject({
    problem: { kind, detail: summary },
  });
  expect(asked).toBe(uploads);
});

it('does not believe an answer that is none, and tries again', async () => {
  const { start } = await openDropbox();
  let asked = 0;
  const { url } = await ownServer(({ path }) => {
    if (path.endsWith('/token')) return { status: 200, body: token };
    asked += 1;
    return { status: 200, body: '<html>Log in</html>' };
  });
  await expect(start({ endpoint: url }).add('a.jpg', Buffer.from('x'))).rejects.toMatchObject({
    problem: { kind: 'out-of-order' },
  });
  expect(asked).toBe(3);
});
