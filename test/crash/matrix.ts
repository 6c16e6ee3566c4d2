import type { Chance } from '../fakes/chance.ts';
import { type Mode, modes, momentOf, nameOf } from './moments.ts';
import { type StoryName, storyNames } from './stories.ts';
import { live, type StoryOptions, type Verdict } from './story.ts';
import type { Kill } from './trap.ts';
import type { Guard } from './wire.ts';

/** One run of the matrix: how calls are disturbed, and where the program is killed. */
export interface Run {
  readonly story: StoryName;
  readonly mode: Mode;
  readonly kills: readonly Kill[];
}

/** As it is printed and given on the command line: "post delayed: smtp data#1 applied". */
export function nameOfRun({ story, mode, kills }: Run): string {
  return `${story} ${mode}: ${kills.map((kill) => (typeof kill === 'number' ? `moment ${kill}` : nameOf(kill))).join(', ')}`;
}

/** The run of that name. Throws when there is none. */
export function runNamed(name: string): Run {
  const [given = '', list = ''] = name.split(': ');
  const [story, mode] = given.split(' ');
  const kills = list.split(', ').map((kill) => {
    const place = /^moment (\d+)$/.exec(kill)?.[1];
    return place === undefined ? momentOf(kill) : Number(place);
  });
  return { story: oneOf(storyNames, story), mode: oneOf(modes, mode), kills };
}

function oneOf<T extends string>(all: readonly T[], given: string | undefined): T {
  const found = all.find((each) => each === given);
  if (found === undefined) throw new Error(`"${given}" is none of ${all.join(', ')}`);
  return found;
}

/** What a run that broke the promise is told by: its name, which is all that it takes to run it again, and what broke. */
export interface Broken {
  readonly run: string;
  readonly wrong: readonly string[];
}

/** So many run at the same time; each is mostly waiting for its program. */
const atOnce = 3;
let running = 0;
const queue: (() => void)[] = [];

/** One run, when its turn has come. */
export async function inTurn(options: StoryOptions): Promise<Verdict> {
  if (running >= atOnce) await new Promise<void>((resolve) => queue.push(resolve));
  else running += 1;
  try {
    return await live(options);
  } finally {
    const next = queue.shift();
    if (next === undefined) running -= 1;
    else next();
  }
}

/** Runs them all; the answer is those that broke the promise. `onEnd` is called with each as soon as it is over. */
export async function brokenOf(
  runs: readonly Run[],
  without?: Guard,
  onEnd: (run: Run, verdict: Verdict) => void = () => undefined,
): Promise<readonly Broken[]> {
  const broken = runs.map(async (run): Promise<readonly Broken[]> => {
    const verdict = await inTurn({ ...run, without });
    onEnd(run, verdict);
    return verdict.wrong.length === 0 ? [] : [{ run: nameOfRun(run), wrong: verdict.wrong }];
  });
  return (await Promise.all(broken)).flat();
}

/** Runs in which it dies at some moment, and once more soon after the start that follows. */
export function doubleKills(chance: Chance, moments: number, count: number): readonly Run[] {
  return Array.from({ length: count }, () => ({
    story: 'post' as const,
    mode: chance.oneOf(modes),
    kills: [chance.number(1, moments), chance.number(1, secondKillWithin)],
  }));
}

/** A start with something to finish has more moments than this. */
const secondKillWithin = 60;

/**
 * Runs in which it dies again and again, each time by chance somewhere between a start and well after it, so that the
 * kills go through the whole story. The modes and the stories take turns.
 */
export function manyKills(chance: Chance, runs: number, killsEach: number): readonly Run[] {
  return Array.from({ length: runs }, (_, index) => ({
    story: storyNames[index % storyNames.length] ?? 'post',
    mode: modes[index % modes.length] ?? 'calm',
    kills: Array.from({ length: killsEach }, () => chance.number(1, nextKillWithin)),
  }));
}

/** About half of them meet what a start has to finish, and the others what comes after it. */
const nextKillWithin = 150;
