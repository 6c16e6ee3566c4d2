import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';
import type { Certificate } from '#simulator/smtp/certificate.ts';
import { type Answer, bytesOf, pass, reset, send } from './relay.ts';

/** A call that has come to the gate, with its head alone read. */
export interface CallAtGate {
  /** With the query. */
  readonly path: string;
  readonly response: ServerResponse;
  /** Resolves with the first part of the body. */
  firstPart(): Promise<void>;
  /** Reads the body to its end, and the service never hears of it. */
  read(): Promise<void>;
  /** Lets the service do what it is asked for. */
  work(): Promise<Answer>;
  /** Breaks the connection off. */
  reset(): void;
  send(answer: Answer): void;
}

/** What becomes of a call. */
export type Accident = (call: CallAtGate) => Promise<void> | void;

export interface GateOptions {
  /** The call that meets the accident, by its method, path and query. */
  readonly call: RegExp;
  readonly accident: Accident;
  /** Only the first such call; absent: every one. */
  readonly isOnce?: boolean;
  /** Called once a call that fits this was answered by the service, and before that answer is handed on. */
  readonly after?: readonly [call: RegExp, work: () => void];
  /** It speaks TLS with this. */
  readonly certificate?: Certificate;
}

export interface Gate {
  readonly url: string;
  readonly port: number;
  /** How many calls were to meet the accident. */
  struck(): number;
  /** No connection is taken any more. */
  leave(): void;
}

/** Stands before a simulated service that speaks HTTP until the test is over, with a connection for each call. */
export async function openGate(target: string, options: GateOptions): Promise<Gate> {
  const { call, accident, certificate, isOnce = false, after } = options;
  let struck = 0;

  async function take(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const name = `${incoming.method} ${incoming.url}`;
    if (call.test(name)) {
      struck += 1;
      if (!isOnce || struck === 1) return await accident(callAt(incoming, response));
    }
    const answer = await pass(target, incoming, await bytesOf(incoming));
    if (after?.[0].test(name)) after[1]();
    send(response, answer);
  }

  function callAt(incoming: IncomingMessage, response: ServerResponse): CallAtGate {
    return {
      path: incoming.url ?? '/',
      response,
      async firstPart() {
        await once(incoming, 'data');
      },
      async read() {
        await bytesOf(incoming);
      },
      work: async () => await pass(target, incoming, await bytesOf(incoming)),
      reset: () => reset(response),
      send: (answer) => send(response, answer),
    };
  }

  const onRequest = (incoming: IncomingMessage, response: ServerResponse) => {
    response.setHeader('connection', 'close');
    take(incoming, response).catch(() => response.destroy());
  };
  const server =
    certificate === undefined
      ? createServer(onRequest)
      : createTlsServer({ cert: certificate.certificate, key: certificate.key }, onRequest);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  const { port } = server.address() as AddressInfo;
  const protocol = certificate === undefined ? 'http' : 'https';
  return {
    url: `${protocol}://127.0.0.1:${port}`,
    port,
    struck: () => struck,
    leave: () => void server.close(),
  };
}
