import type { Faults } from './faults.ts';
import { type Call, type SimulatedAnswer, type SimulatedRequest, serve } from './http.ts';
import { type AccountCondition, openAccount } from './instagram/account.ts';
import { readFields } from './instagram/form.ts';
import { type InstagramPost, openPosts } from './instagram/posts.ts';
import { broken, fail, ok, pleaseWait } from './instagram/replies.ts';
import type { SessionCookies } from './instagram/sessions.ts';

export interface InstagramOptions {
  readonly faults: Faults;
  /** Where the account, its sessions and its posts are kept between two starts. */
  readonly folder: string;
  readonly username?: string;
  readonly password?: string;
  /** 0 or absent: any free port. */
  readonly port?: number;
  /** Epoch milliseconds; the machine's clock unless given. */
  readonly now?: () => number;
}

/** A running Instagram with one account, for instagram-private-api pointed at `url`. */
export interface SimulatedInstagram {
  readonly url: string;
  readonly calls: readonly Call[];
  readonly username: string;
  readonly password: string;
  /** The number of the account, for `/feed/user/<pk>/`. */
  readonly pk: string;
  /** How often a password login was tried, refused ones included. */
  readonly logins: number;
  readonly condition: AccountCondition;
  setCondition(condition: AccountCondition): void;
  /** The code that two-factor login and challenge want; 123456 unless set. */
  readonly securityCode: string;
  setSecurityCode(code: string): void;
  /** Makes a session, as a login in a browser does. */
  createSession(): SessionCookies;
  /** Ends all sessions. */
  dropSessions(): void;
  /** What is on the account, oldest first. */
  posts(): readonly InstagramPost[];
  /** Pins a post above the others in the feed, as the owner can in the app. */
  pin(id: string): void;
  /** How many pictures were uploaded and are in no post yet. */
  waiting(): number;
  /** Loses them. */
  forgetUploads(): void;
  /** Calls the listener after each change of account or posts; the result takes it off again. */
  onChange(listener: () => void): () => void;
  close(): Promise<void>;
}

/**
 * The part of Instagram's private API that instagram-private-api 1.46.1 uses to log in and to publish photos,
 * and each picture at `/p/<code>/picture.jpg`. Operations for faults: `qe_sync`, `login`, `two_factor_login`,
 * `challenge`, `logout`, `current_user`, `upload`, `configure`, `feed`, `info`, `delete`, `picture`; any other
 * by its path, such as `launcher/sync`.
 */
export async function startInstagram(options: InstagramOptions): Promise<SimulatedInstagram> {
  const { faults, folder, username = 'darkroom.demo', password = 'demo-password', now = Date.now } = options;
  const listeners = new Set<() => void>();
  const changed = () => {
    for (const listener of listeners) listener();
  };
  let url = '';
  const account = openAccount({ folder, username, password, now, changed });
  const posts = openPosts({
    folder,
    accountPk: account.pk,
    profile: account.profile,
    url: () => url,
    now,
    changed,
  });

  function answer(request: SimulatedRequest): SimulatedAnswer | Promise<SimulatedAnswer> {
    const name = operation(request);
    if (name === 'picture') return picture(posts.picture(request.path.split('/')[2] ?? ''));
    if (name === 'qe_sync') return account.qeSync();
    if (name === 'login') return account.login(readFields(request));
    if (name === 'two_factor_login') return account.twoFactorLogin(readFields(request));
    if (name === 'challenge') return account.challenge(request, readFields(request));
    if (worksLoggedOut(name)) return ok();
    return account.refusal(request, name === 'configure' || name === 'delete') ?? inside(name, request);
  }

  function inside(name: string, request: SimulatedRequest): SimulatedAnswer | Promise<SimulatedAnswer> {
    const id = request.path.split('/').at(-3) ?? '';
    if (name === 'logout') return account.logout(request);
    if (name === 'current_user') return ok({ user: account.profile() });
    if (name === 'upload') return posts.upload(request);
    if (name === 'configure') return posts.configure(readFields(request));
    if (name === 'info') return posts.info(id);
    if (name === 'delete') return posts.delete(id);
    if (name === 'feed') {
      const isOwn = request.path.split('/')[5] === String(account.pk);
      return isOwn ? posts.feed(request.query) : fail(404, { message: 'User not found' });
    }
    return ok({ user: account.profile(), ...empty });
  }

  const running = await serve(
    {
      name: 'instagram',
      operation,
      answer,
      refuse: (fault) =>
        fault.kind === 'rate-limit' ? pleaseWait(429, fault.retryAfterSeconds) : broken(fault.status),
    },
    faults,
    options.port,
  );
  url = running.url;
  return {
    url,
    calls: running.calls,
    username,
    password,
    pk: String(account.pk),
    get logins() {
      return account.logins();
    },
    get condition() {
      return account.condition();
    },
    setCondition: account.setCondition,
    get securityCode() {
      return account.securityCode();
    },
    setSecurityCode: account.setSecurityCode,
    createSession: account.createSession,
    dropSessions: account.dropSessions,
    posts: posts.list,
    pin: posts.pin,
    waiting: posts.waiting,
    forgetUploads: posts.forgetUploads,
    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    close: running.close,
  };
}

const operations: readonly (readonly [RegExp, string])[] = [
  [/^\/p\/[\w-]+\/picture\.jpg$/, 'picture'],
  [/^\/rupload_igphoto\//, 'upload'],
  [/^\/api\/v1\/qe\/sync\/$/, 'qe_sync'],
  [/^\/api\/v1\/accounts\/(login|two_factor_login|logout|current_user)\/$/, '$1'],
  [/^\/api\/v1\/challenge\//, 'challenge'],
  [/^\/api\/v1\/media\/configure\/$/, 'configure'],
  [/^\/api\/v1\/media\/\d[\d_]*\/(info|delete)\/$/, '$1'],
  [/^\/api\/v1\/feed\/user\/\d+\/$/, 'feed'],
];

function operation({ path }: SimulatedRequest): string {
  for (const [pattern, name] of operations) {
    const match = pattern.exec(path);
    if (match !== null) return name === '$1' ? (match[1] ?? '') : name;
  }
  return path.replace(/^\/(api\/v\d+\/)?/, '').replace(/\/$/, '');
}

/** What the app sends before it has logged in. */
function worksLoggedOut(name: string): boolean {
  return (
    /^(launcher|zr|attribution|logging)\//.test(name) ||
    /^accounts\/(read_msisdn_header|msisdn_header_bootstrap|contact_point_prefill|get_prefill_candidates)$/.test(
      name,
    )
  );
}

/** Nothing, in the shapes that the app's start-up calls expect. */
const empty = {
  items: [],
  feed_items: [],
  num_results: 0,
  more_available: false,
  inbox: { threads: [], has_older: false },
};

function picture(bytes: Buffer | undefined): SimulatedAnswer {
  return bytes === undefined
    ? { status: 404, headers: { 'content-type': 'text/plain' }, body: 'Page Not Found' }
    : { status: 200, headers: { 'content-type': 'image/jpeg' }, body: bytes };
}
