import { createHash } from 'node:crypto';
import { connect } from 'node:net';
import { networkInterfaces } from 'node:os';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import {
  type Asked,
  askAt,
  callBot,
  type OpenPage,
  type OpenPageOptions,
  openPage,
  upload,
} from './open-page.ts';

/** The first page of this file: the one that all the tables below knock at. */
let shared: OpenPage;

beforeAll(async () => {
  shared = await openPage();
  await shared.cookie();
});

afterAll(() => shared.close());

/** A page for one test. */
async function open(options: OpenPageOptions = {}): Promise<OpenPage> {
  const page = await openPage(options);
  onTestFinished(() => page.close());
  return page;
}

const say = JSON.stringify({ do: 'say', text: 'Let me in' });
const post: Asked = { method: 'POST', path: '/act', body: say };
const withHost = (host: string | undefined): Asked => ({ headers: { host } });
const postFrom = (origin: string | undefined): Asked => ({ ...post, headers: { origin } });
const postAs = (type: string | undefined): Asked => ({ ...post, headers: { 'content-type': type } });
const from = (site: string | undefined, more: Asked = {}, mode?: string): Asked => ({
  ...more,
  headers: { ...more.headers, 'sec-fetch-site': site, 'sec-fetch-mode': mode },
});
const withCookie = (cookie: string | undefined, path = '/'): Asked => ({ path, headers: { cookie } });
const at = (path: string): Asked => ({ path });

/** In all of these PORT stands for the page's port, SESSION for its cookie's value, USED for a used link's token. */
type Row = readonly [why: string, asked: Asked, status: number];

const refusedHosts: readonly Row[] = [
  ['a name that leads to us', withHost('evil.example:PORT'), 403],
  ['a name that begins as ours', withHost('127.0.0.1.evil.example:PORT'), 403],
  ['a name that begins as ours, no port', withHost('127.0.0.1.evil.example'), 403],
  ['a name that begins with localhost', withHost('localhost.evil.example:PORT'), 403],
  ['a name below localhost', withHost('evil.localhost:PORT'), 403],
  ['no port', withHost('127.0.0.1'), 403],
  ['localhost without port', withHost('localhost'), 403],
  ['another port', withHost('127.0.0.1:1'), 403],
  ['a longer port', withHost('127.0.0.1:PORT0'), 400],
  ['IPv6 loopback', withHost('[::1]:PORT'), 403],
  ['any address', withHost('0.0.0.0:PORT'), 403],
  ['a short form', withHost('127.1:PORT'), 403],
  ['a number', withHost('2130706433:PORT'), 403],
  ['another loopback address', withHost('127.0.0.2:PORT'), 403],
  ['capitals', withHost('LOCALHOST:PORT'), 403],
  ['a capital', withHost('Localhost:PORT'), 403],
  ['a dot at the end', withHost('localhost.:PORT'), 403],
  ['a dot after the address', withHost('127.0.0.1.:PORT'), 403],
  ['a user before it', withHost('127.0.0.1:PORT@evil.example'), 400],
  ['empty', withHost(''), 400],
  ['none', withHost(undefined), 400],
  [
    'ours only as forwarded',
    { headers: { host: 'evil.example', 'x-forwarded-host': '127.0.0.1:PORT' } },
    403,
  ],
  [
    'rebinding, which the browser takes for one origin',
    { ...post, headers: { host: 'evil.example:PORT', origin: 'http://evil.example:PORT' } },
    403,
  ],
];

const refusedOrigins: readonly Row[] = [
  ['null', postFrom('null'), 403],
  ['another port', postFrom('http://127.0.0.1:1'), 403],
  ['no port', postFrom('http://127.0.0.1'), 403],
  ['https', postFrom('https://127.0.0.1:PORT'), 403],
  ['another host', postFrom('http://evil.example:PORT'), 403],
  ['a host that begins as ours', postFrom('http://127.0.0.1:PORT.evil.example'), 403],
  ['our other name', postFrom('http://localhost:PORT'), 403],
  ['a slash at the end', postFrom('http://127.0.0.1:PORT/'), 403],
  ['capitals', postFrom('HTTP://127.0.0.1:PORT'), 403],
  ['empty', postFrom(''), 403],
  ['none', postFrom(undefined), 403],
  ['two', postFrom('http://127.0.0.1:PORT, http://evil.example'), 403],
  ['another page that reads', { path: '/live', headers: { origin: 'http://evil.example' } }, 403],
  ['a sandboxed page that reads', { path: '/live', headers: { origin: 'null' } }, 403],
];

