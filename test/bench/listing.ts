import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '#adapters/system-clock.ts';
import { readConfig } from '#config.ts';
import { createLibrary } from '#darkroom.ts';
import { startSimulator } from '#simulator/simulator.ts';
import { scene } from '../fakes/shots.ts';
import { type Figure, figure } from './figures.ts';

const sizes = [1_000, 50_000];
const again = 5;

/** The list of the folder for the first time, after a restart, and while Darkroom runs; the services answer at once. */
export async function benchListing(): Promise<readonly Figure[]> {
  const figures: Figure[] = [];
  const base = await scene(1, 120, 80);
  for (const size of sizes) {
    const folder = await mkdtemp(join(tmpdir(), 'bench-listing-'));
    const simulator = await startSimulator({ folder: join(folder, 'services') });
    try {
      simulator.dropbox.fill('/Photos', size, base);
      const config = readConfig({ values: simulator.settings, problems: {} });
      const open = () => createLibrary(config, simulator.endpoints, systemClock, folder);
      const time = async (library: ReturnType<typeof open>) => {
        const begun = performance.now();
        const photos = await library.list();
        if (photos.length !== size) throw new Error(`${photos.length} photos instead of ${size}`);
        return performance.now() - begun;
      };
      const name = `listing ${size.toLocaleString('en')} photos`;
      const library = open();
      figures.push(figure(`${name}, the first time`, 'ms', [await time(library)]));
      figures.push(figure(`${name}, after a restart`, 'ms', [await time(open())]));
      const times: number[] = [];
      for (let round = 0; round < again; round += 1) times.push(await time(library));
      figures.push(figure(`${name}, again`, 'ms', times));
    } finally {
      await simulator.close();
      await rm(folder, { recursive: true, force: true });
    }
  }
  return figures;
}
