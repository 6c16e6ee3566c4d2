import { request as ask, type IncomingMessage, type ServerResponse } from 'node:http';

/** What a service has answered. */
export interface Answer {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  readonly body: Buffer;
}

/** Breaks the connection off in the middle. */
export function reset(response: ServerResponse): void {
  response.socket?.resetAndDestroy();
}

/** What stands in between can say this in the service's place. */
export const garbage: Answer = {
  status: 200,
  headers: { 'content-type': 'text/html' },
  body: Buffer.from('<html><body><h1>It works!</h1></body></html>'),
};

export async function bytesOf(stream: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream as AsyncIterable<Buffer>) chunks.push(chunk);
  return Buffer.concat(chunks);
}

/** Asks the service itself, on a connection of its own. */
export function pass(
  target: string,
  { method, url = '/', headers: given }: IncomingMessage,
  body: Buffer,
  signal?: AbortSignal,
): Promise<Answer> {
  const { 'transfer-encoding': _, connection: __, ...headers } = given;
  return new Promise((resolve, reject) => {
    const asked = ask(
      new URL(url, target),
      {
        method,
        headers: { ...headers, 'content-length': String(body.length) },
        agent: false,
        ...(signal && { signal }),
      },
      (answer) => {
        bytesOf(answer).then(
          (bytes) => resolve({ status: answer.statusCode ?? 0, headers: answer.headers, body: bytes }),
          reject,
        );
      },
    );
    asked.on('error', reject);
    asked.end(body);
  });
}

export function writeHead(response: ServerResponse, { status, headers, body }: Answer): void {
  const { connection: _, 'keep-alive': __, 'transfer-encoding': ___, ...kept } = headers;
  response.writeHead(status, { ...kept, 'content-length': String(body.length) });
}

export function send(response: ServerResponse, answer: Answer): void {
  writeHead(response, answer);
  response.end(answer.body);
}
