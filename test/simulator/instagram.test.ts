import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { IgApiClient, IgNetworkError } from 'instagram-private-api';
import sharp from 'sharp';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createFaults, type Faults } from '#simulator/faults.ts';
import { type SimulatedInstagram, startInstagram } from '#simulator/instagram.ts';

let faults: Faults;
let folder: string;
let instagram: SimulatedInstagram;

beforeEach(async () => {
  faults = createFaults();
  folder = mkdtempSync(join(tmpdir(), 'instagram-'));
  instagram = await startInstagram({ faults, folder });
});

afterEach(async () => {
  await instagram.close();
  rmSync(folder, { recursive: true });
});

/** The client as the package's users point it elsewhere: its own request function with another address. */
function client(at: SimulatedInstagram = instagram): IgApiClient {
  const ig = new IgApiClient();
  ig.state.generateDevice('darkroom');
  const send = ig.request.send.bind(ig.request);
  ig.request.send = ((options: Parameters<typeof send>[0], only?: boolean) =>
    send({ baseUrl: at.url, strictSSL: true, timeout: 1000, ...options }, only)) as typeof ig.request.send;
  ig.state.constants = { ...ig.state.constants, HOST: at.url } as unknown as typeof ig.state.constants;
  return ig;
}

async function imported(at: SimulatedInstagram = instagram): Promise<IgApiClient> {
  const ig = client(at);
  for (const [name, value] of Object.entries(at.createSession())) {
    await ig.state.cookieJar.setCookie(`${name}=${value}; Path=/`, at.url);
  }
  return ig;
}

const jpeg = (width: number, height: number) =>
  sharp({ create: { width, height, channels: 3, background: '#246' } })
    .jpeg()
    .toBuffer();

async function publish(ig: IgApiClient, caption = 'Dusk', size: readonly [number, number] = [640, 480]) {
  const { upload_id } = await ig.upload.photo({ file: await jpeg(...size) });
  const configured = await ig.media.configure({
    upload_id,
    caption,
    width: size[0],
    height: size[1],
    custom_accessibility_caption: 'A lighthouse',
  } as Parameters<typeof ig.media.configure>[0]);
  return configured.media;
}

interface Failure {
  readonly name: string;
  readonly response: { readonly statusCode: number; readonly body: Readonly<Record<string, unknown>> };
}

const failure = (work: Promise<unknown>): Promise<Failure> =>
  work.then(
    () => {
      throw new Error('It worked.');
    },
    (error: Failure) => error,
  );

const login = (ig: IgApiClient, password = instagram.password) =>
  ig.account.login(instagram.username, password);

test('a login checks the encrypted password and gives a session', async () => {
  const ig = client();
  await ig.simulate.preLoginFlow();
  const user = await login(ig);
  expect(user).toMatchObject({ pk: Number(instagram.pk), username: instagram.username });
  expect(ig.state.cookieUserId).toBe(instagram.pk);
  expect(ig.state.cookieCsrfToken).not.toBe('missing');
  expect(ig.state.authorization).toMatch(/^Bearer IGT:2:/);
  expect((await ig.account.currentUser()).username).toBe(instagram.username);
  await ig.simulate.postLoginFlow();
  await ig.account.logout();
  expect((await failure(ig.account.currentUser())).name).toBe('IgLoginRequiredError');
  expect(instagram.logins).toBe(1);
});

test('a login with a wrong password or name is refused as Instagram does', async () => {
  const wrong = await failure(login(client(), 'nope'));
  expect(wrong.name).toBe('IgLoginBadPasswordError');
  expect(wrong.response.body).toMatchObject({ invalid_credentials: true, error_type: 'bad_password' });
  expect((await failure(client().account.login('nobody', instagram.password))).name).toBe(
    'IgLoginInvalidUserError',
  );
  expect(instagram.logins).toBe(2);
});

