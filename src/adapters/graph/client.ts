import type { ZodType } from 'zod';
import { fetchWithin, problemOfFailedCall, surelyNotSent } from '#adapters/http.ts';
import { policies } from '#ports/policies.ts';
import { type GraphRefusal, refusalOfAnswer } from './refusals.ts';

export interface GraphRequest {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly params: Readonly<Record<string, string>>;
  /** Sent as a header; absent where the call wants it among the parameters. */
  readonly token?: string;
  readonly signal?: AbortSignal;
}

export type GraphAnswer<T> = { readonly value: T } | { readonly refused: GraphRefusal };

/** One request to Instagram's official API, never repeated. Does not throw. */
export type Graph = <T>(request: GraphRequest, schema: ZodType<T>) => Promise<GraphAnswer<T>>;

/** Kept by Meta for two years; afterwards calls go to the next one by themselves (Graph API, versioning). */
const version = 'v25.0';

/** Instagram's official API for professional accounts. */
export function createGraph(endpoint = 'https://graph.instagram.com'): Graph {
  const bounded = fetchWithin(policies.publishing.instagramOfficial.limitMs);
  return async ({ method, path, params, token, signal }, schema) => {
    const fields = new URLSearchParams(params);
    const query = method === 'GET' ? `?${fields}` : '';
    try {
      const response = await bounded(`${endpoint}/${version}/${path}${query}`, {
        method,
        ...(token !== undefined && { headers: { authorization: `Bearer ${token}` } }),
        ...(method === 'POST' && { body: fields }),
        ...(signal && { signal }),
      });
      const body = parsed(await response.text());
      if (!response.ok) return { refused: refusalOfAnswer(response, body) };
      const value = schema.safeParse(body);
      return value.success
        ? { value: value.data }
        : { refused: { problem: { kind: 'unexpected' }, was: 'unknown' } };
    } catch (error) {
      const problem = problemOfFailedCall(error);
      return { refused: { problem, was: surelyNotSent(error) ? 'not-now' : 'unknown' } };
    }
  };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // A page of something in between; the status tells enough.
    return undefined;
  }
}
