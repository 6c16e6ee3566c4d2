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

const ours = expect.stringMatching(/^\/\.darkroom-outbox\/darkroom-[\w-]+\.jpg$/);

it('puts a picture where it can be fetched without signing in, until it is removed', async () => {
  const opened = await openHost();
  const hosted = await opened.host.put(opened.picture);
  expect(Buffer.from(await (await fetch(hosted.url)).arrayBuffer())).toEqual(opened.picture);
  expect(paths(opened)).toEqual([ours]);
  await hosted.remove();
  await hosted.remove();
  expect(paths(opened)).toEqual([]);
});

it('is no photo of the library, although it lies inside its folder', async () => {
  const { host, library, service, picture } = await openHost();
  service.put('/Dusk.jpg', picture);
  await library.list();
  await host.put(picture);
  expect((await library.list()).map(({ name }) => name)).toEqual(['Dusk.jpg']);
});

it('removes at its next use what an earlier one has left, and nothing that is in use', async () => {
  const opened = await openHost();
  await opened.host.put(opened.picture);
  const host = opened.startHost();
  const [first, second] = await Promise.all([host.put(opened.picture), host.put(opened.picture)]);
  await first.remove();
  expect(paths(opened)).toEqual([ours]);
  expect((await fetch(second.url)).status).toBe(200);
  await second.remove();
  expect(paths(opened)).toEqual([]);
});

it('removes also without any use what an earlier one has left, and nothing that is not ours', async () => {
  const opened = await openHost();
  await opened.startHost().clear();
  await opened.host.put(opened.picture);
  const foreign = '/.darkroom-outbox/mine.jpg';
  opened.service.put(foreign, opened.picture);
  const host = opened.startHost();
  const { url } = await host.put(opened.picture);
  await host.clear();
  expect(paths(opened)).toHaveLength(2);
  expect((await fetch(url)).status).toBe(200);
  await opened.startHost().clear();
  expect(paths(opened)).toEqual([foreign]);
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
  const failure = await opened.host.put(opened.picture).catch((error: unknown) => error);
  expect(failure).toBeInstanceOf(ServiceError);
  expect(failure).toMatchObject({ service: 'Dropbox', problem: { kind } });
  expect(calls(opened.service, operation)).toBe(1);
});

it('removes what it could not hand out at its next use', async () => {
  const opened = await openHost();
  strike(opened, 'files/get_temporary_link', { kind: 'error', status: 500 }, 1);
  await expect(opened.host.put(opened.picture)).rejects.toThrow(ServiceError);
  expect(paths(opened)).toHaveLength(1);
  await (await opened.host.put(opened.picture)).remove();
  expect(paths(opened)).toEqual([]);
});
