import dns from 'node:dns';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { createDropboxHost } from '#adapters/dropbox-host.ts';
import { ServiceError } from '#errors.ts';
import { instagram } from '#platforms/instagram.ts';
import { instagramOfficial } from '#platforms/instagram-official.ts';
import { telegram } from '#platforms/telegram.ts';
import type { Outcome, Withdrawal } from '#ports/platform.ts';
import { largestAnswerBytes } from '#ports/policies.ts';
import { startDropbox } from '#simulator/dropbox.ts';
import { createFaults, type Fault, type Faults, type ServiceName } from '#simulator/faults.ts';
import { startGraph } from '#simulator/graph.ts';
import { startInstagram } from '#simulator/instagram.ts';
import { loadCertificate } from '#simulator/smtp/certificate.ts';
import { startTelegram } from '#simulator/telegram/telegram.ts';
import { publicationOf } from '../contracts/platform-contract.ts';
import { driveLimits } from '../fakes/driven-limits.ts';
import { type Accident, openGate } from '../fakes/gate.ts';
import { createFakeLog } from '../fakes/log.ts';
import { openWithPhoto } from '../fakes/open-dropbox.ts';
import { ownServer } from '../fakes/own-server.ts';
import { endless, heldBack, losses, type Phase, redirects, strangeAnswers } from '../fakes/phases.ts';
import { plainJpeg } from '../fakes/plain-pictures.ts';
import { temporaryFolder } from '../fakes/temporary-folder.ts';
import { createTestClock } from '../test-clock.ts';

/** What is claimed of the work: that it was carried out, that it surely was not, or that nobody knows. */
type Claim = 'done' | 'not done' | 'unknown';

/** A service with something to do for it. */
interface Opened {
  readonly url: string;
  readonly faults: Faults;
  /** Does it once, with the service at this address. */
  work(endpoint: string): Promise<Claim>;
  /** How often it was carried out, as the service itself knows. */
  done(): number;
}

/** One call of a protocol. */
interface Call {
  readonly name: string;
  readonly service: ServiceName;
  /** As the simulated service calls it, and by its method, path and query. */
  readonly operation: string;
  readonly call: RegExp;
  /** The call before it; absent: it is the first. */
  readonly after?: RegExp;
  /** Whether the work is done by this call, by a later one, or was done by an earlier one. */
  readonly isWork: 'here' | 'later' | 'before';
  readonly hasNoBody?: boolean;
  /** Those that it is taken through; absent: all. */
  readonly phases?: readonly Phase[];
  /** Tries again by itself, because the work may be asked for twice. */
  readonly isRepeated?: boolean;
  open(): Promise<Opened>;
}

const claims = {
  published: 'done',
  partly: 'done',
  failed: 'not done',
  'not-sent': 'not done',
  uncertain: 'unknown',
} as const satisfies Record<Outcome['outcome'], Claim>;
const withdrawals = {
  withdrawn: 'done',
  refused: 'not done',
  unknown: 'unknown',
} as const satisfies Record<Withdrawal['withdrawal'], Claim>;

const faults = createFaults();
const clock = createTestClock();
let folder: string;
let services: Awaited<ReturnType<typeof startServices>>;

async function startServices() {
  const now = () => clock.now().getTime();
  const [telegram, instagram, graph, dropbox] = await Promise.all([
    startTelegram({ faults, folder }),
    startInstagram({ faults, folder }),
    startGraph({ faults, folder, now }),
    startDropbox({ faults, folder, now: clock.now }),
  ]);
  graph.setQuota(1000);
  return { telegram, instagram, graph, dropbox };
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'darkroom-test-'));
  services = await startServices();
});
afterAll(async () => {
  await Promise.all(Object.values(services).map((service) => service.close()));
  await rm(folder, { recursive: true });
});
beforeEach(() => faults.clear());

/** Counts what has come since. */
function counting(count: () => number): () => number {
  const before = count();
  return () => count() - before;
}

async function openTelegram() {
  const { telegram: service } = services;
  const context = { folder: await temporaryFolder(), log: createFakeLog() };
  const publisherAt = (endpoint: string) =>
    telegram.create(
      {
        TELEGRAM_BOT_TOKEN: service.token,
        TELEGRAM_CHANNEL_ID: `@${service.channel.username}`,
        TELEGRAM_API_ROOT: endpoint,
      },
      context,
    );
  return { faults, url: service.url, publisherAt, posts: () => service.channelPosts().length };
}

