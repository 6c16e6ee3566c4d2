import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { writeDurably } from '#adapters/durable-file.ts';
import type { Clock } from '#ports/clock.ts';
import type { Log } from '#ports/log.ts';
import type { Notice } from '#ports/owner-chat.ts';
import type { Graph } from './client.ts';

const dayMs = 24 * 60 * 60 * 1000;
/** Meta, long-lived access tokens: refreshed not before they are 24 hours old, and dead after sixty days. */
const youngestMs = dayMs;
const refreshedEveryMs = 7 * dayMs;

const time = z.iso.datetime();
const Kept = z.object({
  /** The hash of the token in the settings: another one there begins anew. */
  configured: z.string(),
  /** The newest one; absent: still the one in the settings. */
  token: z.string().optional(),
  /** When we got it. */
  since: time,
  checkedAt: time.optional(),
  expiresAt: time.optional(),
  /** The owner knows that it is not renewed at present. */
  isTold: z.boolean().optional(),
});
type Kept = Readonly<z.infer<typeof Kept>>;

const Refreshed = z.object({ access_token: z.string().min(1), expires_in: z.number() });

export interface GraphToken {
  /** The token to be used now. Refreshed before, where it is time; asked for at most once a day. Never throws. */
  current(): Promise<string>;
  /** The newest one as it is; nothing is asked or written. Never throws. */
  known(): Promise<string>;
}

export interface GraphTokenOptions {
  /** The token in the settings. */
  readonly configured: string;
  readonly path: string;
  readonly graph: Graph;
  readonly clock: Clock;
  readonly log: Log;
  /** Told once when it cannot be refreshed, and again only after it could. */
  readonly tell: (notice: Notice) => void;
}

/** A long-lived access token that lives on. What it was refreshed to is kept in a file, readable by us alone. */
export function openGraphToken(options: GraphTokenOptions): GraphToken {
  const { configured, path, graph, clock, log, tell } = options;
  const key = createHash('sha256').update(configured).digest('hex');
  let kept: Kept | undefined;
  let refreshing: Promise<string> | undefined;

  async function keep(next: Kept): Promise<void> {
    kept = next;
    await writeDurably(path, JSON.stringify(next)).catch((error: unknown) =>
      log.warn({ error: String(error) }, 'The Instagram token could not be kept'),
    );
  }

  async function begin(): Promise<Kept> {
    const found = await readKept(path);
    if (found?.configured === key) return found;
    const fresh = { configured: key, since: clock.now().toISOString() };
    await keep(fresh);
    return fresh;
  }

  async function refresh(): Promise<string> {
    kept ??= await begin();
    const now = clock.now();
    const { token = configured, ...before } = kept;
    if (!isDue(kept, now)) return token;
    const checkedAt = now.toISOString();
    const params = { grant_type: 'ig_refresh_token', access_token: token };
    const answer = await graph({ method: 'GET', path: 'refresh_access_token', params }, Refreshed);
    if ('refused' in answer) {
      const { kind } = answer.refused.problem;
      log.warn({ problem: kind, expiresAt: before.expiresAt }, 'The Instagram token could not be refreshed');
      if (kept.isTold !== true)
        tell({ kind: 'token-not-renewed', service: 'Instagram', daysLeft: daysLeft(kept, now) });
      await keep({ ...kept, checkedAt, isTold: true });
      return token;
    }
    const { access_token: next, expires_in: seconds } = answer.value;
    const expiresAt = new Date(now.getTime() + seconds * 1000).toISOString();
    await keep({ configured: key, token: next, since: checkedAt, checkedAt, expiresAt });
    log.info({ expiresAt }, 'The Instagram token was refreshed');
    return next;
  }

  return {
    current() {
      refreshing ??= refresh().finally(() => {
        refreshing = undefined;
      });
      return refreshing;
    },
    async known() {
      const found = kept ?? (await readKept(path));
      return found?.configured === key ? (found.token ?? configured) : configured;
    },
  };
}

const lifetimeMs = 60 * dayMs;

function daysLeft({ since, expiresAt }: Kept, now: Date): number {
  const end = expiresAt === undefined ? Date.parse(since) + lifetimeMs : Date.parse(expiresAt);
  return Math.max(0, Math.round((end - now.getTime()) / dayMs));
}

function isDue({ token, since, checkedAt }: Kept, now: Date): boolean {
  const isOver = (start: string, ms: number) => {
    const passedMs = now.getTime() - Date.parse(start);
    // A start in the future comes from a clock that was wrong.
    return passedMs >= ms || passedMs < 0;
  };
  const isOld = isOver(since, token === undefined ? youngestMs : refreshedEveryMs);
  return isOld && (checkedAt === undefined || isOver(checkedAt, dayMs));
}

async function readKept(path: string): Promise<Kept | undefined> {
  try {
    return Kept.parse(JSON.parse(await readFile(path, 'utf8')));
  } catch {
    // None yet, or a damaged one: the token in the settings is where it begins.
    return undefined;
  }
}
