import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { SMTPServer } from 'smtp-server';
import { expect, it, onTestFinished, vi } from 'vitest';
import type { Endpoints } from '#darkroom.ts';
import { explain } from '#run.ts';
import { createFaults, type Fault, type Faults } from '#simulator/faults.ts';
import { type SimulatedRequest, serve } from '#simulator/http.ts';
import { loadCertificate } from '#simulator/smtp/certificate.ts';
import { shortenLimits } from '../fakes/short-limits.ts';
import { scene } from '../fakes/shots.ts';
import { formsOf, secretNames, tracesOf } from '../fakes/traces.ts';
import { isLong } from '../long-tests.ts';
import { openWorld, type World, type WorldOptions } from '../world.ts';

/** What a server says that shows all it was asked: the worst that can come back into a log. */
function echo({ method, path, query, headers, body }: SimulatedRequest): string {
  return JSON.stringify({
    ok: false,
    message: `${method} ${path}?${query} ${JSON.stringify(headers)} ${body.subarray(0, 4_000)}`,
    error: { message: `Incorrect key: ${headers.authorization}`, type: 'invalid', code: 'bad' },
    error_code: 403,
    error_summary: `bad/${headers.authorization}`,
    detail: `${headers.authorization}`,
    description: `Forbidden: ${path} ${headers.authorization}`,
  });
}

/** A service in front of the simulated one, which works like it until it is given faults. */
async function openEcho(target: string): Promise<{ readonly url: string; readonly faults: Faults }> {
  const faults = createFaults();
  const service = await serve(
    {
      name: 'graph',
      operation: ({ path }) => path,
      async answer({ method, path, query, headers, body }) {
        const { host, 'content-length': length, connection, expect: _, ...others } = headers;
        const hasBody = method !== 'GET' && method !== 'HEAD';
        const answer = await fetch(`${target}${path}?${query}`, {
          method,
          headers: others as Record<string, string>,
          redirect: 'manual',
          ...(hasBody && { body: new Uint8Array(body) }),
        });
        return {
          status: answer.status,
          headers: Object.fromEntries(answer.headers),
          body: Buffer.from(await answer.arrayBuffer()),
        };
      },
      refuse: (fault, request) => ({
        status: fault.kind === 'error' ? fault.status : 429,
        headers: {
          'content-type': 'application/json',
          location: `https://evil.invalid/?was=${encodeURIComponent(echo(request))}`,
        },
        body: fault.kind === 'error' && fault.status === 200 ? `<html>${echo(request)}` : echo(request),
      }),
    },
    faults,
  );
  onTestFinished(() => service.close());
  return { url: service.url, faults };
}

const failures: readonly (readonly [string, Fault])[] = [
  ...[401, 403, 429, 500].map((status) => [String(status), { kind: 'error', status }] as const),
  ['garbage', { kind: 'error', status: 200 }],
  ['a redirect', { kind: 'error', status: 302 }],
  ['a connection lost before', { kind: 'drop', afterWork: false }],
  ['a connection lost after', { kind: 'drop', afterWork: true }],
  ['silence', { kind: 'hang' }],
];

interface Client {
  /** The simulated service that is spoken to. */
  target(world: World): string;
  /** The settings and endpoints with which it is spoken to at this address. */
  at(
    url: string,
    world: World,
  ): { readonly settings?: WorldOptions['settings']; readonly endpoints?: Endpoints };
}

const clients: Readonly<Record<string, Client>> = {
  Telegram: {
    target: ({ simulator }) => simulator.telegram.url,
    at: (url) => ({ settings: { TELEGRAM_API_ROOT: url } }),
  },
  Dropbox: {
    target: ({ simulator }) => simulator.dropbox.url,
    at: (url) => ({ endpoints: { dropbox: url } }),
  },
  Replicate: {
    target: ({ simulator }) => simulator.replicate.url,
    at: (url) => ({ endpoints: { replicate: url } }),
  },
  OpenAI: {
    target: ({ simulator }) => simulator.openai.url,
    at: (url) => ({ settings: { OPENAI_BASE_URL: `${url}/v1` } }),
  },
  Instagram: {
    target: ({ simulator }) => simulator.instagram.url,
    at: (url) => ({ endpoints: { instagram: url } }),
  },
  'Instagram, the official way': {
    target: ({ simulator }) => simulator.graph.url,
    at: (url, { simulator }) => ({
      settings: {
        INSTAGRAM_USERNAME: undefined,
        INSTAGRAM_PASSWORD: undefined,
        INSTAGRAM_ACCESS_TOKEN: simulator.graph.accessToken,
      },
      endpoints: { graph: url },
    }),
  },
};

/** Files that hold a secret on purpose, readable by us alone: the renewed token of Instagram's official way. */
const keepers = /instagram-token\.json$/;

/** Everything that Darkroom has written anywhere. */
async function traces(world: World, crashes: readonly unknown[]): Promise<string> {
  return [...(await tracesOf(world, keepers)), ...crashes.map((crash) => inspect(crash))].join('\n');
}

