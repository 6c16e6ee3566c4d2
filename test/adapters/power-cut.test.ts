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
import { createTestClock } from '../test-clock.ts';

const { disk } = await vi.hoisted(async () => {
  const { createRecordedDisk } = await import('../fakes/recorded-disk.ts');
  return { disk: createRecordedDisk() as RecordedDisk };
});
vi.mock('node:fs/promises', async (importOriginal) =>
  disk.wrap(await importOriginal<typeof import('node:fs/promises')>()),
);

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

it('leaves a state that can be read, with all that was said to be saved, wherever the power goes', async () => {
  const folder = await temporaryFolder();
  const clock = createTestClock();
  disk.begin(folder);
  const { store } = await openStore(folder, clock);
  // Each start without a state has a seed of its own: from here on there is one.
  await store.change(setting('none'));
  disk.mark();
  const views = [await viewOf(store)];
  for (const [index, change] of life.entries()) {
    if (index === 9) clock.advance(24 * 60 * 60 * 1000);
    await change(store);
    views.push(await viewOf(store));
    disk.mark();
  }
  const cuts = disk.steps.length + 1;
  expect(cuts).toBeGreaterThan(150);

  const left = join(await temporaryFolder(), 'left');
  for (let at = disk.steps.findIndex(({ done }) => done === 'marked') + 1; at < cuts; at += 1) {
    const saved = disk.steps.slice(0, at).filter(({ done }) => done === 'marked').length - 1;
    const before = views[saved] ?? (await viewOf(store));
    for (let seed = 0; seed < 6; seed += 1) {
      const chance = createChance(at * 1000 + seed);
      await disk.afterCut(at, chance, left);
      const opened = await openStore(left, clock).catch((error: unknown) => error);
      if (opened instanceof Error) throw new Error(`Cut ${at}, seed ${seed}`, { cause: opened });
      const view = await viewOf((opened as Awaited<ReturnType<typeof openStore>>).store);
      expect(isBetween(view, before, views[saved + 1] ?? before), `cut ${at}, seed ${seed}`).toBe(true);
      await rm(left, { recursive: true });
    }
  }
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
