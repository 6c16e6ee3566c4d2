import { HttpError } from 'grammy';
import { describe, expect, it, onTestFinished } from 'vitest';
import { z } from 'zod';
import { createDropboxHost } from '#adapters/dropbox-host.ts';
import { createPoll } from '#adapters/dropbox-watch.ts';
import { createGraph } from '#adapters/graph/client.ts';
import { createOpenAiCaptionWriter } from '#adapters/openai.ts';
import { createReplicateDescriber } from '#adapters/replicate.ts';
import { openBot } from '#bot/create-bot.ts';
import { fetchFile } from '#bot/fetch-file.ts';
import { ServiceError } from '#errors.ts';
import { largestAnswerBytes, policies } from '#ports/policies.ts';
import type { Problem } from '#post/delivery.ts';
import { startDropbox } from '#simulator/dropbox.ts';
import { createFaults } from '#simulator/faults.ts';
import { startGraph } from '#simulator/graph.ts';
import { startOpenAi } from '#simulator/openai.ts';
import { startReplicate } from '#simulator/replicate.ts';
import { createSights } from '#simulator/sights.ts';
import { startTelegram } from '#simulator/telegram/telegram.ts';
import { publicationOf } from '../contracts/platform-contract.ts';
import { driveLimits } from '../fakes/driven-limits.ts';
import { openGate } from '../fakes/gate.ts';
import { openWithPhoto } from '../fakes/open-dropbox.ts';
import { openInstagram } from '../fakes/open-instagram.ts';
import { ownServer } from '../fakes/own-server.ts';
import { endless, limited, losses, type Phase, redirects, strangeAnswers } from '../fakes/phases.ts';
import { plainJpeg } from '../fakes/plain-pictures.ts';
import { createFakePurse } from '../fakes/purse.ts';
import { temporaryFolder } from '../fakes/temporary-folder.ts';
import { createTestClock } from '../test-clock.ts';

type Kind = Problem['kind'];

interface Opened {
  readonly url: string;
  /** Makes the call at this address; the kind of what went wrong, `undefined` for nothing. What is no such kind throws. */
  ask(endpoint: string): Promise<Kind | undefined>;
}

/** A client that asks something. */
interface Client {
  readonly name: string;
  /** The call that goes wrong, by its method, path and query. */
  readonly call: RegExp;
  readonly limitMs: number;
  /** How often it is asked at the most. */
  readonly tries: number;
  /** What its bytes may be in all; absent: those of any answer. */
  readonly mostBytes?: number;
  readonly hasNoBody?: boolean;
  /** Those that it is taken through; absent: all. */
  readonly phases?: readonly Phase[];
  /** What it cannot tell from the real thing. */
  readonly believes?: RegExp;
  open(): Promise<Opened>;
}

async function kindOf(work: Promise<unknown>): Promise<Kind | undefined> {
  try {
    await work;
    return undefined;
  } catch (error) {
    if (error instanceof ServiceError) return error.problem.kind;
    throw error;
  }
}

async function openTelegram() {
  const service = await startTelegram({ faults: createFaults(), folder: await temporaryFolder() });
  onTestFinished(() => service.close());
  return service;
}

/** grammY's errors stay as they are: all that counts is that none is taken for Telegram's word. */
async function openChat(): Promise<Opened> {
  const { token, owner, url } = await openTelegram();
  return {
    url,
    async ask(endpoint) {
      const sending = openBot(token, endpoint).api.sendMessage(owner.id, 'Hello');
      const error: unknown = await sending.then(
        () => undefined,
        (cause: unknown) => cause,
      );
      if (error instanceof HttpError)
        return /timed out/.test(String(error.error)) ? 'timeout' : 'unreachable';
      return error === undefined ? undefined : 'unexpected';
    },
  };
}

async function openSentFile(): Promise<Opened> {
  const service = await openTelegram();
  const { photo } = await service.phone().sendPhoto(await plainJpeg());
  const fileId = photo?.fileId ?? '';
  return {
    url: service.url,
    async ask(endpoint) {
      const fetched = await fetchFile(openBot(service.token, endpoint).api, fileId);
      return 'bytes' in fetched ? undefined : 'unreachable';
    },
  };
}