/** Secrets as they are set, and those that were got with them, in every form in which they could be written. */
function canaries({ simulator }: World): readonly string[] {
  const { settings, graph, dropbox, instagram } = simulator;
  const set = secretNames.map((name) => settings[name] ?? '');
  const got = [...dropbox.calls, ...instagram.calls, ...graph.calls].flatMap(({ headers }) => [
    headers.authorization?.replace(/^(Bearer|Basic) /, '') ?? '',
    /sessionid=([^;]+)/.exec(String(headers.cookie))?.[1] ?? '',
  ]);
  const secrets = [...new Set([...set, ...got, graph.accessToken])].filter((secret) => secret.length > 8);
  return secrets.flatMap(formsOf);
}

/** All that is done with services: a check, a draft, another caption, a post. */
async function live({ darkroom, clock }: World): Promise<void> {
  const { app } = darkroom();
  await app.requestDraft();
  await app.whenIdle();
  const [checked, { open }] = await Promise.all([app.check(), app.status()]);
  expect(checked.length).toBeGreaterThan(4);
  for (const { id, revision } of open) {
    await app.decide(id, revision, { type: 'regenerated' });
    await app.whenIdle();
    await app.approve(id, app.post(id)?.revision ?? 0, 1);
    await app.whenIdle();
  }
  clock.advance(10 * 60_000);
  await app.whenIdle();
}

/** No crash output either: what ends Darkroom is explained on stderr. */
function watchCrashes(): unknown[] {
  const crashes: unknown[] = [];
  const code = process.exitCode;
  const written = vi.spyOn(process.stderr, 'write').mockImplementation((text) => crashes.push(text) > 0);
  onTestFinished(() => {
    written.mockRestore();
    process.exitCode = code;
  });
  return crashes;
}

const pictures = await Promise.all(failures.map((_, at) => scene(at + 1, 600, 400)));

/** DARKROOM_LONG_TESTS=1: all of them; a silent Telegram takes more than a minute, and silence shows nothing to write. */
const failuresOf = (name: string) =>
  name === 'Telegram' && !isLong ? failures.filter(([failure]) => failure !== 'silence') : failures;

it.each(Object.entries(clients))(
  'gives no secret away, whatever %s answers',
  async (name, { target, at }) => {
    shortenLimits(100);
    const world = await openWorld({ photos: 'none' });
    for (const [number, picture] of pictures.entries()) {
      world.simulator.dropbox.put(`/Photos/scene-${number}.jpg`, picture);
    }
    const service = await openEcho(target(world));
    const { settings, endpoints } = at(service.url, world);
    const crashes = watchCrashes();
    await world.restart(settings, endpoints);
    await live(world);
    for (const [failure, fault] of failuresOf(name)) {
      const darkroom = await world.restart(settings, endpoints);
      darkroom.ended.catch(explain);
      service.faults.add({ service: 'graph', fault });
      await live(world);
      service.faults.clear();
      await judge(world, crashes, failure);
    }
    // The service speaks no TLS.
    const secure = at(service.url.replace('http:', 'https:'), world);
    await world.restart(secure.settings, secure.endpoints);
    await live(world);
    await judge(world, crashes, 'no TLS');
  },
);

/** How a mail server can answer a sign-in, the password in its words. */
const mailFailures = [535, 421, 454, 550] as const;

it('gives no secret away, whatever the mail server answers', async () => {
  shortenLimits(100);
  const world = await openWorld({ photos: 'none' });
  const { dropbox, faults } = world.simulator;
  for (const [number, picture] of pictures.entries()) dropbox.put(`/Photos/scene-${number}.jpg`, picture);
  const crashes = watchCrashes();
  const { certificate, key } = await loadCertificate(join(world.folder, 'services/smtp'));
  let code: number = mailFailures[0];
  const server = new SMTPServer({
    cert: certificate,
    key,
    onAuth({ username = '', password = '' }, _session, callback) {
      const plain = Buffer.from(`\0${username}\0${password}`).toString('base64');
      const words = `${password} is wrong, ${Buffer.from(String(password)).toString('base64')}, AUTH PLAIN ${plain}`;
      callback(Object.assign(new Error(words), { responseCode: code }));
    },
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  const { port } = server.server.address() as AddressInfo;
  await world.restart({ SMTP_PORT: String(port) });
  for (code of mailFailures) {
    await live(world);
    await judge(world, crashes, String(code));
  }
  // Nobody vouches for this one.
  await world.restart({ SMTP_PORT: String(port) }, { certificate: '' });
  await live(world);
  await judge(world, crashes, 'an unknown certificate');
  await world.restart();
  for (const operation of ['connect', 'auth', 'data']) {
    for (const fault of [
      { kind: 'drop', afterWork: false },
      { kind: 'drop', afterWork: true },
      { kind: 'hang' },
    ] as const) {
      faults.add({ service: 'smtp', operation, fault });
      await live(world);
      faults.clear();
      await judge(world, crashes, `${operation} ${fault.kind}`);
    }
  }
});

async function judge(world: World, crashes: readonly unknown[], failure: string): Promise<void> {
  const everything = await traces(world, crashes);
  const found = canaries(world).filter((canary) => everything.includes(canary));
  expect(found, failure).toEqual([]);
}
