import { createServer } from 'node:http';
import { expect, it, onTestFinished } from 'vitest';
import { z } from 'zod';
import { createFaults } from '#simulator/faults.ts';
import { startGraph } from '#simulator/graph.ts';
import { plainJpeg } from '../fakes/plain-pictures.ts';
import { temporaryFolder } from '../fakes/temporary-folder.ts';

const hourMs = 60 * 60 * 1000;

/** What answers have that these tests go on with; everything else stays in them. */
const Answer = z.looseObject({
  id: z.string().default(''),
  access_token: z.string().default(''),
  error: z.object({ code: z.number(), error_subcode: z.number().optional() }).optional(),
});

/** The service, and a place where it can fetch a picture. */
async function open() {
  const faults = createFaults();
  const folder = await temporaryFolder();
  let now = Date.parse('2026-11-22T12:00:00Z');
  const start = () => startGraph({ faults, folder, now: () => now });
  const graph = await start();
  let picture = await plainJpeg();
  const place = createServer((_, response) => void response.end(picture));
  await new Promise<void>((resolve) => place.listen(0, '127.0.0.1', resolve));
  onTestFinished(async () => {
    await graph.close();
    place.close();
  });
  const address = place.address();
  const image = `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}/picture.jpg`;

  async function ask(method: string, path: string, params: Record<string, string> = {}, token?: string) {
    const fields = new URLSearchParams({ access_token: token ?? graph.accessToken, ...params });
    const query = method === 'GET' ? `?${fields}` : '';
    const body = method === 'POST' ? { body: fields } : {};
    const answer = await fetch(`${graph.url}/v25.0/${path}${query}`, { method, ...body });
    return { status: answer.status, headers: answer.headers, body: Answer.parse(await answer.json()) };
  }

  /** A container that is finished. */
  async function makeContainer(params: Record<string, string> = {}): Promise<string> {
    const { body } = await ask('POST', 'me/media', { image_url: image, ...params });
    await ask('GET', body.id);
    return body.id;
  }

  return {
    ...{ faults, graph, image, ask, makeContainer, start },
    show: (next: Buffer) => {
      picture = next;
    },
    pass: (ms: number) => {
      now += ms;
    },
  };
}

const codes = ({ body }: { body: z.infer<typeof Answer> }) => [body.error?.code, body.error?.error_subcode];

it('publishes in three steps, and shows the post', async () => {
  const { ask, graph, image } = await open();
  const params = { image_url: image, caption: 'Dusk', alt_text: 'A harbour' };
  const { body: container } = await ask('POST', `${graph.accountId}/media`, params);
  const status = async () => (await ask('GET', container.id, { fields: 'status_code' })).body['status_code'];
  expect(await status()).toBe('IN_PROGRESS');
  expect(await status()).toBe('FINISHED');
  expect(graph.posts()).toEqual([]);
  const { body: media } = await ask('POST', 'me/media_publish', { creation_id: container.id });
  expect(await status()).toBe('PUBLISHED');
  const { body: shown } = await ask('GET', media.id, { fields: 'permalink' });
  expect(shown).toMatchObject({
    caption: 'Dusk',
    alt_text: 'A harbour',
    timestamp: '2026-11-22T12:00:00+0000',
  });
  expect(shown['permalink']).toMatch(/^https:\/\/www\.instagram\.com\/p\/[\w-]+\/$/);
  expect((await ask('GET', 'me/media')).body['data']).toMatchObject([{ id: media.id, caption: 'Dusk' }]);
  expect(graph.posts()).toMatchObject([{ id: media.id, caption: 'Dusk', picture: await plainJpeg() }]);
});

it('keeps its posts and tokens over a restart', async () => {
  const { ask, graph, makeContainer, start } = await open();
  await ask('POST', 'me/media_publish', { creation_id: await makeContainer() });
  const again = await start();
  onTestFinished(() => again.close());
  expect(again.posts()).toEqual(graph.posts());
  expect(again.accessToken).toBe(graph.accessToken);
});

