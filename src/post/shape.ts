import { z } from 'zod';
import { hasShapeFor, type PictureLimits, type Size } from './photo.ts';

/**
 * What is done with a picture that is too wide or too tall for a platform: borders in white, in black or of the
 * picture itself, blurred; or what is too much is cut off.
 */
export const Shape = z.enum(
  ['white', 'black', 'blurred', 'crop'],
  'is none of white, black, blurred and crop',
);
export type Shape = z.infer<typeof Shape>;

/** The largest part of a picture of this size whose shape is allowed; at least one pixel. */
export function partWithin(size: Size, limits: PictureLimits): Size {
  if (hasShapeFor(size, limits)) return size;
  const { width, height } = size;
  return {
    width: Math.max(1, Math.min(width, Math.floor(height * limits.maxRatio))),
    height: Math.max(1, Math.min(height, Math.floor(width / limits.minRatio))),
  };
}

/** What became of a picture of the size `from` in a rendition. */
export interface Reshaped extends Size {
  /** Absent: the picture had a shape that is allowed. */
  readonly shape?: Shape | undefined;
  /** Absent: not known. */
  readonly from?: Size | undefined;
}

/** The part that is cut off, from 0 to 1. */
export function cutOff({ width, height, shape, from }: Reshaped): number {
  if (shape !== 'crop' || from === undefined) return 0;
  const [before, after] = [from.width / from.height, width / height];
  return 1 - Math.min(before, after) / Math.max(before, after);
}

/** Whether the picture was too small and had to be enlarged. */
export function isEnlarged({ width, height, shape, from }: Reshaped): boolean {
  if (from === undefined) return false;
  const isBroader = width > from.width;
  const isHigher = height > from.height;
  // Borders are larger than the picture on one side only.
  const hasBorders = shape !== undefined && shape !== 'crop';
  return hasBorders ? isBroader && isHigher : isBroader || isHigher;
}

const knownRatios = [
  '1:2',
  '9:16',
  '2:3',
  '3:4',
  '4:5',
  '1:1',
  '5:4',
  '4:3',
  '3:2',
  '16:9',
  '1.91:1',
  '2:1',
  '3:1',
];

/** The shape in the words of photographers: `2:3`, `16:9`, or `2.35:1` where it has no name. */
export function ratioOf({ width, height }: Size): string {
  const ratio = width / height;
  const known = knownRatios.find((name) => {
    const [across = 1, down = 1] = name.split(':').map(Number);
    return Math.abs((ratio * down) / across - 1) < 0.01;
  });
  if (known !== undefined) return known;
  return ratio > 1 ? `${rounded(ratio)}:1` : `1:${rounded(1 / ratio)}`;
}

function rounded(ratio: number): string {
  return String(Number(ratio.toFixed(ratio < 10 ? 2 : 0)));
}
