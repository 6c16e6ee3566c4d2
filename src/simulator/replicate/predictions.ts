import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Sights } from '#simulator/sights.ts';
import { fetchImage } from './fetch-image.ts';

export type Status = 'starting' | 'processing' | 'succeeded' | 'failed' | 'canceled' | 'aborted';
/** How a prediction can end instead of with an answer; `hang`: it stays in processing until it is cancelled. */
export type Ending = 'failed' | 'canceled' | 'aborted' | 'hang';

export interface ReceivedPrediction {
  readonly id: string;
  readonly input: Readonly<Record<string, unknown>>;
  /** What came as the image, once it was read. */
  readonly image: Buffer | undefined;
  readonly status: Status;
}

interface Prediction {
  readonly id: string;
  readonly version: string;
  readonly input: Readonly<Record<string, unknown>>;
  readonly createdAt: Date;
  image: Buffer | undefined;
  status: Status;
  output: string | null;
  error: string | null;
  startedAt: Date | undefined;
  completedAt: Date | undefined;
}

export interface RunningPrediction {
  /** As the API shows it. */
  view(): object;
  cancel(): void;
  /** Resolves when it has ended in any way. */
  readonly settled: Promise<void>;
}

export interface Predictions {
  readonly received: readonly ReceivedPrediction[];
  /** `cancelAfterMs`: the header Cancel-After. */
  create(
    version: string,
    input: Readonly<Record<string, unknown>>,
    cancelAfterMs?: number,
  ): RunningPrediction;
  find(id: string): RunningPrediction | undefined;
  all(): readonly RunningPrediction[];
  endNext(ending: Ending, times: number): void;
  setPrefix(on: boolean): void;
  /** Ends the timers of everything that still runs. */
  stop(): void;
}

interface Setting {
  readonly sights: Sights;
  readonly now: () => Date;
  readonly runMs: number;
  readonly url: () => string;
}

/** Replicate deletes input and output of a prediction after an hour. */
const keptMs = 60 * 60 * 1000;

export function createPredictions(setting: Setting): Predictions {
  const received: Prediction[] = [];
  const running = new Map<string, RunningPrediction>();
  const endings: Ending[] = [];
  const stopped = new AbortController();
  let prefix = '';

  function create(
    version: string,
    input: Readonly<Record<string, unknown>>,
    cancelAfterMs?: number,
  ): RunningPrediction {
    const prediction: Prediction = {
      id: [...randomBytes(26)].map((byte) => 'abcdefghjkmnpqrstvwxyz0123456789'[byte % 32]).join(''),
      version,
      input,
      createdAt: setting.now(),
      image: undefined,
      status: 'starting',
      output: null,
      error: null,
      startedAt: undefined,
      completedAt: undefined,
    };
    received.push(prediction);
    const ended = Promise.withResolvers<void>();
    const end = (
      status: Status,
      result: { readonly output?: string; readonly error?: string } = {},
    ): void => {
      if (prediction.completedAt !== undefined) return;
      prediction.completedAt = setting.now();
      prediction.status = status;
      prediction.output = result.output ?? null;
      prediction.error = result.error ?? null;
      ended.resolve();
    };
    const entry: RunningPrediction = {
      view: () => viewOf(prediction, setting),
      cancel: () => end('canceled'),
      settled: ended.promise,
    };
    running.set(prediction.id, entry);
    run(prediction, end).catch((error: unknown) => end('failed', { error: String(error) }));
    if (cancelAfterMs !== undefined) {
      // Ended before it ran is `aborted`, ended while it ran `canceled`.
      sleep(cancelAfterMs, undefined, { signal: stopped.signal, ref: false })
        .then(() => end(prediction.status === 'starting' ? 'aborted' : 'canceled'))
        .catch(() => undefined);
    }
    return entry;
  }

  async function run(
    prediction: Prediction,
    end: (status: Status, result?: { readonly output?: string; readonly error?: string }) => void,
  ): Promise<void> {
    const ending = endings.shift();
    await new Promise(setImmediate);
    if (ending === 'aborted') return end('aborted');
    prediction.startedAt = setting.now();
    if (prediction.status === 'starting') prediction.status = 'processing';
    const image = await fetchImage(String(prediction.input['image']));
    if (typeof image === 'string') return end('failed', { error: image });
    prediction.image = image;
    if (ending === 'hang') return;
    if (setting.runMs > 0) await sleep(setting.runMs, undefined, { signal: stopped.signal });
    if (ending === 'canceled') return end('canceled');
    if (ending === 'failed')
      return end('failed', { error: 'CUDA out of memory. Tried to allocate 2.00 GiB' });
    const seen = await setting.sights.look(image).catch(() => undefined);
    if (seen === undefined) return end('failed', { error: 'cannot identify image file' });
    end('succeeded', { output: prefix + answerOf(prediction.input, seen) });
  }

  return {
    received,
    create,
    find: (id) => running.get(id),
    all: () => [...running.values()].reverse(),
    endNext(ending, times) {
      for (let time = 0; time < times; time += 1) endings.push(ending);
    },
    setPrefix(on) {
      prefix = on ? 'Caption: ' : '';
    },
    stop: () => stopped.abort(),
  };
}

function answerOf(
  input: Readonly<Record<string, unknown>>,
  seen: { readonly description: string; readonly mood: string },
): string {
  const question = String(input['question'] ?? '').toLowerCase();
  const asksForMood = input['caption'] !== true && /mood|feel|atmosphere|emotion|vibe/.test(question);
  return asksForMood ? seen.mood : seen.description;
}

function viewOf(prediction: Prediction, setting: Setting): object {
  const { id, version, status, startedAt, completedAt } = prediction;
  const gone = completedAt !== undefined && setting.now().getTime() - completedAt.getTime() > keptMs;
  const link = `${setting.url()}/v1/predictions/${id}`;
  return {
    id,
    model: 'andreasjansson/blip-2',
    version,
    input: gone ? {} : prediction.input,
    logs: '',
    output: gone ? null : prediction.output,
    data_removed: gone,
    error: prediction.error,
    source: 'api',
    status,
    created_at: prediction.createdAt.toISOString(),
    started_at: startedAt?.toISOString() ?? null,
    completed_at: completedAt?.toISOString() ?? null,
    urls: { get: link, cancel: `${link}/cancel`, web: `https://replicate.com/p/${id}` },
    metrics:
      status === 'succeeded' && startedAt !== undefined && completedAt !== undefined
        ? { predict_time: Math.max(0.001, (completedAt.getTime() - startedAt.getTime()) / 1000) }
        : {},
  };
}
