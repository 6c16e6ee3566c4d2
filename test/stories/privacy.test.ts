import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import exifr from 'exifr';
import PostalMime from 'postal-mime';
import sharp from 'sharp';
import { expect, it } from 'vitest';
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
  const { simulator, phone, logged, folder, stop, told, see, seeCard } = await publishSideways();
  for (const service of ['telegram', 'dropbox', 'replicate', 'openai', 'instagram', 'smtp'] as const) {
    simulator.faults.add({ service, fault: { kind: 'drop', afterWork: false }, times: 6 });
  }
  phone.send('/queue');
  phone.send('/post');
  await see('an answer', () => told().length > 1 || seeCard);
  await stop();
  const names = (await readdir(folder, { recursive: true })).filter((name) => !name.startsWith('services'));
  const files = await Promise.all(
    names.map(async (name) => {
      const path = join(folder, name);
      return (await stat(path)).isFile() ? await readFile(path, 'latin1') : '';
    }),
  );
  const everything = [...logged, ...files, ...phone.messages().map(({ text }) => text)].join('\n');
  const secrets = [
    'TELEGRAM_BOT_TOKEN',
    'DROPBOX_APP_SECRET',
    'DROPBOX_REFRESH_TOKEN',
    'REPLICATE_API_TOKEN',
    'OPENAI_API_KEY',
    'INSTAGRAM_PASSWORD',
    'SMTP_PASSWORD',
  ];
  for (const name of secrets) {
    const secret = simulator.settings[name] ?? '';
    expect(secret.length).toBeGreaterThan(8);
    for (const form of [
      secret,
      encodeURIComponent(secret),
      Buffer.from(secret).toString('base64').replace(/=+$/, ''),
    ]) {
      expect(everything.includes(form), name).toBe(false);
    }
  }
});

async function pictureIn({ raw }: { readonly raw: Buffer }): Promise<Buffer> {
  const { attachments } = await PostalMime.parse(raw);
  const [content] = attachments.map((each) => each.content);
  return Buffer.from(content as ArrayBuffer);
}
