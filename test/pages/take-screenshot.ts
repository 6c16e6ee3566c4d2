import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import sharp from 'sharp';
import { systemClock } from '#adapters/system-clock.ts';
import { readConfig } from '#config.ts';
import { startDarkroom } from '#darkroom.ts';
import { createLog } from '#log.ts';
import { startPage } from '#simulator/page/page.ts';
import { type Simulator, startSimulator } from '#simulator/simulator.ts';
import { launch } from './browser.ts';

// `npm run screenshot` makes the picture at the top of README.md: two posts are out, a draft waits.

const target = join(import.meta.dirname, '../../data/page.webp');
const folder = mkdtempSync(join(tmpdir(), 'darkroom-screenshot-'));
const browser = await launch();
try {
  await takeScreenshot();
} finally {
  await browser.close();
  rmSync(folder, { recursive: true, force: true });
}

async function takeScreenshot(): Promise<void> {
  const samples = join(import.meta.dirname, '../../data/samples');
  const simulator = await startSimulator({ folder: join(folder, 'services'), samples });
  const values = { HASHTAGS: '#photography #light', ...simulator.settings };
  const config = readConfig({ problems: {}, values });
  const log = createLog('warn', config.secrets);
  const { endpoints } = simulator;
  const darkroom = await startDarkroom({ config, folder, clock: systemClock, log, endpoints });
  const program = {
    state: () => 'running' as const,
    start: () => undefined,
    restart: () => undefined,
    pullPlug: () => undefined,
    onChange: () => () => undefined,
  };
  const served = await startPage({
    simulator,
    program,
    folder,
    port: 0,
    speed: 'instant',
    onNewLink: () => undefined,
  });
  const context = await browser.newContext({
    viewport: { width: 1440, height: 860 },
    deviceScaleFactor: 2,
    colorScheme: 'dark',
  });
  const page = await context.newPage();
  await page.goto(served.link());
  await publish(page, simulator, 'harbour');
  await publish(page, simulator, 'cabin');
  simulator.telegram.phone().send('/post sunrise');
  await page.getByText('sunrise-over-the-ridge.jpg').last().waitFor();
  await page.getByRole('button', { name: 'Publish' }).waitFor();
  await page.getByRole('button', { name: 'Hide this help' }).click();
  await page.evaluate(
    'Promise.all([...document.images].map((image) => image.decode().catch(() => undefined)))',
  );
  await page.getByRole('status').filter({ hasText: 'Publishing' }).waitFor({ state: 'detached' });
  const picture = await page.screenshot({ animations: 'disabled' });
  writeFileSync(target, await sharp(picture).webp({ quality: 82 }).toBuffer());
  await served.close();
  await darkroom.stop();
  await simulator.close();
}

async function publish(page: Page, { telegram }: Simulator, photo: string): Promise<void> {
  telegram.phone().send(`/post ${photo}`);
  await page.getByRole('button', { name: 'Publish' }).click();
  await page.getByRole('log').getByRole('listitem').last().getByText('Archived').waitFor();
}
