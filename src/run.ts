import { systemClock } from '#adapters/system-clock.ts';
import { type Darkroom, type DarkroomOptions, startDarkroom } from '#darkroom.ts';
import { NotSaved, SetupError } from '#errors.ts';

/** Docker waits ten seconds before it kills; what is cut off here is uncertain after the next start. */
export const stopLimitMs = 8_000;

/** Starts Darkroom as this process lives it: until somebody asks it to stop, or Telegram does not let it go on. */
export async function run(options: Omit<DarkroomOptions, 'clock'>): Promise<Darkroom> {
  const { config, log } = options;
  const darkroom = await startDarkroom({ ...options, clock: systemClock });
  const stop = stopWhenAsked({
    stop: () => darkroom.stop(),
    limitMs: stopLimitMs,
    onAsked: (reason) => log.info({ reason }, 'Stopping'),
  });
  darkroom.ended.catch(async (error: unknown) => {
    explain(asSetupError(error));
    await stop('Telegram');
  });
  process.on('unhandledRejection', (error) => log.error({ error: String(error) }, 'Unhandled rejection'));
  log.info({ platforms: config.platforms.map(({ definition }) => definition.id) }, 'Darkroom is running');
  return darkroom;
}

export interface Stopping {
  /** Lets go of everything. */
  stop(): Promise<void>;
  /** The process ends after this long, whether all is let go of or not. */
  readonly limitMs: number;
  /** Called once, with what asked: a signal, or words. */
  readonly onAsked: (reason: string) => void;
}

/**
 * Keeps this process alive until it is asked to stop, by a signal, by the end of npm or by calling the result, and
 * then ends it: once, however often it is asked. The exit code is `process.exitCode`.
 */
export function stopWhenAsked({ stop, limitMs, onAsked }: Stopping): (reason: string) => Promise<void> {
  let stopping: Promise<void> | undefined;
  function ask(reason: string): Promise<void> {
    stopping ??= stopOnce(reason);
    return stopping;
  }
  async function stopOnce(reason: string): Promise<void> {
    onAsked(reason);
    await Promise.race([stop(), systemClock.sleep(limitMs)]).catch(explain);
    process.exit();
  }
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.on(signal, () => void ask(signal));
  }
  // Pauses do not keep a process alive; this does, also while there is no network at all. And npm, when it is
  // ended, leaves its program behind, which would go on unseen.
  const parent = process.ppid;
  const isUnderNpm = process.env['npm_lifecycle_event'] !== undefined;
  setInterval(() => {
    if (isUnderNpm && process.ppid !== parent) void ask('npm is gone');
  }, 1_000);
  return ask;
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

/** Says why the process ends, in one clear message; what is not foreseen is a bug and shows where it is. */
export function explain(error: unknown): void {
  if (error instanceof NotSaved) {
    explain(new SetupError(`${error.message}. Is the disk full, or the folder in DATA_DIR not writable?`));
    return;
  }
  process.exitCode = error instanceof SetupError ? error.exitCode : 1;
  const text =
    error instanceof SetupError ? error.message : error instanceof Error ? error.stack : String(error);
  process.stderr.write(`${text}\n`);
}
