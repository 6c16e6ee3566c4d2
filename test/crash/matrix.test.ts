import { describe, expect, it } from 'vitest';
import { createChance } from '../fakes/chance.ts';
import { brokenOf, doubleKills, inTurn, nameOfRun, spread } from './matrix.ts';
import { modes } from './moments.ts';

/** Of each mode; all of them are run by `npm run crash-matrix`. */
const points = 3;
const seed = 20_261_122;
const patienceMs = 600_000;
const undoSeconds = 60;

describe('the real program, killed anywhere', () => {
  it.concurrent.each(modes.filter((mode) => mode !== 'calm'))(
    'takes a post through its day with every kind of call %s once',
    async (mode) => {
      const { wrong } = await inTurn({ mode, disturbs: 'everything' });
      expect(wrong).toEqual([]);
    },
    patienceMs,
  );

  it.concurrent.each(modes)(
    'keeps its promise where calls that are seen outside are %s',
    async (mode) => {
      const { moments, wrong } = await inTurn({ mode });
      expect(wrong).toEqual([]);
      const share = (modes.indexOf(mode) + 0.5) / modes.length;
      const runs = spread(moments, points, share).map((moment) => ({ mode, kills: [moment] }));
      expect(runs).toHaveLength(points);
      expect(await brokenOf(runs)).toEqual([]);
    },
    patienceMs,
  );

  it.concurrent(
    `keeps its promise where it is killed again soon after, by the seed ${seed}`,
    async () => {
      expect(await brokenOf(doubleKills(createChance(seed), 400, 4))).toEqual([]);
    },
    patienceMs,
  );

  it.concurrent(
    'keeps its promise where a post waits, is taken back once and then goes out',
    async () => {
      const { moments, wrong } = await inTurn({ mode: 'calm', undoSeconds });
      expect(wrong).toEqual([]);
      // Before that it is the same story.
      const runs = spread(moments.slice(moments.length / 3), points, 0.5).map((moment) => ({
        mode: 'calm' as const,
        kills: [moment],
        undoSeconds,
      }));
      expect(await brokenOf(runs)).toEqual([]);
    },
    patienceMs,
  );

  it.concurrent(
    'would publish twice without its intents, and that is seen',
    async () => {
      const { moments } = await inTurn({ mode: 'calm' });
      const published = ['telegram sendPhoto to channel', 'instagram configure', 'smtp data'];
      const runs = moments
        .filter(({ label, phase }) => published.includes(label) && phase === 'applied')
        .map((moment) => ({ mode: 'calm' as const, kills: [moment] }));
      const broken = await brokenOf(runs, 'intents');
      expect(broken.map(({ run }) => run)).toEqual(runs.map(nameOfRun));
      for (const { wrong } of broken) expect(wrong[0]).toMatch(/shows the post 2 times$/);
      expect(await brokenOf(runs)).toEqual([]);
    },
    patienceMs,
  );

  it.concurrent(
    'would publish twice without its quiet period where a service is late, and that is seen',
    async () => {
      const { wrong } = await inTurn({ mode: 'delayed', without: 'quiet' });
      expect(wrong.filter((each) => each.endsWith('shows the post 2 times'))).not.toEqual([]);
    },
    patienceMs,
  );
});
