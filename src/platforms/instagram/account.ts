import { createHash } from 'node:crypto';
import type { IgApiClient } from 'instagram-private-api';
import { surelyNotSent } from '#adapters/http.ts';
import type { Clock } from '#ports/clock.ts';
import type { CodeOutcome, PlatformContext, Publication } from '#ports/platform.ts';
import type { Problem } from '#post/delivery.ts';
import { addressOf, type ClientSettings, createClient } from './client.ts';
import { type CodeEntry, openCodeEntry } from './code-entry.ts';
import { codeRequestIn, holdsAll, problemOf, statusOf } from './refusals.ts';
import { stateOf, takeUp } from './session.ts';
import { openSessionFile } from './session-file.ts';

export interface AccountSettings extends ClientSettings {
  readonly password: string | undefined;
  /** A session from elsewhere; it goes before the password. */
  readonly imported: string | undefined;
}

export type SignIn =
  | { readonly ig: IgApiClient }
  | {
      readonly problem: Problem;
      readonly isSurelyNotSent: boolean;
      /** Until when Instagram wants to be left alone, where it goes on by itself then. */
      readonly waitMs?: number;
    };

/** What Instagram said no with; `waitMs` where it wants a pause. */
export interface Refusal {
  readonly problem: Problem;
  readonly waitMs?: number;
}

/**
 * The owner's account, and what keeps Instagram from taking us for an attack: a session is used as long as it
 * lives, after a refusal that needs the owner no call is made before they ask for another try, and none for a while
 * after too many requests. Never throws.
 */
export interface Account {
  /**
   * The client with its session. The password is used only where there never was a session, or where the owner
   * asks for this attempt: once for each time they do.
   */
  signedIn(attempt: Pick<Publication, 'postId' | 'round'>): Promise<SignIn>;
  /** The client with its session, for looking: no sign-in, and none while Instagram is left alone. */
  atHand(): Promise<IgApiClient | undefined>;
  /** Why Instagram is left alone for now; undefined: it is not. */
  obstacle(): Problem | undefined;
  /** Whether the last sign-in waits for a code. */
  awaitsCode(): boolean;
  /** Goes on with the sign-in that waits for this code. What Instagram was left alone for is over then. */
  enterCode(code: string): Promise<CodeOutcome>;
  /** To be called when a client was used: keeps the session as it is now, or drops it, and heeds a refusal. */
  used(ig: IgApiClient, refusal: Refusal | undefined): Promise<void>;
}

const signedOut: Problem = { kind: 'signed-out', detail: 'login_required' };

