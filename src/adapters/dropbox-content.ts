import { createHash } from 'node:crypto';

/** Dropbox's own hash: SHA-256 over the SHA-256 of each block of 4 MiB (its content hash documentation). */
export function contentHash(bytes: Buffer): string {
  const blockSize = 4 * 1024 * 1024;
  const whole = createHash('sha256');
  for (let start = 0; start < bytes.length; start += blockSize) {
    whole.update(
      createHash('sha256')
        .update(bytes.subarray(start, start + blockSize))
        .digest(),
    );
  }
  return whole.digest('hex');
}
