import { randomBytes } from 'node:crypto';
import { openDisk } from '#simulator/disk.ts';
import type { SimulatedAnswer, SimulatedRequest } from '#simulator/http.ts';
import { type Fields, text } from './form.ts';
import { loadPasswordKey } from './password.ts';
import {
  badPassword,
  challengeRequired,
  checkpointRequired,
  codeTooOld,
  fail,
  feedbackRequired,
  inactiveUser,
  invalidIdentifier,
  invalidParameters,
  invalidUser,
  limited,
  loginRequired,
  needsUpgrade,
  ok,
  pleaseWait,
  twoFactorRequired,
  userHasLoggedOut,
  wrongTwoFactorCode,
} from './replies.ts';
import { newSession, type SessionCookies, sessionHeaders, shownSession } from './sessions.ts';

/**
 * How Instagram treats the account.
 * - `well`: everything works.
 * - `unsupported-version`: checkpoint_required with the page for unsupported versions; nothing in the API ends it.
 * - `checkpoint`: checkpoint_required with a page for the owner, of the kind that only a browser can open.
 * - `disabled`: the account is inactive, for the login and for everything else.
 * - `challenge`: challenge_required; the security code ends it.
 * - `needs-upgrade`: the app is too old, for the login and for everything else.
 * - `two-factor`: a login needs the security code, which comes as a message to the phone; sessions work.
 * - `two-factor-app`: the same, with an authenticator app that shows the code.
 * - `feedback-required`: posting and deleting are refused as spam; reading works.
 * - `limited`: the same without the word spam.
 * - `please-wait`: too many requests: 400 for the login, 429 for the rest.
 * - `logged-out`: all sessions have ended; the next login or imported session is good again.
 * - `logged-out-elsewhere`: the same, after the owner has ended them in the app.
 */
export type AccountCondition =
  | 'well'
  | 'unsupported-version'
  | 'checkpoint'
  | 'disabled'
  | 'challenge'
  | 'needs-upgrade'
  | 'two-factor'
  | 'two-factor-app'
  | 'feedback-required'
  | 'limited'
  | 'please-wait'
  | 'logged-out'
  | 'logged-out-elsewhere';

/** Those that begin with the end of all sessions, and end with a new one. */
const endsOfSessions = new Set<AccountCondition>(['logged-out', 'logged-out-elsewhere']);

interface KeptAccount {
  readonly condition: AccountCondition;
  readonly securityCode: string;
  readonly logins: number;
  readonly sessions: readonly SessionCookies[];
  /** The newest login that waits for its code. */
  readonly twoFactor?: { readonly identifier: string; readonly atMs: number };
  readonly challengePath: string;
}

/** The only account of this Instagram: its sessions, its login and what stands in their way. */
export interface Account {
  readonly pk: number;
  readonly username: string;
  readonly password: string;
  condition(): AccountCondition;
  setCondition(condition: AccountCondition): void;
  securityCode(): string;
  setSecurityCode(code: string): void;
  logins(): number;
  createSession(): SessionCookies;
  dropSessions(): void;
  /** The refusal of a request that is no login, or undefined when it may go on. */
  refusal(request: SimulatedRequest, isWrite: boolean): SimulatedAnswer | undefined;
  qeSync(): SimulatedAnswer;
  login(fields: Fields): SimulatedAnswer;
  twoFactorLogin(fields: Fields): SimulatedAnswer;
  challenge(request: SimulatedRequest, fields: Fields): SimulatedAnswer;
  logout(request: SimulatedRequest): SimulatedAnswer;
  profile(): object;
}

const pk = 8274619305;

export interface AccountOptions {
  readonly folder: string;
  readonly username: string;
  readonly password: string;
  /** Epoch milliseconds. */
  now(): number;
  /** Called after every change. */
  changed(): void;
}

/** "Those codes are valid for only a few minutes max" (mgp25/Instagram-API, issue 2632). */
const codeLivesMs = 10 * 60_000;