test('a saved session works in a new client, also after a restart of Instagram', async () => {
  const ig = client();
  await login(ig);
  const saved = JSON.stringify({ ...(await ig.state.serialize()), constants: undefined });
  await publish(ig, 'Kept');
  const port = Number(new URL(instagram.url).port);
  await instagram.close();
  instagram = await startInstagram({ faults, folder, port });
  const later = client();
  await later.state.deserialize(saved);
  expect((await later.account.currentUser()).username).toBe(instagram.username);
  expect(instagram.posts().map((post) => post.caption)).toEqual(['Kept']);
  expect(instagram.logins).toBe(1);
  await login(client());
});

test('imported cookies make a session until it is dropped', async () => {
  const ig = await imported();
  expect((await ig.account.currentUser()).username).toBe(instagram.username);
  instagram.dropSessions();
  const refused = await failure(ig.account.currentUser());
  expect(refused.name).toBe('IgLoginRequiredError');
  expect(refused.response.statusCode).toBe(403);
});

test('a photo is uploaded, configured and shown', async () => {
  const seen: number[] = [];
  instagram.onChange(() => seen.push(instagram.posts().length));
  const ig = await imported();
  const media = await publish(ig, 'Dusk #sea 🌊');
  const [post] = instagram.posts();
  expect(post).toMatchObject({ caption: 'Dusk #sea 🌊', altText: 'A lighthouse', width: 640, height: 480 });
  expect(media).toMatchObject({ id: post?.id, code: post?.code, caption: { text: 'Dusk #sea 🌊' } });
  expect(media.id).toBe(`${media.pk}_${instagram.pk}`);
  const shown = await fetch(`${instagram.url}/p/${media.code}/picture.jpg`);
  expect(shown.headers.get('content-type')).toBe('image/jpeg');
  expect(Buffer.from(await shown.arrayBuffer())).toEqual(post?.picture);
  expect((await fetch(`${instagram.url}/p/nothing/picture.jpg`)).status).toBe(404);
  expect(seen.at(-1)).toBe(1);
});

test('the package can publish by itself', async () => {
  const ig = await imported();
  const { media } = await ig.publish.photo({ file: await jpeg(400, 400), caption: '' });
  expect(media.caption).toBeNull();
  expect(instagram.posts()[0]).not.toHaveProperty('altText');
});

test('the own feed comes in pages, newest first', async () => {
  let time = Date.UTC(2026, 4, 1);
  const own = await startInstagram({ faults, folder: join(folder, 'own'), now: () => time });
  const ig = await imported(own);
  for (let number = 1; number <= 14; number++) {
    time += 60_000;
    await publish(ig, `Picture ${number}`, [320, 320]);
  }
  const feed = ig.feed.user(own.pk);
  const first = await feed.items();
  expect(first.map((item) => item.caption?.text)).toEqual(
    Array.from({ length: 12 }, (_, index) => `Picture ${14 - index}`),
  );
  expect(first[0]?.taken_at).toBe(time / 1000);
  expect(feed.isMoreAvailable()).toBe(true);
  const second = await feed.items();
  expect(second.map((item) => item.caption?.text)).toEqual(['Picture 2', 'Picture 1']);
  expect(feed.isMoreAvailable()).toBe(false);
  await own.close();
});

test('a pinned post comes first, whatever its age', async () => {
  const ig = await imported();
  for (const caption of ['Oldest', 'Older', 'Newest']) await publish(ig, caption, [320, 320]);
  instagram.pin((await ig.feed.user(instagram.pk).items())[2]?.id ?? '');
  const items = await ig.feed.user(instagram.pk).items();
  expect(items.map((item) => item.caption?.text)).toEqual(['Oldest', 'Newest', 'Older']);
});

test('a post can be looked up and deleted', async () => {
  const ig = await imported();
  const media = await publish(ig);
  const info = await ig.media.info(media.id);
  expect(info.items[0]?.code).toBe(media.code);
  expect(await ig.media.delete({ mediaId: media.id })).toMatchObject({ did_delete: true });
  expect(instagram.posts()).toEqual([]);
  expect((await failure(ig.media.info(media.id))).response.body).toMatchObject({
    message: 'Media not found or unavailable',
  });
  expect((await failure(ig.media.delete({ mediaId: media.id }))).response.statusCode).toBe(400);
});

