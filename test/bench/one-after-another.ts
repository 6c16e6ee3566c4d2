import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { createSharpRenderer } from '#adapters/sharp.ts';
import { systemClock } from '#adapters/system-clock.ts';
import { openBot } from '#bot/create-bot.ts';
import { readConfig, settingsIn } from '#config.ts';
import {
  botAccount,
  createCaptionWriter,
  createDescriber,
  createLibrary,
  createPlatform,
} from '#darkroom.ts';
import { createLog } from '#log.ts';
import { startSimulator } from '#simulator/simulator.ts';
import { createFakePurse } from '../fakes/purse.ts';
import { type Figure, figure } from './figures.ts';
import { cameras, photo } from './photos.ts';
import { profile, slowDown } from './profile.ts';

/**
 * What the original design's order of work costs with the same latencies and clients: each step begins when the one
 * before has ended (original-design.md, section 3: list, download, link, caption, mood, caption by the AI, preview,
 * then the platforms).
 */
export async function benchOneAfterAnother(rounds: number): Promise<readonly Figure[]> {
  const bytes = await photo(1, cameras['24 megapixels']);
  const times: { readonly card: number; readonly published: number }[] = [];
  for (let round = 0; round < rounds; round += 1) times.push(await workThrough(bytes));
  return [
    figure(
      'one thing after another: to the card',
      'ms',
      times.map(({ card }) => card),
    ),
    figure(
      'one thing after another: approval to all',
      'ms',
      times.map(({ published }) => published),
    ),
  ];
}

async function workThrough(bytes: Buffer): Promise<{ readonly card: number; readonly published: number }> {
  const folder = await mkdtemp(join(tmpdir(), 'bench-order-'));
  const simulator = await startSimulator({ folder: join(folder, 'services') });
  try {
    simulator.dropbox.put('/Photos/harbour.jpg', bytes);
    slowDown(simulator.faults);
    const { endpoints } = simulator;
    const config = readConfig({ values: simulator.settings, problems: {} });
    const purse = createFakePurse();
    const settings = () => settingsIn(config);
    const owner = simulator.telegram.owner.id;
    const log = createLog('silent', config.secrets);
    const library = createLibrary(config, endpoints, systemClock);
    const describer = createDescriber(config, endpoints, systemClock, purse);
    const writer = createCaptionWriter(config, systemClock, purse, settings);
    const options = { config, folder, clock: systemClock, log, endpoints };
    const platforms = config.platforms.map((chosen) =>
      createPlatform(chosen, options, { settings, ownerChat: () => owner, tell: () => undefined }),
    );
    const { token, apiRoot } = botAccount(config);
    const { api } = openBot(token, apiRoot);
    const renderer = createSharpRenderer();

    const begun = performance.now();
    const [first] = await library.list();
    if (first === undefined || describer === undefined || writer === undefined)
      throw new Error('Nothing to do');
    const opened = await renderer.open(await library.read(first));
    // A link to the photo for the describer, which Darkroom does without.
    await sleep(profile.dropbox['files/get_temporary_link']);
    const copy = await opened.copy({
      ...platforms[0]?.pictureLimits,
      maxBytes: 190_000,
      maxLongEdge: 768,
    } as never);
    // Each asks one question here and another one beside it there.
    await describer.describe(copy);
    const description = await describer.describe(copy);
    const { caption } = await writer.write({ description, ownWords: opened.ownWords, earlier: [] });
    const pictures = [];
    for (const platform of platforms) pictures.push(await opened.render(platform.pictureLimits));
    await api.sendMessage(owner, caption);
    const card = performance.now() - begun;

    const approved = performance.now();
    for (const [at, platform] of platforms.entries()) {
      const { bytes: picture, width, height } = pictures[at] ?? { bytes, width: 0, height: 0 };
      const { outcome } = await platform.publish({
        postId: 'bench',
        caption,
        picture,
        width,
        height,
        round: 1,
      });
      if (outcome !== 'published') throw new Error(`${platform.id}: ${outcome}`);
    }
    return { card, published: performance.now() - approved };
  } finally {
    await simulator.close();
    await rm(folder, { recursive: true, force: true });
  }
}
