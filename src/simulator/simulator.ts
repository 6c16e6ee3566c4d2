import { join } from 'node:path';
import { type SimulatedDropbox, startDropbox } from './dropbox.ts';
import { createFaults, type Faults } from './faults.ts';
import { type SimulatedGraph, startGraph } from './graph.ts';
import { type SimulatedInstagram, startInstagram } from './instagram.ts';
import { type SimulatedOpenAi, startOpenAi } from './openai.ts';
import { blip2Version, type SimulatedReplicate, startReplicate } from './replicate.ts';
import { createSights } from './sights.ts';
import { type SimulatedSmtp, startSmtp } from './smtp.ts';
import { type SimulatedTelegram, startTelegram } from './telegram/telegram.ts';

export interface SimulatorOptions {
  /** Where the world is kept between two starts. */
  readonly folder: string;
  /** The photos that the Dropbox folder begins with; absent: none. */
  readonly samples?: string;
  /** Epoch milliseconds; absent: the machine's clock. */
  readonly now?: () => number;
  readonly ownerStarted?: boolean;
}

/** All outside services on loopback, and what a program needs to be pointed at them. */
export interface Simulator {
  /** The environment variables of an owner who has an account everywhere. */
  readonly settings: Readonly<Record<string, string>>;
  /** Where those services are that no environment variable points elsewhere. */
  readonly endpoints: {
    readonly dropbox: string;
    readonly replicate: string;
    readonly instagram: string;
    readonly graph: string;
    /** PEM of the mail server's certificate. */
    readonly certificate: string;
  };
  readonly faults: Faults;
  readonly telegram: SimulatedTelegram;
  readonly dropbox: SimulatedDropbox;
  readonly replicate: SimulatedReplicate;
  readonly openai: SimulatedOpenAi;
  readonly instagram: SimulatedInstagram;
  /** Instagram's official API; nothing in `settings` turns it on. */
  readonly graph: SimulatedGraph;
  readonly smtp: SimulatedSmtp;
  close(): Promise<void>;
}

export async function startSimulator(options: SimulatorOptions): Promise<Simulator> {
  const { now } = options;
  const faults = createFaults();
  const sights = createSights(options.samples ?? options.folder);
  const at = (name: string) => ({
    faults,
    folder: join(options.folder, name),
    ...(now && { now }),
  });
  const [telegram, dropbox, replicate, openai, instagram, graph, smtp] = await Promise.all([
    startTelegram({
      ...at('telegram'),
      ...(options.ownerStarted !== undefined && { ownerStarted: options.ownerStarted }),
    }),
    startDropbox({
      faults,
      folder: join(options.folder, 'dropbox'),
      ...(options.samples !== undefined && { samples: options.samples }),
      ...(now && { now: () => new Date(now()) }),
    }),
    startReplicate({ faults, sights }),
    startOpenAi({ faults, sights }),
    startInstagram(at('instagram')),
    startGraph(at('graph')),
    startSmtp(at('smtp')),
  ]);
  return {
    settings: {
      TELEGRAM_BOT_TOKEN: telegram.token,
      TELEGRAM_OWNER_ID: String(telegram.owner.id),
      TELEGRAM_CHANNEL_ID: `@${telegram.channel.username}`,
      TELEGRAM_API_ROOT: telegram.url,
      DROPBOX_APP_KEY: dropbox.appKey,
      DROPBOX_APP_SECRET: dropbox.appSecret,
      DROPBOX_REFRESH_TOKEN: dropbox.refreshToken,
      DROPBOX_IMAGE_FOLDER: '/Photos',
      REPLICATE_API_TOKEN: replicate.token,
      REPLICATE_MODEL: `andreasjansson/blip-2:${blip2Version}`,
      OPENAI_API_KEY: openai.apiKey,
      OPENAI_BASE_URL: `${openai.url}/v1`,
      INSTAGRAM_USERNAME: instagram.username,
      INSTAGRAM_PASSWORD: instagram.password,
      SMTP_HOST: smtp.host,
      SMTP_PORT: String(smtp.port),
      SMTP_USER: smtp.user,
      SMTP_PASSWORD: smtp.password,
      EMAIL_FROM: 'anna@example.com',
      EMAIL_TO: 'family@example.com, friends@example.org',
    },
    endpoints: {
      dropbox: dropbox.url,
      replicate: replicate.url,
      instagram: instagram.url,
      graph: graph.url,
      certificate: smtp.certificate,
    },
    faults,
    telegram,
    dropbox,
    replicate,
    openai,
    instagram,
    graph,
    smtp,
    async close() {
      await Promise.all(
        [telegram, dropbox, replicate, openai, instagram, graph, smtp].map((each) => each.close()),
      );
    },
  };
}
