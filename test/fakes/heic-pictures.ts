import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/*
 * No encoder for HEVC comes with sharp, so these four were made once with libheif 1.15.1 and x265 from Debian 12:
 * `heif-enc -q 90` from pictures of sharp's, the four quarters of camera-pictures.ts. `telephone` has Display P3, EXIF
 * with a position and an orientation of 6, and like the photos of telephones an `irot` box (added by hand; it says "not
 * turned"); `mirrored` has Display P3 and an `imir` box; `ten-bit` has 10 bits per channel and no profile; `burst`
 * holds a red and a blue picture.
 */
type HeicName = 'telephone' | 'mirrored' | 'ten-bit' | 'burst';

export function heic(name: HeicName): Buffer {
  return readFileSync(join(import.meta.dirname, 'heic', `${name}.heic`));
}

/** `telephone`, turned this many quarters anticlockwise (ISO/IEC 23008-12, 6.5.10: the angle is the box's last byte). */
export function turnedHeic(quarters: number): Buffer {
  return patched(heic('telephone'), 'irot', 4, quarters);
}

/** `burst` with its first (red) or second (blue) picture as the main one, which the box `pitm` names. */
export function burstHeic(main: 1 | 2): Buffer {
  return patched(heic('burst'), 'pitm', 9, main);
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
