import { join } from 'node:path';
import { z } from 'zod';
import { createGraph, type Graph, type GraphAnswer } from '#adapters/graph/client.ts';
import { type ContainerFile, openContainerFile } from '#adapters/graph/container-file.ts';
import { type GraphRefusal, quotaWaitMs, refusalOfStatus } from '#adapters/graph/refusals.ts';
import { type GraphToken, openGraphToken } from '#adapters/graph/token-file.ts';
import { problemOfFailedCall, shorten } from '#adapters/http.ts';
import { systemClock } from '#adapters/system-clock.ts';
import type { Check } from '#ports/check.ts';
import type { Clock } from '#ports/clock.ts';
import type { Log } from '#ports/log.ts';
import {
  definePlatform,
  type Finding,
  type Outcome,
  type PlatformContext,
  type Publication,
} from '#ports/platform.ts';
import { policies } from '#ports/policies.ts';
import { chooseLook, instagramCaptions, instagramLook, instagramPictures } from './instagram/rules.ts';

const { prepareMs, permalinkMs, checkMs } = policies.publishing.instagramOfficial;
/** Meta asks for one look a minute, for five at most; pictures take seconds, and an attempt has two minutes. */
const looksAfterMs = [1_000, 2_000, 4_000, 8_000, 15_000, 20_000];
/** How far the two clocks may be apart (RELIABILITY, R6). */
const clocksApartMs = 120_000;

/**
 * The owner's professional Instagram account, by Meta's content publishing API. There is no `withdraw`: with the
 * Instagram login, whose tokens are used here, Meta's reference of IG Media names no way to delete a post.
 */
export const instagramOfficial = definePlatform({
  id: 'instagram-official',
  name: 'Instagram',
  settings: {
    INSTAGRAM_ACCESS_TOKEN: z
      .string()
      .optional()
      .meta({ where: 'developers.facebook.com, your app, Instagram, "Generate token"', secret: true }),
    ...instagramLook,
  },
  needs: ['INSTAGRAM_ACCESS_TOKEN'],
  pictureLimits: instagramPictures,
  captionLimits: instagramCaptions,
  choose: chooseLook,
  create({ INSTAGRAM_ACCESS_TOKEN: configured = '' }, context) {
    const account = openAccount(configured, context);
    let cleared: Promise<void> | undefined;
    return {
      publish: (publication) => publish(account, publication),
      look: (publication, since) => look(account, publication, since),
      check: () => check(account),
      async upkeep() {
        cleared ??= clearHost(account);
        await Promise.all([cleared, account.token.current()]);
      },
    };
  },
});

interface Account {
  readonly graph: Graph;
  readonly token: GraphToken;
  readonly containers: ContainerFile;
  readonly host: PlatformContext['host'];
  readonly clock: Clock;
  readonly log: Log;
}

function openAccount(configured: string, context: PlatformContext): Account {
  const { folder, endpoint, host, log, clock = systemClock, tell = () => undefined } = context;
  const graph = createGraph(endpoint);
  const path = join(folder, 'instagram-token.json');
  return {
    ...{ graph, host, clock, log },
    token: openGraphToken({ configured, path, graph, clock, log, tell }),
    containers: openContainerFile(join(folder, 'instagram-containers.json'), clock),
  };
}

/** A crash between the upload of a picture and its removal leaves it behind. What fails now is done at the next use. */
async function clearHost({ host, log }: Account): Promise<void> {
  await host
    ?.clear()
    .catch((error: unknown) => log.info({ error: String(error) }, 'Pictures may be left behind'));
}

/** Asks how much of the quota is used, which needs the same permission as publishing. */
async function check({ graph, token }: Account): Promise<Check> {
  const asking = { graph, accessToken: await token.known(), signal: AbortSignal.timeout(checkMs) };
  const answer = await get(asking, 'me/content_publishing_limit', 'quota_usage,config', Limit);
  return 'refused' in answer ? { state: 'broken', problem: answer.refused.problem } : { state: 'works' };
}

/** One attempt, with the token that is good for it and the time that it has. */
interface Attempt extends Account, Pick<Publication, 'postId'> {
  readonly publication: Publication;
  readonly accessToken: string;
  readonly signal: AbortSignal;
}

