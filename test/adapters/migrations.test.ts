import { mkdir, readdir, readFile, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { describe, expect, it, vi } from 'vitest';
import { writeDurably } from '#adapters/durable-file.ts';
import { openStore } from '#adapters/lowdb.ts';
import { migrated, schemaVersion } from '#adapters/migrations.ts';
import type { Store } from '#ports/store.ts';
import { createChance } from '../fakes/chance.ts';
import type { RecordedDisk } from '../fakes/recorded-disk.ts';
import { adding, postAfter, publishedWay } from '../fakes/store-posts.ts';
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

/** DARKROOM_LONG_TESTS=1: so many ways in which the power can go at each step, otherwise one. */
const ways = isLong ? 3 : 1;
/** Folders as earlier versions of Darkroom have left them, with a draft that waits and a month of three posts. */
const fixtures = join(import.meta.dirname, '../fixtures/state');
const names = (await readdir(fixtures)).sort();
const files = ['history/2026-11.json', 'darkroom.json'] as const;
type Kept = (typeof files)[number];

const bytesOf = (folder: string, name: Kept) => readFile(join(folder, name), 'utf8');
const schemaOf = (text: string): number => JSON.parse(text).schema;

/** What an old file means today, said in another way than the migrations do. */
async function meant(name: string, file: Kept): Promise<Record<string, unknown>> {
  const text = await bytesOf(join(fixtures, name), file);
  return JSON.parse(text.replaceAll('"isPadded":true', '"shape":"white"').replaceAll(',"isPadded":false', ''))
    .data;
}

/** A folder with what an earlier version has left. */
async function left(name: string, folder: string): Promise<void> {
  for (const file of files) {
    await mkdir(join(folder, dirname(file)), { recursive: true });
    await writeDurably(join(folder, file), await bytesOf(join(fixtures, name), file));
  }
}

async function opened(folder: string): Promise<Store> {
  return (await openStore(folder, createTestClock())).store;
}

const added = '2026-11-22-added';

/** Everything that is written anew: the state, then the month, then the state. */
const life: readonly ((store: Store) => Promise<unknown>)[] = [
  (store) => store.change((state) => ({ ...state, agenda: 'another' })),
  (store) => store.change(adding(postAfter(added, ...publishedWay))),
  (store) => store.finish(added),
];

async function viewOf(store: Store, ids: readonly string[]) {
  return { state: store.state(), month: await Promise.all(ids.map((id) => store.finished(id))) };
}

describe.each(names)('the folder %s', (name) => {
  it('is of an earlier form', async () => {
    for (const file of files) {
      expect(schemaOf(await bytesOf(join(fixtures, name), file))).toBeLessThan(schemaVersion);
    }
  });

  it('means the same as before, to the last word, and is left as it is by looking', async () => {
    const folder = await temporaryFolder();
    await left(name, folder);
    const store = await opened(folder);
    expect(store.state()).toEqual(await meant(name, 'darkroom.json'));
    const month = await meant(name, 'history/2026-11.json');
    expect(Object.keys(month).length).toBeGreaterThan(1);
    for (const [id, post] of Object.entries(month)) expect(await store.finished(id)).toEqual(post);
    for (const file of files)
      expect(await bytesOf(folder, file)).toBe(await bytesOf(join(fixtures, name), file));
  });

  it('is old or new, never mixed, wherever the power goes while it is brought to the new form', async () => {
    const folder = await temporaryFolder();
    const ids = [...Object.keys(await meant(name, 'history/2026-11.json')), added];
    disk.begin(folder);
    await left(name, folder);
    disk.mark();
    const start = disk.steps.length;
    const store = await opened(folder);
    const views = [await viewOf(store, ids)];
    for (const change of life) {
      await change(store);
      disk.mark();
      views.push(await viewOf(store, ids));
    }
    for (const file of files) expect(schemaOf(await bytesOf(folder, file))).toBe(schemaVersion);
    expect(disk.steps.length - start).toBeGreaterThan(40);

    const cut = join(await temporaryFolder(), 'cut');
    for (let at = start; at <= disk.steps.length; at += 1) {
      for (let seed = 0; seed < ways; seed += 1) {
        await disk.afterCut(at, createChance(at * 1000 + seed), cut);
        const saved = disk.steps.slice(start, at).filter(({ done }) => done === 'marked').length;
        await expectOneForm(name, cut);
        const view = await viewOf(await opened(cut), ids);
        const { state, month } = view;
        const fits = [views[saved], views[saved + 1]].filter((each) => each !== undefined);
        const isThere = fits.some((each) => isDeepStrictEqual(state, each.state));
        const isFiled = fits.some((each) => isDeepStrictEqual(month, each.month));
        expect([isThere, isFiled], `cut ${at}, seed ${seed}`).toEqual([true, true]);
        await rm(cut, { recursive: true });
      }
    }
  });
});

/** Each file is wholly in one form; where it is in the new one, there is the old file to go back to. */
async function expectOneForm(name: string, folder: string): Promise<void> {
  for (const file of files) {
    const text = await bytesOf(folder, file);
    const old = await bytesOf(join(fixtures, name), file);
    if (schemaOf(text) < schemaVersion) expect(text).toBe(old);
    else {
      expect(text).not.toContain('isPadded');
      expect(await bytesOf(join(folder, 'backups/schema-1'), file)).toBe(old);
    }
  }
}

it('has an old folder of every form', () => {
  const forms = new Set(names.map((name) => Number(/^v(\d+)-/.exec(name)?.[1])));
  expect([...forms].sort()).toEqual(Array.from({ length: schemaVersion - 1 }, (_, at) => at + 1));
});

it('writes nothing in the new form when the old one cannot be kept', async () => {
  const folder = await temporaryFolder();
  await left('v1-first', folder);
  const before = await bytesOf(folder, 'darkroom.json');
  await writeDurably(join(folder, 'backups'), 'in the way');
  const store = await opened(folder);
  await expect(life[0]?.(store)).rejects.toThrow();
  expect(await bytesOf(folder, 'darkroom.json')).toBe(before);
  await rm(join(folder, 'backups'));
  await life[0]?.(store);
  expect(schemaOf(await bytesOf(folder, 'darkroom.json'))).toBe(schemaVersion);
});

it('tells one who goes back to an earlier Darkroom which copies are the ones for it', async () => {
  const folder = await temporaryFolder();
  await left('v1-first', folder);
  const path = join(folder, 'darkroom.json');
  await writeDurably(path, `{"schema":${schemaVersion + 1}}`);
  const refused: unknown = await opened(folder).catch((error: unknown) => error);
  expect(refused).toMatchObject({ exitCode: 3 });
  expect(String(refused)).toContain(`backups/schema-${schemaVersion}`);
});

describe('from form 1 to 2', () => {
  const old = { sha256: 'a', width: 1152, height: 1440, sizeBytes: 1 };
  it.each([
    [
      { ...old, isPadded: true },
      { ...old, shape: 'white' },
    ],
    [{ ...old, isPadded: false }, old],
    [old, old],
    [
      { ...old, isPadded: true, shape: 'black' },
      { ...old, shape: 'black' },
    ],
  ])('%o becomes %o, wherever it is', (kept, now) => {
    const around = (picture: object) => ({ posts: { one: { shapes: [picture, 'text', null, 7] } } });
    expect(migrated(around(kept), 1)).toEqual(around(now));
  });

  it('leaves what is of this form already as it is', () => {
    expect(migrated({ isPadded: true }, schemaVersion)).toEqual({ isPadded: true });
  });
});
