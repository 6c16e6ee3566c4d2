import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { dirname, join } from 'node:path';
import { stdout } from 'node:process';
import { parseArgs } from 'node:util';
import { type Figure, isMet, plotOf, type Report, tableOf } from './figures.ts';
import { benchListing } from './listing.ts';
import { benchMemory } from './memory.ts';
import { benchOneAfterAnother } from './one-after-another.ts';
import { benchPictures } from './pictures.ts';
import { benchLongHistory, benchState } from './state.ts';
import { benchStory } from './story.ts';

// `npm run bench`: what Darkroom takes of time and memory, in a table beside what nothing can be faster than and what
// DESIGN.md, section 8, allows. With names of parts only those: `npm run bench story state`. Everything is written to
// data/bench.json and drawn to data/bench.svg; an earlier file is compared with: `npm run bench -- --before old.json`,
// and without that the one that is there. Ends with 1 where a bar is not met.

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    rounds: { type: 'string', default: '3' },
    posts: { type: 'string', default: '1000' },
    before: { type: 'string' },
  },
});
const rounds = Number(values.rounds);
const target = join(import.meta.dirname, '../../data/bench.json');

const parts: Readonly<Record<string, () => Promise<readonly Figure[]>>> = {
  story: () => benchStory(rounds),
  order: () => benchOneAfterAnother(rounds),
  history: () => benchLongHistory(rounds),
  state: benchState,
  listing: benchListing,
  pictures: () => benchPictures(rounds),
  memory: () => benchMemory(Number(values.posts)),
};

const figures: Figure[] = [];
for (const [name, part] of Object.entries(parts)) {
  if (positionals.length > 0 && !positionals.includes(name)) continue;
  stdout.write(`${name} …\n`);
  figures.push(...(await part()));
}
const earlier = await reportIn(values.before ?? target);
const report: Report = {
  at: new Date().toISOString(),
  node: process.versions.node,
  cores: availableParallelism(),
  figures,
};
await mkdir(dirname(target), { recursive: true });
await writeFile(target, `${JSON.stringify(report, undefined, 2)}\n`);
await writeFile(target.replace('.json', '.svg'), plotOf(figures));
if (earlier !== undefined) stdout.write(`\nCompared with ${earlier.at}`);
stdout.write(`\n${tableOf(figures, earlier?.figures)}\n`);
const missed = figures.filter((each) => isMet(each) === false);
for (const { name } of missed) stdout.write(`\nNot within its bar: ${name}`);
process.exitCode = missed.length === 0 ? 0 : 1;

async function reportIn(path: string): Promise<Report | undefined> {
  const text = await readFile(path, 'utf8').catch(() => undefined);
  return text === undefined ? undefined : (JSON.parse(text) as Report);
}