/** Only `media_publish` makes the post appear; everything before it may be repeated. */
async function publish(account: Account, publication: Publication): Promise<Outcome> {
  const signal = AbortSignal.timeout(prepareMs);
  const { postId } = publication;
  try {
    await account.containers.note(postId);
    const accessToken = await account.token.current();
    const attempt = { ...account, publication, postId, accessToken, signal };
    const ready = await prepare(attempt);
    if ('outcome' in ready) return ready;
    await account.containers.note(postId, ready.container);
    return await makeAppear(attempt, ready.container);
  } catch (error) {
    // Nothing above throws once the post can have appeared; a container that cannot be noted is not published.
    const problem = problemOfFailedCall(error);
    return { outcome: 'not-sent', problem: { ...problem, detail: shorten(String(error)) } };
  }
}

interface Ready {
  readonly container: string;
}

/** A container that can be published. One of an earlier attempt is taken again: each can be published only once. */
async function prepare(attempt: Attempt): Promise<Ready | Outcome> {
  const earlier = (await attempt.containers.of(attempt.postId))?.at(-1);
  if (earlier !== undefined) {
    const status = await statusOf(attempt, earlier);
    if ('refused' in status) {
      // One that Meta no longer knows is of no use; with any other refusal a new one would meet the same.
      if (status.refused.problem.kind !== 'rejected') return notSent(status.refused);
    } else if (status.value.status_code === 'FINISHED') return { container: earlier };
    else if (status.value.status_code === 'PUBLISHED') {
      return { outcome: 'published', ...(await findPost(attempt, earlier, new Date(0))) };
    }
  }
  return (await outOfQuota(attempt)) ?? (await makeContainer(attempt));
}

const Limit = z.object({
  data: z.array(
    z.object({ quota_usage: z.number(), config: z.object({ quota_total: z.number() }).optional() }),
  ),
});

async function outOfQuota(attempt: Attempt): Promise<Outcome | undefined> {
  const answer = await get(attempt, 'me/content_publishing_limit', 'quota_usage,config', Limit);
  if ('refused' in answer) return notSent(answer.refused);
  const [limit] = answer.value.data;
  if (limit?.config === undefined || limit.quota_usage < limit.config.quota_total) return undefined;
  const detail = `${limit.quota_usage} of ${limit.config.quota_total} posts of the last 24 hours are used`;
  return { outcome: 'not-sent', problem: { kind: 'rate-limited', detail }, waitMs: quotaWaitMs };
}

const Made = z.object({ id: z.string().min(1) });

/** Meta fetches the picture from an address, which is there only until the container is finished. */
async function makeContainer(attempt: Attempt): Promise<Ready | Outcome> {
  const { publication, graph, accessToken, signal, log } = attempt;
  const { caption, altText } = publication;
  const hosted = await hostPicture(attempt);
  if ('outcome' in hosted) return hosted;
  try {
    const params = { image_url: hosted.url, caption, ...(altText && { alt_text: shortAltText(altText) }) };
    const request = { method: 'POST', path: 'me/media', params, token: accessToken, signal } as const;
    const made = await graph(request, Made);
    return 'refused' in made ? notSent(made.refused) : await whenFinished(attempt, made.value.id);
  } finally {
    // Nothing waits for it: what is left over is removed at the next use.
    hosted
      .remove()
      .catch((error: unknown) => log.info({ error: String(error) }, 'A picture was left behind'));
  }
}

async function hostPicture({ host, publication, signal }: Attempt) {
  if (host === undefined) return notHosted('there is no place for it');
  const late = new Promise<never>((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason));
  });
  const hosting = host.put(publication.picture);
  return await Promise.race([hosting, late]).catch((error: unknown) => {
    // It can still turn up after its time is over, and nobody would take it away then.
    hosting.then((hosted) => hosted.remove()).catch(() => undefined);
    return notHosted(error instanceof Error ? error.message : String(error));
  });
}

function notHosted(why: string): Outcome {
  const detail = shorten(`the picture could not be handed over: ${why}`);
  return { outcome: 'not-sent', problem: { kind: 'unexpected', detail } };
}

/** Instagram takes up to 1,000 characters (its API's reference of media). */
function shortAltText(altText: string): string {
  return altText.length > 1000 ? `${altText.slice(0, 999)}…` : altText;
}

