import { parseArgs } from 'node:util';
import { type Found, isAnythingReal, problemWithReaders, readConfig, readEnvironment } from '#config.ts';
import { SetupError } from '#errors.ts';
import { createLog } from '#log.ts';
import { explain, run } from '#run.ts';

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
  const warning = problemWithReaders('.env');
  if (warning !== undefined) log.warn({ file: '.env' }, warning);
  await run({ config, folder: config.core.DATA_DIR, log });
}

/** Loaded only when it is wanted, so that nothing simulated is ever near the real program. */
async function runSimulated(found: Found): Promise<void> {
  const simulated = await import('#simulated/run-simulated.ts');
  await simulated.runSimulated(found);
}

await main().catch(explain);
