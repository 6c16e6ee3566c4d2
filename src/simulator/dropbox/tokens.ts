import { createHash, randomBytes } from 'node:crypto';
import { openDisk } from '#simulator/disk.ts';
import type { SimulatedRequest } from '#simulator/http.ts';
import { refuseGrant, refuseInput, refuseToken } from './failures.ts';

/** The keys of the one app that the simulated Dropbox knows. */
export const appKey = 'simulatedappkey';
export const appSecret = 'simulatedsecret';
export const refreshToken = 'SimulatedRefreshTokenForDarkroom_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA';

const scopes = 'account_info.read files.content.read files.content.write files.metadata.read';

/** Access tokens live about four hours. */
const livesSeconds = 4 * 60 * 60;

export interface Tokens {
  /** Answers `oauth2/token`. Throws a refusal for a wrong or revoked grant. */
  grant(request: SimulatedRequest): object;
  /** Throws a refusal when the request carries no valid access token. */
  check(operation: string, request: SimulatedRequest): void;
  /**
   * What the owner does in the browser: opens the address of oauth2/authorize and allows the app. The answer is the
   * code that the page shows, good for one time.
   */
  authorize(address: string): string;
  expire(): void;
  revoke(): void;
  allow(): void;
}

interface Saved {
  readonly era: number;
  readonly isRevoked: boolean;
}

/** Access tokens carry their own expiry, so that they outlive a restart. */
export function openTokens(folder: string, now: () => Date): Tokens {
  const disk = openDisk<Saved>(folder, 'tokens');
  let saved: Saved = disk.read() ?? { era: 1, isRevoked: false };
  const change = (next: Saved): void => {
    saved = next;
    disk.write(saved);
  };
  /** The PKCE challenge of each code that was not used yet; empty where there was none. */
  const codes = new Map<string, string>();

  function accessToken(): object {
    const until = now().getTime() + livesSeconds * 1000;
    const token = Buffer.from(JSON.stringify([saved.era, until])).toString('base64url');
    return { access_token: `sl.u.${token}`, token_type: 'bearer', expires_in: livesSeconds };
  }

  function grantCode(given: URLSearchParams): object {
    const code = given.get('code') ?? '';
    const challenge = codes.get(code);
    codes.delete(code);
    if (challenge === undefined) throw refuseGrant("code doesn't exist or has expired");
    const hash = createHash('sha256')
      .update(given.get('code_verifier') ?? '')
      .digest('base64url');
    if (challenge !== '' && challenge !== hash) throw refuseGrant('invalid code verifier');
    return { ...accessToken(), refresh_token: refreshToken, scope: scopes, uid: '1', account_id: 'dbid:1' };
  }

  return {
    authorize(address) {
      const query = new URL(address).searchParams;
      if (query.get('client_id') !== appKey) throw new Error('Invalid client_id');
      if (query.get('token_access_type') !== 'offline') throw new Error('No refresh token was asked for');
      const code = randomBytes(16).toString('base64url');
      codes.set(code, query.get('code_challenge') ?? '');
      return code;
    },
    grant(request) {
      const given = formOf(request);
      if (given.get('grant_type') === 'authorization_code') {
        if (given.get('client_id') !== appKey) throw refuseGrant('code has the wrong client');
        return grantCode(given);
      }
      if (given.get('grant_type') !== 'refresh_token') {
        throw {
          answer: {
            status: 400,
            body: {
              error: 'unsupported_grant_type',
              error_description: 'The given grant_type is not supported',
            },
          },
        };
      }
      const secret = given.get('client_secret') ?? basicSecretOf(request);
      if (given.get('client_id') !== appKey || (secret !== null && secret !== appSecret)) {
        throw {
          answer: { status: 400, body: { error: 'invalid_client: Invalid client_id or client_secret' } },
        };
      }
      if (given.get('refresh_token') !== refreshToken) throw refuseGrant('refresh token is malformed');
      if (saved.isRevoked) throw refuseGrant('refresh token is invalid or revoked');
      return accessToken();
    },
    check(operation, request) {
      const header = request.headers.authorization;
      if (header === undefined) {
        throw refuseInput(
          operation,
          'Must provide HTTP header "Authorization" or URL parameter "authorization".',
        );
      }
      const [, token] = /^Bearer sl\.u\.(.+)$/.exec(header) ?? [];
      const [era, until] = readToken(token);
      if (until === 0 || saved.isRevoked) throw refuseToken('invalid_access_token');
      if (era !== saved.era || until <= now().getTime()) throw refuseToken('expired_access_token');
    },
    expire: () => change({ ...saved, era: saved.era + 1 }),
    revoke: () => change({ ...saved, isRevoked: true }),
    allow: () => change({ ...saved, isRevoked: false }),
  };
}

/** The SDK sends its parameters in the query, other clients as a form. */
function formOf(request: SimulatedRequest): URLSearchParams {
  return request.query.has('grant_type') ? request.query : new URLSearchParams(request.body.toString());
}

function basicSecretOf(request: SimulatedRequest): string | null {
  const [, basic] = /^Basic (.+)$/.exec(request.headers.authorization ?? '') ?? [];
  return basic === undefined ? null : (Buffer.from(basic, 'base64').toString().split(':')[1] ?? null);
}

function readToken(token: string | undefined): readonly [number, number] {
  try {
    const [era, until]: unknown[] = JSON.parse(Buffer.from(token ?? '', 'base64url').toString()) as unknown[];
    return [Number(era), Number(until)];
  } catch {
    // Not one of ours.
    return [0, 0];
  }
}
