import type { Faults } from './faults.ts';
import { type GraphPost, openMedia } from './graph/media.ts';
import { broken, conditions, graphError, isRefusal, rateLimited, refusals } from './graph/replies.ts';
import { openTokens } from './graph/tokens.ts';
import { type Call, type SimulatedAnswer, type SimulatedRequest, serve } from './http.ts';

export interface GraphOptions {
  readonly faults: Faults;
  /** Where tokens, containers and posts are kept between two starts. */
  readonly folder: string;
  readonly port?: number;
  /** Epoch milliseconds; the machine's clock unless given. */
  readonly now?: () => number;
}

export type GraphCondition = 'well' | keyof typeof conditions;

/** A running graph.instagram.com with one professional account and one app. */
export interface SimulatedGraph {
  readonly url: string;
  readonly calls: readonly Call[];
  /** A long-lived access token, two days old at the first start. */
  readonly accessToken: string;
  readonly accountId: string;
  /** What is on the account, oldest first. */
  posts(): readonly GraphPost[];
  /** How many containers were made. */
  containers(): number;
  /** How many access tokens were given out. */
  tokens(): number;
  createToken(): string;
  expireTokens(): void;
  setCondition(condition: GraphCondition): void;
  /** How much may be published in a day; 50 unless set. */
  setQuota(total: number): void;
  /** How often a look at a new container finds it in progress; once unless set. */
  setLooksInProgress(looks: number): void;
  /** New containers end with this subcode of Meta's; undefined: they finish. */
  setFailure(subcode: number | undefined): void;
  /** Called after each change of the posts; the result ends it. */
  onChange(listener: () => void): () => void;
  close(): Promise<void>;
}

const accountId = '17841400000000001';

/**
 * The part of Instagram's official API that publishes pictures, with or without a version in the path. Operations
 * for faults: `media` (makes a container), `container` (its status), `media_publish`, `content_publishing_limit`,
 * `media_list`, `media_item`, `me`, `refresh_access_token`.
 */
export async function startGraph(options: GraphOptions): Promise<SimulatedGraph> {
  const { faults, folder, now = Date.now } = options;
  const listeners = new Set<() => void>();
  let condition: GraphCondition = 'well';
  const tokens = openTokens(folder, now);
  const media = openMedia({
    folder,
    now,
    changed() {
      for (const listener of [...listeners]) listener();
    },
  });

  function operation(request: SimulatedRequest): string {
    const [node = '', edge] = partsOf(request);
    if (edge === 'media') return request.method === 'POST' ? 'media' : 'media_list';
    if (edge !== undefined) return edge;
    if (/^\d+$/.test(node) && node !== accountId) return media.isContainer(node) ? 'container' : 'media_item';
    return node === accountId ? 'me' : node;
  }

  async function work(name: string, request: SimulatedRequest): Promise<object> {
    const params = paramsOf(request);
    const [node = '', edge] = partsOf(request);
    if (name === 'refresh_access_token') return tokens.refresh(params);
    tokens.check(request, params);
    if (edge !== undefined && node !== 'me' && node !== accountId) throw refusals.unknown(node);
    const isWriting = name === 'media' || name === 'media_publish';
    const isRefused = isWriting || (condition === 'no-permission' && name === 'content_publishing_limit');
    if (condition !== 'well' && isRefused) throw { answer: graphError(conditions[condition]) };
    switch (name) {
      case 'me':
        return { id: accountId, user_id: accountId, username: 'darkroom.demo' };
      case 'media':
        return await media.create(params);
      case 'container':
        return media.status(node);
      case 'media_publish':
        return media.publish(params.get('creation_id'));
      case 'content_publishing_limit':
        return media.limit();
      case 'media_list':
        return media.list(Number(params.get('limit') ?? 25));
      case 'media_item':
        return media.item(node);
      default:
        throw refusals.unknown(node);
    }
  }

  async function answer(request: SimulatedRequest): Promise<SimulatedAnswer> {
    try {
      return { status: 200, body: await work(operation(request), request) };
    } catch (error) {
      if (isRefusal(error)) return error.answer;
      throw error;
    }
  }

  const running = await serve(
    {
      name: 'graph',
      operation,
      answer,
      refuse: (fault) =>
        fault.kind === 'rate-limit' ? rateLimited(accountId, fault.retryAfterSeconds) : broken(fault.status),
    },
    faults,
    options.port,
  );
  return {
    url: running.url,
    calls: running.calls,
    accessToken: tokens.first,
    accountId,
    posts: media.posts,
    containers: media.containers,
    tokens: tokens.count,
    createToken: tokens.create,
    expireTokens: tokens.expire,
    setCondition(next) {
      condition = next;
    },
    setQuota: media.setQuota,
    setLooksInProgress: media.setLooksInProgress,
    setFailure: media.setFailure,
    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    close: running.close,
  };
}

function partsOf({ path }: SimulatedRequest): readonly string[] {
  return path.replace(/^\/(v\d+\.\d+\/)?/, '').split('/');
}

/** Parameters come in the query or as a form. */
function paramsOf({ query, body }: SimulatedRequest): URLSearchParams {
  return new URLSearchParams([...query, ...new URLSearchParams(body.toString())]);
}