const refusedSites: readonly Row[] = [
  ['cross-site', from('cross-site'), 403],
  ['same-site', from('same-site'), 403],
  ['cross-site, a click on /', from('cross-site', at('/'), 'navigate'), 403],
  ['cross-site, a picture of the account', from('cross-site', at('/media/mail/1'), 'no-cors'), 403],
  ['cross-site, an act', from('cross-site', post, 'cors'), 403],
  ['same-site, an act', from('same-site', post, 'cors'), 403],
  ['cross-site, an act as a form is sent', from('cross-site', post, 'navigate'), 403],
  ['a word that there is not', from('own'), 403],
  ['empty', from(''), 403],
  ['cross-site, a login link as a picture', from('cross-site', at('/open/USED'), 'no-cors'), 403],
  ['cross-site, a login link as fetch has it', from('cross-site', at('/open/USED'), 'cors'), 403],
  ['cross-site, a login link without a mode', from('cross-site', at('/open/USED')), 403],
  ['same-site, a login link as a picture', from('same-site', at('/open/USED'), 'no-cors'), 403],
];

const refusedTypes: readonly Row[] = [
  ['text', postAs('text/plain'), 415],
  ['a form', postAs('application/x-www-form-urlencoded'), 415],
  ['a form with files', postAs('multipart/form-data; boundary=x'), 415],
  ['none', postAs(undefined), 415],
  ['empty', postAs(''), 415],
  ['UTF-7', postAs('application/json; charset=utf-7'), 415],
  ['another charset', postAs('application/json; charset=iso-8859-1'), 415],
  ['JSONP', postAs('application/jsonp'), 415],
  ['JSON in the words of another', postAs('application/json+x'), 415],
  ['text that names JSON', postAs('text/plain; application/json'), 415],
  ['text beside JSON', postAs('text/plain, application/json'), 415],
  ['JSON beside text', postAs('application/json, text/plain'), 415],
];

const refusedMethods: readonly Row[] = [
  ['OPTIONS', { ...post, method: 'OPTIONS' }, 405],
  [
    'a preflight',
    { path: '/act', method: 'OPTIONS', headers: { 'access-control-request-method': 'POST' } },
    405,
  ],
  ['PUT', { ...post, method: 'PUT' }, 405],
  ['PATCH', { ...post, method: 'PATCH' }, 405],
  ['DELETE', { ...post, method: 'DELETE' }, 405],
  ['HEAD', { method: 'HEAD' }, 405],
  ['TRACE', { method: 'TRACE' }, 405],
  ['an act by GET', { path: '/act?do=say&text=Hello' }, 404],
  ['an act elsewhere', { ...post, path: '/' }, 404],
];

const refusedCookies: readonly Row[] = [
  ['none', withCookie(undefined), 401],
  ['none, for what happens', withCookie(undefined, '/live'), 401],
  ['none, for a script', withCookie(undefined, '/lit-html/lit-html.js'), 401],
  ['none, for what there is not', withCookie(undefined, '/nothing'), 401],
  ['none, and an act', { ...post, headers: { cookie: undefined } }, 401],
  ['a wrong value', withCookie('darkroom_PORT=wrong'), 401],
  ['an empty value', withCookie('darkroom_PORT='), 401],
  ['a longer value', withCookie('darkroom_PORT=SESSIONx'), 401],
  ['the name for another port', withCookie('darkroom_1=SESSION'), 401],
  ['the name without port', withCookie('darkroom=SESSION'), 401],
  ['the value in the query', withCookie(undefined, '/?darkroom_PORT=SESSION'), 401],
  ['a used link in the query', withCookie(undefined, '/?token=USED'), 401],
  ['the value as a key', { headers: { cookie: undefined, authorization: 'Bearer SESSION' } }, 401],
  ['none, and a step up from a link', withCookie(undefined, '/open/../live'), 401],
  ['none, and a hidden step up from a link', withCookie(undefined, '/open/%2e%2e/live'), 401],
  ['none, and a path below a link', withCookie(undefined, '/open/x/live'), 404],
  ['none, and an act at a link', { ...post, path: '/open/USED', headers: { cookie: undefined } }, 401],
];

