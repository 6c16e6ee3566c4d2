import { describe, expect, it } from 'vitest';
import { contentFor, contentsFor, misfitOf } from '#post/content.ts';
import type { PictureRef } from '#post/delivery.ts';
import type { PictureLimits } from '#post/photo.ts';
import { captionOf, draftOf, pictureRef, postIn } from '../fakes/posts.ts';

const pictureLimits: PictureLimits = {
  maxBytes: 1_000_000,
  maxLongEdge: 1800,
  maxWidth: 1440,
  maxSides: 3000,
  minWidth: 320,
  minRatio: 4 / 5,
  maxRatio: 1.91,
};
const captionLimits = { maxLength: 40, maxHashtags: 2, maxMentions: 1, maxAltText: 12 };
const limits = { id: 'here', pictureLimits, captionLimits };

describe('a content that a platform would refuse', () => {
  const fits = pictureRef({ width: 1440, height: 1100, sizeBytes: 1_000_000, format: 'jpeg' });
  const text = `${'a'.repeat(27)} @me #b #c`;

  it('is none that is just within the limits, or was made before formats were noted', () => {
    expect(misfitOf({ caption: text.padStart(40), picture: fits }, limits)).toBeUndefined();
    const { format: _, ...old } = fits;
    expect(misfitOf({ caption: '', picture: old }, limits)).toBeUndefined();
  });

  it.each([
    ['format', { format: 'png' }],
    ['bytes', { sizeBytes: 1_000_001 }],
    ['size', { width: 1441 }],
    ['size', { width: 319, height: 200 }],
    ['size', { width: 1100, height: 1801 }],
    ['size', { width: 1440, height: 1561 }],
    ['ratio', { height: 753 }],
    ['ratio', { width: 799, height: 1000 }],
  ] as const)('for its %s is %o', (misfit, over: Partial<PictureRef>) => {
    expect(misfitOf({ caption: '', picture: { ...fits, ...over } }, limits)).toBe(misfit);
  });

  it.each([
    ['text-length', 'a'.repeat(41)],
    ['text-length', '👍'.repeat(21)],
    ['hashtags', '#a #b #c'],
    ['hashtags', 'me.example/#a #b #c'],
    ['mentions', '@a @b'],
  ] as const)('for its %s is “%s”', (misfit, caption) => {
    expect(misfitOf({ caption, picture: fits }, limits)).toBe(misfit);
  });
});

describe('what goes out to each platform', () => {
  const picture = pictureRef({ width: 1440, height: 1100 });
  const post = postIn('awaiting-approval', {
    captions: [
      captionOf('Low light at sea. Nobody was awake but the gulls.\n\n#a #b #c', {
        altText: 'A harbour at dusk',
      }),
    ],
    draft: draftOf({ pictures: { here: picture, there: pictureRef({ width: 4000 }) } }),
  });

  it('is its own picture, with the texts cut to what it takes', () => {
    const expected = { caption: 'Low light at sea.\n\n#a #b', picture, altText: 'A harbour…' };
    expect(contentFor(post, limits)).toEqual(expected);
  });

  it('has no alt text where there is no place for one', () => {
    const { maxAltText: _, ...without } = captionLimits;
    expect(contentFor(post, { ...limits, captionLimits: without })).not.toHaveProperty('altText');
  });

  it('has the file in full size only where one was made', () => {
    const fullSize = pictureRef({ sha256: 'f', width: 6000, height: 4000 });
    const made = { ...post, draft: { ...post.draft, fullSizes: { here: fullSize } } };
    expect(contentFor(made, limits)).toMatchObject({ picture, fullSize });
    expect(contentFor(post, limits)).not.toHaveProperty('fullSize');
  });

  it('leaves out what was not made, and what would be refused', () => {
    const platforms = [limits, { ...limits, id: 'there' }, { ...limits, id: 'nowhere' }];
    expect(Object.keys(contentsFor(post, platforms))).toEqual(['here']);
  });
});
