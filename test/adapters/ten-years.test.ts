import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it, vi } from 'vitest';
import { seal } from '#adapters/checked-file.ts';
import { writeDurably } from '#adapters/durable-file.ts';
import { openStore } from '#adapters/lowdb.ts';
import { describePicture } from '#flow/draft/describe-picture.ts';
import type { Store } from '#ports/store.ts';
import { withChange } from '#post/state.ts';
import { createFakeLog } from '../fakes/log.ts';
import type { RecordedDisk } from '../fakes/recorded-disk.ts';
import { adding, eventOf, postAfter, publishedWay, type Step } from '../fakes/store-posts.ts';
import { temporaryFolder } from '../fakes/temporary-folder.ts';
import { isLong } from '../long-tests.ts';
import { createTestClock } from '../test-clock.ts';

const { disk } = await vi.hoisted(async () => {
  const { createRecordedDisk } = await import('../fakes/recorded-disk.ts');
  return { disk: createRecordedDisk() as RecordedDisk };
});
vi.mock('node:fs/promises', async (importOriginal) =>
  disk.wrap(await importOriginal<typeof import('node:fs/promises')>()),
);

const dayMs = 24 * 60 * 60 * 1000;
/** DARKROOM_LONG_TESTS=1: all days and all posts, otherwise as many as show it. */
const days = isLong ? 200 : 100;
const postsOfMonth = isLong ? 834 : 84;
const mostHotBytes = 64 * 1024;

/** Posts of a photographer who skips every second photo: of each day one that is skipped and one that goes out. */
const ways: readonly (readonly Step[])[] = [['drafted', 'skipped'], publishedWay];

async function describe(store: Store, contentHash: string): Promise<void> {
  const description = { caption: 'A lighthouse on a cliff, waves below it. '.repeat(8), mood: 'calm' };
  const describer = { describe: async () => description };
  const openPicture = async () => ({ copy: async () => Buffer.alloc(0), close() {} });
  const photo = { ...postAfter('a').photo, contentHash };
  await describePicture(
    { store, describer, captionWriter: undefined, log: createFakeLog() } as never,
    photo,
    openPicture as never,
  );
}

it(`keeps the state small through ${days * 2} posts, of which half are skipped`, async () => {
  const folder = await temporaryFolder();
  const clock = createTestClock();
  const { store } = await openStore(folder, clock);
  for (let day = 0; day < days; day += 1) {
    const at = clock.now().toISOString();
    for (const [index, way] of ways.entries()) {
      const id = `${at.slice(0, 10)}-${String(day * 2 + index).padStart(45, '0')}`;
      const post = { ...postAfter(id, ...way), createdAt: at, at };
      await Promise.all([describe(store, post.photo.contentHash), store.change(adding(post))]);
      await store.finish(post.id);
    }
    const change = { at, by: 1_234_567_890, setting: 'mode', to: 'auto' };
    void store.change((state) => ({ ...state, changes: withChange(state.changes, change) }));
    clock.advance(dayMs);
  }
  await store.change((state) => ({ ...state, agenda: 'the end' }));
  const { posts, queue, descriptions, changes } = store.state();
  expect(posts).toEqual({});
  // A photo rests for thirty days, and the rest is known for thirty more.
  expect(Object.keys(queue.resting).length).toBeLessThanOrEqual(61);
  expect(Object.keys(descriptions).length).toBeLessThanOrEqual(50);
  expect(changes).toHaveLength(100);
  expect((await stat(join(folder, 'darkroom.json'))).size).toBeLessThan(mostHotBytes);
  expect(await readdir(join(folder, 'backups'))).toHaveLength(14);
}, 60_000);

/** What one tap writes, in bytes: everything that was handed to the disk. */
async function bytesOfATap(folder: string): Promise<number> {
  const clock = createTestClock();
  const { store } = await openStore(folder, clock);
  const id = '2026-11-22-tapped';
  await store.change(adding(postAfter(id, 'drafted')));
  disk.begin(folder);
  const before = disk.steps.length;
  await store.update(id, eventOf('approved'));
  const written = disk.steps.slice(before);
  return written.reduce((sum, step) => sum + (step.done === 'written' ? step.bytes.length : 0), 0);
}

it(`starts with ${120 * postsOfMonth} finished posts, and a tap then costs what it cost on the first day`, async () => {
  const onTheFirstDay = await bytesOfATap(await temporaryFolder());
  const folder = await temporaryFolder();
  const { store } = await openStore(folder, createTestClock());
  await store.change((state) => ({ ...state, agenda: 'some' }));
  for (let month = 0; month < 120; month += 1) {
    const name = `${2016 + Math.floor(month / 12)}-${String((month % 12) + 1).padStart(2, '0')}`;
    const posts = Array.from({ length: postsOfMonth }, (_, at) =>
      postAfter(`${name}-01-${at}`, ...publishedWay),
    );
    const path = join(folder, 'history', `${name}.json`);
    await writeDurably(path, seal(Object.fromEntries(posts.map((post) => [post.id, post]))));
  }
  const opened = await openStore(folder, createTestClock());
  expect(opened.store.publishedContent().size).toBe(120 * postsOfMonth);
  expect(opened.damagedMonths).toEqual([]);
  expect((await stat(join(folder, 'darkroom.json'))).size).toBeLessThan(mostHotBytes);
  // The seed and the agenda are all that differ.
  expect(Math.abs((await bytesOfATap(folder)) - onTheFirstDay)).toBeLessThan(100);
}, 60_000);
