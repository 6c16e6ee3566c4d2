import { crc32, deflateSync } from 'node:zlib';

/** What comes before the second chunk: the signature (8 bytes) and IHDR (25). */
const headBytes = 33;

/** A PNG without a profile, with this one: its colours stay the same numbers and mean others. */
export function withIccProfile(png: Buffer, icc: Buffer): Buffer {
  const named = Buffer.concat([Buffer.from('iCCPICC\0\0', 'latin1'), deflateSync(icc)]);
  const frame = Buffer.alloc(8);
  frame.writeUInt32BE(named.length - 4, 0);
  frame.writeUInt32BE(crc32(named), 4);
  const chunk = [frame.subarray(0, 4), named, frame.subarray(4)];
  return Buffer.concat([png.subarray(0, headBytes), ...chunk, png.subarray(headBytes)]);
}
