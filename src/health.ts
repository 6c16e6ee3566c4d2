import { statSync } from 'node:fs';
import { join } from 'node:path';
import { systemClock } from '#adapters/system-clock.ts';
import { readEnvironment } from '#config.ts';

// For Docker's health check: exits 0 when Telegram was reached within the last two minutes.

const freshMs = 120_000;
const folder = readEnvironment(process.env, '.env').values['DATA_DIR'] ?? 'data';

try {
  const age = systemClock.now().getTime() - statSync(join(folder, 'heartbeat')).mtimeMs;
  process.exitCode = age < freshMs ? 0 : 1;
} catch {
  process.exitCode = 1;
}
