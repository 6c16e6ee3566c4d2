import type { IgApiClient } from 'instagram-private-api';
import { z } from 'zod';
import { surelyNotSent } from '#adapters/http.ts';
import { systemClock } from '#adapters/system-clock.ts';
import type { Check } from '#ports/check.ts';
import {
  definePlatform,
  type Finding,
  type Outcome,
  type OutThere,
  type Publication,
  type Withdrawal,
} from '#ports/platform.ts';
import { TrueOrFalse } from '#ports/true-or-false.ts';
import type { Problem } from '#post/delivery.ts';
import { type Account, openAccount, type Refusal } from './instagram/account.ts';
import { load } from './instagram/client.ts';
import { linkTo, lookInFeed } from './instagram/look.ts';
import { isGone, pauseAfter, problemOf, statusOf } from './instagram/refusals.ts';
import { chooseLook, instagramCaptions, instagramLook, instagramPictures } from './instagram/rules.ts';
import { isSession } from './instagram/session.ts';
import { openUploads, type Uploads } from './instagram/uploads.ts';

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
    INSTAGRAM_SESSION: z
      .string()
      .refine(isSession, 'is neither the cookie "sessionid" nor a saved session')
      .optional()
      .meta({
        where: 'the cookie "sessionid" of instagram.com in your browser, see README.md',
        secret: true,
      }),
    INSTAGRAM_PASSWORD: z.string().optional().meta({ where: 'your Instagram password', secret: true }),
    INSTAGRAM_APP_VERSION: z
      .string()
      .regex(/^\d+(\.\d+)+$/, 'is not a version like 347.0.0.43.109')
      .optional()
      .meta({ where: 'the version of the Instagram app to be; only when Instagram finds it too old' }),
    INSTAGRAM_APP_VERSION_CODE: z
      .string()
      .regex(/^\d+$/, 'is not a version code like 614918025')
      .optional()
      .meta({ where: 'the version code that belongs to INSTAGRAM_APP_VERSION' }),
    INSTAGRAM_UPLOAD_AHEAD: TrueOrFalse.default(true).meta({
      where:
        'whether the picture is sent to Instagram while you look at the draft, for nobody to see: true or false',
    }),
    ...instagramLook,
  },
  needs: ['INSTAGRAM_USERNAME', ['INSTAGRAM_SESSION', 'INSTAGRAM_PASSWORD']],
  pictureLimits: instagramPictures,
  captionLimits: instagramCaptions,
  choose: chooseLook,
  create(settings, context) {
    const { clock = systemClock } = context;
    const account = openAccount(
      {
        username: settings.INSTAGRAM_USERNAME ?? '',
        password: settings.INSTAGRAM_PASSWORD,
        imported: settings.INSTAGRAM_SESSION,
        appVersion: settings.INSTAGRAM_APP_VERSION,
        appVersionCode: settings.INSTAGRAM_APP_VERSION_CODE,
        endpoint: context.endpoint,
      },
      { ...context, clock },
    );
    const uploads = openUploads(clock, (...picture) => upload(account, ...picture));
    return {
      publish: (publication) => publish(account, uploads, publication),
      load,
      ...(settings.INSTAGRAM_UPLOAD_AHEAD && {
        uploadAhead: (picture: Buffer) => uploadAhead(account, uploads, picture),
      }),
      look: (publication, since) => look(account, publication, since),
      withdraw: (post) => withdraw(account, post),
      check: () => check(account),
      awaitsCode: () => account.awaitsCode(),
      enterCode: (code) => account.enterCode(code),
    };
  },
});

/** Uploading may be repeated, and shows nothing to anybody. */
async function upload(
  account: Account,
  ig: IgApiClient,
  picture: Buffer,
  uploadId: string,
): Promise<Refusal | undefined> {
  try {
    await ig.upload.photo({ file: picture, uploadId });
    return undefined;
  } catch (error) {
    const refusal = refusalOf(error);
    await account.used(ig, refusal);
    return refusal;
  }
}

/** With the session at hand: signing in is left to publishing. */
async function uploadAhead(account: Account, uploads: Uploads, picture: Buffer): Promise<void> {
  const ig = await account.atHand();
  if (ig !== undefined) await uploads.ahead(ig, picture);
}

/** `configure` is what makes the post appear. */
async function publish(account: Account, uploads: Uploads, publication: Publication): Promise<Outcome> {
  const signIn = await account.signedIn(publication);
  if ('problem' in signIn) {
    // Signing in again by itself is what Instagram takes for an attack, so only a request that never left is.
    const { isSurelyNotSent, ...refusal } = signIn;
    return { outcome: isSurelyNotSent ? 'not-sent' : 'failed', ...refusal };
  }
  const { ig } = signIn;
  const uploaded = await uploads.take(ig, publication.picture);
  if ('refusal' in uploaded) return outcomeOf(uploaded.refusal);
  const outcome = await configure(ig, publication, uploaded.uploadId);
  const isRefused = outcome.outcome === 'failed' || outcome.outcome === 'not-sent';
  await account.used(ig, isRefused ? outcome : undefined);
  // Perhaps only the upload was too old, so that the next attempt is worth it, which uploads the picture anew.
  const isWorthAnother =
    uploaded.isAhead && outcome.outcome === 'failed' && outcome.problem.kind === 'rejected';
  return isWorthAnother ? { ...outcome, outcome: 'not-sent' } : outcome;
}

