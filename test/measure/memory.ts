import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { argv, stdout } from 'node:process';
import { setImmediate } from 'node:timers/promises';
import { promisify } from 'node:util';
import { createSharpRenderer } from '#adapters/sharp.ts';
import { beginAgain } from '#begin-again.ts';
import { platformDefinitions } from '#platforms/index.ts';
import type { OpenPicture, Renderer } from '#ports/renderer.ts';
import { memoryOf } from '../fakes/memory-of.ts';

// `npm run measure-memory`: large photos one after another, made ready for every platform as a draft does it, and
// what this process holds after each, and how much of that is pictures, open and closed; with `full-size` behind it, in
// full size too. How many of each size may be named: `npm run measure-memory 20`. They are made by another process, whose
// memory does not count.
beginAgain();

const sizes = { '24 megapixels': [6000, 4000], '50 megapixels': [8660, 5774] } as const;
const rounds = Number(argv.find((each) => /^\d+$/.test(each)) ?? 6);
const megabyte = 1_000_000;

const folder = await mkdtemp(join(tmpdir(), 'darkroom-memory-'));
try {
  const files = await Promise.all(
    Object.entries(sizes).map(async ([name, size]) => ({ name, file: await make(size) })),
  );
  const renderer = createSharpRenderer();
  for (const { name, file } of files) {
    for (let round = 1; round <= rounds; round += 1) {
      const { open, closed } = await prepare(renderer, file);
      stdout.write(
        `${name}, photo ${round}: ${inMb(process.memoryUsage().rss)} MB resident; pictures: ${inMb(open)} MB open, ${inMb(closed)} MB closed\n`,
      );
    }
  }
  stdout.write(`The most at any time: ${inMb(await peak())} MB\n`);
} finally {
  await rm(folder, { recursive: true });
}

/** Bytes outside of JavaScript's own memory: with the picture open, and closed. */
async function prepare(renderer: Renderer, file: string): Promise<{ open: number; closed: number }> {
  const before = outside();
  const opened = await openFile(renderer, file);
  for (const { pictureLimits } of platformDefinitions) await opened.render(pictureLimits);
  globalThis.gc?.({ type: 'major', flavor: 'last-resort', execution: 'sync' });
  await setImmediate();
  const open = outside() - before;
  opened.close();
  return { open, closed: outside() - before };
}

/** For itself, so that nothing here keeps the original. */
async function openFile({ open, fullSize }: Renderer, file: string): Promise<OpenPicture> {
  const original = await readFile(file);
  const opened = await open(original);
  if (argv.includes('full-size')) await fullSize(original, 50_000_000);
  return opened;
}

function outside(): number {
  return process.memoryUsage().external;
}

function inMb(bytes: number): number {
  return Math.round(bytes / megabyte);
}

/** What `maxRSS` says counts on Linux the memory of the process which has started this one, too. */
async function peak(): Promise<number> {
  return process.platform === 'linux' ? (await memoryOf('self')).peak : process.resourceUsage().maxRSS * 1024;
}

/** A JPEG with the grain of a photo, of some ten megabytes. */
async function make([width, height]: readonly [number, number]): Promise<string> {
  const file = join(folder, `${width}.jpg`);
  const noise = "{ type: 'gaussian', mean: 128, sigma: 30 }";
  const small = `{ width: ${Math.ceil(width / 4)}, height: ${Math.ceil(height / 4)}, channels: 3, noise: ${noise} }`;
  const code = `require('sharp')({ create: ${small} }).resize(${width}, ${height}, { fit: 'fill' }).jpeg({ quality: 92 }).toFile(${JSON.stringify(file)})`;
  await promisify(execFile)(process.execPath, ['-e', code]);
  return file;
}
