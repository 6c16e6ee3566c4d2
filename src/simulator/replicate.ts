import { setTimeout as sleep } from 'node:timers/promises';
import type { Faults } from './faults.ts';
import {
  type HttpService,
  type RunningService,
  type SimulatedAnswer,
  type SimulatedRequest,
  serve,
} from './http.ts';
import { checkInput, invalidInput } from './replicate/input.ts';
import { createPredictions, type Ending, type ReceivedPrediction } from './replicate/predictions.ts';
import { problem } from './replicate/problem.ts';
import type { Sights } from './sights.ts';

/** The version of andreasjansson/blip-2 that is offered. */
export const blip2Version = 'f677695e5e89f8b236e52ecd1d3f01beb44c34606419bcc19345e046d8f786f9';

export interface SimulatedReplicate extends RunningService {
  readonly token: string;
  /** Every prediction that was made, oldest first, with the bytes of the image that came with it. */
  readonly predictions: readonly ReceivedPrediction[];
  /** How the next `times` predictions end, instead of with an answer; `hang`: they stay in processing. */
  endNext(ending: Ending, times?: number): void;
  /** Whether answers carry the prefix "Caption: ", as some versions of the model write it. */
  setPrefix(on: boolean): void;
}

interface ReplicateOptions {
  readonly faults: Faults;
  readonly sights: Sights;
  readonly port?: number;
  readonly now?: () => Date;
  /** How long a prediction takes; 0 unless set. */
  readonly runMs?: number;
}

/** Replicate's HTTP API as far as BLIP-2 needs it. Predictions live as long as the service. */
export async function startReplicate(options: ReplicateOptions): Promise<SimulatedReplicate> {
  const token = 'r8_SimulatedReplicateTokenForDarkroom000';
  const predictions = createPredictions({
    sights: options.sights,
    now: options.now ?? (() => new Date()),
    runMs: options.runMs ?? 0,
    url: () => running.url,
  });
  const service: HttpService = {
    name: 'replicate',
    operation: operationOf,
    answer: (request) => answer(request),
    refuse: (fault) =>
      fault.kind === 'rate-limit'
        ? {
            status: 429,
            headers: { 'retry-after': String(fault.retryAfterSeconds) },
            body: {
              title: 'Too many requests',
              detail: `Request was throttled. Expected available in ${fault.retryAfterSeconds} seconds.`,
              status: 429,
              retry_after: fault.retryAfterSeconds,
            },
          }
        : problem(fault.status),
  };

  async function answer(request: SimulatedRequest): Promise<SimulatedAnswer> {
    if (request.headers.authorization !== `Bearer ${token}`) return problem(401);
    const [, id = '', verb] = /^\/v1\/predictions\/([^/]+)(\/cancel)?$/.exec(request.path) ?? [];
    switch (operationOf(request)) {
      case 'predictions.create':
        return create(request);
      case 'predictions.list':
        return {
          status: 200,
          body: { next: null, previous: null, results: predictions.all().map((each) => each.view()) },
        };
      case 'predictions.get':
      case 'predictions.cancel': {
        const found = predictions.find(id);
        if (found === undefined) return problem(404);
        if (verb !== undefined) found.cancel();
        return { status: 200, body: found.view() };
      }
      case 'account.get':
        return {
          status: 200,
          body: { type: 'user', username: 'darkroom', name: 'Darkroom', github_url: null },
        };
      case 'models.versions.get':
        return request.path === `/v1/models/andreasjansson/blip-2/versions/${blip2Version}`
          ? { status: 200, body: version() }
          : problem(404);
      case 'models.get':
        return request.path === '/v1/models/andreasjansson/blip-2'
          ? { status: 200, body: model() }
          : problem(404);
      default:
        return problem(404);
    }
  }

  async function create(request: SimulatedRequest): Promise<SimulatedAnswer> {
    // Only official models can be run by name; BLIP-2 belongs to its author.
    if (request.path !== '/v1/predictions') return problem(404);
    const body = jsonOf(request);
    if (body === undefined) return problem(400, 'The request body is not valid JSON.', 'Bad request');
    const version =
      typeof body['version'] === 'string' ? body['version'].replace(/^andreasjansson\/blip-2:/, '') : '';
    if (version === '') return invalidInput('version is required');
    if (version !== blip2Version) {
      return {
        status: 422,
        body: {
          title: 'Invalid version or not permitted',
          detail: "The specified version does not exist (or perhaps you don't have permission to use it?)",
          status: 422,
        },
      };
    }
    const wrong = checkInput(body['input']);
    if (wrong !== undefined) return invalidInput(wrong);
    const deadline = /^(\d+)(s|m|h)?$/.exec(String(request.headers['cancel-after'] ?? ''));
    const made = predictions.create(version, body['input'] as Record<string, unknown>, durationOf(deadline));
    const wait = /^wait(?:=(\d+))?$/.exec(String(request.headers.prefer ?? ''));
    if (wait !== null) {
      const seconds = Math.min(60, Math.max(1, Number(wait[1] ?? 60)));
      await waitFor(made.settled, seconds * 1000, request.signal);
    }
    return {
      status: 201,
      ...(wait === null ? {} : { headers: { 'preference-applied': wait[0] } }),
      body: made.view(),
    };
  }

  const running = await serve(service, options.faults, options.port);
  return {
    ...running,
    token,
    predictions: predictions.received,
    endNext: (ending, times = 1) => predictions.endNext(ending, times),
    setPrefix: (on) => predictions.setPrefix(on),
    close() {
      predictions.stop();
      return running.close();
    },
  };
}

function operationOf(request: SimulatedRequest): string {
  const { method, path } = request;
  if (/^\/v1\/(models\/[^/]+\/[^/]+\/)?predictions$/.test(path))
    return method === 'GET' ? 'predictions.list' : 'predictions.create';
  if (/^\/v1\/predictions\/[^/]+\/cancel$/.test(path)) return 'predictions.cancel';
  if (/^\/v1\/predictions\/[^/]+$/.test(path)) return 'predictions.get';
  if (path === '/v1/account') return 'account.get';
  if (/^\/v1\/models\/[^/]+\/[^/]+\/versions\/[^/]+$/.test(path)) return 'models.versions.get';
  return /^\/v1\/models\/[^/]+\/[^/]+$/.test(path) ? 'models.get' : `${method} ${path}`;
}

function jsonOf(request: SimulatedRequest): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(request.body.toString());
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    // Reported by the caller in Replicate's words.
    return undefined;
  }
}

function model(): object {
  return {
    url: 'https://replicate.com/andreasjansson/blip-2',
    owner: 'andreasjansson',
    name: 'blip-2',
    description: 'Answers questions about images',
    visibility: 'public',
    run_count: 20_800_000,
    latest_version: version(),
  };
}

function version(): object {
  return {
    id: blip2Version,
    created_at: '2023-10-02T19:09:38.000Z',
    cog_version: '0.8.1',
    openapi_schema: {},
  };
}

/** Replicate takes no deadline below 5 seconds. */
function durationOf(match: RegExpExecArray | null): number | undefined {
  if (match === null) return undefined;
  const seconds = Number(match[1]) * (match[2] === 'h' ? 3600 : match[2] === 'm' ? 60 : 1);
  return Math.max(5, seconds) * 1000;
}

async function waitFor(settled: Promise<void>, ms: number, signal: AbortSignal): Promise<void> {
  const late = new AbortController();
  const stop = AbortSignal.any([signal, late.signal]);
  await Promise.race([settled, sleep(ms, undefined, { signal: stop }).catch(() => undefined)]);
  late.abort();
}