async function openSending(): Promise<Opened> {
  const { publisherAt, posts, ...opened } = await openTelegram();
  return {
    ...opened,
    work: async (endpoint) => claims[(await publisherAt(endpoint).publish(await publicationOf())).outcome],
    done: counting(posts),
  };
}

/** By the file id of the picture on the owner's card. */
async function openSendingById(): Promise<Opened> {
  const { publisherAt, posts, ...opened } = await openTelegram();
  const { telegram: service } = services;
  const form = new FormData();
  form.set('chat_id', String(service.owner.id));
  form.set('photo', new Blob([await plainJpeg()]), 'card.jpg');
  await fetch(`${service.url}/bot${service.token}/sendPhoto`, { method: 'POST', body: form });
  const fileId = service.phone().messages().at(-1)?.photo?.fileId ?? '';
  const publication = await publicationOf({ fileId });
  return {
    ...opened,
    work: async (endpoint) => claims[(await publisherAt(endpoint).publish(publication)).outcome],
    done: counting(posts),
  };
}

async function openPublished() {
  const opened = await openTelegram();
  const outcome = await opened.publisherAt(opened.url).publish(await publicationOf());
  const ref = outcome.outcome === 'published' ? outcome.ref : '';
  return { ...opened, post: { postId: (await publicationOf()).postId, ref, at: new Date() } };
}

async function openFollowing(): Promise<Opened> {
  const { publisherAt, posts, post, ...opened } = await openPublished();
  const picture = await plainJpeg();
  return {
    ...opened,
    async work(endpoint) {
      const followed = await publisherAt(endpoint).sendFullSize?.({ ...post, picture });
      if (followed === undefined) return 'unknown';
      return followed === 'sent' ? 'done' : 'not done';
    },
    done: counting(posts),
  };
}

async function openTakingDown(): Promise<Opened> {
  const { publisherAt, posts, post, ...opened } = await openPublished();
  return {
    ...opened,
    async work(endpoint) {
      const { withdrawal = 'unknown' } = (await publisherAt(endpoint).withdraw?.(post)) ?? {};
      return withdrawals[withdrawal];
    },
    done: counting(() => -posts()),
  };
}

async function openInstagramApp(isSignedIn: boolean): Promise<Opened> {
  const { instagram: service } = services;
  const settings = {
    INSTAGRAM_USERNAME: service.username,
    INSTAGRAM_PASSWORD: service.password,
    ...(isSignedIn && { INSTAGRAM_SESSION: service.createSession().sessionid }),
  };
  // Sealing a session costs more than all the rest, and nothing here comes back to it.
  const context = { folder: await temporaryFolder(), log: createFakeLog(), clock, isReadOnly: true };
  return {
    faults,
    url: service.url,
    async work(endpoint) {
      const publisher = instagram.create(settings, { ...context, endpoint });
      return claims[(await publisher.publish(await publicationOf())).outcome];
    },
    done: counting(() => service.posts().length),
  };
}

async function openGraph(): Promise<Opened> {
  const { graph: service, dropbox } = services;
  const { appKey, appSecret, refreshToken, url } = dropbox;
  const host = createDropboxHost({ appKey, appSecret, refreshToken, endpoint: url });
  const context = { folder: await temporaryFolder(), log: createFakeLog(), clock, host };
  return {
    faults,
    url: service.url,
    async work(endpoint) {
      const settings = { INSTAGRAM_ACCESS_TOKEN: service.accessToken };
      const publisher = instagramOfficial.create(settings, { ...context, endpoint });
      return claims[(await publisher.publish(await publicationOf())).outcome];
    },
    done: counting(() => service.posts().length),
  };
}

const archive = '/Photos/archive/Dusk.jpg';

async function openArchive(): Promise<Opened> {
  const { faults, service, start, photo } = await openWithPhoto();
  const done = () => {
    const paths = service.files().map(({ path }) => path);
    expect(paths).toHaveLength(1);
    return paths[0] === archive ? 1 : 0;
  };
  return {
    faults,
    url: service.url,
    async work(endpoint) {
      try {
        expect(await start({ endpoint }).archive(photo)).toBe(archive);
        return 'done';
      } catch (error) {
        // Anything else would say that the photo is gone, or be a bug.
        expect(error).toBeInstanceOf(ServiceError);
        return 'unknown';
      }
    },
    done,
  };
}

