import { describe, expect, it } from 'vitest';
import { createChance } from '../fakes/chance.ts';
import { brokenOf, inTurn, manyKills, nameOfRun } from './matrix.ts';
import { modes, momentOf, nameOf } from './moments.ts';
import type { StoryName } from './stories.ts';
import type { Verdict } from './story.ts';

/** In each mode; all moments are run by `npm run crash-matrix`. */
const kills = 9;
const seed = 20_261_122;
const patienceMs = 600_000;
/** One for each of the other stories, at what it is about. */
const turningPoints: readonly (readonly [StoryName, string])[] = [
  ['undo', 'telegram answerCallbackQuery#2 before'],
  ['two-owners', 'telegram answerCallbackQuery#1 before'],
  ['moved', 'telegram answerCallbackQuery#4 before'],
  ['veto', 'telegram sendPhoto to channel#1 before'],
  ['stopped', 'telegram answerCallbackQuery#1 before'],
  ['take-down', 'telegram deleteMessages#1 applied'],
  ['album', 'dropbox files/upload#2 applied'],
  ['prepared', 'telegram sendPhoto to owner#1 before'],
  ['prepared', 'instagram upload#1 applied'],
];

/** The story without any disturbance; one run serves all that ask. */
let calmRun: Promise<Verdict> | undefined;
function calm(): Promise<Verdict> {
  calmRun ??= inTurn({ mode: 'calm' });
  return calmRun;
}

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
      const { wrong } = await (mode === 'calm' ? calm() : inTurn({ mode }));
      expect(wrong).toEqual([]);
    },
    patienceMs,
  );

  it.concurrent(
    `keeps its promise where it is killed again and again, by the seed ${seed}`,
    async () => {
      let killed = 0;
      const runs = manyKills(createChance(seed), modes.length, kills);
      const broken = await brokenOf(runs, undefined, (_, { killedAt }) => {
        killed += killedAt.length;
      });
      expect(broken).toEqual([]);
      // Some stories are over before the last kill.
      expect(killed).toBeGreaterThan(0.8 * modes.length * kills);
    },
    patienceMs,
  );

  it.concurrent.each(turningPoints)(
    'keeps its promise in the story %s, killed at %s',
    async (story, name) => {
      const { wrong, killedAt } = await inTurn({ story, mode: 'calm', kills: [momentOf(name)] });
      expect(wrong).toEqual([]);
      expect(killedAt.map(nameOf)).toEqual([name]);
    },
    patienceMs,
  );

  it.concurrent(
    'would publish twice without its intents, and that is seen',
    async () => {
      const { moments } = await calm();
      const published = ['telegram sendPhoto to channel', 'instagram configure', 'smtp data'];
      const runs = moments
        .filter(({ label, phase }) => published.includes(label) && phase === 'applied')
        .map((moment) => ({ story: 'post' as const, mode: 'calm' as const, kills: [moment] }));
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