const refusedPaths: readonly Row[] = [
  ['a step up', at('/../page.ts'), 404],
  ['a hidden step up', at('/%2e%2e/page.ts'), 404],
  ['a hidden slash', at('/..%2fpage.ts'), 404],
  ['a hidden backslash', at('/..%5cpage.ts'), 404],
  ['a hidden way up to a script of ours', at('/..%2f..%2f..%2fstart.js'), 404],
  ['another folder of the library', at('/lit-html/development/lit-html.js'), 404],
  ['a backslash', at('/..\\page.ts'), 400],
  ['up from the library', at('/lit-html/../../package.json'), 404],
  ['up from the library, hidden', at('/lit-html/%2e%2e/%2e%2e/package.json'), 404],
  ['up from the library, hidden slash', at('/lit-html/..%2f..%2fpackage.json'), 404],
  ['up from the directives', at('/lit-html/directives/..%2fpackage.json'), 404],
  ['the library’s own notes', at('/lit-html/package.json'), 404],
  ['source of the server', at('/page.ts'), 404],
  ['settings', at('/tsconfig.json'), 404],
  ['a name with a zero', at('/main.js%00.html'), 404],
  ['the root of the disk', at('//etc/passwd'), 404],
  ['broken percent signs', at('/%E0%A4%A'), 404],
  ['a picture that is not there', at('/media/telegram/nothing'), 404],
  ['a picture by a path', at('/media/telegram/..%2f..%2fworld.json'), 404],
  ['a file by a path', at('/media/telegram-file/photos%2ffile_0.jpg'), 404],
  ['a file of Dropbox by its path', at('/media/dropbox/%2fPhotos%2fa.jpg'), 404],
  ['a mail by a path', at('/media/mail/..%2f1'), 404],
  ['a place that is not there', at('/media/constructor/1'), 404],
];

const ownRequests: readonly Row[] = [
  ['the page', {}, 200],
  ['the page by its other name', withHost('localhost:PORT'), 200],
  ['the page typed in', from('none', at('/'), 'navigate'), 200],
  ['a browser that does not say where it comes from', from(undefined), 200],
  ['a script of the library', at('/lit-html/lit-html.js'), 200],
  ['a script of the library further down', at('/lit-html/directives/repeat.js'), 200],
  ['an act', post, 200],
  [
    'an act by its other name',
    { ...post, headers: { host: 'localhost:PORT', origin: 'http://localhost:PORT' } },
    200,
  ],
  ['an act of a browser that does not say where it comes from', from(undefined, post), 200],
  ['JSON with its charset', postAs('application/json; charset=utf-8'), 200],
  ['JSON with its charset, close and in capitals', postAs('application/json;charset=UTF-8'), 200],
  ['more cookies than ours', withCookie('a=b; darkroom_1=x; darkroom_PORT=SESSION'), 200],
  ['a used link, clicked in a mail program', from('cross-site', at('/open/USED'), 'navigate'), 200],
  ['a used link, clicked on another port', from('same-site', at('/open/USED'), 'navigate'), 200],
];

/** Puts port, session and token into a row. */
async function filled(asked: Asked): Promise<Asked> {
  const [, session = ''] = (await shared.cookie()).split('=');
  const used = new URL(shared.link()).pathname.split('/').at(-1) ?? '';
  const fill = (value: string) =>
    value.replace('PORT', String(shared.port)).replace('SESSION', session).replace('USED', used);
  const headers = Object.entries(asked.headers ?? {}).map(([name, value]) => [name, value && fill(value)]);
  return { ...asked, path: fill(asked.path ?? '/'), headers: Object.fromEntries(headers) };
}

const counts = () => shared.simulator.telegram.phone().messages().length;

describe.each<readonly [string, readonly Row[]]>([
  ['Host', refusedHosts],
  ['Origin', refusedOrigins],
  ['Sec-Fetch-Site', refusedSites],
  ['Content-Type', refusedTypes],
  ['method', refusedMethods],
  ['cookie', refusedCookies],
  ['path', refusedPaths],
])('refused by its %s, with nothing done:', (_kind, rows) => {
  test.each(rows)('%s', async (_why, asked, status) => {
    const before = counts();
    const answer = await shared.ask(await filled(asked));
    expect(answer.status).toBe(status);
    expect(answer.headers).not.toHaveProperty('access-control-allow-origin');
    expect(answer.headers).not.toHaveProperty('set-cookie');
    expect(answer.text).not.toContain('import ');
    expect(counts()).toBe(before);
    expect(shared.newLinks).toEqual([]);
  });
});

