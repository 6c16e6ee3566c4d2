import { readFileSync } from 'node:fs';
import { mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { openStore } from '#adapters/lowdb.ts';
import { NotSaved, SetupError } from '#errors.ts';
import type { State } from '#post/state.ts';
import { adding, eventOf, postAfter, publishedWay } from '../fakes/store-posts.ts';
import { temporaryFolder } from '../fakes/temporary-folder.ts';
import { createTestClock } from '../test-clock.ts';

async function open(folder?: string) {
  const at = folder ?? (await temporaryFolder());
  const { store, generation } = await openStore(at, createTestClock());
  const path = join(at, 'darkroom.json');
  return { store, generation, folder: at, path, reopened: () => open(at) };
}

type Opened = Awaited<ReturnType<typeof open>>;

const id = '2026-11-22-first';
const other = '2026-11-22-other';
const serve = (key: string) => (state: State) => ({
  ...state,
  servedSlots: [...state.servedSlots, { key, at: '2026-11-22T09:00:00.000Z' }],
});
const served = ({ servedSlots }: State) => servedSlots.map(({ key }) => key);
const onDisk = ({ path }: Opened): { readonly data: State } => JSON.parse(readFileSync(path, 'utf8'));

/** Makes writing fail, as a full disk does; undone by the answer. */
async function spoil(path: string): Promise<() => Promise<void>> {
  await mkdir(`${path}.new`);
  return () => rm(`${path}.new`, { recursive: true });
}

async function openWith(...ways: Parameters<typeof postAfter>[]) {
  const opened = await open();
  for (const way of ways) await opened.store.change(adding(postAfter(...way)));
  return opened;
}

it('begins empty, once, and goes on with what was there', async () => {
  const first = await open();
  expect(first.store.state().posts).toEqual({});
  await first.store.change(adding(postAfter(id)));
  const { store, generation } = await first.reopened();
  expect(store.post(id)).toEqual(postAfter(id));
  expect(store.state()).toEqual(first.store.state());
  expect(generation).toBe('newest');
});

it('shows a change at once, and resolves when it is on disk', async () => {
  const opened = await open();
  const saved = opened.store.change(serve('a'));
  expect(served(opened.store.state())).toEqual(['a']);
  await saved;
  expect(served(onDisk(opened).data)).toEqual(['a']);
});

it('lets parallel changes share writes, each of them on disk when it resolves', async () => {
  const opened = await open();
  await opened.store.change(serve('first'));
  const slots = Array.from({ length: 50 }, (_, index) => `slot ${index}`);
  await Promise.all(
    slots.map(async (slot) => {
      await opened.store.change(serve(slot));
      expect(served(onDisk(opened).data)).toContain(slot);
    }),
  );
  expect(served(onDisk(opened).data)).toEqual(['first', ...slots]);
  // The write before the last one had only the first of them, so all others shared the last.
  const path = opened.path.replace('darkroom.json', 'darkroom.previous.json');
  expect(served(onDisk({ ...opened, path }).data)).toEqual(['first', 'slot 0']);
});

it('writes nothing for a change that changes nothing', async () => {
  const opened = await openWith([id]);
  const before = await readFile(opened.path, 'utf8');
  await opened.store.change((state) => state);
  expect(await readFile(opened.path, 'utf8')).toBe(before);
});

it('lets an event happen to a post, durably', async () => {
  const opened = await openWith([id]);
  const post = await opened.store.update(id, eventOf('drafted'));
  expect(post).toEqual(postAfter(id, 'drafted'));
  expect((await opened.reopened()).store.post(id)).toEqual(post);
});

it('changes nothing on disk for a refused event, or for a post that is not there', async () => {
  const opened = await openWith([id, 'drafted']);
  const before = await readFile(opened.path, 'utf8');
  expect(await opened.store.update(id, { ...eventOf('skipped'), revision: 9 } as never)).toMatchObject({
    refused: 'outdated',
  });
  expect(await opened.store.update('2026-11-22-nobody', eventOf('drafted'))).toBeUndefined();
  expect(await readFile(opened.path, 'utf8')).toBe(before);
});

it('decides once when two events race', async () => {
  const { store } = await openWith([id, 'drafted']);
  const [first, second] = await Promise.all([
    store.update(id, eventOf('approved')),
    store.update(id, eventOf('skipped')),
  ]);
  expect(first).toMatchObject({ state: 'publishing' });
  expect(second).toMatchObject({ refused: 'not-now' });
});

it('takes back what cannot be saved, with everything that was built on it', async () => {
  const opened = await openWith([id]);
  const before = await readFile(opened.path, 'utf8');
  const mend = await spoil(opened.path);
  const changes = [
    opened.store.change(serve('a')),
    opened.store.update(id, eventOf('drafted')),
    opened.store.change(serve('b')),
  ];
  for (const result of await Promise.allSettled(changes)) {
    expect(result).toMatchObject({ status: 'rejected', reason: { code: 'EISDIR' } });
    expect(result.status === 'rejected' && result.reason).toBeInstanceOf(NotSaved);
  }
  expect(served(opened.store.state())).toEqual([]);
  expect(opened.store.post(id)).toEqual(postAfter(id));
  expect(await readFile(opened.path, 'utf8')).toBe(before);
  await mend();
  await opened.store.change(serve('c'));
  expect((await opened.reopened()).store.state()).toMatchObject({
    posts: { [id]: { state: 'drafting' } },
  });
});

it('moves a finished post to the history of its month', async () => {
  const opened = await openWith([id, ...publishedWay], [other]);
  await opened.store.finish(id);
  expect(opened.store.post(id)).toBeUndefined();
  expect(opened.store.post(other)).toBeDefined();
  expect(await opened.store.finished(id)).toEqual(postAfter(id, ...publishedWay));
  const { store } = await opened.reopened();
  expect(store.post(id)).toBeUndefined();
  expect(await store.finished(id)).toEqual(postAfter(id, ...publishedWay));
  expect(await store.finished(other)).toBeUndefined();
  expect([...store.publishedContent()]).toEqual([`content of ${id}`]);
});

it('writes the history first, and may be asked again when the state could not be saved', async () => {
  const opened = await openWith([id, ...publishedWay]);
  const mend = await spoil(opened.path);
  await expect(opened.store.finish(id)).rejects.toBeInstanceOf(NotSaved);
  expect(opened.store.post(id)).toBeDefined();
  expect(await opened.store.finished(id)).toBeDefined();
  const crashed = await opened.reopened();
  expect(crashed.store.post(id)).toBeDefined();
  await mend();
  await crashed.store.finish(id);
  await crashed.store.finish(id);
  expect(crashed.store.post(id)).toBeUndefined();
  expect([...crashed.store.publishedContent()]).toEqual([`content of ${id}`]);
});

it('keeps a post that could not be written to the history', async () => {
  const opened = await openWith([id, ...publishedWay]);
  const mend = await spoil(join(opened.folder, 'history', '2026-11.json'));
  await expect(opened.store.finish(id)).rejects.toBeInstanceOf(NotSaved);
  expect(opened.store.post(id)).toBeDefined();
  expect([...opened.store.publishedContent()]).toEqual([]);
  await mend();
  await opened.store.finish(id);
  expect(await opened.store.finished(id)).toBeDefined();
});

it('keeps a post open to which something happens while it is being finished', async () => {
  const opened = await openWith([id, 'drafted', 'approved', 'sending', 'failed']);
  const finishing = opened.store.finish(id);
  await opened.store.update(id, eventOf('retried'));
  await finishing;
  expect(opened.store.post(id)).toMatchObject({ state: 'publishing' });
});

it('finishes many posts at the same time', async () => {
  const ids = Array.from({ length: 20 }, (_, index) => `2026-1${index % 2}-22-post${index}`);
  const opened = await open();
  await Promise.all(ids.map((each) => opened.store.change(adding(postAfter(each, ...publishedWay)))));
  await Promise.all(ids.map((each) => opened.store.finish(each)));
  const { store } = await opened.reopened();
  expect(store.state().posts).toEqual({});
  expect([...store.publishedContent()].sort()).toEqual(ids.map((each) => `content of ${each}`).sort());
});

it('lets the photo of a skipped post rest for thirty days', async () => {
  const opened = await openWith([id, 'drafted', 'skipped']);
  await opened.store.finish(id);
  const { store } = await opened.reopened();
  expect(store.state().queue.resting).toEqual({ [`content of ${id}`]: '2026-12-22T12:00:00.000Z' });
  expect([...store.publishedContent()]).toEqual([]);
});

it('forgets the description of a photo that is archived, and of no other', async () => {
  const opened = await openWith([id, ...publishedWay]);
  const description = { caption: 'a lighthouse', mood: 'calm' };
  await opened.store.change((state) => ({
    ...state,
    descriptions: { [`content of ${id}`]: description, another: description },
  }));
  await opened.store.finish(id);
  expect(opened.store.state().descriptions).toEqual({ another: description });
});

it('says that a state was recovered, and takes nothing from the damaged one', async () => {
  const opened = await openWith([id], [other]);
  await writeFile(opened.path, '{"schema":1,');
  const { store, generation } = await opened.reopened();
  expect(generation).toBe('previous');
  expect(Object.keys(store.state().posts)).toEqual([id]);
});

it('does not begin anew where both generations are lost', async () => {
  const opened = await openWith([id], [other]);
  await Promise.all(['darkroom.json', 'darkroom.previous.json'].map((name) => rm(join(opened.folder, name))));
  const error: unknown = await opened.reopened().catch((cause: unknown) => cause);
  expect(error).toBeInstanceOf(SetupError);
  expect(error).toMatchObject({ exitCode: 3, message: expect.stringContaining(opened.folder) });
});

it('keeps everything to itself, whatever the umask is', async () => {
  const before = process.umask(0);
  onTestFinished(() => void process.umask(before));
  const folder = join(await temporaryFolder(), 'data');
  const opened = await open(folder);
  for (const each of [id, other]) await opened.store.change(adding(postAfter(each, ...publishedWay)));
  await opened.store.finish(id);
  await writeFile(opened.path, 'damaged', { mode: 0o600 });
  await opened.reopened();
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  expect(entries.map(({ name }) => name.replace(/\d{13}/, '<time>')).sort()).toEqual([
    '2026-11-22',
    '2026-11.json',
    'backups',
    'darkroom.begun',
    'darkroom.damaged-<time>.json',
    'darkroom.json',
    'darkroom.json',
    'darkroom.previous.json',
    'history',
    'history',
  ]);
  expect((await stat(folder)).mode & 0o777).toBe(0o700);
  for (const entry of entries) {
    const { mode } = await stat(join(entry.parentPath, entry.name));
    expect([entry.name, (mode & 0o777).toString(8)]).toEqual([
      entry.name,
      entry.isDirectory() ? '700' : '600',
    ]);
  }
});
