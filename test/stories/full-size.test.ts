import { createHash } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import exifr from 'exifr';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { openStore } from '#adapters/lowdb.ts';
import type { Fault } from '#simulator/faults.ts';
import { plain, withTraces } from '../fakes/camera-pictures.ts';
import { openWorld, type World } from '../world.ts';

const photo = 'Anna at home, Long Street 5.jpg';

/** A draft of a large photo that knows where it was taken; the words of the photo count, nothing is asked of an AI. */
async function openDraft(isOn = 'true'): Promise<World> {
  const settings = {
    OPENAI_API_KEY: undefined,
    REPLICATE_API_TOKEN: undefined,
    TELEGRAM_FULL_SIZE: isOn,
  };
  const world = await openWorld({ photos: 'none', settings });
  const picture = await withTraces(plain([200, 120, 60], 3000, 2000), {
    exif: {
      IFD0: { Artist: 'Zoe Mueller', Make: 'CANARY', ImageDescription: 'Evening' },
      IFD3: { GPSLatitudeRef: 'N', GPSLatitude: '52/1 31/1 12/1', GPSLongitude: '13/1 24/1 36/1' },
    },
  });
  world.simulator.dropbox.put(`/Photos/${photo}`, picture);
  world.phone.send('/post');
  const follows = ', then a full-size file (3000 × 2000)';
  await world.seeCard(`Telegram channel: as shown${isOn === 'true' ? follows : ''}\n`);
  return world;
}

const followed = ({ simulator: { telegram } }: World) =>
  telegram.channelPosts().flatMap(({ document, replyTo }) => (document ? [{ ...document, replyTo }] : []));
const tries = ({ simulator: { telegram } }: World) =>
  telegram.calls.filter(({ operation }) => operation === 'sendDocument').length;
const sha256 = (bytes: Buffer | undefined) =>
  createHash('sha256')
    .update(bytes ?? '')
    .digest('hex');

it('follows its post as the preview has shown it, without the place it was taken at and the name of the photo', async () => {
  const world = await openDraft();
  const { simulator, phone, tap, see, seeCard, folder } = world;
  await world.darkroom().app.whenIdle();
  await tap('More');
  expect(await tap('Preview')).toBe('Here is what goes out …');
  const previews = await see('four files', () => {
    const found = phone.messages().filter(({ document }) => document !== undefined);
    return found.length === 4 && found;
  });
  expect(previews[1]?.text).toBe(
    '👁 Telegram channel then gets this file in full size (3000 × 2000), without a sound',
  );
  await tap('Back');
  await tap('Publish');
  await seeCard('Archived');
  expect(await seeCard('Telegram channel: published. Full-size file: sent')).toBeDefined();

  const [post] = simulator.telegram.channelPosts();
  const [file, ...others] = followed(world);
  expect(others).toEqual([]);
  expect(file?.replyTo).toBe(post?.id);
  expect(file?.name).not.toMatch(/anna|street/i);
  const bytes = simulator.telegram.photo(file?.fileId ?? '') ?? Buffer.alloc(0);
  expect(sha256(bytes)).toBe(sha256(simulator.telegram.photo(previews[1]?.document?.fileId ?? '')));
  expect(await sharp(bytes).metadata()).toMatchObject({ width: 3000, height: 2000 });
  expect(await exifr.gps(bytes)).toBeUndefined();
  expect(bytes.toString('latin1')).not.toMatch(/CANARY|GPS/);
  expect(await exifr.parse(bytes)).toMatchObject({ Artist: 'Zoe Mueller' });
  await see('nothing kept', async () => (await readdir(join(folder, 'pictures'))).length === 0);
});

const losses: readonly (readonly [string, Fault, string, number])[] = [
  ['surely failed', { kind: 'rate-limit', retryAfterSeconds: 3 }, 'not sent', 0],
  ['is unknown', { kind: 'drop', afterWork: true }, 'it may be there or not', 1],
];
it.each(losses)(
  'is tried once, and leaves its post published, when what became of it %s',
  async (_, fault, said, there) => {
    const world = await openDraft();
    world.simulator.faults.add({ service: 'telegram', operation: 'sendDocument', fault, times: 1 });
    await world.tap('Publish');
    await world.seeCard(`Telegram channel: published. Full-size file: ${said}`);
    await world.seeCard('Archived');
    await world.darkroom().app.whenIdle();
    await world.restart();
    await world.darkroom().app.whenIdle();
    expect([tries(world), followed(world).length]).toEqual([1, there]);
    expect(world.simulator.telegram.channelPosts()).toHaveLength(1 + there);
  },
);