export function openAccount({ folder, username, password, now, changed }: AccountOptions): Account {
  const key = loadPasswordKey(folder);
  const disk = openDisk<KeptAccount>(folder, 'instagram-account');
  let kept: KeptAccount = disk.read() ?? {
    condition: 'well',
    securityCode: '123456',
    logins: 0,
    sessions: [],
    challengePath: `/challenge/${pk}/${randomBytes(5).toString('hex')}/`,
  };

  function keep(change: Partial<KeptAccount>): void {
    kept = { ...kept, ...change };
    disk.write(kept);
    changed();
  }

  function createSession(): SessionCookies {
    const session = newSession(pk);
    const condition = endsOfSessions.has(kept.condition) ? 'well' : kept.condition;
    keep({ sessions: [...kept.sessions, session], condition });
    return session;
  }

  function hasSession(request: SimulatedRequest): boolean {
    const shown = shownSession(request);
    return kept.sessions.some((each) => each.sessionid === shown);
  }

  const profile = () => ({
    pk,
    pk_id: String(pk),
    username,
    full_name: username,
    is_private: false,
    is_verified: false,
    is_business: false,
    profile_pic_url: '',
    has_anonymous_profile_picture: true,
    account_type: 1,
  });

  function logIn(extra: object = {}): SimulatedAnswer {
    return { ...ok({ logged_in_user: profile(), ...extra }), headers: sessionHeaders(createSession()) };
  }

  function askForCode(): SimulatedAnswer {
    const identifier = randomBytes(16).toString('hex');
    keep({ twoFactor: { identifier, atMs: now() } });
    return twoFactorRequired({ pk, username, identifier, isApp: kept.condition === 'two-factor-app' });
  }

  return {
    pk,
    username,
    password,
    condition: () => kept.condition,
    setCondition(condition) {
      keep(endsOfSessions.has(condition) ? { condition, sessions: [] } : { condition });
    },
    securityCode: () => kept.securityCode,
    setSecurityCode: (securityCode) => keep({ securityCode }),
    logins: () => kept.logins,
    createSession,
    dropSessions: () => keep({ sessions: [] }),
    refusal(request, isWrite) {
      if (kept.condition === 'please-wait') return pleaseWait(429);
      if (kept.condition === 'needs-upgrade') return needsUpgrade();
      if (kept.condition === 'disabled') return inactiveUser();
      if (kept.condition === 'logged-out-elsewhere') return userHasLoggedOut();
      if (!hasSession(request)) return loginRequired();
      if (kept.condition === 'unsupported-version') return checkpointRequired('/web/unsupported_version/');
      if (kept.condition === 'checkpoint') return checkpointRequired(kept.challengePath);
      if (kept.condition === 'challenge') return challengeRequired(kept.challengePath);
      if (kept.condition === 'feedback-required' && isWrite) return feedbackRequired();
      if (kept.condition === 'limited' && isWrite) return limited();
      return undefined;
    },
    qeSync: () => ({
      ...ok({ experiments: [] }),
      headers: { ...key.headers, 'set-cookie': `csrftoken=${randomBytes(16).toString('hex')}; Path=/` },
    }),
    login(fields) {
      keep({ logins: kept.logins + 1 });
      if (kept.condition === 'please-wait') return pleaseWait(400);
      if (kept.condition === 'needs-upgrade') return needsUpgrade();
      if (text(fields, 'username') !== username) return invalidUser();
      if (key.open(text(fields, 'enc_password')) !== password) return badPassword(username);
      if (kept.condition === 'disabled') return inactiveUser();
      if (kept.condition === 'unsupported-version') return checkpointRequired('/web/unsupported_version/');
      if (kept.condition === 'checkpoint') return checkpointRequired(kept.challengePath);
      if (kept.condition === 'challenge') return challengeRequired(kept.challengePath);
      if (kept.condition === 'two-factor' || kept.condition === 'two-factor-app') return askForCode();
      return logIn();
    },
    twoFactorLogin(fields) {
      if (kept.condition === 'please-wait') return pleaseWait(400);
      const { identifier, atMs } = kept.twoFactor ?? {};
      if (identifier === undefined || text(fields, 'two_factor_identifier') !== identifier) {
        return invalidIdentifier();
      }
      const method = text(fields, 'verification_method');
      const isApp = kept.condition === 'two-factor-app';
      if (text(fields, 'username') !== username || method !== (isApp ? '0' : '1')) return invalidParameters();
      if (atMs === undefined || now() - atMs > codeLivesMs) return codeTooOld();
      if (text(fields, 'verification_code') !== kept.securityCode) return wrongTwoFactorCode();
      const { twoFactor: _, ...others } = kept;
      kept = others;
      return logIn();
    },
    challenge(request, fields) {
      const step = request.path
        .replace(/^\/api\/v1/, '')
        .replace(/\/challenge\/(reset|replay)\//, '/challenge/');
      if (kept.condition !== 'challenge' || step !== kept.challengePath) {
        return fail(400, { message: 'This challenge has expired.', error_type: 'expired' });
      }
      const code = text(fields, 'security_code');
      if (code === '') return ok(challengeStep(text(fields, 'choice') === '' ? 'choose' : 'code'));
      if (code !== kept.securityCode) {
        return fail(400, { message: 'Please check the code we sent you and try again.' });
      }
      keep({ condition: 'well' });
      return logIn({ action: 'close' });
    },
    logout(request) {
      const shown = shownSession(request);
      keep({ sessions: kept.sessions.filter((each) => each.sessionid !== shown) });
      return ok();
    },
    profile,
  };
}

function challengeStep(step: 'choose' | 'code'): object {
  const ends = { user_id: pk, nonce_code: 'simulated' };
  if (step === 'choose') {
    return {
      step_name: 'select_verify_method',
      step_data: { choice: '1', email: 'd*******m@example.com' },
      ...ends,
    };
  }
  const data = {
    security_code: 'None',
    resend_delay: 60,
    contact_point: 'd*******m@example.com',
    form_type: 'email',
  };
  return { step_name: 'verify_email', step_data: data, ...ends };
}
