import { randomBytes } from 'node:crypto';
import { openDisk } from '#simulator/disk.ts';
import type { SimulatedRequest } from '#simulator/http.ts';
import { refusals } from './replies.ts';

const hourMs = 60 * 60 * 1000;
/** Meta, long-lived access tokens: sixty days, and refreshed not before they are 24 hours old. */
const livesSeconds = 60 * 24 * 60 * 60;
const youngMs = 24 * hourMs;

interface Token {
  readonly token: string;
  readonly issuedMs: number;
  readonly expiresMs: number;
}

export interface GraphTokens {
  /** The one that the owner copied from Meta's dashboard, two days ago at the first start. */
  readonly first: string;
  /** Throws a refusal when the request carries no valid access token; it comes as header or as parameter. */
  check(request: SimulatedRequest, params: URLSearchParams): void;
  /** Answers `refresh_access_token`. Throws a refusal. */
  refresh(params: URLSearchParams): object;
  /** Every token given out so far has had its sixty days. */
  expire(): void;
  /** Makes a token as the dashboard does. */
  create(): string;
  /** How many there are. */
  count(): number;
}

export function openTokens(folder: string, now: () => number): GraphTokens {
  const disk = openDisk<readonly Token[]>(folder, 'graph-tokens');
  let tokens = disk.read() ?? [];

  function keep(next: readonly Token[]): void {
    tokens = next;
    disk.write(tokens);
  }

  function create(issuedMs = now()): string {
    const token = `IGAA${randomBytes(48).toString('base64url')}`;
    keep([...tokens, { token, issuedMs, expiresMs: issuedMs + livesSeconds * 1000 }]);
    return token;
  }

  function find(given: string | undefined): Token {
    const found = tokens.find(({ token }) => token === given);
    if (found === undefined) throw refusals.badToken(given ?? '');
    if (found.expiresMs <= now()) throw refusals.expiredToken();
    return found;
  }

  const first = tokens[0]?.token ?? create(now() - 48 * hourMs);
  return {
    first,
    check({ headers }, params) {
      const [, bearer] = /^Bearer (.+)$/.exec(headers.authorization ?? '') ?? [];
      find(bearer ?? params.get('access_token') ?? undefined);
    },
    refresh(params) {
      if (params.get('grant_type') !== 'ig_refresh_token') throw refusals.missing('grant_type');
      const { issuedMs } = find(params.get('access_token') ?? undefined);
      if (now() - issuedMs < youngMs) throw refusals.youngToken();
      return {
        access_token: create(),
        token_type: 'bearer',
        expires_in: livesSeconds,
        permissions: 'instagram_business_basic,instagram_business_content_publish',
      };
    },
    expire: () => keep(tokens.map((each) => ({ ...each, expiresMs: now() }))),
    create: () => create(),
    count: () => tokens.length,
  };
}
