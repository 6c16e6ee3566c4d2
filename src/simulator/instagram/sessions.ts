import { randomBytes } from 'node:crypto';
import type { SimulatedRequest } from '#simulator/http.ts';
import { parseFields, text } from './form.ts';

/** The cookies of a session, to be imported into a client as from a browser. */
export interface SessionCookies {
  readonly sessionid: string;
  readonly ds_user_id: string;
  readonly csrftoken: string;
}

export function newSession(pk: number): SessionCookies {
  return {
    sessionid: `${pk}%3A${randomBytes(7).toString('hex')}%3A1`,
    ds_user_id: String(pk),
    csrftoken: randomBytes(16).toString('hex'),
  };
}

/** The session a request shows: its cookie, or else the one inside `Authorization: Bearer IGT:2:<base64>`. */
export function shownSession(request: SimulatedRequest): string | undefined {
  const cookie = /(?:^|;\s*)sessionid=([^;]+)/.exec(request.headers.cookie ?? '')?.[1];
  if (cookie !== undefined) return cookie;
  const bearer = /^Bearer IGT:2:(.+)$/.exec(request.headers.authorization ?? '')?.[1];
  return bearer === undefined
    ? undefined
    : text(parseFields(Buffer.from(bearer, 'base64').toString('utf8')), 'sessionid');
}

/**
 * What a login sets. Without `Secure`, which a client would not send back over http. The three cookies travel
 * in headers whose names differ in case only, since an answer has one value for each name.
 */
export function sessionHeaders({ sessionid, ds_user_id, csrftoken }: SessionCookies): Record<string, string> {
  const lasting = 'Path=/; Max-Age=31536000';
  const bearer = Buffer.from(JSON.stringify({ ds_user_id, sessionid })).toString('base64');
  return {
    'set-cookie': `sessionid=${sessionid}; ${lasting}; HttpOnly`,
    'Set-Cookie': `ds_user_id=${ds_user_id}; ${lasting}`,
    'SET-COOKIE': `csrftoken=${csrftoken}; ${lasting}`,
    'ig-set-authorization': `Bearer IGT:2:${bearer}`,
    'ig-set-ig-u-ds-user-id': ds_user_id,
    'x-ig-set-www-claim': 'hmac.simulated',
  };
}
