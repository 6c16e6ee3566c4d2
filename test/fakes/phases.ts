import { setImmediate as turn } from 'node:timers/promises';
import type { CallAtGate } from './gate.ts';
import { type Answer, writeHead } from './relay.ts';

/** What a phase needs besides the call. */
export interface Surroundings {
  /** Another place, which nobody may be sent to. */
  readonly elsewhere: string;
  /** Ends all time limits that run. */
  expire(): void;
  /** Told how many bytes of an answer without end were taken. */
  taken(bytes: number): void;
}

/** Where in a call it goes wrong, and how. */
export interface Phase {
  readonly name: string;
  readonly needsBody?: boolean;
  /** The work was done before it. */
  readonly isDone?: boolean;
  happen(call: CallAtGate, surroundings: Surroundings): Promise<void> | void;
}

type Happening = Phase['happen'];

/** The most of an answer without end. */
const mostBytes = 48 * 1024 * 1024;

function page(status: number, headers: Answer['headers'] = {}): Answer {
  const body = Buffer.from('<html><body><h1>Something in between</h1></body></html>');
  return { status, headers: { 'content-type': 'text/html', ...headers }, body };
}

function json(text: string): Answer {
  return { status: 200, headers: { 'content-type': 'application/json' }, body: Buffer.from(text) };
}

/** The same without the work and after it: the client sees no difference. */
function withAndWithout(name: string, happen: Happening): readonly Phase[] {
  const after = (prepare: (call: CallAtGate) => Promise<unknown>): Happening => {
    return async (call, surroundings) => {
      await prepare(call);
      await happen(call, surroundings);
    };
  };
  return [
    { name: `${name} and it was not done`, happen: after((call) => call.read()) },
    { name: `${name} and it was done`, isDone: true, happen: after((call) => call.work()) },
  ];
}

const texts = [
  '{}',
  '[]',
  'null',
  '{"ok":true}',
  '{"ok":false}',
  '{"ok":true,"result":{}}',
  '{"status":"ok"}',
];
const answers: readonly (readonly [string, Answer])[] = [
  ['a page comes with 200', page(200)],
  ['an empty answer comes', { ...page(200), body: Buffer.alloc(0) }],
  ['a page comes with 502', page(502)],
  ['a page comes with 408', page(408)],
  ['half of a JSON text comes', json('{"ok":true,"result":{"message_id":')],
  ...texts.map((text) => [`${text} comes`, json(text)] as const),
];

/** The connection breaks off. */
export const losses: readonly Phase[] = [
  { name: 'the connection is reset before the request was read', happen: (call) => call.reset() },
  {
    name: 'the connection is reset while the request is read',
    needsBody: true,
    async happen(call) {
      await call.firstPart();
      call.reset();
    },
  },
  ...withAndWithout('the connection is reset before an answer', (call) => call.reset()),
  ...withAndWithout('the connection is closed before an answer', ({ response }) => {
    response.socket?.end();
  }),
  ...withAndWithout('the connection is reset within the head of the answer', (call) => {
    call.response.socket?.write('HTTP/1.1 200 OK\r\ncontent-ty', () => call.reset());
  }),
  {
    name: 'the connection is reset within the body of the answer',
    isDone: true,
    async happen(call) {
      const { status, body } = await call.work();
      call.response.writeHead(status, { 'content-length': String(body.length) });
      call.response.write(body.subarray(0, body.length >> 1), () => call.reset());
    },
  },
];

/** What comes is no answer of the service. */
export const strangeAnswers: readonly Phase[] = answers.flatMap(([name, answer]) =>
  withAndWithout(name, (call) => call.send(answer)),
);

/** It is sent elsewhere. */
export const redirects: readonly Phase[] = [302, 307].flatMap((status) =>
  withAndWithout(`it is sent elsewhere with ${status}`, (call, { elsewhere }) =>
    call.send(page(status, { location: `${elsewhere}${call.path}` })),
  ),
);

/** It is asked too often, by the word of something in between, which knows no wait. */
export const limited: Phase = {
  name: 'a page comes with 429',
  async happen(call) {
    await call.read();
    call.send(page(429));
  },
};

/** Instagram holds back what it has published all the same (gitroomhq/postiz-app, issue 1681). */
export const heldBack: Phase = {
  name: 'it says that it was held back and it was done',
  isDone: true,
  async happen(call) {
    await call.work();
    const error = { message: 'Application request limit reached', code: 4, error_subcode: 2_207_051 };
    call.send({ ...json(JSON.stringify({ error })), status: 400 });
  },
};

/** Nothing comes to an end. */
export const endless: readonly Phase[] = [
  ...withAndWithout('no answer comes', (_, { expire }) => expire()),
  {
    name: 'the answer comes byte by byte',
    isDone: true,
    async happen(call, { expire }) {
      const answer = await call.work();
      const { body } = answer;
      writeHead(call.response, answer);
      for (const byte of body.subarray(0, 3)) {
        call.response.write(Buffer.of(byte));
        await turn();
        await turn();
      }
      expire();
    },
  },
  {
    name: 'the answer has no end',
    isDone: true,
    async happen(call, { expire, taken }) {
      await call.work();
      taken(await pour(call));
      expire();
    },
  },
];

/** White space, which is good JSON before a value. */
async function pour({ response }: CallAtGate): Promise<number> {
  const piece = Buffer.alloc(256 * 1024, ' ');
  response.writeHead(200, { 'content-type': 'application/json' });
  let bytes = 0;
  while (bytes < mostBytes && !response.destroyed) {
    bytes += piece.length;
    if (response.write(piece)) continue;
    await new Promise<void>((resolve) => {
      response.once('drain', resolve).once('close', resolve);
    });
  }
  return bytes;
}
