import { converter, differenceCiede2000 } from 'culori';
import sharp from 'sharp';
import type { Colour } from './camera-pictures.ts';

const ciede2000 = differenceCiede2000();

/** ΔE2000 between two sRGB colours: 1 is the least that a trained eye sees side by side, 2 to 3 go unnoticed. */
export function difference(one: Colour, other: Colour): number {
  return ciede2000(asRgb(one), asRgb(other));
}

/** A colour in another space by CSS Color 4, its channels from 0 to 1. */
export function inSpace(space: 'a98' | 'p3' | 'prophoto', colour: Colour): Colour {
  const { r, g, b } = converter(space)(asRgb(colour));
  return [r, g, b];
}

/** The colour at a place that is given in parts of width and height. */
export async function shown(picture: Buffer, x: number, y: number): Promise<Colour> {
  const { data, info } = await sharp(picture)
    .toColourspace('srgb')
    .raw()
    .toBuffer({ resolveWithObject: true });
  const at = (Math.floor(y * info.height) * info.width + Math.floor(x * info.width)) * info.channels;
  const [r = 0, g = r, b = r] = info.channels === 1 ? [data[at]] : data.subarray(at, at + 3);
  return [r, g, b];
}

function asRgb([r, g, b]: Colour) {
  return { mode: 'rgb' as const, r: r / 255, g: g / 255, b: b / 255 };
}
