import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import Replicate, { type ApiError } from 'replicate';
import sharp from 'sharp';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createFaults } from '../../src/simulator/faults.ts';
import { blip2Version, type SimulatedReplicate, startReplicate } from '../../src/simulator/replicate.ts';
import { createSights } from '../../src/simulator/sights.ts';

const samples = join(import.meta.dirname, '..', '..', 'data', 'samples');
const sights = createSights(samples);
const faults = createFaults();
let service: SimulatedReplicate;

function client(auth = service.token): Replicate {
  // The client repeats a refused call at once; the answer to the first one is what counts here.
  const once = new WeakMap<object, Promise<Response>>();
  const fetchOnce = async (url: Request | string | URL, init?: RequestInit): Promise<Response> => {
    const key = init ?? {};
    const answer = once.get(key) ?? fetch(url, init);
    once.set(key, answer);
    return (await answer).clone();
  };
  return new Replicate({ auth, baseUrl: `${service.url}/v1`, useFileOutput: false, fetch: fetchOnce });
}

async function dataUrl(file = 'DSC_0412.jpg', width = 300): Promise<string> {
  const small = await sharp(join(samples, file)).autoOrient().resize(width).jpeg().toBuffer();
  return `data:image/jpeg;base64,${small.toString('base64')}`;
}

async function failureOf(call: Promise<unknown>): Promise<{ status: number; text: string }> {
  try {
    await call;
  } catch (error) {
    const { response, message } = error as ApiError;
    return { status: response.status, text: message };
  }
  throw new Error('The call succeeded.');
}

beforeEach(async () => {
  faults.clear();
  service = await startReplicate({ faults, sights });
});

afterEach(() => service.close());

describe('a prediction', () => {
  it('is there at once when the client waits, and keeps what it was shown', async () => {
    const image = await dataUrl();
    const prediction = await client().predictions.create({
      version: blip2Version,
      input: { image, caption: true },
      wait: 5,
    });
    expect(prediction.status).toBe('succeeded');
    expect(prediction.output).toBe('a red and white lighthouse on a rocky shore at sunset');
    expect(prediction.metrics?.predict_time).toBeGreaterThan(0);
    const received = service.predictions[0]?.image;
    expect(`data:image/jpeg;base64,${received?.toString('base64')}`).toBe(image);
  });

  it('answers a question about the mood', async () => {
    const input = {
      image: await dataUrl('cabin-under-stars.jpg'),
      question: 'What is the mood of this photo?',
    };
    const prediction = await client().predictions.create({ version: blip2Version, input, wait: 5 });
    expect(prediction.output).toBe('cosy');
  });

  it('starts, and is fetched when it is done', async () => {
    const replicate = client();
    const input = { image: await dataUrl() };
    const { id, status } = await replicate.predictions.create({ version: blip2Version, input });
    expect(status).toBe('starting');
    await expect
      .poll(async () => (await replicate.predictions.get(id)).status, { interval: 5 })
      .toBe('succeeded');
  });

  it('can hang until it is cancelled', async () => {
    service.endNext('hang');
    const replicate = client();
    const { id } = await replicate.predictions.create({
      version: blip2Version,
      input: { image: await dataUrl() },
    });
    await expect
      .poll(async () => (await replicate.predictions.get(id)).status, { interval: 5 })
      .toBe('processing');
    expect((await replicate.predictions.cancel(id)).status).toBe('canceled');
  });

  it.each(['failed', 'canceled', 'aborted'] as const)('can end as %s', async (ending) => {
    service.endNext(ending);
    const input = { image: await dataUrl() };
    const prediction = await client().predictions.create({ version: blip2Version, input, wait: 5 });
    expect(prediction).toMatchObject({ status: ending, output: null });
    const next = await client().predictions.create({ version: blip2Version, input, wait: 5 });
    expect(next.status).toBe('succeeded');
  });

  it('fails when the image is none, and never fetches from elsewhere', async () => {
    for (const image of ['data:image/jpeg;base64,bm9uZQ==', 'https://example.org/a.jpg']) {
      const prediction = await client().predictions.create({
        version: blip2Version,
        input: { image },
        wait: 5,
      });
      expect(prediction.status).toBe('failed');
      expect(prediction.error).toBeTruthy();
    }
  });

  it('carries the prefix when that is switched on', async () => {
    service.setPrefix(true);
    const input = { image: await dataUrl() };
    const prediction = await client().predictions.create({ version: blip2Version, input, wait: 5 });
    expect(prediction.output).toMatch(/^Caption: a red and white lighthouse/);
  });

  it('describes an unknown picture by its tones', async () => {
    const orange = await sharp({ create: { width: 90, height: 60, channels: 3, background: '#d87a2a' } })
      .png()
      .toBuffer();
    const image = `data:image/png;base64,${orange.toString('base64')}`;
    const prediction = await client().predictions.create({
      version: blip2Version,
      input: { image },
      wait: 5,
    });
    expect(prediction.output).toBe('a photo with warm orange tones');
  });
});

describe('refusals', () => {
  it('wants the right token, version and input', async () => {
    const image = await dataUrl();
    const stranger = await failureOf(
      client('r8_wrong').predictions.create({ version: blip2Version, input: { image } }),
    );
    expect(stranger).toMatchObject({ status: 401, text: expect.stringContaining('Unauthenticated') });
    const version = await failureOf(
      client().predictions.create({ version: 'a'.repeat(64), input: { image } }),
    );
    expect(version.status).toBe(422);
    expect(version.text).toContain('The specified version does not exist');
    for (const input of [
      {},
      { image, temperature: 0.2 },
      { image, caption: 'yes' },
      { image: 'photo.jpg' },
    ]) {
      const wrong = await failureOf(client().predictions.create({ version: blip2Version, input }));
      expect(wrong).toMatchObject({ status: 422, text: expect.stringContaining('Input validation failed') });
    }
  });

  it('limits the rate', async () => {
    faults.add({ service: 'replicate', fault: { kind: 'rate-limit', retryAfterSeconds: 9 }, times: 1 });
    const call = client().predictions.create({ version: blip2Version, input: { image: await dataUrl() } });
    expect(await failureOf(call)).toMatchObject({
      status: 429,
      text: expect.stringContaining('"retry_after":9'),
    });
  });

  it('names the latest version of the model, which is not an official one', async () => {
    const model = await client().models.get('andreasjansson', 'blip-2');
    expect(model.latest_version?.id).toBe(blip2Version);
    const byName = client().predictions.create({
      model: 'andreasjansson/blip-2',
      input: { image: await dataUrl() },
    });
    expect((await failureOf(byName)).status).toBe(404);
  });
});

describe('the eyes', () => {
  it('know each sample in another size and format', async () => {
    const seen = new Set<string>();
    for (const file of [
      'sunrise-over-the-ridge.jpg',
      'harbour-at-dusk.jpg',
      'IMG_20261018_161204.jpg',
      'dunes-panorama.jpg',
      'DSC_0977.jpg',
      'DSCF3320.jpg',
    ]) {
      const copy = await sharp(readFileSync(join(samples, file)))
        .autoOrient()
        .resize(400)
        .webp({ quality: 40 })
        .toBuffer();
      const { description } = await sights.look(copy);
      expect(description).not.toContain('tones');
      seen.add(description);
    }
    expect(seen.size).toBe(6);
  });
});
