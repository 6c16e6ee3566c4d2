import { readFile } from 'node:fs/promises';
import exifr from 'exifr';
import PostalMime from 'postal-mime';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { forbidden, markedPictures } from '../fakes/marked-pictures.ts';
import { filesIn, formsOf, secretNames, tracesOf } from '../fakes/traces.ts';
import { openWorld, type World } from '../world.ts';

/** The sample that lies sideways, with a home address, an artist and a title in it. */
const sideways = 'IMG_20261018';

async function publishSideways(): Promise<World> {
  const world = await openWorld();
  world.phone.send(`/post ${sideways}`);
  await world.seeCard(({ keyboard }) => keyboard.length > 0);
  await world.tap('Publish');
  await world.seeCard('Archived');
  return world;
}

it('publishes upright pictures that say whose they are and nothing else, and gives the AI nothing at all', async () => {
  const { simulator, cards } = await publishSideways();
  const original = simulator.dropbox.files().find(({ name }) => name.startsWith(sideways));
  const inside = await exifr.parse(simulator.dropbox.read(original?.path ?? '') ?? Buffer.alloc(0), {
    gps: true,
    xmp: true,
  });
  expect(inside).toHaveProperty('latitude');
  expect(inside).toHaveProperty('Artist');

  const sent = [
    ...[...simulator.telegram.channelPosts(), ...cards()].map(({ photo }) =>
      simulator.telegram.photo(photo?.fileId ?? ''),
    ),
    ...simulator.telegram.calls.filter(({ operation }) => operation === 'sendPhoto').map(({ body }) => body),
    ...simulator.instagram.posts().map(({ picture }) => picture),
    ...simulator.replicate.predictions.map(({ image }) => image),
    ...(await Promise.all(simulator.smtp.mails().map(pictureIn))),
  ];
  expect(sent.length).toBeGreaterThanOrEqual(7);
  const traces = ['Photoshop 3.0', 'ICC_PROFILE', 'GPS', 'path behind', '56,20'];
  for (const bytes of sent) {
    for (const trace of traces) expect(bytes?.toString('latin1') ?? trace).not.toContain(trace);
    expect(await exifr.gps(bytes ?? Buffer.alloc(0)).catch(() => undefined)).toBeUndefined();
  }
  const published = await exifr.parse(simulator.instagram.posts()[0]?.picture ?? Buffer.alloc(0), {
    xmp: true,
  });
  expect(published).toMatchObject({ Artist: inside.Artist, title: { value: 'The way home' } });
  expect(published).not.toHaveProperty('Make');
  for (const { image } of simulator.replicate.predictions) {
    for (const trace of ['Exif\0', 'http://', inside.Artist]) {
      expect(image?.toString('latin1') ?? trace).not.toContain(trace);
    }
  }
  for (const bytes of [simulator.instagram.posts()[0]?.picture, simulator.replicate.predictions[0]?.image]) {
    const { width, height, orientation = 1 } = await sharp(bytes).metadata();
    expect([width < height, orientation]).toEqual([true, 1]);
  }
});

it('gives no AI an original, a link to one, a file name or a place', async () => {
  const { simulator } = await publishSideways();
  const asked = [...simulator.replicate.calls, ...simulator.openai.calls].map(({ body }) => body.toString());
  expect(asked.length).toBeGreaterThanOrEqual(3);
  for (const body of asked) {
    expect(body).not.toMatch(/dropbox|\.jpg|latitude/i);
    expect(body.length).toBeLessThan(256 * 1024);
  }
});

it('shows the AI a small picture also where Dropbox has none', async () => {
  const world = await openWorld({ photos: 'none' });
  const { simulator, phone, seeCard } = world;
  const noise = { type: 'gaussian', mean: 128, sigma: 80 } as const;
  const create = { width: 2000, height: 1500, channels: 3, background: '#000', noise } as const;
  // Dropbox makes thumbnails of files with the right ending only.
  simulator.dropbox.put('/Photos/noise', await sharp({ create }).jpeg().toBuffer());
  phone.send('/post');
  await seeCard(({ keyboard }) => keyboard.length > 0);
  const [seen] = simulator.replicate.predictions;
  expect((await sharp(seen?.image).metadata()).width).toBeLessThanOrEqual(768);
  // Replicate recommends data URLs of at most 256 kB.
  expect(simulator.replicate.calls[0]?.body.length).toBeLessThan(256 * 1024);
});

