import { Dropbox, DropboxAuth } from 'dropbox';
import { ServiceError } from '#errors.ts';
import type { Clock } from '#ports/clock.ts';
import { bytesOf, fetchUpTo } from './dropbox-content.ts';
import { isExpired, toServiceError } from './dropbox-errors.ts';
import { fetchWithin, repeated } from './http.ts';

export interface DropboxAccount {
  readonly appKey: string;
  /** Absent for an app that was connected with PKCE. */
  readonly appSecret?: string | undefined;
  readonly refreshToken: string;
  /** Another place where Dropbox is spoken to; absent: the real one. */
  readonly endpoint?: string | undefined;
}

/** The vendor's client, and the one way in which it is called. */
export interface DropboxClient {
  readonly dropbox: Dropbox;
  readonly call: Call;
  /**
   * The bytes of a file; undefined where more than so many come, and then it is cut off there. Throws `ServiceError`.
   */
  download(path: string, mostBytes: number): Promise<Buffer | undefined>;
}

/**
 * Makes a request with a token that is good, and repeats it where the problem can pass: so only for what may be
 * repeated. While Dropbox wants a break nothing is asked at all, by no caller. Throws `ServiceError`.
 */
export type Call = <T>(request: () => Promise<T>) => Promise<T>;

const limitMs = 60_000;
/** Originals are up to 100 MB. */
const contentLimitMs = 120_000;

export function connectDropbox(account: DropboxAccount, clock: Clock): DropboxClient {
  const fetch = fetchDropbox(account.endpoint);
  const auth = new DropboxAuth({
    clientId: account.appKey,
    ...(account.appSecret !== undefined && { clientSecret: account.appSecret }),
    refreshToken: account.refreshToken,
    fetch,
  });
  const signIn = signingIn(auth);
  const rest = createRest(clock);

  async function signedIn<T>(request: () => Promise<T>): Promise<T> {
    const token = await signIn();
    try {
      return await request();
    } catch (error) {
      if (!isExpired(error)) throw error;
      await signIn(token);
      return await request();
    }
  }

  const call: Call = (request) =>
    repeated(clock, () => rest.unlessResting(() => signedIn(request)), toServiceError);
  async function download(path: string, mostBytes: number): Promise<Buffer | undefined> {
    let isCut = false;
    const limited = fetchUpTo(fetch, mostBytes, () => {
      isCut = true;
    });
    const dropbox = new Dropbox({ auth, fetch: limited });
    try {
      return bytesOf((await call(() => dropbox.filesDownload({ path }))).result);
    } catch (error) {
      if (isCut) return undefined;
      throw error;
    }
  }

  return { dropbox: new Dropbox({ auth, fetch }), call, download };
}

/** A token is renewed this long before it ends, as the vendor's client does. */
const spareMs = 5 * 60 * 1000;

/** Gives the access token; renews it once for all who need another one than `refused`. */
function signingIn(auth: DropboxAuth): (refused?: string) => Promise<string> {
  let renewing: Promise<void> | undefined;
  return async (refused) => {
    const token: string | undefined = auth.getAccessToken();
    const ends: Date | undefined = auth.getAccessTokenExpiresAt();
    const isOld = ends !== undefined && ends.getTime() - spareMs < Date.now();
    if (token && token !== refused && !isOld) return token;
    renewing ??= Promise.resolve(auth.refreshAccessToken()).finally(() => {
      renewing = undefined;
    });
    await renewing;
    return auth.getAccessToken();
  };
}

interface Rest {
  unlessResting<T>(work: () => Promise<T>): Promise<T>;
}

/** The break that Dropbox wants holds for the whole account, whoever ran into it. */
function createRest(clock: Clock): Rest {
  let until = 0;
  return {
    async unlessResting(work) {
      const waitMs = until - clock.now().getTime();
      if (waitMs > 0) throw new ServiceError('Dropbox', { kind: 'rate-limited' }, waitMs);
      try {
        return await work();
      } catch (cause) {
        const error = toServiceError(cause);
        if (error.waitMs !== undefined) until = Math.max(until, clock.now().getTime() + error.waitMs);
        throw error;
      }
    },
  };
}

/** A fetch for the Dropbox clients, with a time limit, that can be turned to another place. */
export function fetchDropbox(endpoint: string | undefined, ownLimitMs?: number): typeof fetch {
  const short = fetchWithin(ownLimitMs ?? limitMs);
  const long = fetchWithin(ownLimitMs ?? contentLimitMs);
  return (input, init) => {
    const address = String(input);
    const bounded = address.startsWith('https://content.') ? long : short;
    if (endpoint === undefined) return bounded(input, init);
    const hosts = /^https:\/\/(api|content|notify)\.dropboxapi\.com/;
    return bounded(address.replace(hosts, `${endpoint}/$1`), init);
  };
}
