import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { openDisk } from '#simulator/disk.ts';

/** Who may see the page: a link that works once, and the cookie that it is exchanged for. */
export interface SignIn {
  /** The last part of the address of the link that works now. */
  token(): string;
  /** Whether this token opens the page, which it then does no more. */
  use(token: string): boolean;
  /** Makes a new token if the last one was used; whether it did. */
  renew(): boolean;
  /** The value of the cookie. It stays the same over restarts, so that an open page goes on. */
  readonly session: string;
  isSession(value: string): boolean;
}

/** The session is kept in this folder. */
export function openSignIn(folder: string): SignIn {
  const disk = openDisk<{ readonly session: string }>(folder, 'session');
  const kept = disk.read() ?? { session: newToken() };
  disk.write(kept);
  let token = newToken();
  let isUsed = false;
  return {
    session: kept.session,
    isSession: (value) => isSame(value, kept.session),
    token: () => token,
    use(given) {
      if (isUsed || !isSame(given, token)) return false;
      isUsed = true;
      return true;
    },
    renew() {
      if (!isUsed) return false;
      token = newToken();
      isUsed = false;
      return true;
    },
  };
}

function newToken(): string {
  return randomBytes(24).toString('base64url');
}

/** Takes the same time wherever the two differ. */
function isSame(left: string, right: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(left), digest(right));
}
