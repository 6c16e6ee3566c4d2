import { systemClock } from '#adapters/system-clock.ts';
import { checkUp, reportOf } from '#check-up.ts';
import { isAnythingReal, problemWithReaders, readConfig, readEnvironment } from '#config.ts';
import { SetupError } from '#errors.ts';
import { createLog } from '#log.ts';
import { explain } from '#run.ts';

// npm run doctor: one line for each service. Exits with 0 when all is well, 1 when something is wrong with a service
// and 78 when it is the settings.

const nothingSet =
  'There is nothing to check yet, because no account is set up. Copy .env.example to .env and follow section 2 of README.md. npm start shows Darkroom with simulated services meanwhile.';

async function main(): Promise<void> {
  const found = readEnvironment(process.env, '.env');
  if (!isAnythingReal(found)) throw new SetupError(nothingSet);
  const config = readConfig(found);
  const log = createLog('silent', config.secrets);
  const services = await checkUp({ config, folder: config.core.DATA_DIR, clock: systemClock, log });
  const { text, exitCode } = reportOf(services, config.secrets);
  const warning = problemWithReaders('.env');
  process.stdout.write(warning === undefined ? text : `⚠️ ${warning}\n${text}`);
  process.exitCode = exitCode;
}

// A pause alone keeps no process alive, and a call that is not waited for any more should not.
const alive = setInterval(() => undefined, 1_000);
await main().catch(explain);
clearInterval(alive);
process.exit();
