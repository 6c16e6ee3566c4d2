import { createChance } from '../fakes/chance.ts';
import { brokenOf, doubleKills, inTurn, manyKills, nameOfRun, type Run, runNamed } from './matrix.ts';
import { type Mode, modes } from './moments.ts';
import { type StoryName, storyNames } from './stories.ts';
import type { Verdict } from './story.ts';

// The whole crash matrix: `npm run crash-matrix`. With the names of stories and modes only those; with `twice 7` or
// `often 7` the runs that are killed twice or again and again, chosen by the number; with the name of a run, as it is
// printed, only that one, with the program's own words.

const doubleKillCount = 300;
/** Each story once in each third of the modes; not all kills come before the end of a story. */
const [oftenKilledCount, killsEach] = [45, 14];
let done = 0;
let missed = 0;
let killed = 0;

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}

function tell(total: number): (run: Run, verdict: Verdict) => void {
  return (run, { wrong, killedAt }) => {
    done += 1;
    killed += killedAt.length;
    if (killedAt.length === 0) missed += 1;
    if (wrong.length > 0) say(`BROKEN  ${nameOfRun(run)}\n  ${wrong.join('\n  ')}`);
    if (done % 50 === 0) say(`${new Date().toISOString()}  ${done} of ${total}`);
  };
}

async function runOne(name: string): Promise<number> {
  const { wrong, killedAt, output } = await inTurn(runNamed(name));
  say(
    `${output}\nKilled ${killedAt.length} times. ${wrong.length === 0 ? 'All is well.' : wrong.join('\n')}`,
  );
  return wrong.length;
}

async function runAll(story: StoryName, mode: Mode): Promise<number> {
  const { moments, wrong } = await inTurn({ story, mode });
  say(
    `${story} ${mode}: ${moments.length} moments${wrong.length === 0 ? '' : `, and broken without a kill: ${wrong}`}`,
  );
  const runs = moments.map((moment) => ({ story, mode, kills: [moment] }));
  return wrong.length + (await brokenOf(runs, undefined, tell(runs.length))).length;
}

const kinds = {
  async twice(seed: number): Promise<readonly Run[]> {
    const { moments } = await inTurn({ mode: 'calm' });
    return doubleKills(createChance(seed), moments.length, doubleKillCount);
  },
  often: (seed: number) => manyKills(createChance(seed), oftenKilledCount, killsEach),
};

async function runByChance(kind: keyof typeof kinds, seed: number): Promise<number> {
  const runs = await kinds[kind](seed);
  say(`${runs.length} runs killed ${kind}, by the seed ${seed}`);
  return (await brokenOf(runs, undefined, tell(runs.length))).length;
}

/** Those that are named; none: all. */
function chosen<T extends string>(all: readonly T[], wanted: readonly string[]): readonly T[] {
  const named = all.filter((each) => wanted.includes(each));
  return named.length === 0 ? all : named;
}

async function main(wanted: readonly string[]): Promise<number> {
  const [first = '', seed = Date.now() % 1_000_000] = wanted;
  if (first.includes(': ')) return await runOne(first);
  if (first === 'twice' || first === 'often') return summed(await runByChance(first, Number(seed)));
  const unknown = wanted.find((each) => ![...storyNames, ...modes].some((name) => name === each));
  if (unknown !== undefined) throw new Error(`"${unknown}" is neither a story nor a mode`);
  let broken = 0;
  for (const story of chosen(storyNames, wanted)) {
    for (const mode of chosen(modes, wanted)) broken += await runAll(story, mode);
  }
  if (wanted.length === 0) {
    for (const kind of ['twice', 'often'] as const) broken += await runByChance(kind, Number(seed));
  }
  return summed(broken);
}

function summed(broken: number): number {
  say(
    `${done} runs with ${killed} kills, ${missed} runs not killed because the moment did not come, ${broken} broken`,
  );
  return broken;
}

process.exit((await main(process.argv.slice(2))) > 0 ? 1 : 0);
