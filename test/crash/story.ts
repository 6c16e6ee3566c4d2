import { plainJpeg } from '../fakes/plain-pictures.ts';
import { doubles, judge } from './judge.ts';
import type { Mode, Moment } from './moments.ts';
import { createOwner } from './owner.ts';
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
  readonly mode: Mode;
  readonly disturbs?: CrashOptions['disturbs'];
  readonly kills?: readonly Kill[];
  readonly without?: CrashOptions['without'];
  /** So long an approved post can be taken back, which the owner does once; absent: not at all. */
  readonly undoSeconds?: number | undefined;
}

/** A story that takes more turns than this hangs. */
const mostTurns = 150;

/** The whole story of one post, from /post to the archive, with the program killed on the way and started again. */
export async function live({
  mode,
  disturbs = 'effects',
  kills = [],
  without,
  undoSeconds,
}: StoryOptions): Promise<Verdict> {
  const photos = { 'dawn.jpg': await plainJpeg(), 'dusk.jpg': await plainJpeg(640, 480, '#603020') };
  const world = await openCrashWorld({ mode, disturbs, kills, without, undoSeconds, photos });
  const names = Object.keys(photos);
  const owner = createOwner(world);
  const wrong: string[] = [];
  let isContent = false;
  try {
    for (let turn = 0, contentTurns = 0; turn < mostTurns; turn += 1) {
      await world.keepAlive();
      await world.quiet();
      if (doubles(world).length > 0) break;
      const act = owner.act();
      isContent = act === 'is content';
      contentTurns = isContent ? contentTurns + 1 : 0;
      // Some turns more: what comes late has come by then.
      if (contentTurns > 3 && (await judge(world, names)).length === 0) break;
      if (act === 'pressed') await world.quiet();
      await world.advance();
    }
    wrong.push(...(await judge(world, names)), ...owner.complaints);
    if (!isContent) wrong.push('The owner never saw the end of it');
  } catch (error) {
    wrong.push(String(error));
  } finally {
    await world.close();
  }
  return { wrong, killedAt: world.killedAt, moments: world.moments, output: world.output() };
}
