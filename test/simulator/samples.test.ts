import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import exifr from 'exifr';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { sightTexts } from '../../src/simulator/samples/sight-texts.ts';

const folder = join(import.meta.dirname, '..', '..', 'data', 'samples');
const files = readdirSync(folder);
const sideways = 'IMG_20261018_161204.jpg';

describe('the sample photos', () => {
  it('are eight JPEGs of photographic size that weigh little', async () => {
    const total = files.reduce((sum, file) => sum + statSync(join(folder, file)).size, 0);
    expect(total).toBeLessThan(900_000);
    expect(files).toHaveLength(8);
    for (const file of files) {
      const { format, width, height } = await sharp(join(folder, file)).metadata();
      expect(format).toBe('jpeg');
      expect(Math.max(width, height)).toBeGreaterThanOrEqual(1600);
      expect(Math.max(width, height)).toBeLessThanOrEqual(2400);
    }
  });

  it('have one that lies on its side and knows where home is', async () => {
    const { width, height, orientation } = await sharp(join(folder, sideways)).metadata();
    expect({ width, height, orientation }).toEqual({ width: 1800, height: 1200, orientation: 6 });
    const bytes = readFileSync(join(folder, sideways));
    expect(await exifr.gps(bytes)).toMatchObject({ latitude: expect.closeTo(56.3376, 3) });
    expect(await exifr.parse(bytes, { xmp: true })).toMatchObject({
      Artist: 'Mara Lindqvist',
      ImageDescription: expect.stringContaining('gold'),
      title: { value: 'The way home' },
    });
  });

  it('each have at least five different captions that stand without hashtags', () => {
    expect(Object.keys(sightTexts).sort()).toEqual([...files].sort());
    for (const { captions, altText, hashtags } of Object.values(sightTexts)) {
      expect(new Set(captions).size).toBeGreaterThanOrEqual(5);
      for (const caption of captions) expect(caption).not.toMatch(/[#"“]/);
      expect(altText.length).toBeLessThan(125);
      expect(hashtags.every((tag) => /^#[a-z]+$/.test(tag))).toBe(true);
    }
  });
});
