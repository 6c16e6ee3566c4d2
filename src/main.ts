import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { lockFolder } from '#adapters/instance-lock.ts';
import { systemClock } from '#adapters/system-clock.ts';
import {
  type Config,
  type Found,
  generalSettings,
  isAnythingReal,
  readConfig,
  readEnvironment,
} from '#config.ts';
import { type Darkroom, type Endpoints, prepareFolder, startDarkroom } from '#darkroom.ts';
import { NotSaved, SetupError } from '#errors.ts';
import { createLog } from '#log.ts';
import type { Log } from '#ports/log.ts';

const stopLimitMs = 8_000;
const samples = join(import.meta.dirname, '../data/samples');

async function main(): Promise<void> {
  const values = readArguments();
  const found = readEnvironment(process.env, '.env');
  const isSimulated = values.simulate || (!isAnythingReal(found) && process.env['NODE_ENV'] !== 'production');
  await (isSimulated ? runSimulated(found) : runReal(found));
}

function readArguments(): { readonly simulate: boolean } {
  try {
    return parseArgs({ options: { simulate: { type: 'boolean', default: false } } }).values;
  } catch {
    throw new SetupError('Darkroom knows only one option: --simulate, as in npm start -- --simulate.');
  }
}

async function runReal(found: Found): Promise<void> {
  const config = readConfig(found);
  const log = createLog(config.core.LOG_LEVEL, config.secrets);
  await run(config, config.core.DATA_DIR, log, {});
}

/** The real program with simulated services around it; its state has a folder of its own. */
async function runSimulated(found: Found): Promise<void> {
  const { startSimulator } = await import('#simulator/simulator.ts');
  const general = generalSettings(found);
  const folder = join(general['DATA_DIR'] ?? 'data', 'simulated');
  const isFirstTime = !existsSync(join(folder, 'darkroom.json'));
  const services = join(folder, 'services');
  prepareFolder(services);
  const unlock = lockFolder(services);
  const simulator = await startSimulator({ folder: services, samples });
  const config = readConfig({
    problems: {},
    values: {
      HASHTAGS: '#photography #light',
      LOG_LEVEL: 'warn',
      ...general,
      ...simulator.settings,
    },
  });
  const log = createLog(config.core.LOG_LEVEL, config.secrets);
  const close = async () => {
    await simulator.close();
    unlock();
  };
  const darkroom = await run(config, folder, log, simulator.endpoints, close).catch(
    async (error: unknown) => {
      await close();
      throw error;
    },
  );
  say(`
Darkroom is running with simulated services; nothing leaves this machine.
  Telegram   ${simulator.telegram.url}  (the bot, your phone and the channel)
  Dropbox    ${simulator.dropbox.url}  (photos in ${join(services, 'dropbox')})
  Instagram  ${simulator.instagram.url}
  Mail       ${simulator.smtp.host}:${simulator.smtp.port}
"npm run demo" lives a whole day in front of your eyes. To go live, see README.md.
Ctrl-C ends it; delete ${folder} to begin again.

What your phone shows:`);
  // The newest message first, so that a second start shows where things stand.
  let shown = (simulator.telegram.phone().messages().at(-1)?.id ?? 1) - 1;
  const showPhone = () => {
    const messages = simulator.telegram.phone().messages();
    for (const { id, from, text, keyboard } of messages.filter((message) => message.id > shown)) {
      const buttons = keyboard.flat().map((button) => `[${button.text}]`);
      if (from === 'bot') say(`\n${[text, buttons.join(' ')].join('\n').trim()}`);
      shown = id;
    }
  };
  showPhone();
  simulator.telegram.onChange(showPhone);
  if (isFirstTime) await darkroom.app.requestDraft();
}

async function run(
  config: Config,
  folder: string,
  log: Log,
  endpoints: Endpoints,
  afterwards: () => Promise<void> = async () => undefined,
): Promise<Darkroom> {
  const darkroom = await startDarkroom({ config, folder, clock: systemClock, log, endpoints });
  let stopping: Promise<void> | undefined;
  /** Once, however many signals arrive. */
  function stop(signal: string): Promise<void> {
    stopping ??= stopOnce(signal);
    return stopping;
  }
  async function stopOnce(signal: string): Promise<void> {
    log.info({ signal }, 'Stopping');
    // Docker waits ten seconds before it kills; what is cut off here is uncertain after the next start.
    await Promise.race([darkroom.stop().then(afterwards), systemClock.sleep(stopLimitMs)]);
    process.exit();
  }
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.on(signal, () => void stop(signal));
  }
  darkroom.ended.catch(async (error: unknown) => {
    explain(asSetupError(error));
    await stop('Telegram');
  });
  // Pauses do not keep a process alive; this does, also while there is no network at all. And npm, when it is
  // ended, leaves its program behind, which would go on unseen.
  const parent = process.ppid;
  const isUnderNpm = process.env['npm_lifecycle_event'] !== undefined;
  setInterval(() => {
    if (isUnderNpm && process.ppid !== parent) void stop('npm is gone');
  }, 1_000);
  process.on('unhandledRejection', (error) => log.error({ error: String(error) }, 'Unhandled rejection'));
  log.info({ platforms: config.platforms.map(({ definition }) => definition.id) }, 'Darkroom is running');
  return darkroom;
}

/** Telegram's 401 and 409 end the polling; by its code, as the runner hands on what it met. */
function asSetupError(error: unknown): unknown {
  const code = error instanceof Error && 'error_code' in error ? error.error_code : undefined;
  if (code === 401 || code === 404) {
    return new SetupError(
      'Telegram does not know this bot. Check TELEGRAM_BOT_TOKEN; @BotFather shows it with /mybots.',
    );
  }
  if (code === 409) {
    return new SetupError(
      'Another program listens with the same bot. Stop that one, or give this Darkroom a bot of its own.',
      75,
    );
  }
  return error;
}

/** Ends with one clear message; what is not foreseen is a bug and shows where it is. */
function explain(error: unknown): void {
  if (error instanceof NotSaved) {
    explain(new SetupError(`${error.message}. Is the disk full, or the folder in DATA_DIR not writable?`));
    return;
  }
  process.exitCode = error instanceof SetupError ? error.exitCode : 1;
  const text =
    error instanceof SetupError ? error.message : error instanceof Error ? error.stack : String(error);
  process.stderr.write(`${text}\n`);
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}

await main().catch(explain);