async function whenFinished(attempt: Attempt, container: string): Promise<Ready | Outcome> {
  for (const pauseMs of looksAfterMs) {
    await attempt.clock.sleep(pauseMs, attempt.signal);
    const answer = await statusOf(attempt, container);
    if ('refused' in answer) return notSent(answer.refused);
    const { status_code: code, status } = answer.value;
    if (code === 'FINISHED') return { container };
    if (code !== 'IN_PROGRESS') return notSent(refusalOfStatus(status));
  }
  return { outcome: 'not-sent', problem: { kind: 'timeout' } };
}

const Status = z.object({
  status_code: z.enum(['EXPIRED', 'ERROR', 'FINISHED', 'IN_PROGRESS', 'PUBLISHED']),
  status: z.string().optional(),
});

function statusOf(attempt: Attempt, container: string): Promise<GraphAnswer<z.infer<typeof Status>>> {
  return get(attempt, container, 'status_code,status', Status);
}

async function makeAppear({ graph, accessToken, ...attempt }: Attempt, container: string): Promise<Outcome> {
  const params = { creation_id: container };
  const answer = await graph({ method: 'POST', path: 'me/media_publish', params, token: accessToken }, Made);
  const late = AbortSignal.timeout(permalinkMs);
  const after = { graph, accessToken, ...attempt, signal: late };
  if ('refused' in answer) {
    const { refused } = answer;
    // Posts have appeared that Meta said it had held back (gitroomhq/postiz-app, issue 1681).
    const isHeldBack = refused.problem.kind === 'held-back';
    const isInTheDark = refused.was === 'unknown' || (isHeldBack && !(await isUnpublished(after, container)));
    return isInTheDark ? { outcome: 'uncertain', problem: refused.problem } : notSent(refused);
  }
  const ref = answer.value.id;
  const post = await get(after, ref, 'permalink', Post);
  const url = 'value' in post ? post.value.permalink : undefined;
  return { outcome: 'published', ref, ...(url !== undefined && { url }) };
}

/** Whether the container surely is not out there; false also where nobody can tell. */
async function isUnpublished(attempt: Attempt, container: string): Promise<boolean> {
  const status = await statusOf(attempt, container);
  return 'value' in status && !['PUBLISHED', 'IN_PROGRESS'].includes(status.value.status_code);
}

/** The status of the containers is the truth; FINISHED means that it can still be published, so it was not. */
async function look(account: Account, publication: Publication, since: Date): Promise<Finding> {
  const { postId } = publication;
  const containers = await account.containers.of(postId);
  if (containers === undefined) return { found: 'unclear' };
  const accessToken = await account.token.current();
  const signal = AbortSignal.timeout(prepareMs);
  const attempt = { ...account, publication, postId, accessToken, signal };
  for (const container of containers.toReversed()) {
    const answer = await statusOf(attempt, container);
    if ('refused' in answer || answer.value.status_code === 'IN_PROGRESS') return { found: 'unclear' };
    if (answer.value.status_code !== 'PUBLISHED') continue;
    return { found: 'there', ...(await findPost(attempt, container, since)) };
  }
  return { found: 'absent' };
}

const Post = z.object({
  id: z.string().optional(),
  caption: z.string().optional(),
  permalink: z.string().optional(),
  timestamp: z.string().optional(),
});
const Posts = z.object({ data: z.array(Post) });

/** The post of a published container by its text and time; where it is not found, the container stands for it. */
async function findPost(attempt: Attempt, container: string, since: Date) {
  const answer = await get(attempt, 'me/media', 'id,caption,permalink,timestamp', Posts);
  const posts = 'value' in answer ? answer.value.data : [];
  const text = (caption = '') => caption.normalize('NFC').trim();
  const found = posts.find(
    ({ caption, timestamp = '' }) =>
      text(caption) === text(attempt.publication.caption) &&
      Date.parse(timestamp) >= since.getTime() - clocksApartMs,
  );
  const url = found?.permalink;
  return { ref: found?.id ?? container, ...(url !== undefined && { url }) };
}

type Asking = Pick<Attempt, 'graph' | 'accessToken' | 'signal'>;

function get<T>({ graph, accessToken, signal }: Asking, path: string, fields: string, schema: z.ZodType<T>) {
  return graph({ method: 'GET', path, params: { fields }, token: accessToken, signal }, schema);
}

/** Before the post can have appeared, even what ended in the dark was surely not sent. */
function notSent({ problem, was, waitMs }: GraphRefusal): Outcome {
  if (was === 'refused') return { outcome: 'failed', problem };
  return { outcome: 'not-sent', problem, ...(waitMs !== undefined && { waitMs }) };
}