test('an upload must be a whole JPEG of at most 8 MiB', async () => {
  const ig = await imported();
  const whole = await jpeg(400, 400);
  const noise = Buffer.concat([whole, Buffer.alloc(8 * 1024 * 1024)]);
  for (const file of [await sharp(whole).png().toBuffer(), whole.subarray(0, whole.length / 2), noise]) {
    const refused = await failure(ig.upload.photo({ file }));
    expect(refused.response.statusCode).toBe(400);
    expect(refused.response.body['debug_info']).toMatchObject({ type: 'ProcessingFailedError' });
  }
  const partial = await fetch(`${instagram.url}/rupload_igphoto/1_0_1`, {
    method: 'POST',
    headers: { cookie: `sessionid=${instagram.createSession().sessionid}`, 'x-entity-length': '99' },
    body: new Uint8Array(whole),
  });
  expect(await partial.json()).toMatchObject({ debug_info: { type: 'PartialRequestError' } });
});

test.each([
  [1440, 700],
  [700, 900],
  [1500, 1500],
  [300, 300],
])('a picture of %i x %i is not published', async (width, height) => {
  const refused = await failure(publish(await imported(), '', [width, height]));
  expect(refused.response).toMatchObject({
    statusCode: 400,
    body: { message: "Uploaded image isn't in an allowed aspect ratio", status: 'fail' },
  });
  expect(instagram.posts()).toEqual([]);
});

test.each([
  [1080, 1350],
  [1080, 565],
  [320, 320],
  [1440, 754],
])('a picture of %i x %i is published', async (width, height) => {
  await publish(await imported(), '', [width, height]);
  expect(instagram.posts()).toHaveLength(1);
});

test('a caption has at most 2200 characters, 30 hashtags and 20 mentions', async () => {
  const ig = await imported();
  await publish(ig, 'x'.repeat(2200));
  await publish(ig, '#tag '.repeat(30));
  for (const caption of ['x'.repeat(2201), '#tag '.repeat(31), '@ada '.repeat(21)]) {
    expect((await failure(publish(ig, caption))).response.statusCode).toBe(400);
  }
  expect(instagram.posts()).toHaveLength(2);
});

test('an upload is good for one post', async () => {
  const ig = await imported();
  const { upload_id } = await ig.upload.photo({ file: await jpeg(400, 400) });
  await ig.media.configure({ upload_id });
  for (const used of [upload_id, '12345']) {
    const refused = await failure(ig.media.configure({ upload_id: used }));
    expect(refused.response).toMatchObject({ statusCode: 400, body: { message: 'media_needs_reupload' } });
  }
});

test.each([
  ['unsupported-version', 'IgResponseError', 400, { message: 'checkpoint_required' }],
  ['checkpoint', 'IgResponseError', 400, { message: 'checkpoint_required' }],
  ['disabled', 'IgInactiveUserError', 400, { error_type: 'inactive user' }],
  ['needs-upgrade', 'IgResponseError', 400, { error_type: 'needs_upgrade' }],
  ['please-wait', 'IgResponseError', 400, { message: 'Please wait a few minutes before you try again.' }],
  ['challenge', 'IgCheckpointError', 400, { message: 'challenge_required' }],
  ['two-factor', 'IgLoginTwoFactorRequiredError', 400, { two_factor_required: true }],
] as const)('%s stops a login', async (condition, name, statusCode, body) => {
  instagram.setCondition(condition);
  const refused = await failure(login(client()));
  expect(refused.name).toBe(name);
  expect(refused.response).toMatchObject({ statusCode, body });
  instagram.setCondition('well');
  await login(client());
});

