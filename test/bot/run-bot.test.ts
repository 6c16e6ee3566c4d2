import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, onTestFinished, vi } from 'vitest';
import { openBot } from '#bot/create-bot.ts';
import { type Running, runBot } from '#bot/run-bot.ts';
import { createLog } from '#log.ts';
import { createFaults, type Faults } from '#simulator/faults.ts';
import { type SimulatedTelegram, startTelegram } from '#simulator/telegram/telegram.ts';
import { createTestClock, type TestClock } from '../test-clock.ts';

let folder: string;
let faults: Faults;
let telegram: SimulatedTelegram;
let running: Running | undefined;
let clock: TestClock;
let start: number;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'run-bot-'));
  faults = createFaults();
  clock = createTestClock();
  start = clock.now().getTime();
  telegram = await startTelegram({ faults, folder });
});

afterEach(async () => {
  await running?.stop();
  running = undefined;
  await telegram.close();
  await rm(folder, { recursive: true });
});

const log = createLog('error', [], { write: () => undefined });

/** Runs a bot that does this with every text; the answer collects the texts. */
function run(handle: (text: string) => Promise<void>): string[] {
  const bot = openBot(telegram.token, telegram.url);
  const heard: string[] = [];
  bot.on('message:text', async (ctx) => {
    heard.push(ctx.message.text);
    await handle(ctx.message.text);
  });
  bot.catch(() => undefined);
  running = runBot(bot, { clock, log, onPoll: () => undefined, onHeard: () => undefined });
  running.ended.catch(() => undefined);
  return heard;
}

it('confirms an update to Telegram only after it was handled', async () => {
  const saved = Promise.withResolvers<void>();
  const heard = run(() => saved.promise);
  telegram.phone().send('first');
  await expect.poll(() => heard).toEqual(['first']);
  telegram.phone().send('second');
  // Time enough for another poll, if there were one.
  for (let round = 0; round < 20; round += 1) await fetch(`${telegram.url}/bot${telegram.token}/getMe`);
  expect(telegram.updates.pending).toBe(2);
  expect(telegram.calls.filter(({ operation }) => operation === 'getUpdates')).toHaveLength(1);
  saved.resolve();
  await expect.poll(() => heard).toEqual(['first', 'second']);
  await expect.poll(() => telegram.updates.pending).toBe(0);
});

it('waits for what is being handled when it stops', async () => {
  const saved = Promise.withResolvers<void>();
  const heard = run(() => saved.promise);
  telegram.phone().send('first');
  await expect.poll(() => heard).toEqual(['first']);
  let isStopped = false;
  const stopped = running?.stop().then(() => {
    isStopped = true;
  });
  await new Promise((resolve) => setImmediate(resolve));
  expect(isStopped).toBe(false);
  saved.resolve();
  await stopped;
});

it('hears again what a process that died had not finished', async () => {
  const heard = run(() => new Promise(() => undefined));
  telegram.phone().send('first');
  await expect.poll(() => heard).toEqual(['first']);
  // The dead process: it never finishes, and a new one begins. The newer poll wins, as Telegram has it.
  running = undefined;
  const again = run(async () => undefined);
  await expect.poll(() => again).toEqual(['first']);
});

it('starts although Telegram is out of order at first', async () => {
  faults.add({
    service: 'telegram',
    operation: 'deleteWebhook',
    fault: { kind: 'error', status: 502 },
    times: 2,
  });
  faults.add({
    service: 'telegram',
    operation: 'getMe',
    fault: { kind: 'drop', afterWork: false },
    times: 2,
  });
  const heard = run(async () => undefined);
  telegram.phone().send('first');
  await expect.poll(() => heard, { timeout: 5_000 }).toEqual(['first']);
});

it('listens again within ten seconds after an outage of any length', async () => {
  const heard = run(async () => undefined);
  telegram.phone().send('before');
  await expect.poll(() => heard).toEqual(['before']);
  const failure = { kind: 'error', status: 502 } as const;
  faults.add({ service: 'telegram', operation: 'getUpdates', fault: failure, times: 200 });
  await expect.poll(() => faults.list(), { timeout: 20_000, interval: 5 }).toEqual([]);
  // Each time it had waited just as long, and the next poll comes as soon as all the others did.
  const before = clock.now().getTime();
  telegram.phone().send('after');
  await expect.poll(() => heard).toEqual(['before', 'after']);
  expect(clock.now().getTime() - before).toBeLessThanOrEqual(2_000);
  expect(before - start).toBeLessThanOrEqual(200 * 2_000);
});

it('gives up a poll that an outage has swallowed, and is back within ten seconds', async () => {
  const { setTimeout: wait } = globalThis;
  const limits: number[] = [];
  // The limit of a call is the only wait here of more than five seconds; it is made a hundred times shorter.
  const spy = vi.spyOn(globalThis, 'setTimeout').mockImplementation(((call: () => void, ms = 0) => {
    if (ms <= 5_000) return wait(call, ms);
    limits.push(ms);
    return wait(call, ms / 100);
  }) as typeof wait);
  onTestFinished(() => spy.mockRestore());
  faults.add({ service: 'telegram', operation: 'getUpdates', fault: { kind: 'hang' }, times: 3 });
  const heard = run(async () => undefined);
  telegram.phone().send('first');
  await expect.poll(() => heard).toEqual(['first']);
  const pauseMs = (clock.now().getTime() - start) / 3;
  expect(pauseMs).toBe(2_000);
  expect(Math.max(...limits) + pauseMs).toBeLessThanOrEqual(10_000);
});

it('waits as long as Telegram asks it to', async () => {
  const fault = { kind: 'rate-limit', retryAfterSeconds: 20 } as const;
  faults.add({ service: 'telegram', operation: 'getUpdates', fault, times: 1 });
  const heard = run(async () => undefined);
  telegram.phone().send('first');
  await expect.poll(() => heard).toEqual(['first']);
  expect(clock.now().getTime() - start).toBe(20_000);
});

it('ends when Telegram does not know the token', async () => {
  const bot = openBot(`${telegram.token}x`, telegram.url);
  const nothing = () => undefined;
  const { ended } = runBot(bot, { clock: createTestClock(), log, onPoll: nothing, onHeard: nothing });
  await expect(ended).rejects.toMatchObject({ error_code: 401 });
});

it('says that it has heard only when what came was handled', async () => {
  const bot = openBot(telegram.token, telegram.url);
  const saved = Promise.withResolvers<void>();
  const order: string[] = [];
  bot.on('message:text', async () => {
    order.push('began');
    await saved.promise;
    order.push('handled');
  });
  telegram.phone().send('pressed while nobody listened');
  running = runBot(bot, { clock, log, onPoll: () => undefined, onHeard: () => order.push('heard') });
  running.ended.catch(() => undefined);
  await expect.poll(() => order).toEqual(['began']);
  saved.resolve();
  await expect.poll(() => order.slice(0, 3)).toEqual(['began', 'handled', 'heard']);
});
