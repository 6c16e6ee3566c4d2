import Replicate, { type Prediction } from 'replicate';
import { z } from 'zod';
import { ServiceError } from '#errors.ts';
import type { Check } from '#ports/check.ts';
import type { Clock } from '#ports/clock.ts';
import type { Describer } from '#ports/describer.ts';
import type { Purse } from '#ports/purse.ts';
import {
  fetchWithin,
  noAnswer,
  problemOfStatus,
  repeated,
  retryAfterMs,
  shorten,
  surelyNotSent,
} from './http.ts';

export interface ReplicateSettings {
  readonly token: string;
  /** `owner/name:version` of a BLIP-2 model. */
  readonly model: string;
  /** Another place where Replicate is spoken to; absent: the real one. */
  readonly endpoint?: string | undefined;
}

/** Replicate: `Prefer: wait` takes 1 to 60 seconds. */
const waitSeconds = 10;
const callLimitMs = 45_000;
const pollMs = 1_000;
/** A cold start of the model takes minutes; the draft does not wait longer than this. */
const deadlineMs = 120_000;
/** BLIP-2 runs for about two seconds, and only running is charged; one that takes this long is stuck. */
const longestRunMs = 20_000;
/** The price for a second of an Nvidia A100, on which BLIP-2 runs (replicate.com/pricing; nothing else is charged). */
const dollarsPerSecond = 0.0014;
/** What a question can cost before it is cancelled: begun within the first wait, and then run too long. */
const mostDollars = (waitSeconds + longestRunMs / 1000) * dollarsPerSecond;
/** With a small account Replicate takes six questions a minute, so its wait is short (topics/predictions/rate-limits). */
const longestWaitMs = 30_000;

type Client = InstanceType<typeof Replicate>;
type Costs = (dollars: number) => void;

/** Describes pictures with BLIP-2: what there is to see, and the mood of it. */
export function createReplicateDescriber(settings: ReplicateSettings, clock: Clock, purse: Purse): Describer {
  const client: Client = new Replicate({
    auth: settings.token,
    useFileOutput: false,
    fetch: askOnce(fetchWithin(callLimitMs)),
    ...(settings.endpoint !== undefined && { baseUrl: `${settings.endpoint}/v1` }),
  });
  const version = settings.model.split(':')[1] ?? settings.model;

  async function begin(input: object, costs: Costs): Promise<Prediction> {
    try {
      return await client.predictions.create({ version, input, wait: waitSeconds });
    } catch (error) {
      if (surelyNotBegun(error)) costs(0);
      throw toServiceError(error);
    }
  }

  /** Too many requests is the one answer after which the same may be asked again: nothing was begun. */
  async function beginInTurn(input: object, costs: Costs): Promise<Prediction> {
    try {
      return await begin(input, costs);
    } catch (error) {
      const isTooSoon = error instanceof ServiceError && error.problem.kind === 'rate-limited';
      if (!isTooSoon || error.waitMs === undefined || error.waitMs > longestWaitMs) throw error;
      await clock.sleep(error.waitMs);
      costs(mostDollars);
      return await begin(input, costs);
    }
  }

  function ask(image: string, question: object): Promise<string> {
    return purse.pay(mostDollars, async (costs) => {
      const prediction = await finished(client, clock, await beginInTurn({ image, ...question }, costs));
      const dollars = costOf(prediction);
      if (dollars !== undefined) costs(dollars);
      return outputOf(prediction);
    });
  }

  return {
    async describe(picture) {
      const image = `data:image/jpeg;base64,${picture.toString('base64')}`;
      const caption = ask(image, { caption: true });
      const mood = ask(image, { caption: false, question: 'What is the mood for this image?' });
      // Also when one has failed: what the other one costs is written down before this is over.
      await Promise.allSettled([caption, mood]);
      return { caption: await caption, mood: await mood };
    },
    check: () => check(client, settings.model),
  };
}