it('publishes no container that is in progress, too old, or published before', async () => {
  const { ask, graph, image, makeContainer, pass } = await open();
  const publish = (id: string) => ask('POST', 'me/media_publish', { creation_id: id });
  const { body } = await ask('POST', 'me/media', { image_url: image });
  expect(codes(await publish(body.id))).toEqual([9007, 2207027]);
  const old = await makeContainer();
  pass(24 * hourMs);
  expect(codes(await publish(old))).toEqual([-2, 2207020]);
  expect((await ask('GET', old)).body['status_code']).toBe('EXPIRED');
  const fresh = await makeContainer();
  expect((await publish(fresh)).status).toBe(200);
  expect((await publish(fresh)).status).toBe(400);
  expect(graph.posts()).toHaveLength(1);
});

it('takes JPEG in its shapes only, and says why not', async () => {
  const { ask, image, show } = await open();
  const create = async (params: Record<string, string> = {}) =>
    codes(await ask('POST', 'me/media', { image_url: image, ...params }));
  show(await plainJpeg(400, 510));
  expect(await create()).toEqual([36003, 2207009]);
  show(await plainJpeg(640, 320));
  expect(await create()).toEqual([36003, 2207009]);
  show(Buffer.from('no picture'));
  expect(await create()).toEqual([36001, 2207005]);
  show(Buffer.alloc(8 * 1024 * 1024 + 1));
  expect(await create()).toEqual([36000, 2207004]);
  show(await plainJpeg());
  expect(await create({ caption: 'a'.repeat(2201) })).toEqual([36004, 2207010]);
  expect(await create({ caption: '#light '.repeat(31) })).toEqual([36004, 2207010]);
  expect(await create({ caption: '@ada '.repeat(21) })).toEqual([36004, 2207010]);
  expect(await create({ alt_text: 'a'.repeat(1001) })).toEqual([100, undefined]);
  expect(await create({ image_url: 'http://127.0.0.1:9/none.jpg' })).toEqual([9004, 2207052]);
  expect(await create()).toEqual([undefined, undefined]);
});

it('counts what was published in the last 24 hours', async () => {
  const { ask, graph, makeContainer, pass } = await open();
  graph.setQuota(1);
  const publish = async () =>
    codes(await ask('POST', 'me/media_publish', { creation_id: await makeContainer() }));
  expect(await publish()).toEqual([undefined, undefined]);
  const { body } = await ask('GET', 'me/content_publishing_limit', { fields: 'quota_usage,config' });
  expect(body['data']).toEqual([{ quota_usage: 1, config: { quota_total: 1, quota_duration: 86_400 } }]);
  expect(await publish()).toEqual([9, 2207042]);
  pass(24 * hourMs);
  expect(await publish()).toEqual([undefined, undefined]);
});

it('refreshes a token that is a day old, until it is dead', async () => {
  const { ask, graph, pass } = await open();
  const refresh = (token?: string) =>
    ask('GET', 'refresh_access_token', { grant_type: 'ig_refresh_token' }, token);
  const { body } = await refresh();
  expect(body).toMatchObject({ token_type: 'bearer', expires_in: 5_184_000 });
  expect((await refresh(body.access_token)).status).toBe(400);
  expect((await ask('GET', 'me', {}, body.access_token)).body['user_id']).toBe(graph.accountId);
  pass(61 * 24 * hourMs);
  expect(codes(await refresh(body.access_token))).toEqual([190, 463]);
  expect(codes(await ask('GET', 'me', {}, 'IGAAmade-up'))).toEqual([190, undefined]);
});

it('says how long to wait in minutes', async () => {
  const { ask, faults, graph } = await open();
  faults.add({ service: 'graph', operation: 'me', fault: { kind: 'rate-limit', retryAfterSeconds: 90 } });
  const answer = await ask('GET', 'me');
  expect(codes(answer)).toEqual([4, undefined]);
  const usage = JSON.parse(answer.headers.get('x-business-use-case-usage') ?? '');
  expect(usage[graph.accountId][0].estimated_time_to_regain_access).toBe(2);
});
