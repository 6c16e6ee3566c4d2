import { Dropbox, DropboxAuth } from 'dropbox';
import { ServiceError } from '#errors.ts';
import type { Clock } from '#ports/clock.ts';
import { policies } from '#ports/policies.ts';
import { largestPhotoBytes } from '#post/photo.ts';
import { bytesOf } from './dropbox-content.ts';
import { isExpired, toServiceError } from './dropbox-errors.ts';
import { fetchWithin, upTo } from './http.ts';
import { type Call, createCall } from './policy.ts';

export interface DropboxAccount {
  readonly appKey: string;
  /** Absent for an app that was connected with PKCE. */
  readonly appSecret?: string | undefined;
  readonly refreshToken: string;
  /** Another place where Dropbox is spoken to; absent: the real one. */
  readonly endpoint?: string | undefined;
}

/** The kinds of calls that Dropbox's policy has. */
type Kind = keyof typeof policies.dropbox.calls;

/** The vendor's client, and the one way in which it is called. */
export interface DropboxClient {
  readonly dropbox: Dropbox;
  /** Makes a request with a token that is good; it may come twice, so only for what may be repeated. */
  readonly call: Call<Kind>;
  /**
   * The bytes of a file; undefined where more than so many come, and then it is cut off there. Throws `ServiceError`.
   */
  download(kind: Kind, path: string, mostBytes: number): Promise<Buffer | undefined>;
}

export function connectDropbox(account: DropboxAccount, clock: Clock): DropboxClient {
  const fetch = fetchDropbox(account.endpoint);
  const auth = new DropboxAuth({
    clientId: account.appKey,
    ...(account.appSecret !== undefined && { clientSecret: account.appSecret }),
    refreshToken: account.refreshToken,
    fetch,
  });
  const signIn = signingIn(auth);
  const call = createCall(policies.dropbox, { service: 'Dropbox', clock, toOurError: toServiceError });

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

  const signedInCall: Call<Kind> = (kind, request, purpose) => call(kind, () => signedIn(request), purpose);

  async function download(kind: Kind, path: string, mostBytes: number): Promise<Buffer | undefined> {
    let isCut = false;
    const cut = () => {
      isCut = true;
    };
    const limited: typeof fetch = async (input, init) => {
      const answer = await fetch(input, init);
      if (!answer.ok) return answer;
      // Without it the bytes are not Dropbox's, and say nothing about the file.
      if (!answer.headers.has('dropbox-api-result'))
        throw new ServiceError('Dropbox', { kind: 'out-of-order' });
      return upTo(mostBytes, answer, cut);
    };
    const dropbox = new Dropbox({ auth, fetch: limited });
    const answer = await signedInCall(kind, () =>
      dropbox.filesDownload({ path }).catch((error: unknown) => {
        if (!isCut) throw error;
        return undefined;
      }),
    );
    return answer && bytesOf(answer.result);
  }

  return { dropbox: new Dropbox({ auth, fetch }), call: signedInCall, download };
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

/** A fetch for the Dropbox clients, with a time limit, that can be turned to another place. */
export function fetchDropbox(endpoint: string | undefined, ownLimitMs?: number): typeof fetch {
  const { ask, download } = policies.dropbox.calls;
  const short = fetchWithin(ownLimitMs ?? ask.limitMs);
  const long = fetchWithin(ownLimitMs ?? download.limitMs, largestPhotoBytes);
  return (input, init) => {
    const address = String(input);
    const bounded = /\/files\/(download|upload)$/.test(address) ? long : short;
    const isContent = address.startsWith('https://content.');
    const hosts = /^https:\/\/(api|content|notify)\.dropboxapi\.com/;
    const there = endpoint === undefined ? input : address.replace(hosts, `${endpoint}/$1`);
    return isContent ? bounded(there, init) : bounded(there, init).then(onlyJson);
  };
}

/** What stands in between can answer with a page of its own, which says nothing about files and is not to be read so. */
async function onlyJson(answer: Response): Promise<Response> {
  if (!answer.ok) return answer;
  const text = await answer.text();
  try {
    JSON.parse(text);
  } catch {
    throw new ServiceError('Dropbox', { kind: 'out-of-order' });
  }
  return new Response(text, answer);
}
