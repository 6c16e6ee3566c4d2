import { z } from 'zod';
import type { Choices } from '#ports/platform.ts';
import type { CaptionLimits } from '#post/caption.ts';
import type { PictureLimits } from '#post/photo.ts';
import { Shape } from '#post/shape.ts';

/**
 * Meta, content publishing: JPEG up to 8 MB, ratio 4:5 to 1.91:1, width 320 to 1440. The long edge of the tallest
 * picture of that width is 1800. The app's private API takes the same.
 */
export const instagramPictures: PictureLimits = {
  maxBytes: 8_000_000,
  maxLongEdge: 1800,
  maxWidth: 1440,
  minWidth: 320,
  minRatio: 4 / 5,
  maxRatio: 1.91,
};

/**
 * Meta, content publishing: caption 2200, 20 @ tags, alt text 1000. Meta names 30 hashtags; since 2026 posts with more
 * than 5 are reported to be refused, so that more are the owner's choice.
 */
export const instagramCaptions: CaptionLimits = {
  maxLength: 2200,
  maxHashtags: 5,
  maxMentions: 20,
  maxAltText: 1000,
};

/** How posts look on Instagram, by whichever way they get there. */
export const instagramLook = {
  INSTAGRAM_SHAPE: Shape.default('white').meta({
    where:
      'what happens to pictures that are too tall or too wide for Instagram: white, black, blurred or crop',
  }),
  INSTAGRAM_HASHTAGS: z.coerce
    .number('is not a number')
    .int('is not a whole number')
    .min(0, 'is less than none')
    .max(30, 'is more than Instagram takes, which is 30')
    .default(5)
    .meta({ where: 'how many hashtags a post on Instagram may have' }),
};

/** What the owner has set of `instagramLook`. */
export function chooseLook(settings: {
  readonly INSTAGRAM_SHAPE: Shape;
  readonly INSTAGRAM_HASHTAGS: number;
}): Choices {
  return {
    shape: settings.INSTAGRAM_SHAPE,
    captionLimits: { ...instagramCaptions, maxHashtags: settings.INSTAGRAM_HASHTAGS },
  };
}
