import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { IgApiClient } from 'instagram-private-api';
import { z } from 'zod';
import { writeDurably } from '#adapters/durable-file.ts';
import { problemOfFailedCall, problemOfStatus, shorten, surelyNotSent } from '#adapters/http.ts';
import type { Check } from '#ports/check.ts';
import { definePlatform, type Outcome, type PlatformContext, type Publication } from '#ports/platform.ts';
import type { Problem } from '#post/delivery.ts';

const limitMs = 60_000;

/** The owner's Instagram account, spoken to as the phone's app does (instagram-private-api). */
export const instagram = definePlatform({
  id: 'instagram',
  name: 'Instagram',
  settings: {
    INSTAGRAM_USERNAME: z
      .string()
      .transform((name) => name.replace(/^@/, ''))
      .optional()
      .meta({ where: 'your name on Instagram' }),
    INSTAGRAM_PASSWORD: z.string().optional().meta({ where: 'your Instagram password', secret: true }),
  },
  needs: ['INSTAGRAM_USERNAME', 'INSTAGRAM_PASSWORD'],
  // Meta's content publishing guide: JPEG up to 8 MB, ratio 4:5 to 1.91:1, width 320 to 1440.
  pictureLimits: { maxBytes: 8_000_000, maxLongEdge: 1440, minWidth: 320, minRatio: 4 / 5, maxRatio: 1.91 },
  // Meta's guide: caption 2200. Since 2026 posts with more than 5 hashtags are reported to be refused.
  captionLimits: { maxLength: 2200, maxHashtags: 5 },
  create({ INSTAGRAM_USERNAME: username = '', INSTAGRAM_PASSWORD: password = '' }, context) {
    const account = openAccount(username, password, context);
    return {
      publish: (publication) => publish(account, publication),
      check: () => check(username, context),
    };
  },
});

interface Account {
  /**
   * The client with the kept session; the password is used only where there is none. A password that was refused
   * is not tried again before the owner asks for it.
   */
  signedIn(isAskedFor: boolean): Promise<IgApiClient>;
  /** Keeps the session as it is now, or forgets one that is no longer accepted. Never throws. */
  remember(ig: IgApiClient, problem: Problem | undefined): Promise<void>;
  /** Milliseconds, as the package has it, but never the same for two pictures. */
  nextUploadId(): string;
}

/** Uploading may be repeated; `configure` is what makes the post appear. */
async function publish(account: Account, publication: Publication): Promise<Outcome> {
  const { picture, caption, width, height, round } = publication;
  let ig: IgApiClient;
  let uploadId: string;
  try {
    ig = await account.signedIn(round > 1);
  } catch (error) {
    // Logging in again by itself is what Instagram takes for an attack, so only a request that never left is.
    const problem = problemOf(error);
    return surelyNotSent(error) ? { outcome: 'not-sent', problem } : { outcome: 'failed', problem };
  }
  try {
    uploadId = (await ig.upload.photo({ file: picture, uploadId: account.nextUploadId() })).upload_id;
  } catch (error) {
    const problem = problemOf(error);
    await account.remember(ig, problem);
    return passing.has(problem.kind) ? { outcome: 'not-sent', problem } : { outcome: 'failed', problem };
  }
  const outcome = await configure(ig, { upload_id: uploadId, width, height, caption });
  await account.remember(ig, outcome.outcome === 'failed' ? outcome.problem : undefined);
  return outcome;
}

const passing = new Set<Problem['kind']>(['unreachable', 'timeout', 'out-of-order']);

async function configure(
  ig: IgApiClient,
  options: Parameters<IgApiClient['media']['configure']>[0],
): Promise<Outcome> {
  try {
    const answer = await ig.media.configure(options);
    const media = Media.safeParse(answer.media);
    if (media.success) {
      const { id, code } = media.data;
      return { outcome: 'published', ref: id, url: `https://www.instagram.com/p/${code}/` };
    }
    // Known answer without a post, although its status says ok: the picture has to be uploaded again.
    const isLost = Answer.safeParse(answer).data?.message === 'media_needs_reupload';
    return isLost
      ? { outcome: 'failed', problem: { kind: 'rejected', detail: 'the picture was not taken' } }
      : { outcome: 'uncertain', problem: { kind: 'unexpected' } };
  } catch (error) {
    const problem = problemOf(error);
    const status = statusOf(error);
    if (status !== undefined && status >= 400 && status < 500) return { outcome: 'failed', problem };
    return surelyNotSent(error) ? { outcome: 'not-sent', problem } : { outcome: 'uncertain', problem };
  }
}

