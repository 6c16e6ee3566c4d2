import { openDisk } from '#simulator/disk.ts';
import type { SimulatedRequest } from '#simulator/http.ts';
import { refuseGrant, refuseInput, refuseToken } from './failures.ts';

/** The keys of the one app that the simulated Dropbox knows. */
export const appKey = 'simulatedappkey';
export const appSecret = 'simulatedsecret';
export const refreshToken = 'SimulatedRefreshTokenForDarkroom_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA';

/** Access tokens live about four hours. */
const livesSeconds = 4 * 60 * 60;

export interface Tokens {
  /** Answers `oauth2/token`. Throws a refusal for a wrong or revoked grant. */
  grant(request: SimulatedRequest): object;
  /** Throws a refusal when the request carries no valid access token. */
  check(operation: string, request: SimulatedRequest): void;
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
  return {
    grant(request) {
      const given = formOf(request);
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
      const until = now().getTime() + livesSeconds * 1000;
      const token = Buffer.from(JSON.stringify([saved.era, until])).toString('base64url');
      return { access_token: `sl.u.${token}`, token_type: 'bearer', expires_in: livesSeconds };
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
