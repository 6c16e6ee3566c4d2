import { createCipheriv, createDecipheriv, randomBytes, scrypt } from 'node:crypto';
import { z } from 'zod';

const cipher = 'aes-256-gcm';

/** A sealed text; all but `cipher` is base64. */
export const Sealed = z.object({
  cipher: z.literal(cipher),
  salt: z.base64(),
  iv: z.base64(),
  tag: z.base64(),
  data: z.base64(),
});
export type Sealed = z.infer<typeof Sealed>;

/** Texts that only those can read or change who know the secret. */
export interface Seal {
  /** Begins to make the key for what is going to be sealed, so that nobody has to wait for it later. */
  prepare(): void;
  close(text: string): Promise<Sealed>;
  /** Undefined: sealed with another secret or for another purpose, or changed since. */
  open(sealed: Sealed): Promise<string | undefined>;
}

/** `purpose` is bound to what is sealed: for another one it does not open. */
export function createSeal(secret: string, purpose: string): Seal {
  // It takes a while to make a key, so the one of the file goes on being used, each time with a new iv.
  let known: { readonly salt: string; readonly key: Promise<Buffer> } | undefined;

  function keyFor(salt: string): Promise<Buffer> {
    if (known?.salt !== salt) known = { salt, key: makeKey(secret, Buffer.from(salt, 'base64')) };
    return known.key;
  }

  const saltToUse = () => known?.salt ?? randomBytes(16).toString('base64');

  return {
    prepare() {
      keyFor(saltToUse()).catch(() => undefined);
    },
    async close(text) {
      const salt = saltToUse();
      const iv = randomBytes(12);
      const sealing = createCipheriv(cipher, await keyFor(salt), iv);
      sealing.setAAD(Buffer.from(purpose));
      const data = Buffer.concat([sealing.update(text, 'utf8'), sealing.final()]);
      return { cipher, salt, iv: base64(iv), tag: base64(sealing.getAuthTag()), data: base64(data) };
    },
    async open({ salt, iv, tag, data }) {
      const key = await keyFor(salt);
      try {
        const opening = createDecipheriv(cipher, key, Buffer.from(iv, 'base64'), { authTagLength: 16 });
        opening.setAAD(Buffer.from(purpose));
        opening.setAuthTag(Buffer.from(tag, 'base64'));
        const text = Buffer.concat([opening.update(Buffer.from(data, 'base64')), opening.final()]);
        return text.toString('utf8');
      } catch {
        // The tag does not fit.
        return undefined;
      }
    },
  };
}

/** As slow as scrypt's author wants it for sign-ins (Percival 2009), so that a first post need not wait for it. */
function makeKey(secret: string, salt: Buffer): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    scrypt(secret, salt, 32, { N: 2 ** 14, r: 8, p: 1 }, (error, key) => {
      if (error === null) resolve(key);
      else reject(error);
    });
  });
}

function base64(bytes: Buffer): string {
  return bytes.toString('base64');
}
