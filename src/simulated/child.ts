import { once } from 'node:events';
import { readConfig } from '#config.ts';
import { SetupError } from '#errors.ts';
import { createLog } from '#log.ts';
import { explain, run } from '#run.ts';
import { ready, StartMessage } from './start-message.ts';

// Darkroom among simulated services: the real program, started and ended by the process in which they run.

async function main(): Promise<void> {
  if (process.send === undefined) {
    throw new SetupError('This part of Darkroom is started by another one; npm start starts them all.', 1);
  }
  // Without that process there are no services. At once is safe, as with every crash, and frees the folder.
  if (!process.connected) process.exit(1);
  process.once('disconnect', () => process.exit(1));
  const [message] = await once(process, 'message');
  const { values, folder, endpoints, draftAtOnce } = StartMessage.parse(message);
  const config = readConfig({ values, problems: {} });
  const log = createLog(config.core.LOG_LEVEL, config.secrets);
  const { app } = await run({ config, folder, log, endpoints });
  process.send(ready);
  if (draftAtOnce) await app.requestDraft();
}

await main().catch((error: unknown) => {
  explain(error);
  // Waiting for the other process's end would keep this one alive.
  process.exit();
});
