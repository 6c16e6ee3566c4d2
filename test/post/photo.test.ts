import { describe, expect, it } from 'vitest';
import { platformDefinitions } from '#platforms/index.ts';
import { isPictureName, nameAsWords, type PictureLimits, planRendition, type Size } from '#post/photo.ts';
import { createChance } from '../fakes/chance.ts';

function limitsOf(id: string): PictureLimits {
  const found = platformDefinitions.find((definition) => definition.id === id);
  if (found === undefined) throw new Error(`There is no platform ${id}`);
  return found.pictureLimits;
}

function parse(size: string): Size {
  const [width = 0, height = 0] = size.split('×').map(Number);
  return { width, height };
}

function show({ width, height }: Size): string {
  return `${width}×${height}`;
}

function plan(platform: string, size: string): string {
  const { picture, canvas } = planRendition(parse(size), limitsOf(platform));
  return show(picture) === show(canvas) ? show(picture) : `${show(picture)} on ${show(canvas)}`;
}

describe('a rendition', () => {
  it.each([
    ['instagram', '7000×5400', '1440×1111'],
    ['instagram', '1200×1500', '1200×1500'],
    ['instagram', '4000×5000', '1440×1800'],
    ['instagram', '2448×3264', '1350×1800 on 1440×1800'],
    ['instagram', '800×1000', '800×1000'],
    ['instagram', '1910×1000', '1440×754'],
    ['instagram', '3000×3000', '1440×1440'],
    ['instagram', '1000×1500', '1000×1500 on 1200×1500'],
    ['instagram', '1400×800', '1400×800'],
    ['instagram', '1400×700', '1400×700 on 1400×733'],
    ['instagram', '2500×100', '1440×58 on 1440×754'],
    ['instagram', '1×1000', '1×1000 on 800×1000'],
    ['instagram', '1×1', '320×320'],
    ['instagram', '100×100', '320×320'],
    ['instagram', '200×400', '200×400 on 320×400'],
    ['instagram', '100×200', '200×400 on 320×400'],
    ['instagram', '300×100', '320×107 on 320×168'],
    ['telegram', '7000×5400', '2560×1975'],
    ['telegram', '2500×100', '2500×100 on 2500×125'],
    ['telegram', '100×2500', '100×2500 on 125×2500'],
    ['telegram', '2000×100', '2000×100'],
    ['telegram', '10000×1', '2560×1 on 2560×128'],
    ['telegram', '1×1', '1×1'],
    ['telegram', '20×1', '20×1'],
    ['email', '7000×5400', '1600×1234'],
    ['email', '800×600', '800×600'],
    ['email', '10×9000', '2×1600'],
  ])('for %s of %s is %s', (platform, size, expected) => {
    expect(plan(platform, size)).toBe(expected);
  });
});

/** What is wrong with this rendition; nothing, where every promise is kept. */
function broken(size: Size, limits: PictureLimits): readonly string[] {
  const { picture, canvas } = planRendition(size, limits);
  const ratio = size.width / size.height;
  const canvasRatio = canvas.width / canvas.height;
  const numbers = [picture.width, picture.height, canvas.width, canvas.height];
  const longEdge = Math.max(canvas.width, canvas.height);
  const isShapeFine = ratio >= limits.minRatio && ratio <= limits.maxRatio;
  const isEnlarged = picture.width > size.width || picture.height > size.height;
  const promises = {
    'whole pixels, at least one': numbers.every((each) => Number.isInteger(each) && each >= 1),
    'not too tall': canvasRatio >= limits.minRatio,
    'not too wide': canvasRatio <= limits.maxRatio,
    'not too narrow': canvas.width >= limits.minWidth,
    'not too long': longEdge <= limits.maxLongEdge || canvas.width === limits.minWidth,
    'not too broad': canvas.width <= (limits.maxWidth ?? limits.maxLongEdge),
    'not too much of both': canvas.width + canvas.height <= (limits.maxSides ?? Number.POSITIVE_INFINITY),
    'the picture is on the canvas': picture.width <= canvas.width && picture.height <= canvas.height,
    // Half a pixel of rounding on each side, one where the shape asks for it; one is the least there can be.
    'nothing is cut off or stretched':
      Math.abs(picture.width - picture.height * ratio) <= 1 + ratio ||
      Math.min(picture.width, picture.height) === 1,
    'borders only where the shape asks for them': !isShapeFine || show(picture) === show(canvas),
    'borders on one side only': picture.width === canvas.width || picture.height === canvas.height,
    'enlarged only to the least width': !isEnlarged || canvas.width === limits.minWidth,
    'as large as may be':
      longEdge >= Math.min(limits.maxLongEdge, Math.max(size.width, size.height)) ||
      canvas.width >= (limits.maxWidth ?? Number.POSITIVE_INFINITY),
  };
  return Object.entries(promises).flatMap(([promise, isKept]) => (isKept ? [] : [promise]));
}