it('keeps secrets out of the log, the state and the chat', async () => {
  const world = await publishSideways();
  const { simulator, phone, stop, told, see, seeCard } = world;
  for (const service of ['telegram', 'dropbox', 'replicate', 'openai', 'instagram', 'smtp'] as const) {
    simulator.faults.add({ service, fault: { kind: 'drop', afterWork: false }, times: 6 });
  }
  phone.send('/queue');
  phone.send('/post');
  await see('an answer', () => told().length > 1 || seeCard);
  await stop();
  const everything = (await tracesOf(world)).join('\n');
  for (const name of secretNames) {
    const secret = simulator.settings[name] ?? '';
    expect(secret.length).toBeGreaterThan(8);
    for (const form of formsOf(secret)) {
      expect(everything.includes(form), name).toBe(false);
    }
  }
});

describe('a photo that says too much', () => {
  it.each(Object.entries(markedPictures))('says none of it to anybody: %s', async (ending, make) => {
    const original = await make();
    expect(withDecoded(original)).toMatch(forbidden);
    const world = await openWorld({ photos: 'none' });
    const { simulator, phone, tap, see, seeCard, folder, logged } = world;
    const official = { INSTAGRAM_USERNAME: undefined, INSTAGRAM_PASSWORD: undefined };
    await world.restart({ ...official, INSTAGRAM_ACCESS_TOKEN: simulator.graph.accessToken });
    const outbox: Buffer[] = [];
    simulator.dropbox.onChange(() => {
      const there = simulator.dropbox.files().filter(({ path }) => path.includes('outbox'));
      outbox.push(...there.map(({ path }) => simulator.dropbox.read(path) ?? Buffer.alloc(0)));
    });
    simulator.dropbox.put(`/Photos/Aunt-Hilda.${ending}`, original);
    phone.send('/queue');
    await seeCard('Next, by their numbers');
    phone.send('/post');
    await seeCard('📷');
    await world.darkroom().app.whenIdle();
    await tap('More');
    await tap('Preview');
    await see(
      'the preview',
      () => phone.messages().filter(({ document }) => document !== undefined).length === 3,
    );
    await tap('Back');
    await tap('Publish');
    await seeCard('Archived');

    const { telegram, replicate, openai, graph, smtp } = simulator;
    const asked = [telegram, replicate, openai, graph].flatMap(({ calls }) => calls.map(({ body }) => body));
    const pictures = [
      ...telegram.channelPosts().map(({ photo }) => telegram.photo(photo?.fileId ?? '')),
      ...replicate.predictions.map(({ image }) => image),
      ...graph.posts().map(({ picture }) => picture),
    ];
    const sent = [...asked, ...pictures, ...outbox, ...smtp.mails().map(({ raw }) => raw)];
    const counts = [telegram.channelPosts(), replicate.predictions, graph.posts(), outbox, smtp.mails()];
    for (const { length } of counts) expect(length).toBeGreaterThan(0);
    for (const bytes of sent)
      expect(withDecoded(bytes ?? Buffer.from('CANARY-Missing'))).not.toMatch(forbidden);
    const places = [
      ...telegram.channelPosts().map(({ text }) => text),
      ...graph.posts().map(({ caption }) => caption),
    ];
    const strangers = [...replicate.calls, ...openai.calls, ...graph.calls].map(({ body }) => body);
    for (const bytes of [
      ...strangers,
      ...outbox,
      ...smtp.mails().map(({ raw }) => raw),
      ...places.map(Buffer.from),
    ]) {
      expect(withDecoded(bytes)).not.toContain('Hilda');
    }
    await world.stop();
    const kept = await Promise.all((await filesIn(folder)).map((path) => readFile(path)));
    for (const bytes of [...kept, Buffer.from(logged.join(''))])
      expect(withDecoded(bytes)).not.toMatch(forbidden);
  });
});

/** As it is, and what is in it as base64, as mails and addresses of data hold pictures. */
function withDecoded(bytes: Buffer): string {
  const text = bytes.toString('latin1');
  const inside = text.match(/(?:[A-Za-z0-9+/]{4}(?:\r\n)?){16,}/g) ?? [];
  return [text, ...inside.map((each) => Buffer.from(each, 'base64').toString('latin1'))].join('\n');
}

async function pictureIn({ raw }: { readonly raw: Buffer }): Promise<Buffer> {
  const { attachments } = await PostalMime.parse(raw);
  const [content] = attachments.map((each) => each.content);
  return Buffer.from(content as ArrayBuffer);
}
