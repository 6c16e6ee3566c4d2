import sharp from 'sharp';
import { expect, it } from 'vitest';
import { createSharpRenderer } from '#adapters/sharp.ts';
import { platformDefinitions } from '#platforms/index.ts';

/** Coloured grain, of which no JPEG is small. */
const noise = { type: 'gaussian', mean: 128, sigma: 120 } as const;
const grain = await sharp({ create: { width: 2700, height: 2700, channels: 3, background: '#000', noise } })
  .png({ compressionLevel: 0 })
  .toBuffer();

// Written down here once more, from the services' documents (FACTS.md), so that a slip beside a platform is seen. Mails
// are ours to limit.
const documented = {
  telegram: { maxBytes: 10_000_000, edge: 2560, ratios: [1 / 20, 20] },
  instagram: { maxBytes: 8_000_000, edge: 1440, ratios: [4 / 5, 1.91] },
  'instagram-official': { maxBytes: 8_000_000, edge: 1440, ratios: [4 / 5, 1.91] },
  email: { maxBytes: 2_000_000, edge: 1600, ratios: [0, Number.POSITIVE_INFINITY] },
} as const;

it('are declared by every platform', () => {
  expect(platformDefinitions.map(({ id }) => id)).toEqual(Object.keys(documented));
});

it.each(Object.entries(documented))(
  'of %s are used to the full and not exceeded by a square of 2700 pixels that is all grain',
  async (id, { maxBytes, edge, ratios }) => {
    const limits = platformDefinitions.find((each) => each.id === id)?.pictureLimits;
    if (limits === undefined) throw new Error(`${id} is no platform`);
    expect(limits).toMatchObject({ maxBytes, minRatio: ratios[0], maxRatio: ratios[1] });
    const { bytes } = await (await createSharpRenderer().open(grain)).render(limits);
    const { format, width, height } = await sharp(bytes).metadata();
    expect([format, width, height]).toEqual(['jpeg', edge, edge]);
    expect(bytes.length).toBeLessThanOrEqual(maxBytes);
    expect(bytes.length).toBeGreaterThan(maxBytes / 4);
  },
);
