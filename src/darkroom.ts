import { createHash } from 'node:crypto';
import { accessSync, constants, mkdirSync, utimesSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { createDropboxLibrary } from '#adapters/dropbox.ts';
import { createDropboxHost } from '#adapters/dropbox-host.ts';
import { codeOf } from '#adapters/durable-file.ts';
import { lockFolder } from '#adapters/instance-lock.ts';
import { openStore } from '#adapters/lowdb.ts';
import { createOpenAiCaptionWriter } from '#adapters/openai.ts';
import { isPriceKnown } from '#adapters/openai-prices.ts';
import { openPictureFiles } from '#adapters/picture-files.ts';
import { withBreaker } from '#adapters/publishing-breaker.ts';
import { createPurse } from '#adapters/purse.ts';
import { createReplicateDescriber } from '#adapters/replicate.ts';
import { createSharpRenderer } from '#adapters/sharp.ts';
import { type App, createApp } from '#app.ts';
import { introduce, listen, openBot } from '#bot/create-bot.ts';
import { createOpenMenus } from '#bot/open-menus.ts';
import { createOwnerChat } from '#bot/owner-chat.ts';
import { runBot } from '#bot/run-bot.ts';
import { type ChosenPlatform, type Config, settingsIn } from '#config.ts';
import { SetupError } from '#errors.ts';
import type { Clock } from '#ports/clock.ts';
import type { Log } from '#ports/log.ts';
import type { Notice } from '#ports/owner-chat.ts';
import type { Platform, PlatformContext } from '#ports/platform.ts';
import type { Purse } from '#ports/purse.ts';
import { agendaOf, type Settings, settingsOf } from '#post/settings.ts';
import { languageOf, ownersOf } from '#post/state.ts';
import { createSchedule, type Schedule } from '#schedule.ts';

/** Other places where services are spoken to; absent: the real ones. */
export interface Endpoints {
  readonly dropbox?: string;
  readonly replicate?: string;
  readonly instagram?: string;
  /** Instagram's official API. */
  readonly graph?: string;
  /** A certificate in PEM that is trusted besides the usual ones, for the mail server. */
  readonly certificate?: string;
}

export interface DarkroomOptions {
  readonly config: Config;
  /** For the state and everything else that is kept. */
  readonly folder: string;
  readonly clock: Clock;
  readonly log: Log;
  readonly endpoints?: Endpoints;
}

/** What owners have pressed before the start is not waited for any longer, as Telegram keeps taps for 150 seconds. */
const longestDeafMs = 5 * 60_000;

/** A running Darkroom. */
export interface Darkroom {
  readonly app: App;
  readonly schedule: Schedule;
  /** Rejects when Telegram does not let the bot go on. */
  readonly ended: Promise<void>;
  /** Begins nothing new, finishes what is in hand and lets go of everything. May be called twice. */
  stop(): Promise<void>;
}

/** Builds all parts, finishes what a former run left half done, and starts to listen. Throws `SetupError`. */
export async function startDarkroom(options: DarkroomOptions): Promise<Darkroom> {
  const { config, clock, log, endpoints = {} } = options;
  const { core } = config;
  checkBudget(config);
  const folder = prepareFolder(options.folder);
  const unlock = lockFolder(folder);
  try {
    const { store, ...found } = await openStore(folder, clock);
    const owners = core.TELEGRAM_OWNER_ID ?? [];
    const ownerChat = () => ownersOf(store.state(), owners)[0];
    const tell = (notice: Notice) => void chat.tell(notice);
    let stopping: Promise<void> | undefined;
    const defaults = settingsIn(config);
    const settings = () => settingsOf(defaults, store.state().settings.chosen);
    const platforms = config.platforms.map((chosen) =>
      createPlatform(chosen, { ...options, folder }, { settings, ownerChat, tell }),
    );
    const { token, apiRoot, channel } = botAccount(config);
    const bot = openBot(token, apiRoot);
    const purse = createPurse(store, clock, () => {
      const { monthlyBudget: monthlyDollars, timeZone } = settings();
      return { monthlyDollars, timeZone };
    });
    const menus = createOpenMenus();
    const startedAt = clock.now().getTime();
    let hasHeard = false;
    const chat = createOwnerChat({
      api: bot.api,
      owners: () => ownersOf(store.state(), owners),
      platforms,
      clock,
      log,
      agenda: () => agendaOf(settings()),
      menus,
      languageOf: (owner) => languageOf(store.state(), owner),
      nameOf: (owner) => store.state().people?.[owner]?.name,
    });
    const app = createApp(
      {
        clock,
        log,
        store,
        library: createLibrary(config, endpoints, clock, folder),
        pictures: await openPictureFiles(join(folder, 'pictures')),
        renderer: createSharpRenderer(),
        describer: createDescriber(config, endpoints, clock, purse),
        captionWriter: createCaptionWriter(config, clock, purse, settings),
        platforms,
        ownerChat: chat,
        settings,
        hasHeard: () => hasHeard || Math.abs(clock.now().getTime() - startedAt) >= longestDeafMs,
        hashtagsFromAi: core.HASHTAGS_FROM_AI,
      },
      {
        defaults,
        owners,
        budget: { isComplete: isEveryPriceKnown(config), canBeKept: canKeepBudget(config) },
        preparing: core.PREPARE_AHEAD ? whatDraftsDependOn(config) : undefined,
        onAgenda: () => {
          if (stopping === undefined) schedule.start();
        },
      },
    );
    const schedule = createSchedule(() => agendaOf(settings()), app, clock, log);
    listen(bot, { app, store, log, platforms, channel, menus });
    // What was being sent has to be known as uncertain before the first tap is heard.
    await app.resume(found);
    const running = runBot(bot, { clock, log, onPoll: heartbeat(folder), onHeard: () => (hasHeard = true) });
    introduce(bot).catch((error: unknown) => log.warn({ error: String(error) }, 'No command menu'));
    schedule.start();
    async function stop(): Promise<void> {
      schedule.stop();
      // First nothing new is begun; decisions that still come in are saved and wait for the next start.
      await Promise.all([app.stop(), running.stop()]);
      unlock();
    }
    return {
      app,
      schedule,
      ended: running.ended,
      stop: () => {
        stopping ??= stop();
        return stopping;
      },
    };
  } catch (error) {
    unlock();
    throw error;
  }
}

/**
 * Makes the folder, readable by us alone, and returns its absolute path: where the current folder has been deleted,
 * making one with a relative path never ends (Node 24). Throws `SetupError` where it cannot be used.
 */
export function prepareFolder(folder: string): string {
  try {
    const path = resolve(folder);
    mkdirSync(path, { recursive: true, mode: 0o700 });
    accessSync(path, constants.W_OK);
    return path;
  } catch (error) {
    throw new SetupError(
      `The folder ${folder} cannot be used (${codeOf(error)}). Check DATA_DIR and its permissions.`,
    );
  }
}

export function createPlatform(
  { definition, settings }: ChosenPlatform,
  { config, folder, clock, log, endpoints = {} }: DarkroomOptions,
  {
    settings: now,
    ...surroundings
  }: Pick<PlatformContext, 'ownerChat' | 'tell' | 'isReadOnly'> & { readonly settings: () => Settings },
): Platform {
  const { id, name, pictureLimits, captionLimits, fullSizeBytes } = definition;
  const places: Readonly<Record<string, string | undefined>> = {
    instagram: endpoints.instagram,
    'instagram-official': endpoints.graph,
  };
  const endpoint = places[id];
  const publisher = definition.create(settings, {
    folder,
    log,
    clock,
    host: createHost(config, endpoints),
    ...surroundings,
    ...(endpoint !== undefined && { endpoint }),
    ...(endpoints.certificate !== undefined && { certificate: endpoints.certificate }),
  });
  const choices = definition.choose?.(settings);
  const platform = {
    ...{ id, name, pictureLimits, captionLimits },
    ...(fullSizeBytes !== undefined && { fullSizeBytes }),
    ...choices,
    ...withBreaker(publisher, clock),
  };
  if (choices?.shape === undefined) return platform;
  return Object.defineProperty(platform, 'shape', { enumerable: true, get: () => now().instagramShape });
}

/** The account that the bot speaks with, which is the one that the Telegram platform publishes with. */
export interface BotAccount {
  readonly token: string;
  readonly apiRoot: string | undefined;
  /** The `@name` of the channel or its id. */
  readonly channel: string;
}

export function botAccount(config: Config): BotAccount {
  const settings = config.platforms.find(({ definition }) => definition.id === 'telegram')?.settings;
  const apiRoot = settings?.['TELEGRAM_API_ROOT'];
  return {
    token: String(settings?.['TELEGRAM_BOT_TOKEN']),
    channel: String(settings?.['TELEGRAM_CHANNEL_ID']),
    apiRoot: typeof apiRoot === 'string' ? apiRoot : undefined,
  };
}

export function createLibrary({ core }: Config, { dropbox }: Endpoints, clock: Clock, folder?: string) {
  return createDropboxLibrary(
    {
      appKey: core.DROPBOX_APP_KEY,
      appSecret: core.DROPBOX_APP_SECRET,
      refreshToken: core.DROPBOX_REFRESH_TOKEN,
      imageFolder: core.DROPBOX_IMAGE_FOLDER,
      archiveFolder: core.DROPBOX_ARCHIVE_FOLDER,
      endpoint: dropbox,
      ...(folder !== undefined && { listingPath: join(folder, 'dropbox-listing.json') }),
    },
    clock,
  );
}

function createHost({ core }: Config, { dropbox }: Endpoints) {
  return createDropboxHost({
    appKey: core.DROPBOX_APP_KEY,
    appSecret: core.DROPBOX_APP_SECRET,
    refreshToken: core.DROPBOX_REFRESH_TOKEN,
    endpoint: dropbox,
  });
}

/** A writer that looks itself needs nobody to describe. */
export function createDescriber({ core }: Config, { replicate }: Endpoints, clock: Clock, purse: Purse) {
  const { REPLICATE_API_TOKEN: token, REPLICATE_MODEL: model, DESCRIBER: describer } = core;
  return token === undefined || describer === 'openai'
    ? undefined
    : createReplicateDescriber({ token, model, endpoint: replicate }, clock, purse);
}

export function createCaptionWriter({ core }: Config, clock: Clock, purse: Purse, settings: () => Settings) {
  if (core.OPENAI_API_KEY === undefined) return undefined;
  return createOpenAiCaptionWriter(
    {
      apiKey: core.OPENAI_API_KEY,
      baseUrl: core.OPENAI_BASE_URL,
      model: core.OPENAI_MODEL,
      systemPrompt: core.OPENAI_SYSTEM_PROMPT,
      rolePrompt: core.OPENAI_ROLE_PROMPT,
      get language() {
        return settings().captionLanguage;
      },
      get voice() {
        return settings().voice;
      },
      looksItself: core.DESCRIBER === 'openai',
      hashtags: core.HASHTAGS_FROM_AI,
    },
    clock,
    purse,
  );
}

/** A draft that was prepared before somebody has changed one of these is none any more. */
function whatDraftsDependOn({ core }: Config): string {
  const { DESCRIBER, REPLICATE_MODEL, OPENAI_BASE_URL, OPENAI_MODEL, HASHTAGS_FROM_AI } = core;
  const { OPENAI_SYSTEM_PROMPT, OPENAI_ROLE_PROMPT } = core;
  const all = [
    DESCRIBER,
    REPLICATE_MODEL,
    OPENAI_BASE_URL,
    OPENAI_MODEL,
    HASHTAGS_FROM_AI,
    OPENAI_SYSTEM_PROMPT,
    OPENAI_ROLE_PROMPT,
  ];
  return createHash('sha256').update(JSON.stringify(all)).digest('base64url');
}

function isEveryPriceKnown({ core }: Config): boolean {
  return core.OPENAI_API_KEY === undefined || isPriceKnown(core.OPENAI_MODEL);
}

/** Another server than OpenAI's is the owner's own affair. */
function canKeepBudget(config: Config): boolean {
  return config.core.OPENAI_BASE_URL !== undefined || isEveryPriceKnown(config);
}

/** A budget that could not be kept would be no budget. */
function checkBudget(config: Config): void {
  const { MONTHLY_BUDGET: dollars, OPENAI_MODEL: model } = config.core;
  if (!Number.isFinite(dollars) || canKeepBudget(config)) return;
  throw new SetupError(
    `MONTHLY_BUDGET: cannot be kept, because I do not know what ${model} costs. Take another OPENAI_MODEL, like gpt-6-luna, or leave MONTHLY_BUDGET empty.`,
  );
}

/** Touches a file each time Telegram was reached, for a health check from outside. */
function heartbeat(folder: string): () => void {
  const path = join(folder, 'heartbeat');
  writeFileSync(path, '', { mode: 0o600 });
  return () => {
    const now = new Date();
    try {
      utimesSync(path, now, now);
    } catch {
      // A disk that takes no more is told elsewhere; the health check then fails, as it should.
    }
  };
}