const instagramCall = { service: 'instagram', isWork: 'later', open: () => openInstagramApp(true) } as const;
const graphCall = { service: 'graph', isWork: 'later', open: openGraph } as const;
const telegramCall = { service: 'telegram', isWork: 'here' } as const;
const dropboxCall = { service: 'dropbox', isWork: 'here', isRepeated: true, open: openArchive } as const;

const allPhases = [...losses, ...strangeAnswers, ...redirects, ...endless];

const protocols: readonly Call[] = [
  { ...telegramCall, name: 'sendPhoto', operation: 'sendPhoto', call: /sendPhoto/, open: openSending },
  {
    ...telegramCall,
    name: 'sendPhoto by file id',
    operation: 'sendPhoto',
    call: /sendPhoto/,
    phases: [...losses, ...redirects],
    open: openSendingById,
  },
  {
    ...telegramCall,
    name: 'sendDocument',
    phases: [...losses, ...strangeAnswers],
    operation: 'sendDocument',
    call: /sendDocument/,
    open: openFollowing,
  },
  {
    ...telegramCall,
    name: 'deleteMessages',
    operation: 'deleteMessages',
    call: /deleteMessages/,
    open: openTakingDown,
  },
  {
    ...instagramCall,
    name: 'Instagram’s sign-in',
    operation: 'login',
    call: /accounts\/login/,
    after: /qe\/sync/,
    open: () => openInstagramApp(false),
  },
  { ...instagramCall, name: 'Instagram’s upload', operation: 'upload', call: /rupload/ },
  {
    ...instagramCall,
    name: 'Instagram’s configure',
    operation: 'configure',
    call: /configure/,
    after: /rupload/,
    isWork: 'here',
  },
  {
    ...graphCall,
    name: 'content_publishing_limit',
    operation: 'content_publishing_limit',
    call: /publishing_limit/,
    hasNoBody: true,
  },
  {
    ...graphCall,
    name: 'the container',
    operation: 'media',
    call: /POST .*me\/media$/,
    after: /publishing_limit/,
  },
  {
    ...graphCall,
    name: 'the container’s status',
    operation: 'container',
    call: /fields=status_code/,
    after: /me\/media$/,
    hasNoBody: true,
  },
  {
    ...graphCall,
    name: 'media_publish',
    operation: 'media_publish',
    call: /media_publish/,
    after: /fields=status_code/,
    isWork: 'here',
    phases: [...allPhases, heldBack],
  },
  {
    ...graphCall,
    name: 'the permalink',
    operation: 'media_item',
    call: /fields=permalink/,
    after: /media_publish/,
    isWork: 'before',
    hasNoBody: true,
  },
  {
    ...dropboxCall,
    name: 'Dropbox’s token',
    isWork: 'later',
    phases: [...losses, ...redirects],
    operation: 'oauth2/token',
    call: /oauth2\/token/,
    hasNoBody: true,
  },
  {
    ...dropboxCall,
    name: 'get_metadata',
    isWork: 'later',
    operation: 'files/get_metadata',
    call: /get_metadata/,
    after: /oauth2\/token/,
  },
  {
    ...dropboxCall,
    name: 'move_v2',
    operation: 'files/move_v2',
    call: /move_v2/,
    after: /get_metadata/,
  },
];

/** Does the work with a gate before the service, and holds what is claimed against the truth. */
async function meet(call: Call, accident: Accident) {
  const opened = await call.open();
  const gate = await openGate(opened.url, { accident, call: call.call, isOnce: call.isRepeated === true });
  const claim = await opened.work(gate.url);
  const done = opened.done();
  if (claim === 'done') expect(done).toBe(1);
  if (claim === 'not done') expect(done).toBe(0);
  expect(done).toBeLessThanOrEqual(1);
  // Before the work everything is sure, and after it nothing can take it back.
  if (!call.isRepeated && call.isWork === 'later') expect(claim).not.toBe('unknown');
  if (call.isWork === 'before') expect(claim).toBe('done');
  return { opened, gate, claim };
}

