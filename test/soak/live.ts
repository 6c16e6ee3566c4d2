import { createChance } from '../fakes/chance.ts';
import { createTestClock } from '../test-clock.ts';
import { openWorld, type World } from '../world.ts';
import { judgeDoubles, judgeEnd } from './judge.ts';
import { createOwner, type Owner } from './owner.ts';
import { changeWeather, clearWeather } from './weather.ts';

const minute = 60_000;
const stepsADay = 4;

export interface Life {
  readonly seed: number;
  readonly days: number;
  readonly pictures: readonly Buffer[];
  /** Told each step as it is lived. */
  note(step: string): void;
}

/**
 * Days of an owner and a world in which everything that can fail does now and then, all chosen by the seed. Each step
 * has a chance of its own, so that it is the same whatever was before it.
 */
export async function live({ seed, days, pictures, note }: Life): Promise<void> {
  let made = 0;
  const id = () => `${seed.toString(36)}${(made++).toString(36).padStart(6, '0')}`;
  const world = await openWorld({
    clock: createTestClock(undefined, id),
    settings: { SCHEDULE: '0 9,18 * * *', PREPARE_AHEAD: 'true', INSTAGRAM_UPLOAD_AHEAD: 'true' },
  });
  const owner = createOwner(world, pictures);
  for (let step = 0; step < days * stepsADay; step += 1) {
    const chance = createChance(seed * 100_003 + step);
    const weather = [changeWeather(world, chance), changeWeather(world, chance)].join('; ');
    note(`${step}: ${weather}; ${await owner.act(chance)}`);
    await settle(world);
    await pass(world, [1, 2, 5, 20, 60, chance.number(60, 400)]);
    await judgeDoubles(world);
  }
  clearWeather(world.simulator);
  await end(world, owner, seed);
  await judgeEnd(world, owner.approved);
}

/** Time goes by in pieces, so that everything that waits for its time has it. */
async function pass(world: World, minutes: readonly number[]): Promise<void> {
  for (const each of minutes) {
    world.clock.advance(each * minute);
    await world.darkroom().schedule.check();
    await settle(world);
  }
}

/** Until the owner's messages were handled and nobody works. */
async function settle({ simulator, clock, darkroom, see }: World): Promise<void> {
  const watchdog = setInterval(() => clock.advance(minute), stuckMs);
  try {
    await see('no work', async () => {
      await darkroom().app.whenIdle();
      return simulator.telegram.updates.pending === 0;
    });
    await darkroom().app.whenIdle();
  } finally {
    clearInterval(watchdog);
  }
}

/** After so long somebody waits for the clock: a call for its turn, since no time passes while hundreds are made. */
const stuckMs = 4_000;

/** All services work; the owner answers what is asked until nothing is open but new drafts. */
async function end(world: World, owner: Owner, seed: number): Promise<void> {
  await world.restart();
  for (let round = 0; round < 12; round += 1) {
    await pass(world, [1, 2, 3, 15, 70]);
    const { open } = await world.darkroom().app.status();
    if (open.length === 0) return;
    await owner.answerAll(createChance(seed + round));
    await settle(world);
  }
  const { open } = await world.darkroom().app.status();
  const stuck = open.filter(({ state }) => state !== 'awaiting-approval');
  if (stuck.length > 0) throw new Error(`Stuck: ${JSON.stringify(stuck)}`);
}
