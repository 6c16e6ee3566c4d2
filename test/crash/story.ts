import type { Simulator } from '#simulator/simulator.ts';
import { plainJpeg } from '../fakes/plain-pictures.ts';
import { type Case, doubles, judge } from './judge.ts';
import type { Mode, Moment } from './moments.ts';
import { createSightings } from './sightings.ts';
import { type Cast, type StoryName, stories } from './stories.ts';
import type { Kill } from './trap.ts';
import { type CrashOptions, openCrashWorld } from './world.ts';

/** How a run ended. */
export interface Verdict {
  /** What broke the promise; none: all is well. */
  readonly wrong: readonly string[];
  /** Where the program was killed. */
  readonly killedAt: readonly Moment[];
  readonly moments: readonly Moment[];
  /** What the program wrote to its terminal. */
  readonly output: string;
}

export interface StoryOptions {
  /** Absent: that of one post. */
  readonly story?: StoryName | undefined;
  readonly mode: Mode;
  readonly disturbs?: CrashOptions['disturbs'];
  readonly kills?: readonly Kill[];
  readonly without?: CrashOptions['without'];
}

/** A story that takes more turns than this hangs, with some more for each kill. */
const mostTurns = 150;
const turnsPerKill = 10;
/** Some turns more than it takes: what comes late has come by then. */
const contentTurns = 3;

/** A whole story of one post, with the program killed on the way and started again. */
export async function live({
  story: name = 'post',
  mode,
  disturbs = 'effects',
  kills = [],
  without,
}: StoryOptions): Promise<Verdict> {
  const story = stories[name];
  const photos = { 'dawn.jpg': await plainJpeg(), 'dusk.jpg': await plainJpeg(640, 480, '#603020') };
  const start = new Date();
  const settings = (services: Simulator) => story.settings?.(start, services) ?? {};
  let cast: Cast | undefined;
  const isCalm = () => cast?.isCalm?.() === true;
  const world = await openCrashWorld({ mode, disturbs, kills, without, settings, photos, isCalm });
  const sightings = createSightings(world);
  const wrong: string[] = [];
  const disturbances = mode === 'calm' ? 0 : disturbs === 'everything' ? 2 : 1;
  try {
    await world.keepAlive();
    await world.quiet();
    cast = await story.begin(world);
    const given: Case = { world, story, cast, sightings, photos: Object.keys(photos), disturbances };
    let content = 0;
    for (let turn = 0; turn < mostTurns + kills.length * turnsPerKill; turn += 1) {
      await world.keepAlive();
      await world.quiet();
      sightings.look();
      if (doubles(given).length > 0) break;
      content = cast.isContent() ? content + 1 : 0;
      if (content > contentTurns && (await judge(given)).length === 0) break;
      if (act(cast) === 'pressed') await world.quiet();
      await world.advance();
    }
    wrong.push(...(await judge(given)));
    if (content === 0) wrong.push('The owner never saw the end of it');
  } catch (error) {
    wrong.push(String(error));
  } finally {
    await world.close();
  }
  return { wrong, killedAt: world.killedAt, moments: world.moments, output: world.output() };
}

/** What was asked is answered first; who is content does nothing any more. */
function act(cast: Cast): ReturnType<Cast['next']> {
  const answered = cast.owners[0]?.answer();
  return answered ?? (cast.isContent() ? undefined : cast.next());
}
