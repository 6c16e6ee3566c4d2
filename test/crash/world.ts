import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate, setTimeout as sleep } from 'node:timers/promises';
import type { StartMessage } from '#simulated/start-message.ts';
import type { Fault, ServiceName } from '#simulator/faults.ts';
import { type Simulator, startSimulator } from '#simulator/simulator.ts';
import { openGateway, type Surroundings } from './gateway.ts';
import { openMailGate } from './mail.ts';
import type { Mode, Moment } from './moments.ts';
import { openProgram } from './program.ts';
import { createTrap, type Kill } from './trap.ts';
import type { Guard } from './wire.ts';

export interface CrashOptions {
  readonly mode: Mode;
  /** Which calls are disturbed, each kind once: all, or only those that leave something that anybody sees. */
  readonly disturbs: 'everything' | 'effects';
  /** Until then nothing is disturbed; absent: from the beginning. */
  readonly isCalm?: (world: CrashWorld) => boolean;
  readonly kills: readonly Kill[];
  /** Absent: the program as it is. */
  readonly without?: Guard | undefined;
  /** In place of the world's own. */
  readonly settings: (services: Simulator) => Readonly<Record<string, string | undefined>>;
  /** By name, what lies in the photo folder. */
  readonly photos: Readonly<Record<string, Buffer>>;
}

/** The real program in a process of its own, and around it services that are never killed. */
export interface CrashWorld {
  readonly simulator: Simulator;
  /** Where the program keeps its state. */
  readonly folder: string;
  /** All moments so far. */
  readonly moments: readonly Moment[];
  /** The moments at which it was killed. */
  readonly killedAt: readonly Moment[];
  /** What the program wrote to its terminal. */
  output(): string;
  /** How many mails the mail server holds, those included that it took after the connection was gone. */
  mails(): number;
  /** Starts the program again when it was killed. Throws when it ended by itself. */
  keepAlive(): Promise<void>;
  /** The world's clock, in epoch milliseconds. */
  now(): number;
  /** Resolves when nothing is going on any more, or the program is dead. */
  quiet(): Promise<void>;
  /** Moves the time on to what is due next, at most ten minutes. */
  advance(): Promise<void>;
  close(): Promise<void>;
}

const effects: ReadonlySet<string> = new Set([
  'telegram sendPhoto to owner',
  'telegram sendPhoto to channel',
  'telegram sendDocument',
  'telegram deleteMessages',
  'instagram configure',
  'instagram delete',
  'graph media_publish',
  'smtp data',
  'dropbox files/move_v2',
  'dropbox files/upload',
]);

/** Nothing is going on when for some times this long no call and no file was seen, and hardly anything computed. */
const quietMs = 20;
const quietTimes = 2;
const hardlyMs = 3;
/** A service does its work this late in the mode `delayed`; half of what the program waits before it looks. */
const delayMs = 60_000;
const longestStepMs = 600_000;
/** Where nothing waits for its time, only what looks now and then. */
const idleStepMs = 300_000;
/** So soon a killed program is started again. */
const restartMs = 5_000;

