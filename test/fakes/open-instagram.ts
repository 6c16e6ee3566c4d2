import { join } from 'node:path';
import { expect, onTestFinished } from 'vitest';
import { instagram as platform } from '#platforms/instagram.ts';
import type { Publisher } from '#ports/platform.ts';
import { createFaults } from '#simulator/faults.ts';
import { startInstagram } from '#simulator/instagram.ts';
import { publicationOf } from '../contracts/platform-contract.ts';
import { createTestClock } from '../test-clock.ts';
import { createFakeLog } from './log.ts';
import { servicesFolder } from './services-folder.ts';
import { temporaryFolder } from './temporary-folder.ts';

type Settings = Readonly<Record<string, string | boolean | undefined>>;

/** The platform at a simulated Instagram that is closed when the test is over. */
export async function openInstagram(settings: Settings = {}, now = Date.now) {
  const clock = createTestClock();
  const faults = createFaults();
  const service = await startInstagram({ faults, folder: join(await servicesFolder(), 'instagram'), now });
  onTestFinished(() => service.close());
  const folder = await temporaryFolder();
  const log = createFakeLog();
  /** A platform as after a start of the program. */
  function start(changes: Settings = settings, endpoint = service.url): Publisher {
    const given = {
      INSTAGRAM_USERNAME: service.username,
      INSTAGRAM_PASSWORD: service.password,
      ...changes,
    };
    return platform.create(given, { folder, log, endpoint, clock });
  }
  return { faults, service, folder, log, clock, start, publisher: start() };
}

export type Instagram = Awaited<ReturnType<typeof openInstagram>>;

/** Publishes once; the outcome, and how many posts there are then. */
export async function attempt({ publisher, service }: Pick<Instagram, 'publisher' | 'service'>, round = 1) {
  const outcome = await publisher.publish(await publicationOf({ round }));
  return { outcome, posts: service.posts().length };
}

/** One with a session, as it is after a first post. */
export async function openSignedIn(): Promise<Instagram> {
  const instagram = await openInstagram();
  expect(await attempt(instagram)).toMatchObject({ outcome: { outcome: 'published' }, posts: 1 });
  expect(instagram.service.logins).toBe(1);
  return instagram;
}

/** How often Instagram was asked for this. */
export const calls = ({ service }: Pick<Instagram, 'service'>, wanted: string) =>
  service.calls.filter(({ operation }) => operation === wanted).length;
