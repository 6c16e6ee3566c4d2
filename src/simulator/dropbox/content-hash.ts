import { createHash } from 'node:crypto';

const blockSize = 4 * 1024 * 1024;

/** Dropbox's content hash: SHA-256 over the SHA-256 of each block of 4 MiB, in lower-case hex. */
export function contentHash(bytes: Buffer): string {
  const whole = createHash('sha256');
  for (let at = 0; at < bytes.length; at += blockSize) {
    whole.update(
      createHash('sha256')
        .update(bytes.subarray(at, at + blockSize))
        .digest(),
    );
  }
  return whole.digest('hex');
}
