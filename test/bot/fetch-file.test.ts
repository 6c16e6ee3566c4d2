import { Api } from 'grammy';
import { expect, it, onTestFinished } from 'vitest';
import { fetchFile } from '#bot/fetch-file.ts';
import { createFaults, type Fault } from '#simulator/faults.ts';
import { startTelegram } from '#simulator/telegram/telegram.ts';
import { ownServer } from '../fakes/own-server.ts';
import { plainJpeg } from '../fakes/plain-pictures.ts';
import { shortenLimits } from '../fakes/short-limits.ts';
import { temporaryFolder } from '../fakes/temporary-folder.ts';

async function openBot() {
  const faults = createFaults();
  const service = await startTelegram({ faults, folder: await temporaryFolder() });
  onTestFinished(() => service.close());
  const api = new Api(service.token, { apiRoot: service.url, timeoutSeconds: 20 });
  function send(bytes: Buffer): string {
    return service.phone().sendDocument(bytes, 'Dusk.jpg', 'image/jpeg').document?.fileId ?? '';
  }
  return { api, faults, service, send };
}

it('gets the very bytes of a file that the owner has sent', async () => {
  const { api, send } = await openBot();
  const bytes = await plainJpeg();
  expect(await fetchFile(api, send(bytes))).toEqual({ bytes });
});

it('gets the photo that Telegram has made of a picture', async () => {
  const { api, service } = await openBot();
  const { photo } = await service.phone().sendPhoto(await plainJpeg(), 'Dusk');
  const bytes = service.photo(photo?.fileId ?? '');
  expect(await fetchFile(api, photo?.fileId ?? '')).toEqual({ bytes });
});

it.each([
  [20 * 1024 * 1024, 'bytes'],
  [20 * 1024 * 1024 + 1, 'missing'],
])('knows how much Telegram gives to bots: %i bytes', async (size, key) => {
  const { api, send } = await openBot();
  const fetched = await fetchFile(api, send(Buffer.alloc(size)));
  expect(Object.keys(fetched)).toEqual([key]);
  if (key === 'missing') expect(fetched).toEqual({ missing: 'too-large' });
});

it('stops reading where more comes than was said', async () => {
  const { service } = await openBot();
  const { url } = await ownServer(({ path }) =>
    path.endsWith('/getFile')
      ? {
          status: 200,
          body: { ok: true, result: { file_id: 'a', file_unique_id: 'b', file_path: 'photos/a.jpg' } },
        }
      : { status: 200, body: Buffer.alloc(21 * 1024 * 1024) },
  );
  expect(await fetchFile(new Api(service.token, { apiRoot: url }), 'a')).toEqual({ missing: 'too-large' });
});

const faults: readonly (readonly [string, Fault])[] = [
  ['getFile', { kind: 'drop', afterWork: false }],
  ['getFile', { kind: 'error', status: 502 }],
  ['file', { kind: 'drop', afterWork: true }],
  ['file', { kind: 'error', status: 404 }],
  ['file', { kind: 'hang' }],
  ['getFile', { kind: 'hang' }],
];
it.each(faults)('says that Telegram cannot be reached: %s %j', async (operation, fault) => {
  shortenLimits(100);
  const bot = await openBot();
  const fileId = bot.send(Buffer.from('x'));
  bot.faults.add({ service: 'telegram', operation, fault });
  expect(await fetchFile(bot.api, fileId)).toEqual({ missing: 'unreachable' });
});

it('knows no file of an unknown number', async () => {
  const { api } = await openBot();
  expect(await fetchFile(api, 'AgACAgIAAxkBAAIunknown')).toEqual({ missing: 'unreachable' });
});
