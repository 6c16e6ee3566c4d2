import { cp, mkdtemp, rm } from 'node:fs/promises';
import { type IncomingHttpHeaders, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { inject } from 'vitest';
import type { Done } from '#simulator/page/actions.ts';
import { startPage } from '#simulator/page/page.ts';
import type { Program, ProgramState } from '#simulator/page/program.ts';
import type { Snapshot } from '#simulator/page/snapshot.ts';
import type { Speed } from '#simulator/page/switches.ts';
import { type Simulator, startSimulator } from '#simulator/simulator.ts';

type Headers = Readonly<Record<string, string | undefined>>;

export interface Asked {
  readonly method?: string;
  readonly path?: string;
  /** In place of those that a browser at the page sends; undefined: left away. */
  readonly headers?: Headers;
  readonly body?: string;
}

export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
}

/** What a page that is looked at gets, as it comes. */
export interface Watch {
  readonly seen: readonly Snapshot[];
  readonly hasEnded: () => boolean;
  leave(): void;
}

interface FakeProgram extends Program {
  /** What the page asked for. */
  readonly steps: readonly string[];
  set(state: ProgramState): void;
  /** How often its state was looked up. */
  readonly looks: () => number;
}

/** A page on a world of its own, and a browser that is signed in to it. */
export interface OpenPage {
  readonly simulator: Simulator;
  readonly program: FakeProgram;
  readonly port: number;
  readonly folder: string;
  /** The links that the page gave when one was used up. */
  readonly newLinks: readonly string[];
  link(): string;
  /** `darkroom_PORT=...`; signs in with the link when that was not done before. */
  cookie(): Promise<string>;
  ask(asked: Asked): Promise<Answer>;
  act(action: unknown): Promise<{ readonly status: number; readonly done: Done }>;
  watch(): Promise<Watch>;
  /** What a page that opens now is shown first. */
  snapshot(): Promise<Snapshot>;
  /** Closes the page alone. */
  closePage(): Promise<void>;
  close(): Promise<void>;
}

export interface OpenPageOptions {
  readonly port?: number;
  readonly speed?: Speed;
  /** The session of an earlier page. */
  readonly folder?: string;
}

export async function openPage(options: OpenPageOptions = {}): Promise<OpenPage> {
  const own = await mkdtemp(join(tmpdir(), 'darkroom-page-'));
  const folder = options.folder ?? own;
  await cp(inject('madeOnce').services, join(own, 'world'), { recursive: true });
  const simulator = await startSimulator({ folder: join(own, 'world') });
  const program = fakeProgram();
  const newLinks: string[] = [];
  const page = await startPage({
    simulator,
    program,
    folder,
    port: options.port ?? 0,
    speed: options.speed ?? 'instant',
    onNewLink: (link) => newLinks.push(link),
  });
  const { port } = page;
  const left: (() => void)[] = [];
  let signedIn: Promise<string> | undefined;

  async function signIn(): Promise<string> {
    const { headers } = await askAt(port, { path: new URL(page.link()).pathname });
    return headers['set-cookie']?.[0]?.split(';')[0] ?? 'none';
  }

  async function cookie(): Promise<string> {
    signedIn ??= signIn();
    return signedIn;
  }

  async function ask({ headers, ...asked }: Asked): Promise<Answer> {
    return askAt(port, { ...asked, headers: { cookie: await cookie(), ...headers } });
  }

  async function watch(): Promise<Watch> {
    const one = await watchAt(port, await cookie());
    left.push(one.leave);
    return one;
  }

  async function closePage(): Promise<void> {
    for (const leave of left.splice(0)) leave();
    await page.close();
  }

  return {
    simulator,
    program,
    port,
    folder,
    newLinks,
    link: page.link,
    cookie,
    ask,
    async act(action) {
      const body = typeof action === 'string' ? action : JSON.stringify(action);
      const answer = await ask({ method: 'POST', path: '/act', body });
      return { status: answer.status, done: JSON.parse(answer.text) as Done };
    },
    watch,
    async snapshot() {
      const one = await watch();
      for (let turn = 0; turn < 1000 && one.seen.length === 0 && !one.hasEnded(); turn += 1) await sleep(5);
      one.leave();
      const [first] = one.seen;
      if (first === undefined) throw new Error('No snapshot came.');
      return first;
    },
    closePage: page.close,
    async close() {
      await closePage();
      await simulator.close();
      await rm(own, { recursive: true, force: true });
    },
  };
}

