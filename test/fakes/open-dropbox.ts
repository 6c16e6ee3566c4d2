import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { createDropboxLibrary } from '#adapters/dropbox.ts';
import { type SimulatedDropbox, startDropbox } from '#simulator/dropbox.ts';
import { createFaults, type Fault } from '#simulator/faults.ts';
import { createTestClock } from '../test-clock.ts';
import { plainJpeg } from './plain-pictures.ts';
import { temporaryFolder } from './temporary-folder.ts';

interface Options {
  readonly imageFolder?: string;
  readonly archiveFolder?: string;
  readonly appSecret?: string;
}

/** A library at a simulated Dropbox that is closed when the test is over. */
export async function openDropbox(options: Options = {}) {
  const faults = createFaults();
  const clock = createTestClock();
  const service = await startDropbox({ faults, folder: await temporaryFolder() });
  const listingPath = join(await temporaryFolder(), 'dropbox-listing.json');
  onTestFinished(() => service.close());
  const { appKey, appSecret, refreshToken, url: endpoint } = service;
  const folders = { imageFolder: '/Photos', archiveFolder: 'archive' };
  const settings = { appKey, appSecret, refreshToken, endpoint, listingPath, ...folders, ...options };
  /** As after a restart, perhaps with other settings. */
  const start = (changed: Partial<typeof settings> = {}) =>
    createDropboxLibrary({ ...settings, ...changed }, clock);
  return { faults, clock, service, start, listingPath, library: start() };
}

export type OpenDropbox = Awaited<ReturnType<typeof openDropbox>>;

/** How often Dropbox was asked for this. */
export const calls = (service: SimulatedDropbox, operation: string) =>
  service.calls.filter((call) => call.operation === operation).length;

/** One with a photo in its folder. */
export async function openWithPhoto(options: Options = {}) {
  const opened = await openDropbox(options);
  const bytes = await plainJpeg();
  opened.service.put(`${options.imageFolder ?? '/Photos'}/Dusk.jpg`, bytes);
  const [photo] = await opened.library.list();
  if (photo === undefined) throw new Error('No photo was listed');
  return { ...opened, bytes, photo };
}

/** Switches a fault on for one operation. */
export function strike({ faults }: OpenDropbox, operation: string, fault: Fault, times?: number): void {
  faults.add({ service: 'dropbox', operation, fault, ...(times !== undefined && { times }) });
}