function refusalOf(error: unknown): Refusal {
  const problem = problemOf(error);
  return problem.kind === 'rate-limited' ? { problem, waitMs: pauseAfter(error) } : { problem };
}

/** Of a refusal nothing has appeared; where only the moment was wrong, there is another one. */
function outcomeOf(refusal: Refusal): Outcome {
  const isPassing = passing.has(refusal.problem.kind);
  return { outcome: isPassing ? 'not-sent' : 'failed', ...refusal };
}

const passing = new Set<Problem['kind']>(['rate-limited', 'unreachable', 'timeout', 'out-of-order']);

/** Meta's content publishing guide has 1000 characters for its alt text; the app's own limit is not known. */
const longestAltText = 1000;

async function configure(
  ig: IgApiClient,
  { width, height, caption, altText }: Publication,
  uploadId: string,
): Promise<Outcome> {
  const options = {
    ...{ upload_id: uploadId, width, height, caption },
    // The app's own name for it; the package hands on what it does not know.
    ...(altText && { custom_accessibility_caption: [...altText].slice(0, longestAltText).join('') }),
  };
  try {
    const answer = await ig.media.configure(options);
    const media = Media.safeParse(answer.media);
    if (media.success) {
      const { id, code } = media.data;
      return { outcome: 'published', ref: id, url: linkTo(code) };
    }
    // Known answer without a post, although its status says ok: the picture has to be uploaded again.
    const isLost = Answer.safeParse(answer).data?.message === 'media_needs_reupload';
    return isLost
      ? { outcome: 'failed', problem: { kind: 'rejected', detail: 'the picture was not taken' } }
      : { outcome: 'uncertain', problem: { kind: 'unexpected' } };
  } catch (error) {
    const refusal = refusalOf(error);
    const { problem } = refusal;
    if (isRefused(error)) return outcomeOf(refusal);
    return surelyNotSent(error) ? { outcome: 'not-sent', problem } : { outcome: 'uncertain', problem };
  }
}

/** 408 comes from something in between, which does not know how far the request got. */
function isRefused(error: unknown): boolean {
  const status = statusOf(error);
  return status !== undefined && status >= 400 && status < 500 && status !== 408;
}

const Media = z.object({ id: z.string(), code: z.string() });
const Answer = z.object({ message: z.string().optional() });

/** Without a session, or with Instagram in a mood that needs the owner, nobody can tell. */
async function look(account: Account, publication: Publication, since: Date): Promise<Finding> {
  const ig = await account.atHand();
  if (ig === undefined) return { found: 'unclear' };
  try {
    return await lookInFeed(ig, publication, since);
  } catch (error) {
    await account.used(ig, refusalOf(error));
    return { found: 'unclear' };
  }
}

const Deleted = z.object({ did_delete: z.literal(true) });

/** With the session at hand: signing in is left to publishing, and while Instagram is left alone it stays so. */
async function withdraw(account: Account, { ref }: OutThere): Promise<Withdrawal> {
  const ig = await account.atHand();
  if (ig === undefined) {
    const problem = account.obstacle() ?? { kind: 'signed-out', detail: 'login_required' };
    return { withdrawal: 'refused', problem };
  }
  try {
    // `<number>_<number of the account>`; of another account's post Instagram says that it is not there.
    if (!ref.endsWith(`_${ig.state.cookieUserId}`)) {
      const problem: Problem = { kind: 'not-found', detail: 'the post is on another account' };
      return { withdrawal: 'refused', problem };
    }
    const answer = Deleted.safeParse(await ig.media.delete({ mediaId: ref }));
    await account.used(ig, undefined);
    return answer.success
      ? { withdrawal: 'withdrawn' }
      : { withdrawal: 'unknown', problem: { kind: 'unexpected' } };
  } catch (error) {
    if (isGone(error)) return { withdrawal: 'withdrawn' };
    const refusal = refusalOf(error);
    const isStillThere = isRefused(error) || surelyNotSent(error);
    await account.used(ig, isStillThere ? refusal : undefined);
    return { withdrawal: isStillThere ? 'refused' : 'unknown', problem: refusal.problem };
  }
}

/**
 * Asks for the own profile with the session at hand. Without one nothing is asked: signing in is left to publishing.
 * Nor is it while Instagram is left alone, whose reason is the answer then.
 */
async function check(account: Account): Promise<Check> {
  const problem = account.obstacle();
  if (problem !== undefined) return { state: 'broken', problem };
  try {
    const ig = await account.atHand();
    if (ig === undefined) return { state: 'unknown' };
    await ig.account.currentUser();
    return { state: 'works' };
  } catch (error) {
    return { state: 'broken', problem: problemOf(error) };
  }
}
