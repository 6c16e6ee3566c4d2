import type { Faults, ServiceName } from '#simulator/faults.ts';
import { setLatencies } from '#simulator/page/services.ts';

/** How long a call takes in life, in milliseconds, by service and operation; `''` is any other. */
export const profile = {
  dropbox: {
    '': 200,
    'files/download': 600,
    'files/get_temporary_link': 150,
    'files/list_folder/longpoll': 0,
  },
  replicate: { '': 150, 'predictions.create': 2500 },
  openai: { '': 1800 },
  // An update is handed out as soon as there is one.
  telegram: { '': 350, getUpdates: 0 },
  instagram: { '': 150, upload: 1500, configure: 1500, picture: 0 },
  // Of the whole mail.
  smtp: { '': 1200 },
} as const satisfies Partial<Record<ServiceName, Readonly<Record<string, number>>>>;

/** Switches the latencies on. */
export function slowDown(faults: Faults): void {
  for (const [service, latency] of Object.entries(profile))
    setLatencies(faults, service as ServiceName, latency);
}

const { dropbox, replicate, openai, telegram, instagram, smtp } = profile;

/** What has to pass one after another whatever a program does at the same time, in milliseconds. */
export const bounds = {
  /** The list, a small picture, what it shows, the caption, the card. */
  cold: dropbox[''] + dropbox[''] + replicate['predictions.create'] + openai[''] + telegram[''],
  /** The list, which tells whether the photo is still there, and the card. */
  prepared: dropbox[''] + telegram[''],
  /** Whether the photo is still what it was, and the answer. */
  tap: dropbox[''] + telegram[''],
  /** The same look, and the quickest place. */
  firstPublished: dropbox[''] + Math.min(telegram[''], smtp['']),
  /** The slowest place, where the picture was sent while the owner looked. */
  lastPublished: slowest(instagram.configure),
} as const;

/** What the slowest place takes by itself, of which DESIGN.md speaks. */
export const slowestPlatform = slowest(instagram.upload + instagram.configure);

function slowest(onInstagram: number): number {
  return Math.max(telegram[''], onInstagram, smtp['']);
}
