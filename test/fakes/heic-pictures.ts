import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/*
 * No encoder for HEVC comes with sharp, so these were made once with libheif 1.15.1 and x265 from Debian 12:
 * `heif-enc -q 90` from pictures of sharp's, the four quarters of camera-pictures.ts. `telephone` has Display P3, EXIF
 * with a position and an orientation of 6, and like the photos of telephones an `irot` box (added by hand; it says "not
 * turned"); `mirrored` has Display P3 and an `imir` box; `ten-bit` has 10 bits per channel and no profile; `burst`
 * holds a red and a blue picture. `grid` is four tiles of 64 × 64 that together show 120 × 88 of the quarters, as the
 * photos of iPhones are put together (ISO/IEC 23008-12, 6.6.2.3); what hangs over its edges is magenta. Its boxes were
 * written by hand. `transparent` is red: whole on the left, half in the middle and on the right not at all;
 * `premultiplied` shows the same.
 */
type HeicName = 'telephone' | 'mirrored' | 'ten-bit' | 'burst' | 'grid' | 'transparent' | 'premultiplied';

export function heic(name: HeicName): Buffer {
  return readFileSync(join(import.meta.dirname, 'heic', `${name}.heic`));
}

/** Turned this many quarters anticlockwise (ISO/IEC 23008-12, 6.5.10: the angle is the box's last byte). */
export function turnedHeic(quarters: number, name: 'telephone' | 'grid' = 'telephone'): Buffer {
  return patched(heic(name), 'irot', 4, quarters);
}

/** `burst` with its first (red) or second (blue) picture as the main one, which the box `pitm` names. */
export function burstHeic(main: 1 | 2): Buffer {
  return patched(heic('burst'), 'pitm', 9, main);
}

/**
 * A HEIC or AVIF that tells its colours by numbers alone, in place of its profile: Display P3 (ITU-T H.273: primaries 12,
 * the curve of sRGB 13, matrix 6, full range).
 */
export function numberedColours(original: Buffer): Buffer {
  const bytes = Buffer.from(original);
  bytes.set([...Buffer.from('nclx'), 0, 12, 0, 13, 0, 6, 0x80], bytes.indexOf('colr') + 4);
  return bytes;
}

/** `telephone`, claiming this size in its box `ispe`. */
export function hugeHeic(width: number, height: number): Buffer {
  const bytes = heic('telephone');
  const at = bytes.indexOf('ispe') + 8;
  bytes.writeUInt32BE(width, at);
  bytes.writeUInt32BE(height, at + 4);
  return bytes;
}

function patched(bytes: Buffer, box: string, offset: number, value: number): Buffer {
  bytes[bytes.indexOf(box) + offset] = value;
  return bytes;
}
