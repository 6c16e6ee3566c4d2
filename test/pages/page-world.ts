import { join } from 'node:path';
import type { BrowserContextOptions, Locator, Page } from 'playwright-core';
import { expect, onTestFinished } from 'vitest';
import { startPage } from '#simulator/page/page.ts';
import type { Program, ProgramState } from '#simulator/page/program.ts';
import { openWorld, type World, type WorldOptions } from '../world.ts';
import { openWindow } from './browser.ts';

/** The whole program, simulated services around it, and a browser window on their page. */
export interface PageWorld extends World {
  readonly page: Page;
  /** A place on the page: "Chat…", the channel and so on, by its heading. */
  place(name: string): Locator;
  /** The newest message of the phone that shows a picture. */
  readonly card: Locator;
  /** Presses a button of the newest card. */
  press(button: string): Promise<void>;
  /** Writes a message on the phone and sends it. */
  write(text: string): Promise<void>;
  /** Waits for the short answer to a press. */
  hears(text: string): Promise<void>;
}

export interface PageWorldOptions extends WorldOptions {
  readonly window?: BrowserContextOptions;
  /** Complaints of the browser that belong to the test. */
  readonly expected?: RegExp;
}

/** The services answer at once, so that nothing here waits. */
export async function openPageWorld(options: PageWorldOptions = {}): Promise<PageWorld> {
  const world = await openWorld(options);
  const served = await startPage({
    simulator: world.simulator,
    program: programOf(world),
    folder: join(world.folder, 'page'),
    port: 0,
    speed: 'instant',
    onNewLink: () => undefined,
  });
  onTestFinished(served.close);
  const page = await openWindow(served.link(), options.window, options.expected);
  // A toast is gone after some seconds, and a busy machine may look too late.
  await page.evaluate(`
    globalThis.heard = [];
    new MutationObserver(() => {
      for (const { textContent } of document.querySelectorAll('.phone .toast')) heard.push(textContent);
    }).observe(document.body, { subtree: true, childList: true, characterData: true });
  `);
  const card = page
    .getByRole('log')
    .getByRole('listitem')
    .filter({ has: page.locator('.picture') })
    .last();
  return {
    ...world,
    page,
    card,
    place: (name) => page.locator('section.place', { has: page.getByRole('heading', { name, level: 2 }) }),
    press: (button) => card.getByRole('button', { name: button }).click(),
    async write(text) {
      await page.getByRole('textbox', { name: 'Message' }).fill(text);
      await page.getByRole('button', { name: 'Send', exact: true }).click();
    },
    async hears(text) {
      await expect.poll(() => page.evaluate('globalThis.heard')).toContain(text);
    },
  };
}

/** The program of a world, which lives in this process and so can only be stopped in order. */
function programOf(world: World): Program {
  const listeners = new Set<() => void>();
  let state: ProgramState = 'running';
  function become(next: ProgramState): void {
    state = next;
    for (const listener of listeners) listener();
  }
  return {
    state: () => state,
    start() {
      become('starting');
      void world.restart().then(() => become('running'));
    },
    restart() {
      become('starting');
      void world.restart().then(() => become('running'));
    },
    pullPlug() {
      become('stopping');
      void world.stop().then(() => become('off'));
    },
    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