/** A call that does not do the work cannot show whether it was done, and whatever is no answer ends it in one way. */
function phasesOf({ phases = allPhases, hasNoBody = false, isWork, isRepeated }: Call): readonly Phase[] {
  const isPlain = ({ name, isDone = false }: Phase) =>
    !isDone && (isRepeated || !/^[[n{h]|408|307/.test(name));
  const isShown = (phase: Phase) => (isWork === 'here' || isPlain(phase)) && !(hasNoBody && phase.needsBody);
  return phases.filter(isShown);
}

/** Another place, with an answer that anybody would like. */
const openElsewhere = () => ownServer(() => ({ status: 200, body: { ok: true, status: 'ok', id: '1' } }));

describe.each(protocols)('$name tells the truth when', (call) => {
  async function meetPhase(phase: Phase) {
    const limits = driveLimits();
    const elsewhere = redirects.includes(phase) ? await openElsewhere() : undefined;
    const surroundings = {
      elsewhere: elsewhere?.url ?? '',
      expire: limits.expire,
      taken: (bytes: number) => expect(bytes).toBeLessThan(2 * largestAnswerBytes),
    };
    const met = await meet(call, (at) => phase.happen(at, surroundings));
    expect(met.gate.struck()).toBeGreaterThan(0);
    // What appears by itself is never asked for twice.
    if (call.isWork === 'here' && !call.isRepeated) expect(met.gate.struck()).toBe(1);
    expect(elsewhere?.calls ?? []).toEqual([]);
    if (call.isRepeated) expect(await met.opened.work(met.gate.url)).toBe('done');
  }

  it.each(phasesOf(call))('$name', meetPhase);

  /** What leaves no doubt has to be said without any. */
  function expectSure(claim: Claim): void {
    if (call.isRepeated) expect(['done', 'unknown']).toContain(claim);
    else expect(claim).toBe(call.isWork === 'before' ? 'done' : 'not done');
  }

  it.each<[string, Fault]>([
    ['it asks to wait', { kind: 'rate-limit', retryAfterSeconds: 7 }],
    ['it says no', { kind: 'error', status: 400 }],
  ])('%s, and has no doubt then', async (_, fault) => {
    const opened = await call.open();
    opened.faults.add({ service: call.service, operation: call.operation, fault });
    const claim = await opened.work(opened.url);
    expect(opened.done()).toBe(call.isWork === 'before' ? 1 : 0);
    expectSure(claim);
  });

  it.each([false, true])('it has a fault of its own, with the work done: %j', async (afterWork) => {
    const opened = await call.open();
    const fault = { kind: 'error', status: 500, afterWork } as const;
    opened.faults.add({ service: call.service, operation: call.operation, fault, times: 1 });
    const claim = await opened.work(opened.url);
    if (claim !== 'unknown') expect(opened.done()).toBe(claim === 'done' ? 1 : 0);
  });

  const never = () => {
    throw new Error('It was asked');
  };

  it('nobody listens any more, and has no doubt then', async () => {
    const opened = await call.open();
    const { after = /^$/ } = call;
    const gate = await openGate(opened.url, {
      call: call.call,
      accident: never,
      after: [after, () => gate.leave()],
    });
    if (call.after === undefined) gate.leave();
    expectSure(await opened.work(gate.url));
    expect([gate.struck(), opened.done()]).toEqual([0, call.isWork === 'before' ? 1 : 0]);
  });

  it('its name is not known any more, and has no doubt then', async () => {
    const opened = await call.open();
    let isKnown = call.after !== undefined;
    const { lookup } = dns;
    const spy = vi.spyOn(dns, 'lookup').mockImplementation(((
      name: string,
      options: object,
      done: LookedUp,
    ) => {
      if (isKnown || name !== 'localhost') return lookup(name, options, done as never);
      done(Object.assign(new Error('getaddrinfo ENOTFOUND'), { code: 'ENOTFOUND', syscall: 'getaddrinfo' }));
    }) as typeof lookup);
    onTestFinished(() => spy.mockRestore());
    const forget = () => {
      isKnown = false;
    };
    const { after = /^$/ } = call;
    const gate = await openGate(opened.url, { call: call.call, accident: never, after: [after, forget] });
    expectSure(await opened.work(gate.url.replace('127.0.0.1', 'localhost')));
    expect([gate.struck(), opened.done()]).toEqual([0, call.isWork === 'before' ? 1 : 0]);
  });

  it.runIf(call.after === undefined)('nobody vouches for it, and has no doubt then', async () => {
    const opened = await call.open();
    const certificate = await loadCertificate(await temporaryFolder());
    const gate = await openGate(opened.url, { call: /./, accident: never, certificate });
    expectSure(await opened.work(gate.url));
    expect([gate.struck(), opened.done()]).toEqual([0, 0]);
  });
});

type LookedUp = (error: Error) => void;