export function openAccount(
  settings: AccountSettings,
  { folder, log, isReadOnly, clock }: PlatformContext & { readonly clock: Clock },
): Account {
  const { username, password, imported } = settings;
  const file = openSessionFile({ folder, username, secret: password ?? imported ?? '', log, isReadOnly });
  const origin = imported === undefined ? {} : { imported: markOf(imported) };
  const asked = new Set<string>();
  let opening: Promise<IgApiClient | undefined> | undefined;
  let signingIn: Promise<IgApiClient> | undefined;
  let current: IgApiClient | undefined;
  let hold: Problem | undefined;
  let waiting: CodeEntry | undefined;
  let pause: (Required<Refusal> & { readonly untilMs: number }) | undefined;

  /** The pause that Instagram wants, as long as it lasts. A clock that is put back does not make it longer. */
  function pauseNow(): Required<Refusal> | undefined {
    const waitMs = pause === undefined ? 0 : pause.untilMs - clock.now().getTime();
    return pause && waitMs > 0 && waitMs <= pause.waitMs ? { problem: pause.problem, waitMs } : undefined;
  }

  /** A session that the owner has brought since the kept one began goes before it. */
  async function openSession(): Promise<IgApiClient | undefined> {
    const kept = await file.read();
    const isNewlyImported = imported !== undefined && kept?.imported !== origin.imported;
    if (kept === undefined && !isNewlyImported) return undefined;
    const ig = await createClient(settings);
    if (isNewlyImported) await takeUp(ig, imported, addressOf(settings));
    else await ig.state.deserialize({ ...kept?.state });
    current = ig;
    return ig;
  }

  function session(): Promise<IgApiClient | undefined> {
    opening ??= openSession().catch((error: unknown) => {
      opening = undefined;
      throw error;
    });
    return opening;
  }

  async function login(name: string, secret: string): Promise<IgApiClient> {
    const ig = await createClient(settings);
    log.info({}, 'Signing in to Instagram with the password');
    waiting = undefined;
    try {
      await ig.account.login(name, secret);
    } catch (error) {
      const request = codeRequestIn(error);
      if (request !== undefined) waiting = openCodeEntry(ig, name, request);
      throw error;
    }
    begin(ig);
    return ig;
  }

  function begin(ig: IgApiClient): void {
    current = ig;
    opening = Promise.resolve(ig);
    // Making the key takes a while, which nobody need wait for.
    void keep(ig);
  }

  async function keep(ig: IgApiClient): Promise<void> {
    const state = await stateOf(ig).catch(() => undefined);
    if (state === undefined) log.warn({}, 'The Instagram session is of a kind that cannot be kept');
    else await file.write({ state, ...origin });
  }

  return {
    async signedIn(attempt) {
      // Each press is good for one attempt; that attempts are repeated is nobody's wish.
      const name = `${attempt.postId} ${attempt.round}`;
      const before = hold;
      if (attempt.round > 1 && !asked.has(name)) {
        hold = undefined;
        pause = undefined;
      }
      asked.add(name);
      if (hold !== undefined) return { problem: hold, isSurelyNotSent: false };
      const paused = pauseNow();
      if (paused !== undefined) return { ...paused, isSurelyNotSent: true };
      try {
        const ig = await session();
        if (ig !== undefined) return { ig };
        if (password === undefined) return { problem: signedOut, isSurelyNotSent: false };
        signingIn ??= login(username, password).finally(() => {
          signingIn = undefined;
        });
        return { ig: await signingIn };
      } catch (error) {
        const problem = problemOf(error);
        const isSurelyNotSent = surelyNotSent(error);
        if (isSurelyNotSent) asked.delete(name);
        // A login whose answer got lost leaves things as they were.
        if (statusOf(error) !== undefined) hold = problem;
        else hold ??= before;
        return { problem, isSurelyNotSent };
      }
    },
    obstacle: () => hold ?? pauseNow()?.problem,
    awaitsCode: () => waiting !== undefined,
    async enterCode(code) {
      // Taken out meanwhile, so that two owners do not use up two tries.
      const entry = waiting;
      waiting = undefined;
      if (entry === undefined) return { code: 'over' };
      const outcome = await entry.enter(code);
      if (outcome.code === 'wrong' || outcome.code === 'unanswered') waiting ??= entry;
      if (outcome.code === 'refused') hold = outcome.problem;
      if (outcome.code === 'taken') {
        hold = undefined;
        waiting = undefined;
        begin(entry.ig);
      }
      return outcome;
    },
    async atHand() {
      if (hold !== undefined || pauseNow() !== undefined) return undefined;
      return await session().catch(() => undefined);
    },
    async used(ig, refusal) {
      const { problem, waitMs } = refusal ?? {};
      // Another one has taken its place meanwhile.
      if (ig !== current) return;
      if (problem !== undefined && waitMs !== undefined)
        pause = { problem, waitMs, untilMs: clock.now().getTime() + waitMs };
      if (problem !== undefined && holdsAll(problem)) hold = problem;
      if (problem?.kind === 'signed-out') {
        current = undefined;
        opening = Promise.resolve(undefined);
        await file.drop();
      } else await keep(ig);
    },
  };
}

/** Tells one imported session from another. */
function markOf(session: string): string {
  return createHash('sha256').update(session).digest('hex');
}