const square: PictureLimits = {
  maxBytes: 1_000_000,
  maxLongEdge: 3000,
  maxWidth: 1000,
  maxSides: 1500,
  minWidth: 1,
  minRatio: 1 / 3,
  maxRatio: 3,
};

describe('limits on both sides together', () => {
  it.each([
    ['3000×3000', '749×749'],
    ['600×1200', '499×999'],
    ['700×700', '700×700'],
  ])('are kept by %s as %s', (size, expected) => {
    expect(show(planRendition(parse(size), square).canvas)).toBe(expected);
  });
});

describe.each([
  ...platformDefinitions.map(({ id, pictureLimits }) => [id, pictureLimits] as const),
  // What a picture that has too many bytes is drawn with.
  ['instagram at a smaller size', { ...limitsOf('instagram'), maxLongEdge: 1152 }] as const,
])('for %s every promise is kept', (_, limits) => {
  const found = (sizes: readonly Size[]) =>
    sizes.flatMap((size) => broken(size, limits).map((promise) => `${show(size)}: ${promise}`));

  it('for any size', () => {
    const chance = createChance(4);
    const edge = () => chance.number(1, chance.oneOf([3, 50, 400, 2000, 9000, 30_000]));
    const sizes = Array.from({ length: 5000 }, () => ({ width: edge(), height: edge() }));
    expect(found(sizes)).toEqual([]);
  });

  it('for shapes at the very edge of what is allowed', () => {
    const ratios = [limits.minRatio, limits.maxRatio].filter((ratio) => ratio > 0 && Number.isFinite(ratio));
    const heights = Array.from({ length: 700 }, (_each, index) => 1 + index * 7);
    const sizes = ratios.flatMap((ratio) =>
      heights.flatMap((height) =>
        [-1, 0, 1].map((more) => ({ width: Math.max(1, Math.round(height * ratio) + more), height })),
      ),
    );
    expect(found(sizes)).toEqual([]);
  });
});

describe('a file name', () => {
  it.each([
    'a.jpg',
    'a.JPEG',
    'a.b.png',
    'a.webp',
    'a.avif',
    'IMG_0412.HEIC',
    'a.heif',
    'a.tif',
    'a.tiff',
    'a.gif',
    'jpg',
    'IMG_0412',
    'Dr. Who',
  ])('%s can be a picture’s', (name) => {
    expect(isPictureName(name)).toBe(true);
  });

  it.each(['a.txt', '.jpg', 'Icon\r', '._a.jpg', '.hidden.png', 'a.jpg.part', 'a.mov', 'a.svg', ''])(
    '%s is no picture’s',
    (name) => {
      expect(isPictureName(name)).toBe(false);
    },
  );

  it.each([
    ['harbour-at-dusk.jpg', 'Harbour at dusk'],
    ['Mara_und_das_Meer.JPG', 'Mara und das Meer'],
    ['über-den-wolken.v2.png', 'Über den wolken.v2'],
    ['夕焼けの海.jpg', '夕焼けの海'],
  ])('%s says %s', (name, words) => {
    expect(nameAsWords(name)).toBe(words);
  });

  it.each([
    'IMG_20261018_161204.jpg',
    'DSC_0042.jpg',
    'DSC00042.JPG',
    'DSCF1234.jpg',
    '_MG_1234.jpg',
    'PXL_20260101.jpg',
    'DJI_0001.jpg',
    'P1010001.jpg',
    '20261018_161204.jpg',
    'a1.jpg',
    '-.jpg',
  ])('%s says nothing', (name) => {
    expect(nameAsWords(name)).toBeUndefined();
  });

  // Nikon, GoPro, Samsung, phones: the letters before the number are not among those known.
  it.each(['DSCN1234.jpg', 'GOPR0042.jpg', 'SAM_0042.jpg', 'MVIMG_2026.jpg', 'Screenshot_20261018.png'])(
    '%s says nothing either',
    (name) => {
      expect(nameAsWords(name)).toBeUndefined();
    },
  );
});
