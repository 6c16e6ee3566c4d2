import { readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { IgApiClient } from 'instagram-private-api';
import { expect, it } from 'vitest';
import { publicationOf } from '../contracts/platform-contract.ts';
import { attempt, type Instagram, openInstagram, openSignedIn } from '../fakes/open-instagram.ts';

const pathIn = ({ folder }: Instagram) => join(folder, 'instagram-session.json');
const withSession = (session: string) => ({ INSTAGRAM_SESSION: session, INSTAGRAM_PASSWORD: undefined });

/** One to which the owner has brought a session from a browser. */
async function openImported(changes: Readonly<Record<string, string | undefined>> = {}) {
  const instagram = await openInstagram();
  const { sessionid } = instagram.service.createSession();
  const settings = { ...withSession(sessionid), ...changes };
  return { ...instagram, sessionid, settings, publisher: instagram.start(settings) };
}

/** A client of the package with a session, as somebody has it who used the package before. */
async function savedState({ service }: Instagram): Promise<string> {
  const ig = new IgApiClient();
  ig.state.generateDevice('another device');
  for (const [name, value] of Object.entries(service.createSession())) {
    await ig.state.cookieJar.setCookie(`${name}=${value}; Path=/`, service.url);
  }
  return JSON.stringify({ ...(await ig.state.serialize()), constants: { APP_VERSION: '1.0' } });
}

const published = { outcome: { outcome: 'published' } };

it.each([
  ['as it is', (id: string) => id],
  ['with its name and others behind it', (id: string) => ` sessionid=${id}; rur=x\n`],
  ['with its signs decoded', (id: string) => decodeURIComponent(id)],
])('publishes with the cookie of a browser %s, without any login', async (_, form) => {
  const instagram = await openInstagram();
  const { sessionid } = instagram.service.createSession();
  const publisher = instagram.start(withSession(form(sessionid)));
  expect(await attempt({ ...instagram, publisher })).toMatchObject({ ...published, posts: 1 });
  expect(instagram.service.logins).toBe(0);
});

it('publishes with a saved state of the package, on its device and with the version of today', async () => {
  const instagram = await openInstagram();
  const publisher = instagram.start(withSession(await savedState(instagram)));
  expect(await attempt({ ...instagram, publisher })).toMatchObject(published);
  expect(instagram.service.logins).toBe(0);
  const own = new IgApiClient();
  own.state.generateDevice('another device');
  const { headers } = instagram.service.calls.at(-1) ?? {};
  expect(headers?.['x-ig-android-id']).toBe(own.state.deviceId);
  expect(headers?.['user-agent']).toMatch(/^Instagram 222\./);
});

it('uses the session before the password', async () => {
  const instagram = await openImported({ INSTAGRAM_PASSWORD: 'not even looked at' });
  expect(await attempt(instagram)).toMatchObject(published);
  expect(instagram.service.logins).toBe(0);
});

it('keeps what became of an imported session, until the owner brings another one', async () => {
  const instagram = await openImported({ INSTAGRAM_PASSWORD: 'the same all along' });
  await attempt(instagram);
  const shown = () => instagram.service.calls.at(-1)?.headers.cookie;
  const first = shown();
  await attempt({ ...instagram, publisher: instagram.start(instagram.settings) });
  expect(shown()).toBe(first);
  const { sessionid } = instagram.service.createSession();
  const publisher = instagram.start({ ...instagram.settings, INSTAGRAM_SESSION: sessionid });
  expect(await attempt({ ...instagram, publisher })).toMatchObject({ ...published, posts: 3 });
  expect(shown()).toContain(sessionid);
});

it('does not go back to an imported session after it has ended and the password was used', async () => {
  const instagram = await openImported();
  const settings = { INSTAGRAM_SESSION: instagram.sessionid };
  const publisher = instagram.start(settings);
  await attempt({ ...instagram, publisher });
  instagram.service.setCondition('logged-out');
  await attempt({ ...instagram, publisher });
  expect(await attempt({ ...instagram, publisher }, 2)).toMatchObject(published);
  const restarted = { ...instagram, publisher: instagram.start(settings) };
  expect(await attempt(restarted)).toMatchObject(published);
  expect(instagram.service.logins).toBe(1);
});

it('says that the sign-in is over where a session has ended and there is no password', async () => {
  const instagram = await openImported();
  instagram.service.dropSessions();
  for (const round of [1, 2, 3]) {
    expect(await attempt(instagram, round)).toMatchObject({
      outcome: { outcome: 'failed', problem: { kind: 'signed-out', detail: 'login_required' } },
      posts: 0,
    });
  }
  expect(instagram.service.logins).toBe(0);
  expect(instagram.service.calls).toHaveLength(1);
});

it('keeps the session sealed and for us alone, and no secret anywhere', async () => {
  const before = process.umask(0);
  const instagram = await openImported({ INSTAGRAM_PASSWORD: 'a long password' }).finally(() => {
    process.umask(before);
  });
  await attempt(instagram);
  expect((await stat(pathIn(instagram))).mode & 0o777).toBe(0o600);
  const kept = await readFile(pathIn(instagram), 'utf8');
  expect(JSON.parse(kept)).toMatchObject({ cipher: 'aes-256-gcm' });
  for (const text of [kept, JSON.stringify(instagram.log.lines)]) {
    for (const secret of ['sessionid', 'Bearer', instagram.sessionid, 'a long password']) {
      expect(text).not.toContain(secret);
      expect(text).not.toContain(Buffer.from(secret).toString('base64').replace(/=+$/, ''));
    }
  }
});

it('seals each time with another beginning', async () => {
  const instagram = await openSignedIn();
  const first = JSON.parse(await readFile(pathIn(instagram), 'utf8'));
  await attempt(instagram);
  const second = JSON.parse(await readFile(pathIn(instagram), 'utf8'));
  expect(second.iv).not.toBe(first.iv);
});

it('opens the session with an imported one as the secret, where there is no password', async () => {
  const instagram = await openImported();
  await attempt(instagram);
  instagram.service.setCondition('logged-out');
  await attempt({ ...instagram, publisher: instagram.start(instagram.settings) });
  expect(await readdir(instagram.folder)).toEqual([]);
});

it('still reads a session that an earlier Darkroom kept in the open, and seals it', async () => {
  const instagram = await openInstagram();
  const plain = await savedState(instagram);
  await writeFile(pathIn(instagram), plain);
  const publisher = instagram.start();
  expect(await publisher.look?.(await publicationOf(), new Date())).toEqual({ found: 'absent' });
  expect(await readFile(pathIn(instagram), 'utf8')).not.toContain('sessionid');
  expect(await attempt({ ...instagram, publisher })).toMatchObject(published);
  expect(instagram.service.logins).toBe(0);
});

const changed: readonly (readonly [string, (content: string) => string])[] = [
  ['empty', () => ''],
  ['cut off', (content) => content.slice(0, 100)],
  ['null', () => 'null'],
  ['a list', () => '[]'],
  ['plain but no session', () => '{"cookies":7}'],
  ['plain with damaged cookies', () => '{"cookies":"\\"sessionid\\""}'],
  ['sealed but changed', (content) => content.replace('"data":"', '"data":"AAAA')],
  ['sealed with a short tag', (content) => content.replace(/"tag":"[^"]+"/, '"tag":"AAAA"')],
];
it.each(changed)('puts a kept session aside that is %s, and signs in once', async (_, change) => {
  const instagram = await openSignedIn();
  const content = change(await readFile(pathIn(instagram), 'utf8'));
  await writeFile(pathIn(instagram), content);
  const publisher = instagram.start();
  expect(await attempt({ ...instagram, publisher })).toMatchObject(published);
  expect(await attempt({ ...instagram, publisher: instagram.start() })).toMatchObject(published);
  expect(instagram.service.logins).toBe(2);
  const aside = join(instagram.folder, 'instagram-session.unreadable.json');
  expect(await readFile(aside, 'utf8')).toBe(content);
});

it.each([
  ['password', { INSTAGRAM_PASSWORD: 'another password' }],
  ['account', { INSTAGRAM_USERNAME: 'somebody.else' }],
])('does not open a kept session for another %s, and tries to sign in once', async (_, changes) => {
  const instagram = await openSignedIn();
  const publisher = instagram.start(changes);
  for (const _again of [1, 2]) {
    expect(await attempt({ ...instagram, publisher })).toMatchObject({
      outcome: { outcome: 'failed', problem: { kind: 'signed-out' } },
      posts: 1,
    });
  }
  expect(instagram.service.logins).toBe(2);
  expect(await readdir(instagram.folder)).toEqual(['instagram-session.unreadable.json']);
});

// The advisories GHSA-p8p7-x288-28g6 (request) and GHSA-72xf-g2v4-qvf3 (tough-cookie below 4.1.3).
it('is not installed with the packages that have known holes', async () => {
  const lock = JSON.parse(await readFile(join(import.meta.dirname, '../../package-lock.json'), 'utf8'));
  const installed = Object.entries<{ readonly name?: string; readonly version?: string }>(lock.packages);
  const versions = (name: string) =>
    installed
      .filter(([path]) => path.endsWith(`node_modules/${name}`))
      .map(([, { name: realName = name, version }]) => `${realName} ${version}`);
  expect(versions('request')).toEqual(['@cypress/request 4.0.1']);
  expect(versions('tough-cookie')).toEqual(['tough-cookie 5.1.2']);
});
