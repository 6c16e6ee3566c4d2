import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { seal } from '#adapters/checked-file.ts';
import { writeDurably } from '#adapters/durable-file.ts';
import { openStore } from '#adapters/lowdb.ts';
import { systemClock } from '#adapters/system-clock.ts';
import { adding, eventOf, postAfter, publishedWay } from '../fakes/store-posts.ts';
import { type Figure, figure, median } from './figures.ts';
import { openRig } from './rig.ts';

const sizes = [0, 1_000, 10_000, 100_000];
const postsAMonth = 400;
const writes = 40;

/** Puts so many finished posts into a folder for a state, by months. */
export async function fillHistory(folder: string, count: number): Promise<void> {
  const { store } = await openStore(folder, systemClock);
  await store.change((state) => ({ ...state, agenda: 'bench' }));
  for (let done = 0, month = 0; done < count; month += 1) {
    const name = `${2000 + Math.floor(month / 12)}-${String((month % 12) + 1).padStart(2, '0')}`;
    const posts = Array.from({ length: Math.min(postsAMonth, count - done) }, (_, at) =>
      postAfter(`${name}-01-${at}`, ...publishedWay),
    );
    done += posts.length;
    const path = join(folder, 'history', `${name}.json`);
    await writeDurably(path, seal(Object.fromEntries(posts.map((post) => [post.id, post]))));
  }
}

/** What saving one decision takes, whatever has been published before; the bar is that of an empty history. */
export async function benchState(): Promise<readonly Figure[]> {
  const folders = await Promise.all(sizes.map(() => mkdtemp(join(tmpdir(), 'bench-state-'))));
  try {
    const stores = await Promise.all(
      folders.map(async (folder, at) => {
        await fillHistory(folder, sizes[at] ?? 0);
        return (await openStore(folder, systemClock)).store;
      }),
    );
    const times: number[][] = sizes.map(() => []);
    // In turn, so that what else goes on meanwhile meets them all.
    for (let write = 0; write < writes; write += 1) {
      for (const [at, store] of stores.entries()) {
        const id = `2026-11-22-${write}`;
        await store.change(adding(postAfter(id, 'drafted')));
        const begun = performance.now();
        await store.update(id, eventOf('skipped'));
        times[at]?.push(performance.now() - begun);
        await store.change((state) => ({ ...state, posts: {} }));
      }
    }
    const empty = median(times[0] ?? []);
    return sizes.map((size, at) => ({
      ...{ name: `saving a decision, ${size.toLocaleString('en')} posts`, unit: 'ms' as const },
      value: median(times[at] ?? []),
      // Noise of the disk aside.
      ...(at > 0 && { bound: empty, bar: empty * 1.5 }),
    }));
  } finally {
    for (const folder of folders) await rm(folder, { recursive: true, force: true });
  }
}

/** A start with ten thousand posts behind it. */
export async function benchLongHistory(rounds: number): Promise<readonly Figure[]> {
  await using rig = await openRig();
  await fillHistory(rig.folder, 10_000);
  const starts: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    starts.push(await rig.start());
    await rig.stop();
  }
  return [figure('start to first poll, 10,000 posts', 'ms', starts, { bar: 1_500 })];
}
