import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Fault, Faults, ServiceName } from './faults.ts';

/** A request as a simulated service sees it: complete, with its body read. */
export interface SimulatedRequest {
  readonly method: string;
  /** Without the query, still percent-encoded. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
  /** Aborted when the client goes away before it has its answer. */
  readonly signal: AbortSignal;
}

/** An object or array as body is sent as JSON; a string or Buffer as it is, with the given headers. */
export interface SimulatedAnswer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: string | Buffer | object;
}

/** One simulated service that speaks HTTP. */
export interface HttpService {
  readonly name: ServiceName;
  /** The operation a request asks for, in the service's words; faults and recorded calls go by it. */
  operation(request: SimulatedRequest): string;
  answer(request: SimulatedRequest): Promise<SimulatedAnswer> | SimulatedAnswer;
  /** What takes the service long and has no effect: its latency is the time for that. May fail; `answer` tells why. */
  prepare?(request: SimulatedRequest): Promise<unknown>;
  /** The service's own words for a failure with this status, and for its rate limit. */
  refuse(fault: Extract<Fault, { kind: 'error' | 'rate-limit' }>, request: SimulatedRequest): SimulatedAnswer;
}

/** What the service was asked, in order, for tests and the page. */
export interface Call {
  readonly operation: string;
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
  /** Bytes of the answer's body; 0 while there is none. */
  readonly answerBytes: number;
}

export interface RunningService {
  /** `http://127.0.0.1:PORT`, without a slash at the end. */
  readonly url: string;
  /** Every call since the start, newest last; at most the newest 500. */
  readonly calls: readonly Call[];
  /** Stops listening and ends open connections. */
  close(): Promise<void>;
}

const largestBody = 200 * 1024 * 1024;
const rememberedCalls = 500;
/** The bodies of older calls are let go of above this. */
const rememberedBytes = 32 * 1024 * 1024;

/** Puts a service on a loopback port of its own (0: any free one), with latency and faults applied. */
export async function serve(service: HttpService, faults: Faults, port = 0): Promise<RunningService> {
  const calls: Call[] = [];
  const hanging = new Set<IncomingMessage>();
  const server = createServer((incoming, response) => {
    take(incoming, response).catch(() => response.destroy());
  });
  // Who waits for an answer that never comes is let go when the service works again.
  const stopListening = faults.onCleared((cleared) => {
    if (cleared !== undefined && cleared !== service.name) return;
    for (const { socket } of hanging) socket.resetAndDestroy();
    hanging.clear();
  });

  function remember(call: Call): void {
    calls.push(call);
    if (calls.length > rememberedCalls) calls.shift();
    let bytes = 0;
    for (let at = calls.length - 1; at >= 0; at -= 1) {
      const each = calls[at];
      if (each === undefined) continue;
      bytes += each.body.length;
      if (bytes > rememberedBytes && at < calls.length - 1) calls[at] = { ...each, body: Buffer.alloc(0) };
    }
  }

  async function take(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const gone = new AbortController();
    response.on('close', () => {
      gone.abort();
      hanging.delete(incoming);
    });
    if (isFromBrowser(incoming)) {
      send(response, { status: 403, body: 'No web page may speak to this service.' });
      return;
    }
    const request = await read(incoming, gone.signal);
    const operation = service.operation(request);
    const { method, path, headers, body } = request;
    const call = { operation, method, path, headers, body, answerBytes: 0 };
    remember(call);
    const latency = faults.latency(service.name, operation);
    const prepared = service.prepare?.(request).catch(() => undefined);
    if (latency > 0) await Promise.all([sleep(latency), prepared]);
    const fault = faults.strike(service.name, operation);
    if (fault?.kind === 'hang') {
      hanging.add(incoming);
      return;
    }
    if (fault?.kind === 'drop' && !fault.afterWork) {
      incoming.socket.resetAndDestroy();
      return;
    }
    if (fault?.kind === 'rate-limit' || (fault?.kind === 'error' && fault.afterWork !== true)) {
      send(response, service.refuse(fault, request));
      return;
    }
    const answer = await service.answer(request);
    if (fault?.kind === 'drop') incoming.socket.resetAndDestroy();
    else if (fault?.kind === 'error') send(response, service.refuse(fault, request));
    else if (fault?.kind === 'trickle') await trickle(response, answer, fault.msPerByte);
    else {
      if (fault?.kind === 'slow') await sleep(fault.ms);
      call.answerBytes = send(response, answer);
    }
  }

  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  const address = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${address.port}`,
    calls,
    close: () =>
      new Promise((resolve) => {
        stopListening();
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/**
 * Whether a web page asks: any page in any browser on this machine reaches loopback, also under a name of its own.
 * The real services are far away from that; these are not, so they answer programs only.
 */
function isFromBrowser({ headers }: IncomingMessage): boolean {
  const { host = '', origin } = headers;
  const isPlainHost = /^(127\.0\.0\.1|localhost)(:\d+)?$/.test(host) || host.endsWith('.instagram.com');
  return origin !== undefined || headers['sec-fetch-site'] !== undefined || !isPlainHost;
}

async function read(incoming: IncomingMessage, signal: AbortSignal): Promise<SimulatedRequest> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of incoming as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > largestBody) throw new Error('The request body is too large.');
    chunks.push(chunk);
  }
  const url = new URL(incoming.url ?? '/', 'http://127.0.0.1');
  return {
    method: incoming.method ?? 'GET',
    path: url.pathname,
    query: url.searchParams,
    headers: incoming.headers,
    body: Buffer.concat(chunks),
    signal,
  };
}

function encode(answer: SimulatedAnswer): { headers: Record<string, string>; bytes: Buffer } {
  const { body } = answer;
  if (typeof body === 'string') return { headers: { ...answer.headers }, bytes: Buffer.from(body) };
  if (Buffer.isBuffer(body)) return { headers: { ...answer.headers }, bytes: body };
  return {
    headers: { 'content-type': 'application/json', ...answer.headers },
    bytes: Buffer.from(JSON.stringify(body)),
  };
}

/** How many bytes the body has. */
function send(response: ServerResponse, answer: SimulatedAnswer): number {
  const { headers, bytes } = encode(answer);
  response.writeHead(answer.status, { ...headers, 'content-length': String(bytes.length) });
  response.end(bytes);
  return bytes.length;
}

async function trickle(response: ServerResponse, answer: SimulatedAnswer, msPerByte: number): Promise<void> {
  const { headers, bytes } = encode(answer);
  response.writeHead(answer.status, { ...headers, 'content-length': String(bytes.length) });
  for (const byte of bytes) {
    if (response.destroyed) return;
    response.write(Buffer.of(byte));
    await sleep(msPerByte);
  }
  response.end();
}
