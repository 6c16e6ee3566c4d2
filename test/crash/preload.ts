import { once } from 'node:events';
import fs, { type FileHandle } from 'node:fs/promises';
import { flushCompileCache, registerHooks, syncBuiltinESMExports } from 'node:module';
import { connect } from 'node:net';
import { relative } from 'node:path';
import timers from 'node:timers/promises';
import { seal } from '../../src/adapters/checked-file.ts';
import type { Delivery } from '../../src/post/delivery.ts';
import { createCounter } from './moments.ts';
import { type AtFile, type FromHarness, type FromProgram, limitedSeconds, lines } from './wire.ts';

// Loaded into the real program before it: it asks the harness before and after every change of a file, so that the
// harness can kill it exactly there, and it takes its time from the harness. Nothing in the program knows of it.

const { CRASH_SOCKET = '', CRASH_FOLDER = '', CRASH_AHEAD_MS = '0', CRASH_WITHOUT } = process.env;

const socket = connect(CRASH_SOCKET);
await once(socket, 'connect');
socket.unref();
socket.on('error', () => undefined);
socket.on('data', lines(hear));

const counter = createCounter();
const waiting = new Map<number, () => void>();
let nextId = 1;

function say(message: FromProgram): void {
  socket.write(`${JSON.stringify(message)}\n`);
}

function hear(line: string): void {
  const message = JSON.parse(line) as FromHarness;
  if (message.type === 'go') {
    waiting.get(message.id)?.();
    waiting.delete(message.id);
    if (waiting.size === 0) socket.unref();
  } else if (message.type === 'how-busy') {
    const { userCPUTime, systemCPUTime, involuntaryContextSwitches: preempted } = process.resourceUsage();
    say({ type: 'effort', computedMs: (userCPUTime + systemCPUTime) / 1000, preempted });
  } else if (message.type === 'keep-compiled') {
    flushCompileCache();
    say({ type: 'kept' });
  } else {
    aheadMs = message.ms;
    for (const sleeper of [...sleepers]) sleeper.look();
  }
}

function ask(label: string, count: number, phase: AtFile['phase']): Promise<void> {
  const id = nextId++;
  say({ type: 'file', id, label, count, phase });
  socket.ref();
  return new Promise((resolve) => waiting.set(id, resolve));
}

// Files.

/** The file in the program's folder, without what is different each time; undefined: it is elsewhere. */
function nameOf(path: unknown): string | undefined {
  if (typeof path !== 'string') return undefined;
  const name = relative(CRASH_FOLDER, path);
  if (name.startsWith('..')) return undefined;
  return name
    .replace(/[0-9a-f]{64}/, '*')
    .replace(/\d{4}-\d{2}\.json/, '*.json')
    .replace(/^$/, '.');
}

/** Asks before and, where nothing of the same write follows, after it. */
async function around<T>(label: string, change: () => Promise<T>, isLast = false): Promise<T> {
  const count = counter.next(label);
  await ask(label, count, 'before');
  const result = await change();
  if (isLast) await ask(label, count, 'after');
  return result;
}

const original = { ...fs };

async function open(...given: Parameters<typeof fs.open>): Promise<FileHandle> {
  const [path, flags] = given;
  const name = nameOf(path);
  if (name === undefined) return original.open(...given);
  if (flags === 'r') return watchFolder(await original.open(...given), name);
  return watchFile(await around(`create ${name}`, () => original.open(...given)), name);
}

function watchFile(file: FileHandle, name: string): FileHandle {
  const write = file.writeFile.bind(file);
  const sync = file.sync.bind(file);
  return Object.assign(file, {
    async writeFile(content: string | Buffer) {
      const bytes = Buffer.from(name === 'darkroom.json.new' ? withoutIntents(String(content)) : content);
      const half = bytes.length >> 1;
      await write(bytes.subarray(0, half));
      await ask(`write ${name}`, counter.next(`write ${name}`), 'during');
      await write(bytes.subarray(half));
    },
    sync: () => around(`sync ${name}`, sync),
  });
}

function watchFolder(file: FileHandle, name: string): FileHandle {
  const sync = file.sync.bind(file);
  return Object.assign(file, { sync: () => around(`sync folder ${name}`, sync, true) });
}

function watched<Given extends readonly unknown[], T>(
  verb: string,
  change: (...given: Given) => Promise<T>,
  isLast: boolean,
  subject = (given: Given): unknown => given[0],
): (...given: Given) => Promise<T> {
  return (...given) => {
    const name = nameOf(subject(given));
    return name === undefined ? change(...given) : around(`${verb} ${name}`, () => change(...given), isLast);
  };
}

