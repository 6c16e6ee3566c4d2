import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { type IncomingMessage, request } from 'node:http';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { beforeEach, describe, expect, it } from 'vitest';
import type { Snapshot } from '#simulator/page/snapshot.ts';
import { linkOf, openProgramFolder, type ProgramFolder, type Run } from './program-folder.ts';

const start = join(import.meta.dirname, '../src/start.js');
const child = join(import.meta.dirname, '../src/simulated/child.ts');
let folder: string;
let run: ProgramFolder['run'];

beforeEach(async () => {
  ({ folder, run } = await openProgramFolder());
});

/** Resolves when this holds. */
async function until(what: string, holds: () => boolean | Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < 1_000; tries += 1) {
    if (await holds()) return;
    await sleep(20);
  }
  throw new Error(`It never came about that ${what}`);
}

/** Resolves when the state on disk has this. */
async function saved(text: string): Promise<void> {
  const path = join(folder, 'data/simulated/darkroom.json');
  await until(`the state had ${text}`, async () =>
    (await readFile(path, 'utf8').catch(() => '')).includes(text),
  );
}

/** The processes that this one has started and that still run. */
function childrenOf(parent: number | undefined): readonly number[] {
  return processTable().flatMap(({ pid, ppid }) => (ppid === parent ? [pid] : []));
}

function isAlive(pid: number | undefined): boolean {
  return processTable().some((each) => each.pid === pid);
}

/** Without those that have ended and that nobody has asked about. */
function processTable() {
  return listed()
    .filter(({ state }) => !state.startsWith('Z'))
    .map(({ pid, ppid }) => ({ pid: Number(pid), ppid: Number(ppid) }));
}

/** From /proc where there is one: a small Debian has no `ps`. */
function listed() {
  const lines = existsSync('/proc/self/stat')
    ? readdirSync('/proc')
        .filter((name) => /^\d+$/.test(name))
        .map(statusOf)
    : execFileSync('ps', ['-A', '-o', 'pid=,stat=,ppid='], { encoding: 'utf8' }).split('\n');
  return lines
    .map((line) => line.trim().split(/\s+/))
    .map(([pid = '', state = '', ppid = '']) => ({ pid, state, ppid }));
}

