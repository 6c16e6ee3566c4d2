import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { afterAll, describe, expect, onTestFinished } from 'vitest';

/**
 * Debian's packages of Chromium: without its windows, which takes less than half the time (2.7 s against 6.2 s for five
 * pages with three pictures each), or with them. The notice below is what a machine without both shows.
 */
const executable = ['/usr/bin/chromium-headless-shell', '/usr/bin/chromium'].find((path) => existsSync(path));
if (executable === undefined) {
  process.stderr.write(
    'The tests of the page are skipped: there is no Chromium (apt install chromium-headless-shell).\n',
  );
}

/** Like `describe`, where there is a Chromium. */
export const describeInBrowser = describe.skipIf(executable === undefined);

const screenshots = join(import.meta.dirname, '../../data/screenshots');
let browser: Promise<Browser> | undefined;

export function launch(): Promise<Browser> {
  browser ??= chromium.launch({ executablePath: executable ?? '', args: ['--no-sandbox'] });
  return browser;
}

/**
 * A window of its own that fails the test for anything a visitor's browser would complain about, except for what is
 * expected.
 */
export async function openWindow(
  link: string,
  options: BrowserContextOptions = {},
  expected?: RegExp,
): Promise<Page> {
  const context = await (await launch()).newContext({
    viewport: { width: 1440, height: 900 },
    // What moves is drawn sixty times a second, and nobody looks.
    reducedMotion: 'reduce',
    ...options,
  });
  const page = await context.newPage();
  // A busy machine is no reason to fail.
  page.setDefaultTimeout(60_000);
  const complaints: string[] = [];
  const { host } = new URL(link);
  page.on('console', (message) => {
    if (message.type() !== 'log') complaints.push(`${message.type()}: ${message.text()}`);
  });
  page.on('pageerror', (error) => complaints.push(String(error)));
  page.on('response', (response) => {
    if (response.status() >= 400) complaints.push(`${response.status()}: ${response.url()}`);
  });
  page.on('request', (request) => {
    const address = new URL(request.url());
    const isInside = ['data:', 'blob:', 'about:'].includes(address.protocol);
    if (!isInside && address.host !== host) complaints.push(`left the machine: ${request.url()}`);
  });
  onTestFinished(async () => {
    await context.close();
    expect(complaints.filter((each) => expected?.test(each) !== true)).toEqual([]);
  });
  await page.goto(link);
  await page.getByRole('main').waitFor();
  return page;
}

/** Closes the browser when the tests of a file are over. */
export function closeBrowserAfterwards(): void {
  afterAll(async () => {
    await (await browser)?.close();
    browser = undefined;
  });
}

/** Keeps what is on the screen in `data/screenshots`, to be looked at. */
export async function shoot(page: Page, name: string): Promise<void> {
  mkdirSync(screenshots, { recursive: true });
  await page.evaluate(
    'Promise.all([...document.images].map((image) => image.decode().catch(() => undefined)))',
  );
  await page.screenshot({ path: join(screenshots, `${name}.png`), animations: 'disabled' });
}