describe('let in:', () => {
  test.each(ownRequests)('%s', async (_why, asked, status) => {
    const before = counts();
    const answer = await shared.ask(await filled(asked));
    expect(answer.status).toBe(status);
    expect(answer.headers).not.toHaveProperty('access-control-allow-origin');
    expect(answer.headers).toMatchObject({
      'x-content-type-options': 'nosniff',
      'cross-origin-resource-policy': 'same-origin',
      'referrer-policy': 'no-referrer',
      'cache-control': 'no-store',
    });
    expect(counts()).toBe(asked.method === 'POST' ? before + 1 : before);
  });
});

test('who is not let in is told how, as a page or as JSON', async () => {
  const forPeople = await shared.ask({ headers: { cookie: undefined, accept: 'text/html,*/*' } });
  expect(forPeople.headers['content-type']).toContain('text/html');
  expect(forPeople.text).toContain('Open the newest link in the terminal in which npm start runs.');
  const forScripts = await shared.ask({ headers: { cookie: undefined, accept: '*/*' } });
  expect(JSON.parse(forScripts.text)).toEqual({
    problem: 'Open the newest link in the terminal in which npm start runs.',
  });
});

/** `default-src 'none'; sandbox` as [['default-src', "'none'"], ['sandbox', '']]. */
function rulesOf(header: unknown): ReadonlyMap<string, string> {
  const rules = String(header).split(';');
  return new Map(rules.map((rule) => /^ *(\S+) ?(.*)$/.exec(rule)?.slice(1, 3) as [string, string]));
}

test('the page may load nothing but its own, and nobody may frame it', async () => {
  const { headers } = await shared.ask({});
  const rules = rulesOf(headers['content-security-policy']);
  expect(rules.get('default-src')).toBe("'none'");
  for (const [rule, sources] of rules) {
    expect(sources, rule).not.toMatch(/unsafe|\*|https?:/);
  }
  expect(rules.get('frame-ancestors')).toBe("'none'");
  expect(rules.get('base-uri')).toBe("'none'");
  expect(rules.get('form-action')).toBe("'none'");
  expect(headers).toMatchObject({ 'x-frame-options': 'DENY', 'cross-origin-opener-policy': 'same-origin' });
});

test('the rules of the page let its own inline scripts run', async () => {
  const { headers, text } = await shared.ask({});
  const allowed = rulesOf(headers['content-security-policy']).get('script-src');
  const inline = [...text.matchAll(/<script(?![^>]* src=)[^>]*>([\s\S]*?)<\/script>/g)];
  for (const [, script = ''] of inline) {
    expect(allowed).toContain(`'sha256-${createHash('sha256').update(script).digest('base64')}'`);
  }
});

test.each(['telegram', 'telegram-file'])(
  'a page that the bot sends as a file is never shown as one: %s',
  async (place) => {
    const { simulator } = shared;
    const { owner } = simulator.telegram;
    const script = Buffer.from('<!doctype html><script>fetch("/act")</script>');
    const { status } = await callBot(
      simulator,
      'sendDocument',
      upload('document', owner.id, script, 'evil.html', 'text/html'),
    );
    expect(status).toBe(200);
    const { fileId = '' } = simulator.telegram.phone().messages().at(-1)?.document ?? {};
    const { headers, text } = await shared.ask({ path: `/media/${place}/${fileId}` });
    expect(text).toBe(String(script));
    expect(headers['content-type']).toBe(place === 'telegram' ? 'image/jpeg' : 'application/octet-stream');
    expect(headers['content-disposition']).toBe(place === 'telegram' ? undefined : 'attachment');
    expect(headers['x-content-type-options']).toBe('nosniff');
    const rules = rulesOf(headers['content-security-policy']);
    expect(rules.get('default-src')).toBe("'none'");
    expect(rules.get('sandbox')).toBe('');
  },
);

/** Whether anybody answers there. */
function isListening(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host, port, timeout: 1000 });
    const end = (is: boolean) => {
      socket.destroy();
      resolve(is);
    };
    socket.on('connect', () => end(true));
    socket.on('error', () => end(false));
    socket.on('timeout', () => end(false));
  });
}

