import { createChance } from '../fakes/chance.ts';
import { brokenOf, doubleKills, inTurn, nameOfRun, type Run, runNamed } from './matrix.ts';
import { type Mode, modes } from './moments.ts';
import type { Verdict } from './story.ts';

// The whole crash matrix: `npm run crash-matrix`. With the name of a run, as it is printed, only that one, with the
// program's own words; with the name of a mode only that mode; with a number, that number of double kills by this seed.

const doubleKillCount = 300;
let done = 0;
let missed = 0;

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}

function tell(total: number): (run: Run, verdict: Verdict) => void {
  return (run, { wrong, killedAt }) => {
    done += 1;
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

async function runMode(mode: Mode): Promise<number> {
  const { moments, wrong } = await inTurn({ mode });
  say(
    `${mode}: ${moments.length} moments${wrong.length === 0 ? '' : `, and broken without a kill: ${wrong}`}`,
  );
  const runs = moments.map((moment) => ({ mode, kills: [moment] }));
  return wrong.length + (await brokenOf(runs, undefined, tell(runs.length))).length;
}

async function runTwice(seed: number): Promise<number> {
  say(`${doubleKillCount} double kills by the seed ${seed}`);
  const { moments } = await inTurn({ mode: 'calm' });
  const runs = doubleKills(createChance(seed), moments.length, doubleKillCount);
  return (await brokenOf(runs, undefined, tell(runs.length))).length;
}

async function main(wanted: string | undefined): Promise<number> {
  if (wanted?.includes(': ')) return await runOne(wanted);
  if (wanted !== undefined && /^\d+$/.test(wanted)) return await runTwice(Number(wanted));
  let broken = 0;
  for (const mode of modes.filter((each) => wanted === undefined || each === wanted))
    broken += await runMode(mode);
  if (wanted === undefined) broken += await runTwice(Date.now() % 1_000_000);
  say(`${done} runs, ${missed} of them not killed because the moment did not come, ${broken} broken`);
  return broken;
}

process.exit((await main(process.argv[2])) > 0 ? 1 : 0);
