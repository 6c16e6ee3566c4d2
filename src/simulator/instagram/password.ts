import { constants, createDecipheriv, generateKeyPairSync, privateDecrypt } from 'node:crypto';
import { openDisk } from '#simulator/disk.ts';

/** Instagram's side of the password encryption of its app. */
export interface PasswordKey {
  /** What the app learns from qe/sync. */
  readonly headers: Readonly<Record<string, string>>;
  /** The password in `#PWD_INSTAGRAM:4:<time>:<base64>`, or undefined when it cannot be opened. */
  open(sealed: string): string | undefined;
}

interface KeptKey {
  readonly id: number;
  readonly publicKey: string;
  readonly privateKey: string;
}

/** The key of this Instagram, made once and kept in the folder. */
export function loadPasswordKey(folder: string): PasswordKey {
  const disk = openDisk<KeptKey>(folder, 'instagram-key');
  const kept = disk.read() ?? makeKey();
  disk.write(kept);
  return {
    headers: {
      'ig-set-password-encryption-key-id': String(kept.id),
      'ig-set-password-encryption-pub-key': Buffer.from(kept.publicKey).toString('base64'),
    },
    open(sealed) {
      const [, version, time, base64] = /^#PWD_INSTAGRAM:(\d+):(\d+):(.+)$/s.exec(sealed) ?? [];
      if (version !== '4' || time === undefined || base64 === undefined) return undefined;
      try {
        return unseal(kept, time, Buffer.from(base64, 'base64'));
      } catch {
        return undefined; // not encrypted for this key
      }
    },
  };
}

function makeKey(): KeptKey {
  const { publicKey, privateKey } = generateKeyPairSync('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  });
  return { id: 41, publicKey, privateKey };
}

/**
 * Layout: 1, key id, IV (12), length of the wrapped key (2, little endian), wrapped key (RSA PKCS #1 v1.5),
 * GCM tag (16), ciphertext (AES-256-GCM, the time as associated data).
 */
function unseal(key: KeptKey, time: string, bytes: Buffer): string | undefined {
  if (bytes[0] !== 1 || bytes[1] !== key.id) return undefined;
  const iv = bytes.subarray(2, 14);
  const wrappedEnd = 16 + bytes.readUInt16LE(14);
  const aesKey = privateDecrypt(
    { key: key.privateKey, padding: constants.RSA_PKCS1_PADDING },
    bytes.subarray(16, wrappedEnd),
  );
  const decipher = createDecipheriv('aes-256-gcm', aesKey, iv);
  decipher.setAAD(Buffer.from(time));
  decipher.setAuthTag(bytes.subarray(wrappedEnd, wrappedEnd + 16));
  return Buffer.concat([decipher.update(bytes.subarray(wrappedEnd + 16)), decipher.final()]).toString('utf8');
}
