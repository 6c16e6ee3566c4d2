import { copyFile, mkdir, readdir, rename } from 'node:fs/promises';
import { basename, dirname, join, relative } from 'node:path';
import { z } from 'zod';
import { claimOf, mayBeOut } from '#post/delivery.ts';
import { type Shown, shownIn } from '#post/look-alike.ts';
import type { Photo } from '#post/photo.ts';
import { isApproved, Post, wentOut } from '#post/post.ts';
import type { Backups } from './backups.ts';
import { readSealed, seal } from './checked-file.ts';
import { writeDurably } from './durable-file.ts';
import { schemaVersion } from './migrations.ts';

/** Finished posts, one file a month, so that a write costs the same after ten years. */
export interface History {
  /** Adds a post, or replaces it. */
  add(post: Post): Promise<void>;
  find(id: string): Promise<Post | undefined>;
  /** The newest first; a month is read when its turn has come. */
  newest(): AsyncIterable<Post>;
  publishedContent(): ReadonlySet<string>;
  withdrawnContent(): ReadonlySet<string>;
  publishedFiles(): ReadonlySet<string>;
  /** What is known of how the published photos look: at most one of some 200 bytes for each post. */
  publishedPictures(): readonly Shown[];
  claims(): ReadonlySet<string>;
  /** Months that could not be read and were put aside; in their place is the newest backup of them that can. */
  readonly damaged: readonly string[];
}

const Month = z.record(z.string(), Post);
type Month = z.infer<typeof Month>;

/** The history in a folder of its own; the backups are of the folder around it. */
export async function openHistory(folder: string, now: () => Date, backups: Backups): Promise<History> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  /** By post, as a post can be taken down later. */
  const published = new Map<string, Photo>();
  const withdrawn = new Map<string, Photo>();
  const pictures = new Map<string, readonly Shown[]>();
  const claims = new Map<string, readonly string[]>();
  const damaged: string[] = [];
  const nameOf = (path: string) => relative(dirname(folder), path);
  const pathOf = (id: string) => join(folder, `${id.slice(0, 7)}.json`);
  let last: Promise<unknown> = Promise.resolve();

  async function read(path: string): Promise<{ posts: Month; schema: number }> {
    const month = await readSealed(path, Month);
    if (typeof month === 'object') return { posts: month.data, schema: month.schema };
    if (month === 'missing') return { posts: {}, schema: schemaVersion };
    // A damaged month is kept for looking at; the others do not suffer for it.
    const aside = `${path}.damaged-${now().getTime()}`;
    damaged.push(basename(path, '.json'));
    for (const copy of await backups.list(nameOf(path))) {
      const before = await readSealed(copy, Month);
      if (typeof before !== 'object') continue;
      // It stays in its place until the backup is there: a month that is missing counts as one without posts.
      await copyFile(path, aside);
      await writeDurably(path, seal(before.data));
      return { posts: before.data, schema: schemaVersion };
    }
    await rename(path, aside);
    return { posts: {}, schema: schemaVersion };
  }

  async function addNow(post: Post): Promise<void> {
    const path = pathOf(post.id);
    const { posts, schema } = await read(path);
    await backups.keep(nameOf(path));
    if (schema < schemaVersion) await backups.keepOldForm(path, nameOf(path), schema);
    await writeDurably(path, seal({ ...posts, [post.id]: post }));
    note(post);
  }

  function note(post: Post): void {
    if (!isApproved(post)) return;
    if (!wentOut(post)) return;
    const out = Object.entries(post.deliveries).filter(([, delivery]) => mayBeOut(delivery));
    const isDown = post.state === 'withdrawn';
    (isDown ? withdrawn : published).set(post.id, post.photo);
    (isDown ? published : withdrawn).delete(post.id);
    pictures.set(post.id, shownIn(post));
    claims.set(
      post.id,
      out.map(([platform, delivery]) => claimOf(platform, delivery)),
    );
  }

  const monthNames = async () =>
    (await readdir(folder)).filter((name) => /^\d{4}-\d{2}\.json$/.test(name)).sort();

  async function* newest(): AsyncIterable<Post> {
    for (const name of (await monthNames()).reverse()) {
      const { posts } = await read(join(folder, name));
      yield* Object.values(posts).sort((a, b) => (a.createdAt < b.createdAt ? 1 : -1));
    }
  }

  for (const name of await monthNames()) {
    const { posts } = await read(join(folder, name));
    for (const post of Object.values(posts)) note(post);
  }

  return {
    add(post) {
      const added = last.then(() => addNow(post));
      last = added.catch(() => undefined);
      return added;
    },
    async find(id) {
      return (await read(pathOf(id))).posts[id];
    },
    newest,
    publishedContent: () => contentOf(published),
    withdrawnContent: () => contentOf(withdrawn),
    publishedFiles: () => new Set([...published.values(), ...withdrawn.values()].map(({ id }) => id)),
    publishedPictures: () => [...pictures.values()].flat(),
    claims: () => new Set([...claims.values()].flat()),
    damaged,
  };
}

function contentOf(photos: ReadonlyMap<string, Photo>): ReadonlySet<string> {
  return new Set([...photos.values()].map(({ contentHash }) => contentHash));
}
