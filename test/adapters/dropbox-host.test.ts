import { expect, it } from 'vitest';
import { createDropboxHost } from '#adapters/dropbox-host.ts';
import { ServiceError } from '#errors.ts';
import type { Fault } from '#simulator/faults.ts';
import { calls, openDropbox, strike } from '../fakes/open-dropbox.ts';
import { plainJpeg } from '../fakes/plain-pictures.ts';
import { shortenLimits } from '../fakes/short-limits.ts';

async function openHost() {
  // The whole app folder is the library here, so that the outbox lies inside it.
  const opened = await openDropbox({ imageFolder: '' });
  const { appKey, appSecret, refreshToken, url: endpoint } = opened.service;
  const start = () => createDropboxHost({ appKey, appSecret, refreshToken, endpoint });
  return { ...opened, startHost: start, host: start(), picture: await plainJpeg() };
}

const paths = ({ service }: Awaited<ReturnType<typeof openHost>>) => service.files().map(({ path }) => path);

it('puts a picture where it can be fetched without signing in, until it is removed', async () => {
  const opened = await openHost();
  const hosted = await opened.host(opened.picture, 'abc.jpg');
  expect(Buffer.from(await (await fetch(hosted.url)).arrayBuffer())).toEqual(opened.picture);
  expect(paths(opened)).toEqual(['/.darkroom-outbox/abc.jpg']);
  await hosted.remove();
  await hosted.remove();
  expect(paths(opened)).toEqual([]);
});

it('is no photo of the library, although it lies inside its folder', async () => {
  const { host, library, service, picture } = await openHost();
  service.put('/Dusk.jpg', picture);
  await library.list();
  await host(picture, 'abc.jpg');
  expect((await library.list()).map(({ name }) => name)).toEqual(['Dusk.jpg']);
});

it('removes at its next use what an earlier one has left, and nothing that is in use', async () => {
  const opened = await openHost();
  await opened.host(opened.picture, 'left.jpg');
  const host = opened.startHost();
  const [first, second] = await Promise.all([
    host(opened.picture, 'first.jpg'),
    host(opened.picture, 'second.jpg'),
  ]);
  await first.remove();
  expect(paths(opened)).toEqual(['/.darkroom-outbox/second.jpg']);
  await second.remove();
  expect(paths(opened)).toEqual([]);
});

it('may be asked for the same picture again', async () => {
  const opened = await openHost();
  await opened.host(opened.picture, 'abc.jpg');
  const { url } = await opened.host(await plainJpeg(320, 320), 'abc.jpg');
  expect((await (await fetch(url)).arrayBuffer()).byteLength).not.toBe(opened.picture.length);
  expect(paths(opened)).toHaveLength(1);
});

const losses: readonly (readonly [string, Fault, string])[] = [
  ['oauth2/token', { kind: 'error', status: 500 }, 'out-of-order'],
  ['files/upload', { kind: 'drop', afterWork: true }, 'unreachable'],
  ['files/upload', { kind: 'rate-limit', retryAfterSeconds: 5 }, 'rate-limited'],
  ['files/get_temporary_link', { kind: 'hang' }, 'timeout'],
];
it.each(losses)('says what is wrong when %s meets %j', async (operation, fault, kind) => {
  const opened = await openHost();
  shortenLimits(100);
  strike(opened, operation, fault);
  const failure = await opened.host(opened.picture, 'abc.jpg').catch((error: unknown) => error);
  expect(failure).toBeInstanceOf(ServiceError);
  expect(failure).toMatchObject({ service: 'Dropbox', problem: { kind } });
  expect(calls(opened.service, operation)).toBe(1);
});

it('removes what it could not hand out at its next use', async () => {
  const opened = await openHost();
  strike(opened, 'files/get_temporary_link', { kind: 'error', status: 500 }, 1);
  await expect(opened.host(opened.picture, 'first.jpg')).rejects.toThrow(ServiceError);
  expect(paths(opened)).toHaveLength(1);
  await (await opened.host(opened.picture, 'second.jpg')).remove();
  expect(paths(opened)).toEqual([]);
});