/** Number, state and parent, as in proc(5); the name in between may have spaces. */
function statusOf(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/stat`, 'utf8').replace(/\(.*\)/s, '');
  } catch {
    return '';
  }
}

interface Answer {
  readonly status: number | undefined;
  readonly cookie: string;
  readonly body: string;
}

/** Asks as a browser does, which says where its page is from. */
function ask(url: URL, cookie = '', body?: unknown): Promise<IncomingMessage> {
  const headers = { origin: url.origin, cookie, 'content-type': 'application/json' };
  return new Promise((resolve, reject) => {
    const asked = request(url, { method: body === undefined ? 'GET' : 'POST', headers }, resolve);
    asked.on('error', reject).end(body === undefined ? undefined : JSON.stringify(body));
  });
}

async function answered(...question: Parameters<typeof ask>): Promise<Answer> {
  const response = await ask(...question);
  const body = (await response.toArray()).join('');
  return { status: response.statusCode, cookie: response.headers['set-cookie']?.[0] ?? '', body };
}

/** The page in a browser that the link was opened with. */
interface Browser {
  act(action: object): Promise<void>;
  /** Resolves with what the page shows as soon as that is so. */
  shows(what: (snapshot: Snapshot) => boolean): Promise<Snapshot>;
}

async function browse(darkroom: Run): Promise<Browser> {
  const link = await linkOf(darkroom);
  const cookie = (await answered(link)).cookie.split(';')[0];
  return {
    async act(action) {
      const { status, body } = await answered(new URL('/act', link), cookie, action);
      expect([status, body]).toEqual([200, expect.not.stringContaining('problem')]);
    },
    async shows(what) {
      const live = (await ask(new URL('/live', link), cookie)).setEncoding('utf8');
      let text = '';
      for await (const chunk of live) {
        const events = (text + chunk).split('\n\n');
        text = events.pop() ?? '';
        const shown = events.map((event) => JSON.parse(event.slice('data: '.length)) as Snapshot).find(what);
        if (shown !== undefined) return shown;
      }
      throw new Error('The page never showed it');
    },
  };
}

/** The cards with a button to publish. */
function drafts({ phone }: Snapshot) {
  return phone.messages.filter(
    ({ text, keyboard }) => text.includes('📷') && publishOf(keyboard) !== undefined,
  );
}

function publishOf(keyboard: Snapshot['phone']['messages'][number]['keyboard']) {
  return keyboard.flat().find(({ text }) => text === '✅ Publish');
}

const hasDraft = (snapshot: Snapshot) => drafts(snapshot).length > 0;
const isRunning = ({ program }: Snapshot) => program === 'running';

it('runs with simulated services when nothing is set, and shows where their page is', async () => {
  const darkroom = run([]);
  await darkroom.says('README.md.');
  const expected = [
    '',
    'Darkroom is running with simulated services; nothing leaves this machine. Open this page:',
    '',
    `  ${(await linkOf(darkroom)).href}`,
    '',
    'Ctrl-C ends it; delete data/simulated to begin again. To go live with your own accounts, see README.md.',
    '',
  ];
  expect(darkroom.output().split('\n')).toEqual(expected);
  expect(await readFile(join(folder, 'data/simulated/darkroom.json'), 'utf8')).toContain('"posts"');
});

it('makes a first draft by itself, and only one', async () => {
  const browser = await browse(run([]));
  expect(drafts(await browser.shows(hasDraft))).toHaveLength(1);
  await saved('"awaiting-approval"');
});

it.each(['SIGTERM', 'SIGINT'] as const)(
  'ends both processes on %s, and says that it does',
  async (signal) => {
    const darkroom = run([]);
    await darkroom.says('README.md.');
    const shown = darkroom.output();
    const [inner] = childrenOf(darkroom.child.pid);
    expect(inner).toBeTypeOf('number');
    darkroom.child.kill(signal);
    expect(await darkroom.ended).toBe(0);
    expect(isAlive(inner)).toBe(false);
    expect(darkroom.output().trim()).toBe(`${shown.trim()}\n\nStopping …`);
  },
);

it('stops once, however many signals arrive, also at both processes as with Ctrl-C', async () => {
  const darkroom = run([], { LOG_LEVEL: 'info' });
  await darkroom.says('README.md.');
  const [inner = 0] = childrenOf(darkroom.child.pid);
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGTERM'] as const) darkroom.child.kill(signal);
  process.kill(inner, 'SIGINT');
  expect(await darkroom.ended).toBe(0);
  expect(darkroom.output().match(/"Stopping"/g)).toHaveLength(1);
  expect(darkroom.output().match(/"Stopping the simulated services"/g)).toHaveLength(1);
  expect(darkroom.output()).not.toContain('Unhandled rejection');
});

it('goes on after a crash where it stood, with the same draft', async () => {
  const first = run([]);
  await (await browse(first)).shows(hasDraft);
  first.child.kill('SIGKILL');
  await first.ended;
  const second = run([], { LOG_LEVEL: 'info' });
  await second.says('Darkroom is running');
  const browser = await browse(second);
  expect(drafts(await browser.shows(isRunning))).toHaveLength(1);
  await saved('"awaiting-approval"');
  second.child.kill('SIGINT');
  expect(await second.ended).toBe(0);
});

it('leaves nothing behind when it is killed, and starts again at once', async () => {
  const first = run([]);
  await first.says('README.md.');
  const [inner] = childrenOf(first.child.pid);
  first.child.kill('SIGKILL');
  await first.ended;
  const second = run([]);
  await until('Darkroom has followed', () => !isAlive(inner));
  await second.says('README.md.');
  expect(second.output()).not.toContain('Another Darkroom');
});

it('ends with Darkroom when that ends by itself, with its exit code', async () => {
  const darkroom = run([]);
  await darkroom.says('README.md.');
  const [inner = 0] = childrenOf(darkroom.child.pid);
  process.kill(inner, 'SIGKILL');
  expect(await darkroom.ended).toBe(128 + 9);
});

it('hands on why Darkroom cannot start, once, and ends', async () => {
  await mkdir(join(folder, 'data/simulated'), { recursive: true });
  await writeFile(join(folder, 'data/simulated/darkroom.json'), 'no state');
  await writeFile(join(folder, 'data/simulated/darkroom.begun'), '');
  const darkroom = run([]);
  expect(await darkroom.ended).toBe(3);
  expect(darkroom.output()).not.toMatch(/\/open\/| {4}at /);
});

it('ends with a clear sentence where its folder has been deleted, instead of making a new one forever', async () => {
  const leaving = join(folder, 'leaving.js');
  await writeFile(
    leaving,
    `require('node:fs').rmSync(process.cwd(), { recursive: true });
    const { status } = require('node:child_process').spawnSync(process.execPath, [${JSON.stringify(start)}], { stdio: 'inherit' });
    process.exitCode = status;`,
  );
  const darkroom = run([], {}, leaving);
  expect(await darkroom.ended).toBe(78);
  expect(darkroom.output()).toMatch(/^The folder data\/simulated cannot be used \(ENOENT\)\.[^\n]+\n$/);
});

it('does not run Darkroom’s inner process by itself', async () => {
  const alone = run([], {}, child);
  expect(await alone.ended).toBe(1);
  expect(alone.output()).toMatch(/^This part of Darkroom is started by another one; [^\n]+\n$/);
});

describe('the page of the simulated services', () => {
  it('is at another port when that one is taken', async () => {
    const { port } = await linkOf(run([]));
    const second = run([], { SIMULATOR_PORT: port, DATA_DIR: 'other' });
    await second.says('README.md.');
    expect(second.output()).toContain(`Port ${port} was not free, so the page is at another one.`);
    const link = await linkOf(second);
    expect(link.port).not.toBe(port);
    expect((await answered(link)).status).toBe(200);
  });

  it('is at the port that is set', async () => {
    const first = run([]);
    const { port } = await linkOf(first);
    first.child.kill('SIGTERM');
    await first.ended;
    const second = run([], { SIMULATOR_PORT: port });
    expect((await linkOf(second)).port).toBe(port);
    expect(second.output()).not.toContain('was not free');
  });

  it('opens once with a link; then a new one is shown', async () => {
    const darkroom = run([]);
    const link = await linkOf(darkroom);
    expect(await answered(link)).toMatchObject({ status: 200, cookie: expect.stringContaining('darkroom_') });
    expect(await answered(link)).toMatchObject({ status: 403, cookie: '' });
    await darkroom.says('A new link to the page: http');
    const next = await linkOf(darkroom);
    expect(next.href).not.toBe(link.href);
    expect((await answered(next)).status).toBe(200);
  });

  it('restarts Darkroom, which goes on with the same draft', async () => {
    const darkroom = run([], { UNDO_SECONDS: '0' });
    const browser = await browse(darkroom);
    await browser.shows(hasDraft);
    const [before] = childrenOf(darkroom.child.pid);
    await browser.act({ do: 'program', step: 'restart' });
    expect(drafts(await browser.shows(isRunning))).toHaveLength(1);
    const after = childrenOf(darkroom.child.pid);
    expect(after).toHaveLength(1);
    expect(after).not.toContain(before);
    await publish(browser);
  });

  it('pulls the plug of Darkroom, which then goes on with the same draft', async () => {
    const darkroom = run([], { UNDO_SECONDS: '0' });
    const browser = await browse(darkroom);
    await browser.shows(hasDraft);
    await browser.act({ do: 'program', step: 'pull-plug' });
    await browser.shows(({ program }) => program === 'off');
    expect(childrenOf(darkroom.child.pid)).toEqual([]);
    await browser.act({ do: 'program', step: 'start' });
    expect(drafts(await browser.shows(isRunning))).toHaveLength(1);
    await publish(browser);
    darkroom.child.kill('SIGTERM');
    expect(await darkroom.ended).toBe(0);
  });

  it('ends in order also while Darkroom has no power', async () => {
    const darkroom = run([]);
    const browser = await browse(darkroom);
    await browser.act({ do: 'program', step: 'pull-plug' });
    await browser.shows(({ program }) => program === 'off');
    darkroom.child.kill('SIGTERM');
    expect(await darkroom.ended).toBe(0);
  });
});

/** Presses Publish below the draft and waits for the post. */
async function publish(browser: Browser): Promise<void> {
  const [draft] = drafts(await browser.shows(hasDraft));
  const data = publishOf(draft?.keyboard ?? [])?.data;
  const pressed = { do: 'tap', messageId: draft?.id, data };
  expect(pressed).toMatchObject({ messageId: expect.any(Number), data: expect.any(String) });
  await browser.act(pressed);
  await browser.shows(({ channel }) => channel.posts.length === 1);
}

it('names everything that is missing at once, in words, and exits with 78', async () => {
  const darkroom = run([], { INSTAGRAM_USERNAME: 'anna', SCHEDULE: 'at nine', MODE: 'sometimes' });
  expect(await darkroom.ended).toBe(78);
  for (const name of [
    'TELEGRAM_BOT_TOKEN',
    'TELEGRAM_CHANNEL_ID',
    'DROPBOX_APP_KEY',
    'DROPBOX_REFRESH_TOKEN',
    'INSTAGRAM_SESSION or INSTAGRAM_PASSWORD',
    'MODE',
  ]) {
    expect(darkroom.output()).toContain(`- ${name}: `);
  }
  expect(darkroom.output()).not.toContain('    at ');
});

it('does not start the simulator by itself in production', async () => {
  const darkroom = run([], { NODE_ENV: 'production' });
  expect(await darkroom.ended).toBe(78);
  expect(darkroom.output()).toContain('TELEGRAM_BOT_TOKEN: is missing.');
});

it('refuses a second process with the same folder, and takes it over when the first one is killed', async () => {
  const first = run([]);
  await first.says('README.md.');
  const second = run([]);
  expect(await second.ended).toBe(75);
  expect(second.output()).toMatch(/^Another Darkroom is already running with the folder [^\n]+\n$/);
  first.child.kill('SIGKILL');
  await first.ended;
  const third = run([]);
  await third.says('README.md.');
});

it('tells Docker whether Telegram was reached lately', async () => {
  const before = run(['health']);
  expect(await before.ended).toBe(1);
  const darkroom = run([]);
  await darkroom.says('README.md.');
  const during = run(['health'], { DATA_DIR: 'data/simulated' });
  expect(await during.ended).toBe(0);
});