test.each([
  ['unsupported-version', 'IgResponseError', 400],
  ['needs-upgrade', 'IgResponseError', 400],
  ['please-wait', 'IgResponseError', 429],
  ['challenge', 'IgCheckpointError', 400],
  ['feedback-required', 'IgActionSpamError', 400],
  ['checkpoint', 'IgResponseError', 400],
  ['disabled', 'IgInactiveUserError', 400],
  ['limited', 'IgResponseError', 400],
  ['logged-out', 'IgLoginRequiredError', 403],
  ['logged-out-elsewhere', 'IgUserHasLoggedOutError', 403],
] as const)('%s stops a post', async (condition, name, statusCode) => {
  const ig = await imported();
  instagram.setCondition(condition);
  const refused = await failure(publish(ig));
  expect(refused.name).toBe(name);
  expect(refused.response.statusCode).toBe(statusCode);
  expect(instagram.posts()).toEqual([]);
});

test('feedback_required leaves reading alone, two-factor leaves sessions alone', async () => {
  const ig = await imported();
  instagram.setCondition('feedback-required');
  expect(await ig.feed.user(instagram.pk).items()).toEqual([]);
  instagram.setCondition('two-factor');
  await publish(ig);
});

test('a login with the code of the second factor gives a session', async () => {
  instagram.setCondition('two-factor-app');
  instagram.setSecurityCode('424242');
  const ig = client();
  const { two_factor_identifier } = (await failure(login(ig))).response.body['two_factor_info'] as {
    readonly two_factor_identifier: string;
  };
  const answer = (verificationCode: string) =>
    ig.account.twoFactorLogin({
      username: instagram.username,
      verificationCode,
      twoFactorIdentifier: two_factor_identifier,
      verificationMethod: '0',
      trustThisDevice: '1',
    });
  expect((await failure(answer('000000'))).response.body['error_type']).toBe(
    'sms_code_validation_code_invalid',
  );
  await answer('424242');
  expect((await ig.account.currentUser()).username).toBe(instagram.username);
});

test('a challenge ends with the right code', async () => {
  instagram.setCondition('challenge');
  const ig = client();
  await failure(login(ig));
  await ig.challenge.auto(true);
  expect(ig.state.challenge?.step_name).toBe('verify_email');
  expect((await failure(ig.challenge.sendSecurityCode('000000'))).name).toBe('IgChallengeWrongCodeError');
  await ig.challenge.sendSecurityCode(instagram.securityCode);
  expect(instagram.condition).toBe('well');
  expect((await ig.account.currentUser()).username).toBe(instagram.username);
});

test.each([
  ['logged-out', 'IgLoginRequiredError'],
  ['logged-out-elsewhere', 'IgUserHasLoggedOutError'],
] as const)('after %s the next login is good again', async (condition, name) => {
  const ig = await imported();
  instagram.setCondition(condition);
  expect((await failure(ig.account.currentUser())).name).toBe(name);
  await login(ig);
  await publish(ig);
  expect(instagram.condition).toBe('well');
});

test('faults strike by operation, in the words of Instagram', async () => {
  const ig = await imported();
  faults.add({
    service: 'instagram',
    operation: 'feed',
    fault: { kind: 'rate-limit', retryAfterSeconds: 30 },
  });
  const limited = await failure(ig.feed.user(instagram.pk).items());
  expect(limited.response).toMatchObject({ statusCode: 429, headers: { 'retry-after': '30' } });
  faults.add({ service: 'instagram', operation: 'upload', fault: { kind: 'error', status: 503 }, times: 1 });
  expect((await failure(publish(ig))).response.statusCode).toBe(503);
  faults.add({
    service: 'instagram',
    operation: 'configure',
    fault: { kind: 'drop', afterWork: true },
    times: 1,
  });
  expect(await failure(publish(ig, 'Lost answer'))).toBeInstanceOf(IgNetworkError);
  expect(instagram.posts().map((post) => post.caption)).toEqual(['Lost answer']);
  expect(instagram.calls.map((call) => call.operation)).toEqual(['feed', 'upload', 'upload', 'configure']);
});