/** A request with exactly these headers besides what a browser at the page sends, without a cookie. */
export function askAt(port: number, { method = 'GET', path = '/', headers, body }: Asked): Promise<Answer> {
  const own = { host: `127.0.0.1:${port}`, 'sec-fetch-site': 'same-origin' };
  const posting = { origin: `http://127.0.0.1:${port}`, 'content-type': 'application/json' };
  const length = body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) };
  const all = Object.entries({ ...own, ...length, ...(method === 'POST' && posting), ...headers });
  const sent = Object.fromEntries(all.filter((each): each is [string, string] => each[1] !== undefined));
  return new Promise((resolve, reject) => {
    const asking = request({
      host: '127.0.0.1',
      port,
      method,
      path,
      headers: sent,
      setHost: false,
      agent: false,
    });
    asking.on('error', reject);
    asking.on('response', (response) => {
      const { statusCode: status = 0, headers: given } = response;
      text(response).then((whole) => resolve({ status, headers: given, text: whole }), reject);
    });
    asking.end(body);
  });
}

function watchAt(port: number, cookie: string): Promise<Watch> {
  const seen: Snapshot[] = [];
  let hasEnded = false;
  return new Promise((resolve, reject) => {
    const headers = { cookie, host: `127.0.0.1:${port}`, accept: 'text/event-stream' };
    const asking = request({ host: '127.0.0.1', port, path: '/live', headers, agent: false });
    asking.on('error', reject);
    asking.on('response', (response) => {
      let rest = '';
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => {
        const events = `${rest}${chunk}`.split('\n\n');
        rest = events.pop() ?? '';
        for (const each of events) seen.push(JSON.parse(each.replace(/^data: /, '')) as Snapshot);
      });
      response.on('error', () => undefined); // told by `close`, which always comes
      response.on('close', () => {
        hasEnded = true;
      });
      resolve({ seen, hasEnded: () => hasEnded, leave: () => asking.destroy() });
    });
    asking.end();
  });
}

function fakeProgram(): FakeProgram {
  const listeners = new Set<() => void>();
  const steps: string[] = [];
  let state: ProgramState = 'running';
  let looks = 0;
  return {
    steps,
    looks: () => looks,
    state() {
      looks += 1;
      return state;
    },
    set(next) {
      state = next;
      for (const listener of [...listeners]) listener();
    },
    start: () => void steps.push('start'),
    restart: () => void steps.push('restart'),
    pullPlug: () => void steps.push('pull-plug'),
    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

/** What the bot does, over the simulated Bot API. */
export async function callBot(
  { telegram }: Simulator,
  method: string,
  params: Readonly<Record<string, unknown>> | FormData = {},
): Promise<{ readonly status: number; readonly result: { readonly message_id: number } }> {
  const isForm = params instanceof FormData;
  const answer = await fetch(`${telegram.url}/bot${telegram.token}/${method}`, {
    method: 'POST',
    ...(isForm ? {} : { headers: { 'content-type': 'application/json' } }),
    body: isForm ? params : JSON.stringify(params),
  });
  const { result } = (await answer.json()) as { result: { message_id: number } };
  return { status: answer.status, result };
}

/** A picture or file that the bot sends. */
export function upload(kind: 'photo' | 'document', chat: number, bytes: Buffer, name: string, type: string) {
  const form = new FormData();
  form.set('chat_id', String(chat));
  form.set(kind, new File([new Uint8Array(bytes)], name, { type }));
  return form;
}
