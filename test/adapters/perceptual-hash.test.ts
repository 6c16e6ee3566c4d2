import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { beforeAll, describe, expect, it } from 'vitest';
import { createSharpRenderer } from '#adapters/sharp.ts';
import { distance } from '#post/look-alike.ts';
import { plainJpeg } from '../fakes/plain-pictures.ts';
import { another, type Shot, scene } from '../fakes/shots.ts';
import { samples } from '../world.ts';

const renderer = createSharpRenderer();
const pictures = new Map<string, Buffer>();

beforeAll(async () => {
  for (const name of await readdir(samples)) {
    const picture = sharp(await readFile(join(samples, name))).autoOrient();
    pictures.set(name, await picture.resize(900, 900, { fit: 'inside' }).jpeg().toBuffer());
  }
  for (let seed = 1; seed <= 16; seed += 1) pictures.set(`scene ${seed}`, await scene(seed, 900, 600));
});

/** As Dropbox makes it. */
async function thumbnail(picture: Buffer): Promise<Buffer> {
  return await sharp(picture).resize(480, 320, { fit: 'inside' }).jpeg().toBuffer();
}

async function hashOf(picture: Buffer): Promise<string> {
  const hash = await renderer.perceptualHash(await thumbnail(picture));
  if (hash === undefined) throw new Error('It cannot be told what it looks like');
  return hash;
}

describe('what a picture looks like', () => {
  // Measured, over the eight samples and sixteen made scenes.
  it.each<readonly [Shot, number]>([
    ['saved anew', 10],
    ['with other metadata', 2],
    ['smaller', 6],
    ['in another format', 0],
    ['without colours', 8],
    ['darker', 10],
    ['brighter', 26],
    ['moved', 20],
    ['cropped by 3 %', 24],
    ['turned by 1.5°', 32],
  ])('differs for the same one %s in at most %i of 120 bits', async (shot, most) => {
    const distances: number[] = [];
    for (const picture of pictures.values()) {
      distances.push(distance(await hashOf(picture), await hashOf(await another(picture, shot))));
    }
    expect(Math.max(...distances)).toBeLessThanOrEqual(most);
  });

  it('differs for two different ones in 44 bits at least', async () => {
    const hashes = await Promise.all([...pictures.values()].map(hashOf));
    const distances = hashes.flatMap((a, index) => hashes.slice(index + 1).map((b) => distance(a, b)));
    expect(distances).toHaveLength((24 * 23) / 2);
    expect(Math.min(...distances)).toBeGreaterThanOrEqual(44);
  });

  it('is 120 bits in hexadecimal', async () => {
    expect(await hashOf(await scene(1, 900, 600))).toMatch(/^[0-9a-f]{30}$/);
  });

  it.each([
    ['of one colour', () => plainJpeg()],
    ['that is none', () => Promise.resolve(Buffer.from('Not a photo'))],
    ['that is cut off', async () => (await scene(1, 900, 600)).subarray(0, 4000)],
  ])('cannot be told of a picture %s', async (_, make) => {
    expect(await renderer.perceptualHash(await make())).toBeUndefined();
  });
});
