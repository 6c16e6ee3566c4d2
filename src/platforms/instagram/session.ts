import { randomBytes } from 'node:crypto';
import type { IgApiClient } from 'instagram-private-api';
import { z } from 'zod';

/**
 * What of the package's state makes a session: the cookies and the device. Its constants are left out, because
 * the app's version is among them and would come back with an old session.
 */
const State = z.object({
  cookies: z.string().refine(isJar),
  ...{ deviceString: z.string().optional(), deviceId: z.string().optional() },
  ...{ uuid: z.string().optional(), phoneId: z.string().optional(), adid: z.string().optional() },
  ...{ build: z.string().optional(), language: z.string().optional() },
  ...{ authorization: z.string().optional(), igWWWClaim: z.string().optional() },
});
export type State = z.infer<typeof State>;

/** What `serialize()` of the package gives, or a part of it, checked. */
export const SavedState = State.refine(
  ({ cookies, authorization = '' }) => cookies.includes('"sessionid"') || authorization.startsWith('Bearer '),
);

function isJar(cookies: string): boolean {
  return z.object({ cookies: z.array(z.object({ key: z.string() })) }).safeParse(parse(cookies)).success;
}

/**
 * The cookie as a browser shows it, alone or with its name before it. It begins with the number of the account,
 * from which instagrapi's login_by_sessionid takes it, too.
 */
const cookie = /^(?:sessionid=)?(?<account>\d+)(?<rest>(?:%3A|:)[\w%:.~+/=-]{8,})(?:;.*)?$/is;

/** Whether this can be taken up as a session: the cookie `sessionid`, or the package's saved state as JSON. */
export function isSession(text: string): boolean {
  return cookie.test(text.trim()) || SavedState.safeParse(parse(text)).success;
}

/** Makes the client go on with a session that the owner has brought from elsewhere. */
export async function takeUp(ig: IgApiClient, text: string, address: string): Promise<void> {
  const { account, rest } = cookie.exec(text.trim())?.groups ?? {};
  if (account === undefined || rest === undefined) {
    await ig.state.deserialize(SavedState.parse(parse(text)));
    return;
  }
  const cookies = {
    sessionid: `${account}${rest.replaceAll(':', '%3A')}`,
    ds_user_id: account,
    // Sent back to Instagram in each form; any will do, as in instagrapi.
    csrftoken: randomBytes(16).toString('hex'),
  };
  const secure = address.startsWith('https:') ? '; Secure' : '';
  for (const [name, value] of Object.entries(cookies)) {
    await ig.state.cookieJar.setCookie(`${name}=${value}; Path=/${secure}`, address);
  }
}

export async function stateOf(ig: IgApiClient): Promise<State> {
  const state: unknown = await ig.state.serialize();
  return State.parse(state);
}

/** The value of a JSON text; undefined where it is none. */
export function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