async function openLibrary(
  ask: (opened: Awaited<ReturnType<typeof openWithPhoto>>, at: string) => Promise<unknown>,
) {
  const opened = await openWithPhoto();
  return { url: opened.service.url, ask: (endpoint: string) => kindOf(ask(opened, endpoint)) };
}

async function openHost(): Promise<Opened> {
  const service = await startDropbox({ faults: createFaults(), folder: await temporaryFolder() });
  onTestFinished(() => service.close());
  const { appKey, appSecret, refreshToken, url } = service;
  const picture = await plainJpeg();
  return {
    url,
    ask: (endpoint) => kindOf(createDropboxHost({ appKey, appSecret, refreshToken, endpoint }).put(picture)),
  };
}

async function openReplicate(): Promise<Opened> {
  const service = await startReplicate({ faults: createFaults(), sights: createSights('/nowhere') });
  onTestFinished(() => service.close());
  const picture = await plainJpeg();
  return {
    url: service.url,
    ask(endpoint) {
      const settings = { token: service.token, model: 'f'.repeat(64), endpoint };
      return kindOf(
        createReplicateDescriber(settings, createTestClock(), createFakePurse()).describe(picture),
      );
    },
  };
}

async function openOpenAi(): Promise<Opened> {
  const service = await startOpenAi({ faults: createFaults() });
  onTestFinished(() => service.close());
  const prompts = { systemPrompt: 'You are a writer.', rolePrompt: 'Write a caption.' };
  return {
    url: service.url,
    ask(endpoint) {
      const settings = { apiKey: service.apiKey, baseUrl: `${endpoint}/v1`, model: 'gpt-6-luna', ...prompts };
      const writer = createOpenAiCaptionWriter(settings, createTestClock(), createFakePurse());
      return kindOf(writer.write({ description: undefined, ownWords: { keywords: [] }, earlier: [] }));
    },
  };
}

async function openGraph(): Promise<Opened> {
  const service = await startGraph({ faults: createFaults(), folder: await temporaryFolder() });
  onTestFinished(() => service.close());
  const request = {
    method: 'GET',
    path: 'me',
    params: { fields: 'id' },
    token: service.accessToken,
  } as const;
  return {
    url: service.url,
    async ask(endpoint) {
      const answer = await createGraph(endpoint)(request, z.object({ id: z.string() }));
      return 'refused' in answer ? answer.refused.problem.kind : undefined;
    },
  };
}

/** All that goes wrong with a look is that nobody can tell. */
async function openInstagramFeed(): Promise<Opened> {
  const { service, start } = await openInstagram();
  const publication = await publicationOf();
  const session = { INSTAGRAM_SESSION: service.createSession().sessionid };
  return {
    url: service.url,
    async ask(endpoint) {
      const finding = await start(session, endpoint).look?.(publication, new Date());
      return finding?.found === 'unclear' ? 'unreachable' : undefined;
    },
  };
}

const { dropbox, dropboxLongpoll, replicate, openai, telegramBot, publishing } = policies;
const atDropbox = { limitMs: dropbox.calls.ask.limitMs, tries: 3 };