export async function openCrashWorld(options: CrashOptions): Promise<CrashWorld> {
  const folder = await mkdtemp(join(tmpdir(), 'crash-'));
  let aheadMs = 0;
  const now = () => Date.now() + aheadMs;
  const simulator = await openServices(join(folder, 'services'), now);
  for (const [name, bytes] of Object.entries(options.photos)) simulator.dropbox.put(`/Photos/${name}`, bytes);

  const disturbed = new Set<string>();
  const armed = new Map<string, Fault>();
  const due: { readonly at: number; readonly work: () => Promise<unknown> }[] = [];
  let lastSeen = performance.now();
  let inHand = 0;
  let hasStarted = false;
  const see = () => {
    lastSeen = performance.now();
  };

  const program = await openProgram({
    folder,
    without: options.without,
    onFile: ({ label, count, phase }) => !trap.reach(label, count, phase),
  });
  // An answer that was sent may still be read; nothing that comes of it gets through.
  const trap = createTrap(options.kills, see, ({ phase }) => {
    if (phase === 'answered') setTimeout(program.kill, 5);
    else program.kill();
  });

  const surroundings: Surroundings = {
    arrive: trap.arrive,
    reach: trap.reach,
    disturb(label) {
      const isMeant = options.disturbs === 'everything' || effects.has(label);
      if (!isMeant || disturbed.has(label) || options.isCalm?.(world) === true) return 'calm';
      disturbed.add(label);
      return options.mode;
    },
    arm: (service, operation, fault) => armed.set(`${service} ${operation}`, fault),
    later: (work) => due.push({ at: now() + delayMs, work }),
    busy() {
      inHand += 1;
      return () => {
        inHand -= 1;
        see();
      };
    },
  };
  const names = ['telegram', 'dropbox', 'replicate', 'openai', 'instagram', 'graph'] as const;
  const open = (name: (typeof names)[number]) => openGateway(name, simulator[name].url, surroundings);
  const [telegram, dropbox, replicate, openai, instagram, graph] = await Promise.all([
    open('telegram'),
    open('dropbox'),
    open('replicate'),
    open('openai'),
    open('instagram'),
    open('graph'),
  ]);
  const mail = await openMailGate(simulator.smtp, surroundings);
  simulator.faults.strike = (service: ServiceName, operation: string) => {
    if (service === 'smtp') return mail.strike(operation);
    const fault = armed.get(`${service} ${operation}`);
    armed.delete(`${service} ${operation}`);
    return fault;
  };

  const message: StartMessage = {
    values: {
      ...simulator.settings,
      TELEGRAM_API_ROOT: telegram.url,
      OPENAI_BASE_URL: `${openai.url}/v1`,
      SMTP_PORT: String(mail.port),
      HASHTAGS: '#light',
      TIMEZONE: 'UTC',
      UNDO_SECONDS: '0',
      REMINDER_HOURS: '0',
      PREPARE_AHEAD: 'false',
      INSTAGRAM_UPLOAD_AHEAD: 'false',
      // Never in the time of a run.
      SCHEDULE: '0 0 29 2 *',
      LOG_LEVEL: 'warn',
      ...options.settings(simulator),
    },
    folder: join(folder, 'data'),
    endpoints: {
      dropbox: dropbox.url,
      replicate: replicate.url,
      instagram: instagram.url,
      graph: graph.url,
      certificate: simulator.smtp.certificate,
    },
    draftAtOnce: false,
  };

  const world: CrashWorld = {
    simulator,
    folder: message.folder,
    moments: trap.moments,
    killedAt: trap.killedAt,
    output: program.output,
    mails: () => simulator.smtp.mails().length + mail.late(),
    now,
    async keepAlive() {
      if (program.isRunning() && !trap.hasKilled()) return;
      await program.gone();
      if (hasStarted && !trap.hasKilled()) throw new Error('The program ended by itself');
      hasStarted = true;
      trap.reset();
      await program.start(message);
    },
    async quiet() {
      see();
      let before = await program.effort();
      for (let times = 0; times < quietTimes && !trap.hasKilled(); times += 1) {
        await sleep(quietMs);
        const after = await program.effort();
        const hasComputed = Math.abs(after.computedMs - before.computedMs) > hardlyMs;
        if (hasComputed || after.isKeptFrom || inHand > 0 || performance.now() - lastSeen < quietMs)
          times = -1;
        before = after;
      }
    },
    async advance() {
      const times = [...program.asleepUntil(), ...due.map(({ at }) => at)];
      const idleMs = times.length === 0 ? idleStepMs : Math.min(...times) - now() + 1;
      const stepMs = trap.hasKilled() ? restartMs : idleMs;
      aheadMs += Math.min(Math.max(stepMs, 0), longestStepMs);
      for (const each of due.splice(0)) {
        if (each.at <= now()) await each.work();
        else due.push(each);
      }
      program.setAhead(aheadMs);
    },
    async close() {
      await program.close();
      await Promise.all(
        [telegram, dropbox, replicate, openai, instagram, graph, mail].map((each) => each.close()),
      );
      await simulator.close();
      await rm(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 20 });
    },
  };
  return world;
}

/** The certificate of the mail server takes long to make, so that of the first world serves all. */
let certificate: Buffer | undefined;

async function openServices(folder: string, now: () => number): Promise<Simulator> {
  const path = join(folder, 'smtp', 'smtp-certificate.json');
  await mkdir(join(folder, 'smtp'), { recursive: true });
  if (certificate !== undefined) await writeFile(path, certificate);
  const simulator = await startSimulator({ folder, now });
  // It is saved by the next turn.
  await setImmediate();
  certificate ??= await readFile(path);
  return simulator;
}
