import Replicate, { type Prediction } from 'replicate';
import { ServiceError } from '#errors.ts';
import type { Clock } from '#ports/clock.ts';
import type { Describer } from '#ports/describer.ts';
import { fetchWithin, noAnswer, problemOfStatus, repeated, retryAfterMs, shorten } from './http.ts';

export interface ReplicateSettings {
  readonly token: string;
  /** `owner/name:version` of a BLIP-2 model. */
  readonly model: string;
  /** Another place where Replicate is spoken to; absent: the real one. */
  readonly endpoint?: string | undefined;
}

/** Replicate: `Prefer: wait` takes 1 to 60 seconds. */
const waitSeconds = 30;
const callLimitMs = 45_000;
const pollMs = 1_000;
/** A cold start of the model takes minutes; the draft does not wait longer than this. */
const deadlineMs = 120_000;

type Client = InstanceType<typeof Replicate>;

/** Describes pictures with BLIP-2: what there is to see, and the mood of it. */
export function createReplicateDescriber(settings: ReplicateSettings, clock: Clock): Describer {
  const client: Client = new Replicate({
    auth: settings.token,
    useFileOutput: false,
    fetch: askOnce(fetchWithin(callLimitMs)),
    ...(settings.endpoint !== undefined && { baseUrl: `${settings.endpoint}/v1` }),
  });
  const version = settings.model.split(':')[1] ?? settings.model;

  async function ask(image: string, question: object): Promise<string> {
    const input = { image, ...question };
    const begun = await answered(() => client.predictions.create({ version, input, wait: waitSeconds }));
    return outputOf(await finished(client, clock, begun));
  }

  return {
    async describe(picture) {
      const image = `data:image/jpeg;base64,${picture.toString('base64')}`;
      const [caption, mood] = await Promise.all([
        ask(image, { caption: true }),
        ask(image, { caption: false, question: 'What is the mood for this image?' }),
      ]);
      return { caption, mood };
    },
  };
}

/** Polls until the prediction is over; one that takes too long is cancelled, because it costs money. */
async function finished(client: Client, clock: Clock, begun: Prediction): Promise<Prediction> {
  const deadline = clock.now().getTime() + deadlineMs;
  let prediction = begun;
  while (prediction.status === 'starting' || prediction.status === 'processing') {
    if (clock.now().getTime() >= deadline) {
      await client.predictions.cancel(prediction.id).catch(() => undefined);
      throw new ServiceError('Replicate', { kind: 'timeout' });
    }
    await clock.sleep(pollMs);
    prediction = await repeated(clock, () => client.predictions.get(begun.id), toServiceError);
  }
  return prediction;
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

async function answered(request: () => Promise<Prediction>): Promise<Prediction> {
  try {
    return await request();
  } catch (error) {
    throw toServiceError(error);
  }
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