const clients: readonly Client[] = [
  {
    name: 'the bot',
    call: /sendMessage/,
    limitMs: 60_000,
    tries: 1,
    believes: /^{"ok":true/,
    open: openChat,
  },
  {
    name: 'the download of what was sent to the bot',
    call: /\/file\/bot/,
    limitMs: telegramBot.files.limitMs,
    tries: 1,
    mostBytes: telegramBot.files.mostBytes,
    hasNoBody: true,
    believes: /^(a page comes with 200|an empty|half of|[{[n])/,
    open: openSentFile,
  },
  {
    ...atDropbox,
    name: 'Dropbox’s listing',
    call: /list_folder$/,
    open: () => openLibrary(({ start }, endpoint) => start({ endpoint, listingPath: '' }).list()),
  },
  {
    ...atDropbox,
    name: 'Dropbox’s look at a file',
    call: /get_metadata/,
    open: () => openLibrary(({ start, photo }, endpoint) => start({ endpoint }).look(photo)),
  },
  {
    ...atDropbox,
    name: 'Dropbox’s download',
    call: /files\/download/,
    limitMs: dropbox.calls.download.limitMs,
    hasNoBody: true,
    open: () => openLibrary(({ start, photo }, endpoint) => start({ endpoint }).read(photo)),
  },
  {
    ...atDropbox,
    name: 'Dropbox’s thumbnail',
    call: /get_thumbnail/,
    hasNoBody: true,
    phases: redirects,
    open: () => openLibrary(({ start, photo }, endpoint) => start({ endpoint }).thumbnail(photo, 'small')),
  },
  {
    name: 'Dropbox’s longpoll',
    call: /longpoll/,
    phases: strangeAnswers,
    limitMs: dropboxLongpoll.limitMs,
    tries: 1,
    open: () =>
      openLibrary(({ service }, endpoint) =>
        createPoll(service.appKey, endpoint)('a cursor', new AbortController().signal),
      ),
  },
  {
    name: 'Dropbox’s outbox',
    call: /files\/get_temporary_link/,
    limitMs: publishing.instagramOfficial.hostMs,
    tries: 1,
    open: openHost,
  },
  {
    name: 'Replicate',
    call: /POST \/v1\/predictions/,
    limitMs: replicate.calls.begin.limitMs,
    // Two questions, each once more after a refusal.
    tries: 4,
    open: openReplicate,
  },
  {
    name: 'OpenAI',
    call: /chat\/completions/,
    limitMs: openai.calls.write.limitMs,
    tries: 3,
    open: openOpenAi,
  },
  {
    name: 'the look at Instagram',
    call: /feed\/user/,
    limitMs: publishing.instagram.limitMs,
    tries: 1,
    hasNoBody: true,
    phases: redirects,
    open: openInstagramFeed,
  },
  {
    name: 'Instagram’s official API',
    call: /\/me/,
    limitMs: publishing.instagramOfficial.limitMs,
    tries: 1,
    hasNoBody: true,
    open: openGraph,
  },
];

/** What says nothing about the thing that was asked for. */
const passing: readonly (Kind | undefined)[] = ['unreachable', 'timeout', 'out-of-order', 'unexpected'];
/** What a machine keeps in its own buffers on the way. */
const onTheWayBytes = 8 * 1024 * 1024;

describe.each(clients)('$name ends in its time and class when', (client) => {
  async function meet(phase: Phase) {
    const opened = await client.open();
    const limits = driveLimits();
    const elsewhere = redirects.includes(phase)
      ? await ownServer(() => ({ status: 200, body: { ok: true, id: '1' } }))
      : undefined;
    let bytes = 0;
    const surroundings = {
      elsewhere: elsewhere?.url ?? '',
      expire: limits.expire,
      taken: (count: number) => {
        bytes = Math.max(bytes, count);
      },
    };
    const gate = await openGate(opened.url, {
      call: client.call,
      accident: (call) => phase.happen(call, surroundings),
    });
    const kind = await opened.ask(gate.url);
    expect(gate.struck()).toBeGreaterThan(0);
    expect(gate.struck()).toBeLessThanOrEqual(client.tries);
    expect(Math.max(...limits.begun)).toBeLessThanOrEqual(Math.max(client.limitMs, atDropbox.limitMs));
    expect(bytes).toBeLessThan((client.mostBytes ?? largestAnswerBytes) + onTheWayBytes);
    expect(elsewhere?.calls ?? []).toEqual([]);
    return kind;
  }

  const isShown = ({ isDone = false, needsBody = false }: Phase) =>
    !isDone && !(client.hasNoBody && needsBody);
  const { phases = [...losses, ...strangeAnswers, ...redirects] } = client;
  it.each(phases.filter(isShown))('$name', async (phase) => {
    const kind = await meet(phase);
    if (client.believes?.test(phase.name) !== true) expect(passing).toContain(kind);
  });

  it.each(endless.filter((phase) => !phase.isDone || /byte/.test(phase.name)))('$name', async (phase) => {
    expect(['timeout', 'unreachable']).toContain(await meet(phase));
  });

  it.each(endless.filter(({ name }) => /no end/.test(name)))('$name', async (phase) => {
    expect(passing).toContain(await meet(phase));
  });

  it('a page comes with 429', async () => {
    expect(['rate-limited', 'unreachable']).toContain(await meet(limited));
  });
});
