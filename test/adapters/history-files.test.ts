import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { expect, it } from 'vitest';
import { openBackups } from '#adapters/backups.ts';
import { openHistory } from '#adapters/history-files.ts';
import { postAfter, publishedWay } from '../fakes/store-posts.ts';
import { temporaryFolder } from '../fakes/temporary-folder.ts';

const now = () => new Date('2026-12-01T12:00:00Z');
const october = postAfter('2026-10-31-aaa', ...publishedWay);
const november = postAfter('2026-11-22-bbb', ...publishedWay);

async function open(...posts: readonly (typeof october)[]) {
  const folder = join(await temporaryFolder(), 'history');
  const reopened = () => openHistory(folder, now, openBackups(dirname(folder), now));
  const history = await reopened();
  for (const post of posts) await history.add(post);
  return { folder, history, reopened };
}

it('keeps finished posts by month', async () => {
  const { folder, reopened } = await open(october, november);
  expect((await readdir(folder)).sort()).toEqual(['2026-10.json', '2026-11.json']);
  const history = await reopened();
  expect(await history.find(october.id)).toEqual(october);
  expect(await history.find(november.id)).toEqual(november);
  expect(await history.find('2026-11-22-nobody')).toBeUndefined();
  expect(await history.find('2020-01-01-nobody')).toBeUndefined();
});

it('knows what the published ones claim of their platforms, at once and when it is opened again', async () => {
  const left = postAfter('2026-11-25-eee', 'drafted', 'approved', 'sending', 'uncertain', 'dropped');
  const failed = postAfter('2026-11-24-ddd', 'drafted', 'approved', 'sending', 'failed');
  const { history, reopened } = await open(october, left, failed);
  for (const each of [history, await reopened()]) {
    expect([...each.claims()]).toEqual(['telegram has 2', 'telegram says Dusk']);
  }
});

it('knows the published content, at once and when it is opened again', async () => {
  const skipped = postAfter('2026-11-23-ccc', 'drafted', 'skipped');
  const failed = postAfter('2026-11-24-ddd', 'drafted', 'approved', 'sending', 'failed');
  const { history, reopened } = await open(october, november, skipped, failed);
  for (const each of [history, await reopened()]) {
    expect([...each.publishedContent()].sort()).toEqual([
      'content of 2026-10-31-aaa',
      'content of 2026-11-22-bbb',
    ]);
  }
});

it('replaces a post that is added again', async () => {
  const { history } = await open(
    postAfter(november.id, 'drafted', 'approved', 'sending', 'failed'),
    november,
  );
  expect(await history.find(november.id)).toEqual(november);
});

it('loses none of many that are added at the same time', async () => {
  const { history } = await open();
  const posts = Array.from({ length: 20 }, (_, index) => postAfter(`2026-11-01-${index}`, ...publishedWay));
  await Promise.all(posts.map((post) => history.add(post)));
  for (const post of posts) expect(await history.find(post.id)).toEqual(post);
});

it('keeps the month as it was when it cannot be written, and goes on after', async () => {
  const { folder, history, reopened } = await open(november);
  const path = join(folder, '2026-11.json');
  const before = await readFile(path, 'utf8');
  await mkdir(`${path}.new`);
  const later = postAfter('2026-11-25-eee', ...publishedWay);
  await expect(history.add(later)).rejects.toMatchObject({ code: 'EISDIR' });
  expect(await readFile(path, 'utf8')).toBe(before);
  expect(history.publishedContent().has(later.photo.contentHash)).toBe(false);
  await rm(`${path}.new`, { recursive: true });
  await history.add(later);
  expect([...(await reopened()).publishedContent()]).toHaveLength(2);
});

it.each(['', 'null', '[]', '{}', '{"schema":1,"posts":{"a":{}}}'])(
  'keeps a month that is damaged to look at, and the others as they are: %j',
  async (content) => {
    const { folder, reopened } = await open(october, november);
    await writeFile(join(folder, '2026-11.json'), content);
    const history = await reopened();
    expect(await history.find(october.id)).toEqual(october);
    expect(history.publishedContent().has(october.photo.contentHash)).toBe(true);
    const kept = (await readdir(folder)).find((name) => name.startsWith('2026-11.json.damaged-'));
    expect(await readFile(join(folder, kept ?? ''), 'utf8')).toBe(content);
  },
);

it('says which months could not be read, and that none was', async () => {
  const { folder, history, reopened } = await open(october, november);
  expect(history.damaged).toEqual([]);
  const path = join(folder, '2026-11.json');
  await writeFile(path, (await readFile(path)).subarray(0, 100));
  expect((await reopened()).damaged).toEqual(['2026-11']);
});

it('takes the backup of the day for a month that is damaged', async () => {
  const first = await open(october);
  const history = await first.reopened();
  await history.add(postAfter('2026-10-30-ccc', ...publishedWay));
  await writeFile(join(first.folder, '2026-10.json'), 'damaged');
  const again = await first.reopened();
  expect(again.damaged).toEqual(['2026-10']);
  expect(await again.find(october.id)).toEqual(october);
  expect(again.publishedContent()).toEqual(new Set([october.photo.contentHash]));
  expect((await first.reopened()).damaged).toEqual([]);
});

it('does not lose the damaged month where its backup cannot be put in place', async () => {
  const first = await open(october);
  const history = await first.reopened();
  await history.add(postAfter('2026-10-30-ccc', ...publishedWay));
  const path = join(first.folder, '2026-10.json');
  await writeFile(path, 'damaged');
  // As where the disk is full, or the process dies in between.
  await mkdir(`${path}.new`);
  await expect(first.reopened()).rejects.toThrow();
  await rm(`${path}.new`, { recursive: true });
  const again = await first.reopened();
  expect(again.damaged).toEqual(['2026-10']);
  expect(again.publishedContent()).toEqual(new Set([october.photo.contentHash]));
});

it('does not touch a month of a newer version', async () => {
  const { folder, reopened } = await open(november);
  const path = join(folder, '2026-11.json');
  await writeFile(path, '{"schema":99,"posts":{}}');
  await expect(reopened()).rejects.toMatchObject({ exitCode: 3 });
  expect(await readFile(path, 'utf8')).toBe('{"schema":99,"posts":{}}');
});

// src/adapters/history-files.ts: a month has no sum, unlike the state.
it('notices that a letter of a month has changed', async () => {
  const { folder, reopened } = await open(november);
  const path = join(folder, '2026-11.json');
  await writeFile(path, (await readFile(path, 'utf8')).replace('content of', 'content oF'));
  const history = await reopened().catch(() => undefined);
  expect(history?.publishedContent().has('content oF 2026-11-22-bbb') ?? false).toBe(false);
});

it('counts a photo as published that may be out there, because the owner left it uncertain', async () => {
  const left = postAfter('2026-11-26-fff', 'drafted', 'approved', 'sending', 'uncertain', 'dropped');
  const { history } = await open(left);
  expect([...history.publishedContent()]).toEqual([left.photo.contentHash]);
  expect([...history.publishedFiles()]).toEqual([left.photo.id]);
});
