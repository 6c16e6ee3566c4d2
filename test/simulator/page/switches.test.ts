import { createTransport } from 'nodemailer';
import { beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import type { ServiceName } from '#simulator/faults.ts';
import { createSwitches, type Speed, type Switches, speeds } from '#simulator/page/switches.ts';
import { type Simulator, startSimulator } from '#simulator/simulator.ts';
import { plainJpeg } from '../../fakes/plain-pictures.ts';
import { servicesFolder } from '../../fakes/services-folder.ts';
import { temporaryFolder } from '../../fakes/temporary-folder.ts';
import { upload } from './open-page.ts';

let simulator: Simulator;
let switches: Switches;

async function start(folder: string): Promise<Simulator> {
  const started = await startSimulator({ folder });
  onTestFinished(() => started.close());
  return started;
}

beforeEach(async () => {
  simulator = await start(await servicesFolder());
  switches = createSwitches(simulator, 'instant');
});

/** What a client sees of one call: the status and the words, `cut` or `silence`. */
type Seen = string;

/** How long a call is waited for; short only where silence is expected. */
let patienceMs = 10_000;

async function struck({ trouble, call }: Case): Promise<Seen> {
  if (trouble === 'silent') patienceMs = 300;
  const seen = await call();
  patienceMs = 10_000;
  return seen;
}

async function seenOf(url: string, init: RequestInit = {}): Promise<Seen> {
  try {
    const answer = await fetch(url, { ...init, signal: AbortSignal.timeout(patienceMs) });
    return `${answer.status} ${answer.headers.get('retry-after') ?? ''} ${await answer.text()}`;
  } catch (error) {
    return (error as Error).name === 'TimeoutError' ? 'silence' : 'cut';
  }
}

const picture = await plainJpeg(640, 480);

const bot = (method: string, params: Readonly<Record<string, unknown>> | FormData = {}): Promise<Seen> => {
  const { url, token } = simulator.telegram;
  const isForm = params instanceof FormData;
  return seenOf(`${url}/bot${token}/${method}`, {
    method: 'POST',
    ...(isForm ? {} : { headers: { 'content-type': 'application/json' } }),
    body: isForm ? params : JSON.stringify(params),
  });
};
const channelPhoto = () =>
  bot('sendPhoto', upload('photo', simulator.telegram.channel.id, picture, 'a.jpg', 'image/jpeg'));
const channelText = () => bot('sendMessage', { chat_id: simulator.telegram.channel.id, text: 'Hello' });

let session = '';
let uploads = 0;
const instagram = (path: string, init: RequestInit = {}): Promise<Seen> => {
  session ||= simulator.instagram.createSession().sessionid;
  const headers = { cookie: `sessionid=${session}`, ...init.headers };
  return seenOf(`${simulator.instagram.url}${path}`, { ...init, headers });
};
const uploadPicture = () => {
  uploads += 1;
  return instagram('/rupload_igphoto/name', {
    method: 'POST',
    headers: {
      'x-entity-name': 'name',
      'x-entity-length': String(picture.length),
      'x-instagram-rupload-params': JSON.stringify({ upload_id: String(uploads), media_type: '1' }),
    },
    body: new Uint8Array(picture),
  });
};
const configure = async () => {
  await uploadPicture();
  const upload_id = String(uploads);
  return instagram('/api/v1/media/configure/', {
    method: 'POST',
    body: new URLSearchParams({ upload_id, caption: 'Dusk' }),
  });
};
const currentUser = () => instagram('/api/v1/accounts/current_user/');

beforeEach(() => {
  session = '';
});

async function mail(): Promise<Seen> {
  const { host, port, user, password, certificate } = simulator.smtp;
  const transport = createTransport({
    host,
    port,
    requireTLS: true,
    auth: { user, pass: password },
    tls: { ca: certificate },
    socketTimeout: patienceMs,
  });
  try {
    const to = ['family@example.com', 'friends@example.org'];
    const sent = await transport.sendMail({ from: user, to, subject: 'Dusk', text: 'A picture.' });
    return `${sent.response} ${sent.rejected.join(' ')}`;
  } catch (error) {
    return (error as { response?: string }).response ?? 'cut';
  } finally {
    transport.close();
  }
}

async function dropbox(): Promise<Seen> {
  const { url, appKey, appSecret, refreshToken } = simulator.dropbox;
  const grant = await seenOf(`${url}/api/oauth2/token`, {
    method: 'POST',
    body: new URLSearchParams({
      grant_type: 'refresh_token',
      refresh_token: refreshToken,
      client_id: appKey,
      client_secret: appSecret,
    }),
  });
  const token = /"access_token":"([^"]+)"/.exec(grant)?.[1];
  if (token === undefined) return grant;
  return seenOf(`${url}/api/2/users/get_current_account`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}` },
  });
}

const replicate = () =>
  seenOf(`${simulator.replicate.url}/v1/predictions`, {
    headers: { authorization: `Bearer ${simulator.replicate.token}` },
  });
const openai = () =>
  seenOf(`${simulator.openai.url}/v1/models`, {
    headers: { authorization: `Bearer ${simulator.openai.apiKey}` },
  });

const posts = () => simulator.telegram.channelPosts().length;
const pictures = () => simulator.instagram.posts().length;
const mails = () => simulator.smtp.mails().length;

interface Case {
  readonly service: ServiceName;
  readonly trouble: string;
  /** What the program does that the trouble strikes. */
  readonly call: () => Promise<Seen>;
  readonly seen: RegExp;
  /** What has come of it although the call failed. */
  readonly arrived?: () => number;
  /** What goes on as ever. */
  readonly spared?: () => Promise<Seen>;
  /** It lasts until it is switched off. */
  readonly lasts?: true;
}

const cases: readonly Case[] = [
  {
    service: 'telegram',
    trouble: 'no-permission',
    call: channelText,
    seen: /^400 .*need administrator rights/,
    spared: () => bot('getMe'),
    lasts: true,
  },
  {
    service: 'telegram',
    trouble: 'lost',
    call: channelPhoto,
    seen: /^cut/,
    arrived: posts,
    spared: channelText,
  },
  { service: 'telegram', trouble: 'broken', call: channelPhoto, seen: /^500 /, spared: channelText },
  {
    service: 'telegram',
    trouble: 'busy',
    call: channelPhoto,
    seen: /^429 .*"retry_after":15/,
    spared: channelText,
  },
  { service: 'telegram', trouble: 'unreachable', call: () => bot('getMe'), seen: /^cut/ },
  {
    service: 'instagram',
    trouble: 'broken',
    call: uploadPicture,
    seen: /^500 /,
    spared: currentUser,
  },
  {
    service: 'instagram',
    trouble: 'lost',
    call: configure,
    seen: /^cut/,
    arrived: pictures,
    spared: currentUser,
  },
  { service: 'instagram', trouble: 'unreachable', call: currentUser, seen: /^cut/ },
  {
    service: 'instagram',
    trouble: 'silent',
    call: uploadPicture,
    seen: /^silence/,
    spared: currentUser,
  },
  { service: 'instagram', trouble: 'busy', call: currentUser, seen: /^429 15 .*Please wait/ },
  {
    service: 'instagram',
    trouble: 'checkpoint',
    call: currentUser,
    seen: /^400 .*checkpoint_required/,
    lasts: true,
  },
  {
    service: 'instagram',
    trouble: 'feedback-required',
    call: configure,
    seen: /^400 .*feedback_required/,
    spared: currentUser,
    lasts: true,
  },
  {
    service: 'instagram',
    trouble: 'please-wait',
    call: currentUser,
    seen: /^429 .*Please wait/,
    lasts: true,
  },
  {
    service: 'instagram',
    trouble: 'logged-out',
    call: currentUser,
    seen: /^403 .*login_required/,
    lasts: true,
  },
  { service: 'smtp', trouble: 'broken', call: mail, seen: /^451 / },
  { service: 'smtp', trouble: 'lost', call: mail, seen: /^cut/, arrived: mails },
  { service: 'smtp', trouble: 'unreachable', call: mail, seen: /^cut/ },
  { service: 'smtp', trouble: 'daily-limit', call: mail, seen: /^550.5\.4\.5/, lasts: true },
  {
    service: 'smtp',
    trouble: 'unknown-recipient',
    call: mail,
    seen: /^250 .*friends@example\.org$/,
    arrived: mails,
    lasts: true,
  },
  { service: 'dropbox', trouble: 'unreachable', call: dropbox, seen: /^cut/ },
  { service: 'dropbox', trouble: 'broken', call: dropbox, seen: /^500 / },
  { service: 'dropbox', trouble: 'busy', call: dropbox, seen: /^429 15 / },
  { service: 'dropbox', trouble: 'disconnected', call: dropbox, seen: /^400 .*invalid_grant/, lasts: true },
  { service: 'replicate', trouble: 'unreachable', call: replicate, seen: /^cut/ },
  { service: 'replicate', trouble: 'broken', call: replicate, seen: /^500 / },
  { service: 'replicate', trouble: 'busy', call: replicate, seen: /^429 15 / },
  { service: 'replicate', trouble: 'silent', call: replicate, seen: /^silence/ },
  { service: 'openai', trouble: 'unreachable', call: openai, seen: /^cut/ },
  { service: 'openai', trouble: 'broken', call: openai, seen: /^500 / },
  { service: 'openai', trouble: 'busy', call: openai, seen: /^429 15 / },
  { service: 'openai', trouble: 'silent', call: openai, seen: /^silence/ },
  { service: 'openai', trouble: 'no-credit', call: openai, seen: /^429 .*insufficient_quota/, lasts: true },
];

const shown = (service: ServiceName) => {
  const { trouble, isOnce } = switches.list().find((each) => each.service === service) ?? {};
  return { trouble, isOnce };
};
const works = /^2\d\d (?!.*friends@)/;
const calm = { trouble: '', isOnce: true };

test('all services work at first, and each trouble in the list is known to these tests', () => {
  const listed = switches
    .list()
    .flatMap(({ service, troubles }) => troubles.map(({ id, canBeOnce }) => [service, id, canBeOnce]));
  const known = cases.map(({ service, trouble, lasts }) => [service, trouble, lasts !== true]);
  expect(listed.toSorted()).toEqual(known.toSorted());
  for (const { trouble, isOnce, speed, name, troubles } of switches.list()) {
    expect({ trouble, isOnce, speed }).toEqual({ ...calm, speed: 'instant' });
    for (const words of [name, ...troubles.map(({ label }) => label)]) expect(words).toMatch(/^[A-Z“]/);
  }
});

describe.each(cases)('$service, $trouble', (each) => {
  const { service, trouble, call, seen, arrived, spared, lasts } = each;

  test('is shown, felt until it is switched off, and then over', async () => {
    expect(await call()).toMatch(works);
    const before = arrived?.() ?? 0;
    expect(switches.setTrouble(service, trouble, false)).toBe('set');
    expect(shown(service)).toEqual({ trouble, isOnce: false });
    expect(await struck(each)).toMatch(seen);
    expect((arrived?.() ?? 1) - before).toBe(1);
    if (spared !== undefined) expect(await spared()).toMatch(works);
    expect(await struck(each)).toMatch(seen);
    expect(shown(service)).toEqual({ trouble, isOnce: false });
    expect(switches.setTrouble(service, '', false)).toBe('set');
    expect(shown(service)).toEqual(calm);
    session = '';
    expect(await call()).toMatch(works);
  });

  test(
    lasts ? 'does not end by itself when it is asked to' : 'ends by itself after it struck once',
    async () => {
      let heard = 0;
      switches.setTrouble(service, trouble, true);
      switches.onChange(() => {
        heard += 1;
      });
      expect(shown(service)).toEqual({ trouble, isOnce: lasts !== true });
      // The session that the calls need is made before: for Instagram a new one is a login.
      if (trouble === 'logged-out') session = 'ended';
      if (spared !== undefined) expect(await spared()).toMatch(works);
      expect(shown(service).trouble).toBe(trouble);
      expect(heard).toBe(0);
      expect(await struck(each)).toMatch(seen);
      if (lasts) {
        expect(shown(service)).toEqual({ trouble, isOnce: false });
      } else {
        expect(shown(service)).toEqual(calm);
        expect(heard).toBe(1);
        expect(await call()).toMatch(works);
      }
    },
  );
});

test('mending ends the troubles of all services, and the speeds stay', async () => {
  for (const { service, troubles } of switches.list()) {
    switches.setTrouble(service, troubles.at(-1)?.id ?? '', false);
    switches.setSpeed(service, 'slow');
  }
  expect(switches.list().every(({ trouble }) => trouble !== '')).toBe(true);
  let heard = 0;
  switches.onChange(() => {
    heard += 1;
  });
  switches.mend();
  expect(heard).toBeGreaterThan(0);
  for (const { service, speed } of switches.list()) {
    expect(shown(service)).toEqual(calm);
    expect(speed).toBe('slow');
    switches.setSpeed(service, 'instant');
  }
  expect(simulator.faults.list()).toEqual([]);
  for (const call of [channelPhoto, configure, mail, dropbox, replicate, openai]) {
    expect(await call()).toMatch(works);
  }
});

test('a service has one trouble at a time: the next one takes the place of the last', async () => {
  switches.setTrouble('instagram', 'checkpoint', false);
  switches.setTrouble('instagram', 'busy', false);
  expect(shown('instagram').trouble).toBe('busy');
  expect(simulator.instagram.condition).toBe('well');
  switches.setTrouble('instagram', 'unreachable', true);
  expect(simulator.faults.list()).toHaveLength(1);
  switches.setTrouble('instagram', 'please-wait', false);
  expect(shown('instagram').trouble).toBe('please-wait');
  expect(simulator.faults.list()).toEqual([]);
});

test('troubles of several services do not touch each other', async () => {
  switches.setTrouble('openai', 'broken', true);
  switches.setTrouble('replicate', 'broken', false);
  switches.setTrouble('dropbox', 'broken', true);
  expect(await dropbox()).toMatch(/^500/);
  switches.setTrouble('replicate', '', false);
  expect(shown('openai')).toEqual({ trouble: 'broken', isOnce: true });
  expect([await openai(), await replicate(), await dropbox()].map((each) => each.slice(0, 3))).toEqual([
    '500',
    '200',
    '200',
  ]);
});

test.each<[ServiceName, string]>([
  ['dropbox', 'checkpoint'],
  ['telegram', 'constructor'],
])('what is not in the list of %s is not set: %s', (service, trouble) => {
  switches.setTrouble(service, 'unreachable', false);
  expect(switches.setTrouble(service, trouble, false)).toBeUndefined();
  expect(shown(service).trouble).toBe('unreachable');
});

test('"logged out" ends with the next login', async () => {
  switches.setTrouble('instagram', 'logged-out', false);
  session = 'ended';
  expect(await currentUser()).toMatch(/login_required/);
  expect(shown('instagram').trouble).toBe('logged-out');
  session = '';
  expect(await currentUser()).toMatch(works);
  expect(shown('instagram')).toEqual(calm);
});

test('conditions that were kept from an earlier start are ended', async () => {
  const folder = await temporaryFolder();
  const earlier = await start(folder);
  earlier.telegram.setBotInChannel('member');
  earlier.instagram.setCondition('checkpoint');
  earlier.dropbox.revoke();
  await earlier.close();
  simulator = await start(folder);
  expect([await channelText(), await currentUser(), await dropbox()].map((each) => each.slice(0, 3))).toEqual(
    ['400', '400', '400'],
  );
  switches = createSwitches(simulator, 'instant');
  for (const call of [channelText, currentUser, dropbox]) expect(await call()).toMatch(works);
  expect(switches.list().map(({ trouble }) => trouble)).toEqual(['', '', '', '', '', '']);
});

describe('the speed', () => {
  const operations: readonly (readonly [ServiceName, string, number])[] = [
    ['telegram', 'sendPhoto', 350],
    ['telegram', 'answerCallbackQuery', 120],
    ['instagram', 'upload', 1500],
    ['instagram', 'current_user', 150],
    ['smtp', 'session', 1200],
    ['dropbox', 'files/list_folder', 200],
    ['dropbox', 'files/download', 600],
    ['replicate', 'predictions.create', 2500],
    ['replicate', 'predictions.get', 150],
    ['openai', 'chat/completions', 1800],
  ];
  const factors: Readonly<Record<Speed, number>> = { instant: 0, lifelike: 1, slow: 4 };

  test.each(speeds)('"%s" sets how long calls take, at the start and later', (speed) => {
    const check = () => {
      for (const [service, operation, ms] of operations) {
        expect(simulator.faults.latency(service, operation), operation).toBe(ms * factors[speed]);
      }
    };
    createSwitches(simulator, speed);
    check();
    for (const { service } of switches.list())
      switches.setSpeed(service, speed === 'slow' ? 'instant' : 'slow');
    let heard = 0;
    switches.onChange(() => {
      heard += 1;
    });
    for (const { service } of switches.list()) switches.setSpeed(service, speed);
    check();
    expect(heard).toBe(6);
    expect(switches.list().map((each) => each.speed)).toEqual(Array(6).fill(speed));
  });

  test.each(speeds)('"%s" never slows what waits for news: getUpdates and the long poll', (speed) => {
    createSwitches(simulator, speed);
    expect(simulator.faults.latency('telegram', 'getUpdates')).toBe(0);
    expect(simulator.faults.latency('dropbox', 'files/list_folder/longpoll')).toBe(0);
  });

  test('is felt, and of one service alone', async () => {
    switches.setSpeed('replicate', 'lifelike');
    const start = performance.now();
    expect(await openai()).toMatch(works);
    const fast = performance.now() - start;
    expect(await replicate()).toMatch(works);
    const slow = performance.now() - start - fast;
    expect(slow).toBeGreaterThan(145);
    expect(fast).toBeLessThan(145);
  });
});

test('who no longer listens hears nothing', () => {
  let heard = 0;
  const stop = switches.onChange(() => {
    heard += 1;
  });
  switches.setSpeed('smtp', 'slow');
  expect(heard).toBe(1);
  stop();
  switches.setSpeed('smtp', 'instant');
  switches.setTrouble('openai', 'broken', true);
  expect(heard).toBe(1);
});
