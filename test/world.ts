import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { inject, onTestFinished } from 'vitest';
import { readConfig } from '#config.ts';
import { type Darkroom, type Endpoints, startDarkroom } from '#darkroom.ts';
import { createLog } from '#log.ts';
import { type Simulator, startSimulator } from '#simulator/simulator.ts';
import type { ChatMessage } from '#simulator/telegram/chat-message.ts';
import { createTestClock, type TestClock } from './test-clock.ts';

export const samples = join(import.meta.dirname, '../data/samples');

export interface WorldOptions {
  /** Environment variables in place of the simulator's; undefined takes one away. */
  readonly settings?: Readonly<Record<string, string | undefined>>;
  /** The photos in Dropbox: the eight samples, or none. */
  readonly photos?: 'samples' | 'none';
  readonly ownerStarted?: boolean;
  /** Absent: one of its own. */
  readonly clock?: TestClock;
}

/** The whole program with simulated services around it, as its owner lives it. */
export interface World {
  readonly simulator: Simulator;
  readonly phone: ReturnType<Simulator['telegram']['phone']>;
  readonly clock: TestClock;
  readonly folder: string;
  /** The running program. */
  darkroom(): Darkroom;
  /**
   * Stops it as SIGTERM does and starts it again with the same folder, perhaps with other settings, or with services
   * elsewhere.
   */
  restart(settings?: WorldOptions['settings'], endpoints?: Endpoints): Promise<Darkroom>;
  stop(): Promise<void>;
  /** Everything that was logged. */
  readonly logged: string[];
  /** Waits until the services show this; the answer is what was found. */
  see<T>(what: string, look: () => T | undefined | false | Promise<T | undefined | false>): Promise<T>;
  /** What the bot wrote to the owner, without cards. */
  told(): readonly string[];
  cards(): readonly ChatMessage[];
  /** Waits for the newest card to say or have something. */
  seeCard(what: string | ((card: ChatMessage) => boolean)): Promise<ChatMessage>;
  /** Taps a button on the newest card; what the bot answers. */
  tap(button: string): Promise<string>;
}

/** Opens a world that is closed and removed when the test is over. */
export async function openWorld(options: WorldOptions = {}): Promise<World> {
  const folder = await mkdtemp(join(tmpdir(), 'darkroom-'));
  const { clock = createTestClock() } = options;
  const { smallSamples, services } = inject('madeOnce');
  await cp(services, join(folder, 'services'), { recursive: true });
  const simulator = await startSimulator({
    folder: join(folder, 'services'),
    now: () => clock.now().getTime(),
    ...(options.photos !== 'none' && { samples: smallSamples }),
    ...(options.ownerStarted !== undefined && { ownerStarted: options.ownerStarted }),
  });
  const logged: string[] = [];
  let running: Darkroom | undefined;

  async function start(
    settings: WorldOptions['settings'] = options.settings,
    elsewhere: Endpoints = {},
  ): Promise<Darkroom> {
    const environment = {
      HASHTAGS: '#photography #light',
      TIMEZONE: 'UTC',
      // What is decided goes out at once, and nobody is reminded; the stories about that set it.
      UNDO_SECONDS: '0',
      REMINDER_HOURS: '0',
      // Nor does anything happen that nobody has asked for.
      PREPARE_AHEAD: 'false',
      INSTAGRAM_UPLOAD_AHEAD: 'false',
      ...simulator.settings,
      ...settings,
    };
    const config = readConfig({ values: environment, problems: {} });
    const log = createLog('debug', config.secrets, { write: (line) => logged.push(line) });
    const endpoints = { ...simulator.endpoints, ...elsewhere };
    running = await startDarkroom({ config, folder, clock, log, endpoints });
    running.ended.catch(() => undefined);
    return running;
  }

  async function stop(): Promise<void> {
    await running?.stop();
    running = undefined;
  }

  onTestFinished(async () => {
    // A service that hangs keeps a stop waiting until it is gone.
    const stopped = stop();
    await Promise.race([stopped, sleep(300)]);
    await simulator.close();
    await stopped;
    // Instagram's session may still be on its way to the disk.
    await rm(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 20 });
  });
  await start();

  const { telegram } = simulator;
  const phone = telegram.phone();
  const cards = () => phone.messages().filter(({ from, photo }) => from === 'bot' && photo !== undefined);

  /** Looks whenever a service has changed, and now and then besides for what no service shows. */
  async function see<T>(
    what: string,
    look: () => T | undefined | false | Promise<T | undefined | false>,
  ): Promise<T> {
    // A busy machine is no reason to fail.
    for (const end = performance.now() + 90_000; performance.now() < end; ) {
      const found = await look();
      if (found !== undefined && found !== false) return found;
      await changed();
    }
    const chat = phone.messages().map(({ from, text }) => `${from}: ${text}`);
    const heard = phone.toasts().map(({ text }) => text);
    throw new Error(
      `Not seen: ${what}. The chat:\n${chat.join('\n')}\nHeard: ${heard.slice(-5).join(' | ')}\nThe log:\n${logged.slice(-10).join('')}`,
    );
  }

  function changed(): Promise<void> {
    return new Promise((resolve) => {
      const stops = [telegram, simulator.instagram, simulator.smtp, simulator.dropbox].map((service) =>
        service.onChange(done),
      );
      const timer = setTimeout(done, 20);
      function done(): void {
        clearTimeout(timer);
        for (const stopListening of stops) stopListening();
        resolve();
      }
    });
  }

  async function seeCard(what: string | ((card: ChatMessage) => boolean)): Promise<ChatMessage> {
    const fits = (card: ChatMessage) => (typeof what === 'string' ? card.text.includes(what) : what(card));
    return await see(`a card with ${String(what)}`, () => cards().findLast(fits));
  }

  return {
    simulator,
    phone,
    clock,
    folder,
    logged,
    see,
    seeCard,
    cards,
    stop,
    darkroom() {
      if (running === undefined) throw new Error('Darkroom is not running');
      return running;
    },
    async restart(settings, endpoints) {
      await stop();
      return await start(settings, endpoints);
    },
    told: () =>
      phone
        .messages()
        .filter(({ from, photo }) => from === 'bot' && photo === undefined)
        .map(({ text }) => text),
    async tap(button) {
      const card = await seeCard(({ keyboard }) => keyboard.flat().some(({ text }) => text.includes(button)));
      const { text = '' } = card.keyboard.flat().find((each) => each.text.includes(button)) ?? {};
      const answer = await phone.tap(card.id, text).answer;
      return answer.text ?? '';
    },
  };
}
