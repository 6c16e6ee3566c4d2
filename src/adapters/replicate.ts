import Replicate, { type Prediction } from 'replicate';
import { z } from 'zod';
import { ServiceError } from '#errors.ts';
import type { Check } from '#ports/check.ts';
import type { Clock } from '#ports/clock.ts';
import type { Describer } from '#ports/describer.ts';
import { policies } from '#ports/policies.ts';
import type { Purse } from '#ports/purse.ts';
import { fetchWithin, noAnswer, problemOfStatus, retryAfterMs, shorten, surelyNotSent } from './http.ts';
import { type Call, createCall, type Purpose } from './policy.ts';

export interface ReplicateSettings {
  readonly token: string;
  /** `owner/name:version` of a BLIP-2 model. */
  readonly model: string;
  /** Another place where Replicate is spoken to; absent: the real one. */
  readonly endpoint?: string | undefined;
}

/** Replicate: `Prefer: wait` takes 1 to 60 seconds. */
const waitSeconds = 10;
const policy = policies.replicate;
const pollMs = 1_000;
/** A cold start of the model takes minutes; the draft does not wait longer than this. */
const deadlineMs = 120_000;
/** BLIP-2 runs for about two seconds, and only running is charged; one that takes this long is stuck. */
const longestRunMs = 20_000;
/** The price for a second of an Nvidia A100, on which BLIP-2 runs (replicate.com/pricing; nothing else is charged). */
const dollarsPerSecond = 0.0014;
/** What a question can cost before it is cancelled: begun within the first wait, and then run too long. */
const mostDollars = (waitSeconds + longestRunMs / 1000) * dollarsPerSecond;

type Client = InstanceType<typeof Replicate>;
type Costs = (dollars: number) => void;

/** Describes pictures with BLIP-2: what there is to see, and the mood of it. */
export function createReplicateDescriber(settings: ReplicateSettings, clock: Clock, purse: Purse): Describer {
  const client: Client = new Replicate({
    auth: settings.token,
    useFileOutput: false,
    fetch: askOnce(fetchWithin(policy.calls.begin.limitMs)),
    ...(settings.endpoint !== undefined && { baseUrl: `${settings.endpoint}/v1` }),
  });
  const call = createCall(policy, { service: 'Replicate', clock, toOurError: toServiceError });
  const version = settings.model.split(':')[1] ?? settings.model;

  async function begin(input: object, costs: Costs): Promise<Prediction> {
    costs(mostDollars);
    try {
      return known(await client.predictions.create({ version, input, wait: waitSeconds }));
    } catch (error) {
      if (surelyNotBegun(error)) costs(0);
      throw error;
    }
  }

  function ask(input: object, purpose: Purpose | undefined): Promise<string> {
    return purse.pay(mostDollars, async (costs) => {
      // Nothing, as long as it was not even asked.
      costs(0);
      const begun = await call('begin', () => begin(input, costs), purpose);
      const prediction = await finished({ client, clock, call }, begun);
      const dollars = costOf(prediction);
      if (dollars !== undefined) costs(dollars);
      return outputOf(prediction);
    });
  }

  return {
    async describe(picture, isAskedFor = false) {
      const purpose = isAskedFor ? 'asked-for' : undefined;
      const image = `data:image/jpeg;base64,${picture.toString('base64')}`;
      const caption = ask({ image, caption: true }, purpose);
      const question = 'What is the mood for this image?';
      const mood = ask({ image, caption: false, question }, purpose);
      // Also when one has failed: what the other one costs is written down before this is over.
      await Promise.allSettled([caption, mood]);
      return { caption: await caption, mood: await mood };
    },
    check: () => check(client, settings.model),
  };
}

interface Asking {
  readonly client: Client;
  readonly clock: Clock;
  readonly call: Call<keyof typeof policy.calls>;
}

/** Polls until the prediction is over; one that takes too long, or is lost, is cancelled: it costs money. */
async function finished({ client, clock, call }: Asking, begun: Prediction): Promise<Prediction> {
  const now = () => clock.now().getTime();
  const deadline = now() + deadlineMs;
  let runsUntil = deadline;
  let prediction = begun;
  try {
    while (prediction.status === 'starting' || prediction.status === 'processing') {
      if (prediction.status === 'processing') runsUntil = Math.min(runsUntil, now() + longestRunMs);
      if (now() >= runsUntil) throw new ServiceError('Replicate', { kind: 'timeout' });
      await clock.sleep(pollMs);
      prediction = await call('look', async () => known(await client.predictions.get(begun.id)));
    }
  } catch (error) {
    await client.predictions.cancel(begun.id).catch(() => undefined);
    throw error;
  }
  return prediction;
}

const Known = z.object({ id: z.string().min(1), status: z.string() });

/** What stands in between can answer in Replicate's place, and then nobody knows what was begun. */
function known(prediction: Prediction): Prediction {
  if (Known.safeParse(prediction).success) return prediction;
  throw new ServiceError('Replicate', { kind: 'unexpected' });
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
    return new ServiceError('Replicate', { kind: 'no-credit' });
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
