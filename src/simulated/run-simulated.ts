import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { lockFolder } from '#adapters/instance-lock.ts';
import { type Config, type Found, readConfig, wishesOf } from '#config.ts';
import { prepareFolder } from '#darkroom.ts';
import { createLog } from '#log.ts';
import { stopLimitMs, stopWhenAsked } from '#run.ts';
import { type Page, startPage } from '#simulator/page/page.ts';
import { type Simulator, startSimulator } from '#simulator/simulator.ts';
import { createProgram, type SimulatedProgram } from './program.ts';

const samples = join(import.meta.dirname, '../../data/samples');

/**
 * The simulated services and the page that shows them, in this process, and Darkroom in another one, so that it can
 * be restarted and even lose its power. All its state has a folder of its own. Throws `SetupError`.
 */
export async function runSimulated(found: Found): Promise<void> {
  const wishes = wishesOf(found);
  const named = join(wishes['DATA_DIR'] ?? 'data', 'simulated');
  const folder = prepareFolder(named);
  const draftAtOnce = !existsSync(join(folder, 'darkroom.json'));
  const services = prepareFolder(join(folder, 'services'));
  // What is let go of at the end, the last one first.
  const running = new AsyncDisposableStack();
  try {
    running.defer(lockFolder(services));
    const simulator = running.adopt(await startSimulator({ folder: services, samples }), close);
    const { endpoints, settings } = simulator;
    const values = { HASHTAGS: '#photography #light', LOG_LEVEL: 'warn', ...wishes, ...settings };
    const config = readConfig({ values, problems: {} });
    const program = createProgram({ values, folder, endpoints, draftAtOnce });
    const page = running.adopt(await openPage(simulator, program, join(services, 'page'), config), close);
    running.defer(() => program.stop());
    watch(program, running, config);
    welcome({ program, page, folder: named, wantedPort: config.core.SIMULATOR_PORT });
    program.start();
  } catch (error) {
    await running.disposeAsync();
    throw error;
  }
}

function openPage(
  simulator: Simulator,
  program: SimulatedProgram,
  folder: string,
  { core }: Config,
): Promise<Page> {
  return startPage({
    simulator,
    program,
    folder,
    port: core.SIMULATOR_PORT,
    speed: 'lifelike',
    onNewLink: (link) => say(`A new link to the page: ${link}`),
  });
}

/** Ends everything when it is asked to, and when Darkroom has ended by itself, which it has explained then. */
function watch(program: SimulatedProgram, running: AsyncDisposableStack, { core, secrets }: Config): void {
  const log = createLog(core.LOG_LEVEL, secrets);
  const stop = stopWhenAsked({
    stop: () => running.disposeAsync(),
    // Darkroom may take all of its own time.
    limitMs: stopLimitMs + 1_500,
    onAsked(reason) {
      log.info({ reason }, 'Stopping the simulated services');
      // What is in hand is finished first, which can take some seconds.
      say('\nStopping …');
    },
  });
  void program.ended.then((code) => {
    process.exitCode = code;
    return stop('Darkroom has ended');
  });
  process.on('unhandledRejection', (error) => log.error({ error: String(error) }, 'Unhandled rejection'));
}

interface Welcome {
  readonly program: SimulatedProgram;
  readonly page: Page;
  readonly folder: string;
  readonly wantedPort: number;
}

/** Says where the page is as soon as Darkroom is there for the first time. */
function welcome({ program, page, folder, wantedPort }: Welcome): void {
  const isElsewhere = wantedPort !== 0 && page.port !== wantedPort;
  const end = program.onChange(() => {
    if (program.state() !== 'running') return;
    end();
    say(`
Darkroom is running with simulated services; nothing leaves this machine. Open this page:

  ${page.link()}
${isElsewhere ? `\nPort ${wantedPort} was not free, so the page is at another one.` : ''}
Ctrl-C ends it; delete ${folder} to begin again. To go live with your own accounts, see README.md.`);
  });
}

function close(part: { close(): Promise<void> }): Promise<void> {
  return part.close();
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}