Object.assign(fs, {
  open,
  rename: watched('rename to', original.rename, false, ([, to]) => to),
  link: watched('link', original.link, false, ([, to]) => to),
  rm: watched('remove', original.rm, true),
  writeFile: watched('write whole', original.writeFile, true),
});

/** The state as a program saves it that begins to send without having written that down. */
function withoutIntents(content: string): string {
  if (CRASH_WITHOUT !== 'intents') return content;
  const { data } = JSON.parse(content) as {
    data: { posts: Record<string, { deliveries?: Record<string, Delivery> }> };
  };
  for (const { deliveries = {} } of Object.values(data.posts)) {
    for (const [platform, delivery] of Object.entries(deliveries)) {
      if (delivery.state !== 'sending') continue;
      const { content, round, attempts } = delivery;
      deliveries[platform] = { state: 'waiting', content, round, attempts: attempts - 1 };
    }
  }
  return seal(data);
}

if (CRASH_WITHOUT === 'quiet') {
  registerHooks({
    load(url, context, next) {
      const loaded = next(url, context);
      if (!url.endsWith('/src/post/delivery.ts')) return loaded;
      const source = String(loaded.source).replace(/(quietMs|lookAgainMs) = [\d_]+;/g, '$1 = 0;');
      return { ...loaded, source };
    },
  });
}

// Time.

let aheadMs = Number(CRASH_AHEAD_MS);
const RealDate = Date;
const machineNow = Date.now;
const machineTimeout = globalThis.setTimeout;
const worldNow = () => machineNow() + aheadMs;

globalThis.Date = new Proxy(RealDate, {
  construct: (target, given, newTarget) =>
    Reflect.construct(target, given.length === 0 ? [worldNow()] : given, newTarget),
  get: (target, name, receiver) => (name === 'now' ? worldNow : Reflect.get(target, name, receiver)),
});

interface Sleeper {
  readonly until: number;
  /** The time is not moved on just for this one. */
  readonly isWakeUp: boolean;
  look(): void;
}

const sleepers = new Set<Sleeper>();
/** Shorter pauses are not worth a message. */
const shortMs = 100;

function tell(): void {
  const awaited = [...sleepers].filter(({ isWakeUp }) => !isWakeUp);
  say({ type: 'asleep', until: awaited.map(({ until }) => until) });
}

/** A pause that is over when the world's clock says so. */
async function sleep<T>(
  ms = 0,
  value?: T,
  options: { signal?: AbortSignal; ref?: boolean } = {},
  isWakeUp = false,
): Promise<T> {
  if (ms < shortMs) return originalSleep(ms, value as T, options);
  options.signal?.throwIfAborted();
  const until = worldNow() + ms;
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  let timer: NodeJS.Timeout | undefined;
  const sleeper: Sleeper = {
    until,
    isWakeUp,
    look() {
      clearTimeout(timer);
      const left = until - worldNow();
      if (left <= 0) resolve();
      else timer = machineTimeout(sleeper.look, Math.min(left, 2 ** 31 - 1)).unref();
    },
  };
  const onAbort = () => reject(options.signal?.reason);
  options.signal?.addEventListener('abort', onAbort);
  sleepers.add(sleeper);
  sleeper.look();
  tell();
  try {
    await promise;
    return value as T;
  } finally {
    clearTimeout(timer);
    sleepers.delete(sleeper);
    options.signal?.removeEventListener('abort', onAbort);
    tell();
  }
}

const originalSleep = timers.setTimeout;
Object.assign(timers, {
  setTimeout: <T>(ms?: number, value?: T, options?: object) => sleep(ms, value, options),
});

/**
 * Telegram's client waits by itself where it is asked to, and the schedule's clock for its next minute; all other timers
 * are limits, which keep the machine's time.
 */
const wakeUps = new WeakMap<object, AbortController>();
globalThis.setTimeout = new Proxy(machineTimeout, {
  apply(target, self, given: Parameters<typeof machineTimeout>) {
    const [call, ms] = given;
    const isWakeUp = String(call).includes('_checkTrigger');
    if (ms !== limitedSeconds * 1000 && !isWakeUp) return Reflect.apply(target, self, given);
    const stopping = new AbortController();
    const timer = { unref: () => timer };
    wakeUps.set(timer, stopping);
    void sleep(ms, undefined, { signal: stopping.signal }, isWakeUp).then(
      () => call(),
      () => undefined,
    );
    return timer;
  },
});
globalThis.clearTimeout = new Proxy(globalThis.clearTimeout, {
  apply(target, self, given: Parameters<typeof clearTimeout>) {
    const [timer] = given;
    if (typeof timer === 'object' && wakeUps.has(timer)) wakeUps.get(timer)?.abort();
    else Reflect.apply(target, self, given);
  },
});
syncBuiltinESMExports();
