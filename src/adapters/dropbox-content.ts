import { createHash } from 'node:crypto';
import { ServiceError } from '#errors.ts';

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

/** The bytes of a download; the client's types do not have them. */
export function bytesOf(result: object): Buffer {
  const bytes = 'fileBinary' in result ? result.fileBinary : undefined;
  if (!(bytes instanceof Uint8Array)) throw new ServiceError('Dropbox', { kind: 'unexpected' });
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