it('is not sent after a kill behind the post, and the card says that nobody knows', async () => {
  const world = await openDraft();
  await world.stop();
  const { store } = await openStore(world.folder, world.clock);
  const [post] = Object.values(store.state().posts);
  if (post?.state !== 'awaiting-approval') throw new Error('There is no draft');
  const { id, revision, draft } = post;
  const at = world.clock.now().toISOString();
  const [picture, fullSize] = [draft.pictures['telegram'], draft.fullSizes?.['telegram']];
  if (picture === undefined || fullSize === undefined) throw new Error('There are no pictures');
  const contents = { telegram: { caption: 'Evening', picture, fullSize } };
  await store.update(id, { type: 'approved', revision, by: 1, at, contents });
  await store.update(id, { type: 'sending', platform: 'telegram', at });
  await store.update(id, { type: 'delivered', platform: 'telegram', at, ref: '1' });
  await world.restart();
  await world.seeCard('Full-size file: it may be there or not. I do not send it twice');
  await world.seeCard('Archived');
  await world.darkroom().app.whenIdle();
  expect(tries(world)).toBe(0);
});

describe('the choice for one post', () => {
  const button = async (world: World, text: string) => {
    await world.darkroom().app.whenIdle();
    // The menu stays open.
    const labels = world.cards().at(-1)?.keyboard.flat();
    if (labels?.some((each) => each.text === '⋯ More')) await world.tap('More');
    await world.seeCard(({ keyboard }) => keyboard.flat().some((each) => each.text === text));
    return await world.tap(text);
  };
  const follows = 'Telegram channel: as shown, then a full-size file (3000 × 2000)';
  const seeNone = (world: World) =>
    world.see('a card without the file', () => !world.cards().at(-1)?.text.includes('full-size file'));
  const kept = async ({ folder }: World) => (await readdir(join(folder, 'pictures'))).length;

  it('makes the file although the setting is off, takes it away and makes it again', async () => {
    const world = await openDraft('false');
    const without = await kept(world);
    const on = '✗ Full-size file: Telegram channel';
    expect(await button(world, on)).toBe('Making the file …');
    await world.seeCard(follows);
    expect(await kept(world)).toBe(without + 1);
    expect(await button(world, '✓ Full-size file: Telegram channel')).toBe('Saved.');
    await seeNone(world);
    await world.see('the file is gone', async () => (await kept(world)) === without);
    await button(world, on);
    await world.seeCard(follows);
    await world.tap('Publish');
    await world.seeCard('Telegram channel: published. Full-size file: sent');
    const [file] = followed(world);
    const bytes = world.simulator.telegram.photo(file?.fileId ?? '');
    expect(await sharp(bytes).metadata()).toMatchObject({ width: 3000, height: 2000 });
    expect(await exifr.gps(bytes ?? Buffer.alloc(0))).toBeUndefined();
  });

  it('leaves it out although the setting is on', async () => {
    const world = await openDraft();
    expect(await button(world, '✓ Full-size file: Telegram channel')).toBe('Saved.');
    await seeNone(world);
    await world.tap('Publish');
    await world.seeCard('Archived');
    expect(tries(world)).toBe(0);
  });

  it('changes nothing where the photo is gone, and says so', async () => {
    const world = await openDraft('false');
    world.simulator.dropbox.remove(`/Photos/${photo}`);
    await button(world, '✗ Full-size file: Telegram channel');
    await world.see('why', () =>
      world.told().some((text) => text.includes('the photo was moved or changed in your folder')),
    );
    await world.tap('Back');
    await world.seeCard(({ keyboard }) => keyboard.flat().some(({ text }) => text === '✅ Publish'));
    expect(world.cards().at(-1)?.text).not.toContain('full-size file');
  });
});
