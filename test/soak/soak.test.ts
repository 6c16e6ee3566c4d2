import { it } from 'vitest';
import { scene } from '../fakes/shots.ts';
import { live } from './live.ts';

/** DARKROOM_SOAK=200: so many seeds; DARKROOM_SOAK_SEED=7: just that one; each for so many days. */
const { DARKROOM_SOAK: count = '3', DARKROOM_SOAK_SEED: only, DARKROOM_SOAK_DAYS: days = '3' } = process.env;
const seeds = only === undefined ? Array.from({ length: Number(count) }, (_, at) => at + 1) : [Number(only)];

const pictures = await Promise.all(Array.from({ length: 8 }, (_, at) => scene(at + 1, 600, 400)));

const options = { timeout: 240_000 + Number(days) * 20_000 };

it.each(seeds)('nothing is lost and nothing doubled, whatever happens: seed %i', options, async (seed) => {
  const steps: string[] = [];
  try {
    await live({ seed, days: Number(days), pictures, note: (step) => steps.push(step) });
  } catch (error) {
    const again = `DARKROOM_SOAK_SEED=${seed} DARKROOM_SOAK_DAYS=${days} lives it again`;
    throw new Error(`${error}\n${again}:\n${steps.join('\n')}`, { cause: error });
  }
});
