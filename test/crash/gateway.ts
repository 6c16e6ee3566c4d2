import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Fault, ServiceName } from '#simulator/faults.ts';
import { type Answer, bytesOf, garbage, pass, reset, send, writeHead } from '../fakes/relay.ts';
import type { Mode, Phase } from './moments.ts';
import { limitedSeconds } from './wire.ts';

/** What a gateway asks of the world around it. */
export interface Surroundings {
  /** Numbers a call that has come in. */
  arrive(label: string): number;
  /** True: the program was killed here, or is dead already, and this call goes no further. */
  reach(label: string, count: number, phase: Phase): boolean;
  /** How this call is disturbed. */
  disturb(label: string): Mode;
  /** The next call of this operation meets this fault in the service itself. */
  arm(service: ServiceName, operation: string, fault: Fault): void;
  /** Does something a minute of the world's time later. */
  later(work: () => Promise<unknown>): void;
  /** Something is going on until the result is called. */
  busy(): () => void;
}

export interface Gateway {
  readonly url: string;
  close(): Promise<void>;
}

/** Stands between the program and one simulated service that speaks HTTP, and lets through what the world allows. */
export async function openGateway(
  service: ServiceName,
  target: string,
  world: Surroundings,
): Promise<Gateway> {
  const server = createServer((incoming, response) => {
    take(incoming, response).catch(() => response.destroy());
  });

  async function take(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await bytesOf(incoming);
    const operation = operationOf(service, incoming);
    const forward = (signal?: AbortSignal) => pass(target, incoming, body, signal);
    if (isWaiting(operation)) {
      await wait(operation, forward, response);
      return;
    }
    const done = world.busy();
    try {
      await call(operation, labelOf(service, operation, body), forward, response);
    } finally {
      done();
    }
  }

  /** A call that waits for something to happen is no moment by itself, only its news are. */
  async function wait(
    operation: string,
    forward: (signal: AbortSignal) => Promise<Answer>,
    response: ServerResponse,
  ): Promise<void> {
    const gone = new AbortController();
    response.once('close', () => gone.abort());
    const answer = await forward(gone.signal);
    const isNews = operation === 'getUpdates' && answer.body.includes('update_id');
    if (!isNews) return send(response, answer);
    const label = `${service} ${operation}`;
    await reply(label, world.arrive(label), answer, response);
  }

  async function call(
    operation: string,
    label: string,
    forward: () => Promise<Answer>,
    response: ServerResponse,
  ): Promise<void> {
    const count = world.arrive(label);
    if (world.reach(label, count, 'before')) return reset(response);
    const mode = world.disturb(label);
    if (mode === 'dropped-before') return reset(response);
    if (mode === 'garbage-for-nothing') return send(response, garbage);
    if (mode === 'delayed') {
      world.later(forward);
      return reset(response);
    }
    const fault = faultOf(mode);
    if (fault !== undefined) world.arm(service, operation, fault);
    const answer = await forward();
    if (mode === 'dropped-after') {
      world.reach(label, count, 'applied');
      return reset(response);
    }
    await reply(label, count, mode === 'garbage' ? garbage : answer, response);
  }

  async function reply(
    label: string,
    count: number,
    answer: Answer,
    response: ServerResponse,
  ): Promise<void> {
    if (world.reach(label, count, 'applied')) return reset(response);
    writeHead(response, answer);
    const half = answer.body.length >> 1;
    response.write(answer.body.subarray(0, half));
    if (world.reach(label, count, 'answering')) return reset(response);
    response.end(answer.body.subarray(half));
    world.reach(label, count, 'answered');
  }

  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function faultOf(mode: Mode): Fault | undefined {
  if (mode === 'broken-before') return { kind: 'error', status: 500 };
  if (mode === 'broken-after') return { kind: 'error', status: 500, afterWork: true };
  return mode === 'limited' ? { kind: 'rate-limit', retryAfterSeconds: limitedSeconds } : undefined;
}

function isWaiting(operation: string): boolean {
  return operation === 'getUpdates' || operation === 'files/list_folder/longpoll';
}

/** The operation as the simulated service calls it, as far as it matters. */
function operationOf(service: ServiceName, { url = '/', method = 'GET' }: IncomingMessage): string {
  const { pathname } = new URL(url, 'http://127.0.0.1');
  switch (service) {
    case 'telegram':
      return pathname.startsWith('/file/') ? 'file' : (pathname.split('/').at(-1) ?? '');
    case 'dropbox':
      return pathname.replace(/^\/(api|content|notify)\//, '').replace(/^2\//, '');
    case 'replicate':
      return pathname === '/v1/predictions' ? 'predictions.create' : 'predictions.get';
    case 'openai':
      return pathname.replace(/^\/v1\//, '');
    case 'graph':
      return graphOperation(method, pathname);
    default:
      return instagramOperation(pathname);
  }
}

function instagramOperation(path: string): string {
  if (path.startsWith('/rupload_igphoto/')) return 'upload';
  const short = path.replace(/^\/(api\/v\d+\/)?/, '').replace(/\/$/, '');
  const known: Readonly<Record<string, string>> = {
    'qe/sync': 'qe_sync',
    'accounts/login': 'login',
    'accounts/current_user': 'current_user',
    'media/configure': 'configure',
  };
  const ofOne = /^media\/[\d_]+\/(delete|info)$/.exec(short)?.[1];
  return known[short] ?? ofOne ?? (short.startsWith('feed/user/') ? 'feed' : short);
}

function graphOperation(method: string, path: string): string {
  const [node = '', edge] = path
    .replace(/^\/v[\d.]+(?=\/)/, '')
    .slice(1)
    .split('/');
  if (edge === 'media') return method === 'POST' ? 'media' : 'media_list';
  return edge ?? (/^\d+$/.test(node) ? 'item' : node);
}

function labelOf(service: ServiceName, operation: string, body: Buffer): string {
  if (operation !== 'sendPhoto') return `${service} ${operation}`;
  return `${service} ${operation} to ${/@\w{4,}/.test(chatOf(body)) ? 'channel' : 'owner'}`;
}

/** Of a form or of JSON. */
function chatOf(body: Buffer): string {
  const text = body.toString('latin1');
  return /name="chat_id"\s+([^\r\n]+)|"chat_id":("[^"]+"|-?\d+)/.exec(text)?.[0] ?? '';
}