function openAccount(
  username: string,
  password: string,
  { folder, endpoint, log }: PlatformContext,
): Account {
  const path = join(folder, 'instagram-session.json');
  let client: Promise<IgApiClient> | undefined;
  let refusal: unknown;
  let lastUploadId = 0;

  async function signIn(): Promise<IgApiClient> {
    const { IgApiClient } = await import('instagram-private-api');
    const ig = new IgApiClient();
    ig.state.generateDevice(username);
    secure(ig, endpoint);
    const session = await readSession(path);
    if (session !== undefined) {
      await ig.state.deserialize(session);
      return ig;
    }
    log.info({}, 'Signing in to Instagram with the password');
    await ig.account.login(username, password);
    await keep(ig).catch(notKept);
    return ig;
  }

  const notKept = (error: unknown) =>
    log.warn({ error: String(error) }, 'The Instagram session could not be kept');

  async function keep(ig: IgApiClient): Promise<void> {
    const state: unknown = await ig.state.serialize();
    // The constants hold the app's version, which would come back with an old session.
    const { constants: _, ...session } = Session.parse(state);
    await writeDurably(path, JSON.stringify(session));
  }

  return {
    nextUploadId() {
      lastUploadId = Math.max(Date.now(), lastUploadId + 1);
      return String(lastUploadId);
    },
    async signedIn(isAskedFor) {
      if (refusal !== undefined && !isAskedFor) throw refusal;
      refusal = undefined;
      client ??= signIn().catch((error: unknown) => {
        client = undefined;
        if (statusOf(error) !== undefined) refusal = error;
        throw error;
      });
      return await client;
    },
    async remember(ig, problem) {
      const isOver = problem?.kind === 'signed-out';
      if (isOver) client = undefined;
      await (isOver ? rm(path, { force: true }) : keep(ig)).catch(notKept);
    },
  };
}

/** The package switches the check of certificates off and has no time limit; both are put right here. */
function secure(ig: IgApiClient, endpoint: string | undefined): void {
  const send = ig.request.send.bind(ig.request);
  const baseUrl = endpoint === undefined ? {} : { baseUrl: endpoint };
  const patched: typeof send = (options, onlyCheckStatus) =>
    inTime(send({ strictSSL: true, timeout: limitMs, ...baseUrl, ...options }, onlyCheckStatus));
  Object.assign(ig.request, { send: patched });
  if (endpoint !== undefined)
    Object.assign(ig.state, { constants: { ...ig.state.constants, HOST: endpoint } });
}

/** The package's own limit ends with the first byte of an answer; this one is for all of it. */
async function inTime<T>(answer: Promise<T>): Promise<T> {
  const limit = AbortSignal.timeout(limitMs);
  const late = new Promise<never>((_, reject) => {
    limit.addEventListener('abort', () => reject(limit.reason));
  });
  return await Promise.race([answer, late]);
}

const Session = z.record(z.string(), z.unknown());
const Media = z.object({ id: z.string(), code: z.string() });
const Answer = z.object({ message: z.string().optional() });

async function readSession(path: string): Promise<object | undefined> {
  try {
    const session = Session.parse(JSON.parse(await readFile(path, 'utf8')));
    return typeof session['cookies'] === 'string' ? session : undefined;
  } catch {
    // No session, or a damaged one: both mean signing in.
    return undefined;
  }
}

const Refused = z.object({
  statusCode: z.number(),
  body: z
    .object({
      message: z.string().optional(),
      error_type: z.string().optional(),
      spam: z.boolean().optional(),
    })
    .optional()
    .catch(undefined),
});

function answerOf(error: unknown): z.infer<typeof Refused> | undefined {
  const response = error instanceof Error && 'response' in error ? error.response : undefined;
  return Refused.safeParse(response).data;
}

function statusOf(error: unknown): number | undefined {
  return answerOf(error)?.statusCode;
}

/** The package's error classes do not tell these apart, so the body's own codes are read. */
const kindOfCode: readonly (readonly [RegExp, Problem['kind']])[] = [
  [/checkpoint_required|challenge_required|needs_upgrade|two_factor_required/, 'check-point'],
  [/feedback_required|sentry_block/, 'held-back'],
  [/bad_password|invalid_user|invalid_credentials|login_required|user_has_logged_out/, 'signed-out'],
  [/please wait|rate_limit/i, 'rate-limited'],
];

function problemOf(error: unknown): Problem {
  const answer = answerOf(error);
  if (answer === undefined) return problemOfFailedCall(error);
  const { statusCode, body } = answer;
  const codes = `${body?.error_type ?? ''} ${body?.message ?? ''}`;
  const kind = body?.spam ? 'held-back' : kindOfCode.find(([pattern]) => pattern.test(codes))?.[1];
  const detail = body?.message === undefined ? undefined : shorten(body.message);
  if (kind === undefined) return problemOfStatus(statusCode, detail);
  return { kind, ...(detail !== undefined && { detail }) };
}

/** Asks for the own profile with the kept session. Without one nothing is asked: signing in is left to publishing. */
async function check(username: string, { folder, endpoint }: PlatformContext): Promise<Check> {
  const session = await readSession(join(folder, 'instagram-session.json'));
  if (session === undefined) return { state: 'unknown' };
  const { IgApiClient } = await import('instagram-private-api');
  const ig = new IgApiClient();
  ig.state.generateDevice(username);
  secure(ig, endpoint);
  try {
    await ig.state.deserialize(session);
    await ig.account.currentUser();
    return { state: 'works' };
  } catch (error) {
    return { state: 'broken', problem: problemOf(error) };
  }
}
