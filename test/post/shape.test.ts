import { describe, expect, it } from 'vitest';
import { platformDefinitions } from '#platforms/index.ts';
import { hasShapeFor, type PictureLimits, planRendition, type Size } from '#post/photo.ts';
import { cutOff, isEnlarged, partWithin, ratioOf } from '#post/shape.ts';
import { createChance } from '../fakes/chance.ts';

function parse(size: string): Size {
  const [width = 0, height = 0] = size.split('×').map(Number);
  return { width, height };
}

function limitsOf(id: string): PictureLimits {
  const found = platformDefinitions.find((definition) => definition.id === id);
  if (found === undefined) throw new Error(`There is no platform ${id}`);
  return found.pictureLimits;
}

describe('the part that is kept when a picture is cropped', () => {
  it.each([
    ['instagram', '2000×3000', '2000×2500'],
    ['instagram', '3000×1000', '1910×1000'],
    ['instagram', '1500×1000', '1500×1000'],
    ['instagram', '1×1000', '1×1'],
    ['telegram', '2500×100', '2000×100'],
    ['telegram', '100×2500', '100×2000'],
    ['email', '9000×1', '9000×1'],
  ])('for %s of %s is %s', (id, size, part) => {
    expect(partWithin(parse(size), limitsOf(id))).toEqual(parse(part));
  });

  it('is within the picture, as large as may be, and has a shape that needs no border', () => {
    const chance = createChance(5);
    const edge = () => chance.number(1, chance.oneOf([3, 50, 400, 2560]));
    for (let round = 0; round < 3000; round += 1) {
      const size = { width: edge(), height: edge() };
      for (const { pictureLimits: limits } of platformDefinitions) {
        const part = partWithin(size, limits);
        expect(part.width <= size.width && part.height <= size.height).toBe(true);
        expect(part.width === size.width || part.height === size.height).toBe(true);
        if (size.width === 1 || size.height === 1) continue;
        expect(hasShapeFor(part, limits)).toBe(true);
        const { picture, canvas } = planRendition(part, limits);
        expect(canvas).toEqual(picture);
      }
    }
  });
});

describe('what became of a picture', () => {
  const made = (from: string, to: string, shape?: 'white' | 'crop') => ({
    ...parse(to),
    from: parse(from),
    shape,
  });

  it.each([
    ['2000×3000', '1440×1800', 'crop', 1 / 6],
    ['3000×1000', '1440×754', 'crop', 1 - 1.91 / 3],
    ['2000×3000', '1440×1800', 'white', 0],
    ['2000×3000', '1440×1800', undefined, 0],
  ] as const)('of %s as %s by %s: this much is cut off', (from, to, shape, part) => {
    expect(cutOff(made(from, to, shape))).toBeCloseTo(part, 2);
  });

  it.each([
    ['100×100', '320×320', undefined, true],
    ['3000×2000', '1440×960', undefined, false],
    ['800×600', '800×600', undefined, false],
    ['200×400', '320×400', 'white', false],
    ['100×200', '320×400', 'white', true],
    ['300×900', '320×400', 'crop', true],
    ['400×900', '400×500', 'crop', false],
  ] as const)('of %s as %s by %s: whether it is enlarged', (from, to, shape, isIt) => {
    expect(isEnlarged(made(from, to, shape))).toBe(isIt);
  });

  it('is not known where its size is not', () => {
    expect([cutOff({ ...parse('3×2'), shape: 'crop' }), isEnlarged(parse('3×2'))]).toEqual([0, false]);
  });
});

it.each([
  ['2000×3000', '2:3'],
  ['6000×4000', '3:2'],
  ['1708×2560', '2:3'],
  ['1440×1800', '4:5'],
  ['1440×754', '1.91:1'],
  ['1000×1000', '1:1'],
  ['1920×1080', '16:9'],
  ['2350×1000', '2.35:1'],
  ['1000×2350', '1:2.35'],
  ['2500×100', '25:1'],
])('the shape of %s is called %s', (size, name) => {
  expect(ratioOf(parse(size))).toBe(name);
});
