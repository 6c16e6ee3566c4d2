import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { openStore } from '#adapters/lowdb.ts';
import { createPurse } from '#adapters/purse.ts';
import { NotSaved, OverBudget } from '#errors.ts';
import { temporaryFolder } from '../fakes/temporary-folder.ts';
import { createTestClock } from '../test-clock.ts';

async function openPurse(monthlyDollars = Number.POSITIVE_INFINITY, timeZone = 'UTC') {
  const folder = await temporaryFolder();
  const clock = createTestClock();
  const { store } = await openStore(folder, clock);
  const purse = createPurse(store, clock, () => ({ monthlyDollars, timeZone }));
  const spent = () => store.state().spending;
  /** What a new start would find. */
  const kept = async () => (await openStore(folder, clock)).store.state().spending;
  return { folder, clock, purse, spent, kept };
}

it('counts what a call really cost', async () => {
  const { purse, kept } = await openPurse();
  const answer = await purse.pay(0.5, async (costs) => {
    costs(0.1);
    return 'a caption';
  });
  expect(answer).toBe('a caption');
  await purse.pay(0.5, async (costs) => costs(0.02));
  expect(await kept()).toEqual({ '2026-11': 0.12 });
});

it('has the most on disk before the call, so that a crash in between counts', async () => {
  const { purse, kept } = await openPurse();
  let during: unknown;
  await purse.pay(0.5, async (costs) => {
    during = await kept();
    costs(0);
  });
  expect(during).toEqual({ '2026-11': 0.5 });
  expect(await kept()).toEqual({ '2026-11': 0 });
});

it('counts the most for a call of which nobody knows what it cost', async () => {
  const { purse, spent } = await openPurse();
  await expect(purse.pay(0.5, () => Promise.reject(new Error('lost')))).rejects.toThrow('lost');
  expect(spent()).toEqual({ '2026-11': 0.5 });
});

it('does not make a call that could go over the budget', async () => {
  const { purse, spent } = await openPurse(1);
  await purse.pay(0.6, async () => undefined);
  let calls = 0;
  const call = async (costs: (dollars: number) => void) => {
    calls += 1;
    costs(0.4);
  };
  await expect(purse.pay(0.41, call)).rejects.toThrow(OverBudget);
  expect(calls).toBe(0);
  await purse.pay(0.4, call);
  expect(spent()).toEqual({ '2026-11': 1 });
});

it('keeps the budget also between calls at the same time', async () => {
  const { purse, spent } = await openPurse(1);
  const calls = Array.from({ length: 5 }, () => purse.pay(0.4, async () => undefined));
  const outcomes = (await Promise.allSettled(calls)).map(({ status }) => status);
  expect(outcomes.filter((status) => status === 'fulfilled')).toHaveLength(2);
  expect(spent()).toEqual({ '2026-11': 0.8 });
});

it('begins anew with the month, where the owner lives', async () => {
  const { purse, spent, clock } = await openPurse(1, 'Europe/Berlin');
  await purse.pay(1, async () => undefined);
  // 30 November 23:30 in London is December in Berlin.
  clock.advance(new Date('2026-11-30T23:30:00Z').getTime() - clock.now().getTime());
  await purse.pay(1, async () => undefined);
  expect(spent()).toEqual({ '2026-11': 1, '2026-12': 1 });
});

it('makes no call that it cannot write down', async () => {
  const { purse, folder } = await openPurse();
  await mkdir(join(folder, 'darkroom.json.new'));
  let calls = 0;
  const paying = purse.pay(0.5, async () => {
    calls += 1;
  });
  await expect(paying).rejects.toThrow(NotSaved);
  expect(calls).toBe(0);
});