/** Polls until the prediction is over; one that takes too long, or is lost, is cancelled: it costs money. */
async function finished(client: Client, clock: Clock, begun: Prediction): Promise<Prediction> {
  const now = () => clock.now().getTime();
  const deadline = now() + deadlineMs;
  let runsUntil = deadline;
  let prediction = begun;
  try {
    while (prediction.status === 'starting' || prediction.status === 'processing') {
      if (prediction.status === 'processing') runsUntil = Math.min(runsUntil, now() + longestRunMs);
      if (now() >= runsUntil) throw new ServiceError('Replicate', { kind: 'timeout' });
      await clock.sleep(pollMs);
      prediction = await repeated(clock, () => client.predictions.get(begun.id), toServiceError);
    }
  } catch (error) {
    await client.predictions.cancel(begun.id).catch(() => undefined);
    throw error;
  }
  return prediction;
}

const Metrics = z.object({ predict_time: z.number().nonnegative() });
const Run = z.object({
  started_at: z.iso.datetime({ offset: true }),
  completed_at: z.iso.datetime({ offset: true }),
});

/** In dollars; undefined where Replicate does not say how long it ran. What never ran costs nothing. */
function costOf(prediction: Prediction): number | undefined {
  const metrics = Metrics.safeParse(prediction.metrics).data;
  if (metrics !== undefined) return metrics.predict_time * dollarsPerSecond;
  const run = Run.safeParse(prediction).data;
  if (run === undefined) return prediction.status === 'aborted' ? 0 : undefined;
  return Math.max(0, (Date.parse(run.completed_at) - Date.parse(run.started_at)) / 1000) * dollarsPerSecond;
}

function outputOf(prediction: Prediction): string {
  const output: unknown = prediction.output;
  const text = Array.isArray(output) ? output.join('') : output;
  if (prediction.status !== 'succeeded' || typeof text !== 'string' || text.trim() === '') {
    const detail = typeof prediction.error === 'string' ? prediction.error : prediction.status;
    throw new ServiceError('Replicate', { kind: 'rejected', detail: shorten(detail) });
  }
  return text.replace(/^(caption|answer):\s*/i, '').trim();
}

/**
 * The client repeats a request up to five times within milliseconds, and every one of them costs money. It
 * repeats with the same `init`, so that one is really sent only once and its answer is given again.
 */
function askOnce(fetch: typeof globalThis.fetch): typeof globalThis.fetch {
  const answers = new WeakMap<object, Promise<Response>>();
  return async (input, init) => {
    if (init === undefined) return fetch(input);
    const answer = answers.get(init) ?? fetch(input, init);
    answers.set(init, answer);
    return (await answer).clone();
  };
}

/** The client's error holds the whole request with the token: only the status is taken from it. */
function toServiceError(error: unknown): ServiceError {
  if (error instanceof ServiceError) return error;
  const response = error instanceof Error && 'response' in error ? error.response : undefined;
  if (!(response instanceof Response)) return noAnswer('Replicate', error);
  const waitMs = retryAfterMs(response.headers.get('retry-after'));
  if (response.status === 402) {
    return new ServiceError('Replicate', { kind: 'no-permission', detail: 'the credit is used up' });
  }
  return new ServiceError('Replicate', problemOfStatus(response.status), waitMs);
}

/** A refused request began nothing, and neither did one that never arrived; after an error of the server nobody knows. */
function surelyNotBegun(error: unknown): boolean {
  const response = error instanceof Error && 'response' in error ? error.response : undefined;
  return response instanceof Response ? response.status < 500 : surelyNotSent(error);
}

/** Whether the token is good and the model's version is there; of a bare version only the token can be checked. */
async function check(client: Client, model: string): Promise<Check> {
  const [owner, name, version] = model.split(/[/:]/);
  const isWhole = owner !== undefined && name !== undefined && version !== undefined;
  try {
    await (isWhole ? client.models.versions.get(owner, name, version) : client.accounts.current());
    return { state: 'works' };
  } catch (error) {
    return { state: 'broken', problem: toServiceError(error).problem };
  }
}
