/** What a request says of itself and where it comes from. */
export interface Caller {
  readonly method: string;
  readonly host: string | undefined;
  readonly origin: string | undefined;
  /** `Sec-Fetch-Site` and `Sec-Fetch-Mode`; older browsers and other programs send none. */
  readonly site: string | undefined;
  readonly mode: string | undefined;
  readonly contentType: string | undefined;
  /** It asks for the address of a login link, which carries its own proof. */
  readonly isLogin: boolean;
  readonly isSignedIn: boolean;
}

export interface Refusal {
  readonly status: 401 | 403 | 405 | 415;
  readonly reason: string;
}

/**
 * Why the page does not answer a request; undefined: it does. Other pages in the same browser reach a port on
 * loopback too, by a name of their own that leads to 127.0.0.1, by forms, images and fetch. So the host has to
 * be ours to the letter, a request that changes anything has to come from our own page and be JSON, which no
 * form can send, and everything but a login link needs the cookie.
 */
export function refusal(caller: Caller, port: number): Refusal | undefined {
  const { method, host, origin, site, mode, contentType } = caller;
  if (host !== `127.0.0.1:${port}` && host !== `localhost:${port}`) {
    return { status: 403, reason: 'This address is not the page’s own.' };
  }
  if (method !== 'GET' && method !== 'POST') return { status: 405, reason: 'The page knows GET and POST.' };
  const isOurs = origin === `http://${host}`;
  if (origin === undefined ? method !== 'GET' : !isOurs) return { status: 403, reason: 'Another page asks.' };
  const isOwnStep = site === undefined || site === 'same-origin' || site === 'none';
  if (!isOwnStep && !(caller.isLogin && mode === 'navigate')) {
    return { status: 403, reason: 'Another page asks.' };
  }
  if (method === 'POST' && !/^application\/json(; ?charset=utf-8)?$/i.test(contentType ?? '')) {
    return { status: 415, reason: 'Only JSON is read here.' };
  }
  if (!caller.isSignedIn && !(caller.isLogin && method === 'GET')) {
    return { status: 401, reason: 'Open the newest link in the terminal in which npm start runs.' };
  }
  return undefined;
}
