import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { expect, it, vi } from 'vitest';
import { openStore } from '#adapters/lowdb.ts';
import { NotSaved } from '#errors.ts';
import type { Store } from '#ports/store.ts';
import type { State } from '#post/state.ts';
import { createChance } from '../fakes/chance.ts';
import type { RecordedDisk } from '../fakes/recorded-disk.ts';
import { adding, eventOf, postAfter, publishedWay } from '../fakes/store-posts.ts';
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

/** DARKROOM_LONG_TESTS=1: so many ways in which the power can go at each step, otherwise half of them. */
const ways = isLong ? 6 : 3;
const first = '2026-11-22-first';
const second = '2026-11-22-second';
const setting = (at: string) => (state: State) => ({ ...state, agenda: at });

/** Two days of a small life: posts that come, go out and go to the history. */
const life: readonly ((store: Store) => Promise<unknown>)[] = [
  (store) => store.change(setting('one')),
  (store) => store.change(adding(postAfter(first))),
  ...publishedWay.map((step) => (store: Store) => store.update(first, eventOf(step))),
  (store) => store.finish(first),
  (store) => store.change(adding(postAfter(second))),
  ...publishedWay.map((step) => (store: Store) => store.update(second, eventOf(step))),
  (store) => store.finish(second),
  (store) => store.change(setting('two')),
];

const oneLife = life.slice(0, 3 + publishedWay.length);

/** What there is to see of a store. */
async function viewOf(store: Store) {
  const filed = await Promise.all([first, second].map((id) => store.finished(id)));
  return { state: store.state(), filed, published: [...store.publishedContent()].sort() };
}

type View = Awaited<ReturnType<typeof viewOf>>;

/** Everything that was saved is there; of the change after it all, nothing, or the history alone, which comes first. */
function isBetween(view: View, before: View, after: View): boolean {
  const isState = ({ state }: View) => isDeepStrictEqual(view.state, state);
  const isFiled = ({ filed }: View) => isDeepStrictEqual(view.filed, filed);
  const isAfter = isState(after) && isFiled(after);
  const isBefore = isState(before) && (isFiled(before) || isFiled(after));
  return (isBefore || isAfter) && before.published.every((each) => view.published.includes(each));
}

/** What was lived on the recorded disk, and what was there to see after each change. */
async function lived() {
  const folder = await temporaryFolder();
  const clock = createTestClock();
  disk.begin(folder);
  const { store } = await openStore(folder, clock);
  // Each start without a state has a seed of its own: from here on there is one.
  await store.change(setting('none'));
  const start = disk.steps.filter(({ done }) => done === 'marked').length;
  disk.mark();
  const views = [await viewOf(store)];
  for (const [index, change] of life.entries()) {
    if (index === 9) clock.advance(24 * 60 * 60 * 1000);
    await change(store);
    views.push(await viewOf(store));
    disk.mark();
  }
  return { clock, views, start };
}

/** Cuts of the power after which a state cannot be read, or is not what was said to be saved. */
async function brokenCuts({ clock, views, start }: Awaited<ReturnType<typeof lived>>, seeds: number) {
  const left = join(await temporaryFolder(), 'left');
  const marks = disk.steps.flatMap(({ done }, at) => (done === 'marked' ? [at] : []));
  const broken: string[] = [];
  for (let at = (marks[start] ?? 0) + 1; at <= disk.steps.length; at += 1) {
    const saved = marks.filter((mark) => mark < at).length - start - 1;
    for (let seed = 0; seed < seeds; seed += 1) {
      await disk.afterCut(at, createChance(at * 1000 + seed), left);
      const view = await openStore(left, clock).then(({ store }) => viewOf(store), String);
      const [before, after = before] = views.slice(saved, saved + 2);
      const isRight = typeof view !== 'string' && before && after && isBetween(view, before, after);
      if (!isRight) broken.push(`cut ${at}, seed ${seed}`);
      await rm(left, { recursive: true });
    }
  }
  return broken;
}

it('leaves a state that can be read, with all that was said to be saved, wherever the power goes', async () => {
  const life = await lived();
  expect(disk.steps.length).toBeGreaterThan(150);
  expect(await brokenCuts(life, ways)).toEqual([]);
});

it('would lose what was said to be saved if it did not sync, and that is seen', async () => {
  const life = await lived();
  disk.forgetSyncs();
  expect(await brokenCuts(life, 1)).not.toEqual([]);
});

it('loses nothing and invents nothing when any one call fails, and goes on after', async () => {
  const clock = createTestClock();
  let hasFailed = true;
  for (let call = 1; hasFailed; call += 1) {
    const folder = await mkdtemp(join(tmpdir(), 'darkroom-disk-'));
    disk.begin(folder);
    const { store } = await openStore(folder, clock);
    await store.change(setting('none'));
    disk.failAt(call, call % 2 === 0 ? 'ENOSPC' : 'EIO');
    for (const change of oneLife) {
      const before = await viewOf(store);
      const failed = await change(store).then(
        () => undefined,
        (error: unknown) => error,
      );
      if (failed === undefined) continue;
      expect(failed, `call ${call}`).toBeInstanceOf(NotSaved);
      expect(store.state(), `call ${call}`).toEqual(before.state);
      const { store: reopened } = await openStore(folder, clock);
      expect(reopened.state(), `call ${call}`).toEqual(before.state);
      await change(store);
    }
    hasFailed = disk.stopFailing();
    const end = await viewOf(store);
    expect(end.filed[0]?.state).toBe('archived');
    expect(await viewOf((await openStore(folder, clock)).store)).toEqual(end);
    await rm(folder, { recursive: true });
  }
});