test('it listens on 127.0.0.1 and on no other address of this machine', async () => {
  expect(await isListening('127.0.0.1', shared.port)).toBe(true);
  const others = Object.values(networkInterfaces()).flatMap(
    (each) => each?.map(({ address }) => address) ?? [],
  );
  for (const address of new Set(['127.0.0.2', '::1', ...others.filter((each) => each !== '127.0.0.1')])) {
    expect(await isListening(address, shared.port), address).toBe(false);
  }
});

const click = (port: number, link: string, cookie?: string) =>
  askAt(port, {
    path: new URL(link).pathname,
    headers: { cookie, 'sec-fetch-site': 'none', 'sec-fetch-mode': 'navigate' },
  });

describe('the link', () => {
  test('opens the page once, also when it is clicked in another program', async () => {
    const page = await open();
    const { status, headers, text } = await askAt(page.port, {
      path: new URL(page.link()).pathname,
      headers: { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate' },
    });
    expect(status).toBe(200);
    expect(text).toContain('url=/');
    expect(headers['cache-control']).toBe('no-store');
    const [cookie = ''] = headers['set-cookie'] ?? [];
    expect(cookie).toMatch(new RegExp(`^darkroom_${page.port}=[\\w-]{32}; `));
    expect(cookie.split('; ').slice(1).toSorted()).toEqual([
      'HttpOnly',
      'Max-Age=2592000',
      'Path=/',
      'SameSite=Strict',
    ]);
    const inside = await askAt(page.port, { headers: { cookie: cookie.split(';')[0] } });
    expect(inside.status).toBe(200);
  });

  test('used again without the cookie is refused, and one new link that works is told', async () => {
    const page = await open();
    const first = page.link();
    await click(page.port, first);
    const again = await click(page.port, first);
    expect(again.status).toBe(403);
    expect(again.headers).not.toHaveProperty('set-cookie');
    expect(again.text).toContain('A new one is in the terminal in which npm start runs.');
    expect((await click(page.port, first)).status).toBe(403);
    expect(page.newLinks).toEqual([page.link()]);
    expect(page.link()).not.toBe(first);
    expect((await click(page.port, page.link())).status).toBe(200);
    expect((await click(page.port, page.link())).status).toBe(403);
    expect(page.newLinks).toHaveLength(2);
  });

  test('used again with the cookie just opens the page', async () => {
    const page = await open();
    const cookie = await page.cookie();
    expect((await click(page.port, page.link(), cookie)).status).toBe(200);
    expect(page.newLinks).toEqual([]);
  });

  test.each(['wrong', 'x'.repeat(32), '%00'])(
    'with the token "%s" opens nothing and burns nothing',
    async (token) => {
      const page = await open();
      const wrong = await click(page.port, `http://127.0.0.1/open/${token}`);
      expect(wrong.status).toBe(403);
      expect(wrong.headers).not.toHaveProperty('set-cookie');
      expect(page.newLinks).toEqual([]);
      expect((await click(page.port, page.link())).status).toBe(200);
    },
  );

  test('gives nothing to a page that loads it as a picture, and is still good', async () => {
    const page = await open();
    const { pathname } = new URL(page.link());
    const asPicture = { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'no-cors' };
    expect((await askAt(page.port, { path: pathname, headers: asPicture })).status).toBe(403);
    expect((await click(page.port, page.link())).status).toBe(200);
  });
});

test('the session survives a restart of the page, the old link does not', async () => {
  const first = await open();
  const { port, folder } = first;
  const cookie = await first.cookie();
  const link = first.link();
  await first.closePage();
  const second = await open({ port, folder });
  expect(second.port).toBe(port);
  expect((await askAt(port, { headers: { cookie } })).status).toBe(200);
  expect((await click(port, link)).status).toBe(403);
});

test('a port that is taken gives another one', async () => {
  const { port } = await open({ port: shared.port });
  expect(port).not.toBe(shared.port);
  expect((await askAt(port, { headers: { cookie: undefined } })).status).toBe(401);
});

test('two pages at once keep their cookies apart', async () => {
  const other = await open();
  const [mine, theirs] = [await shared.cookie(), await other.cookie()];
  const statuses = (cookie: string) =>
    Promise.all([shared, other].map(async ({ port }) => (await askAt(port, { headers: { cookie } })).status));
  expect(await statuses(mine)).toEqual([200, 401]);
  expect(await statuses(theirs)).toEqual([401, 200]);
  expect(await statuses(`${mine}; ${theirs}`)).toEqual([200, 200]);
});
