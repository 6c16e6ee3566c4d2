import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { Low } from 'lowdb';
import { NotSaved } from '#errors.ts';
import type { Clock } from '#ports/clock.ts';
import type { Store } from '#ports/store.ts';
import { advance, isRefusal } from '#post/lifecycle.ts';
import type { Post } from '#post/post.ts';
import { atRest, longRestMs } from '#post/queue.ts';
import { emptyState, type Generation, type State } from '#post/state.ts';
import { openBackups } from './backups.ts';
import { codeOf } from './durable-file.ts';
import { openHistory } from './history-files.ts';
import { openStateFile } from './state-file.ts';

export interface OpenStore {
  readonly store: Store;
  /** Of any but the newest, what went out since then is unknown. */
  readonly generation: Generation;
  /** When the state that was found was written, where that is known. */
  readonly writtenAt?: string | undefined;
  /** Months of the history, as 2026-11, that could not be read: in their place is a backup, or nothing. */
  readonly damagedMonths: readonly string[];
}

/**
 * The state in a folder of its own, which has to be locked (`lockFolder`). Changes that come while a write is
 * under way share the next write. Throws `SetupError` when a state is there but cannot be read.
 */
export async function openStore(folder: string, clock: Clock): Promise<OpenStore> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const backups = openBackups(folder, clock.now);
  const file = openStateFile(folder, clock.now, backups);
  const low = new Low<State>(file, emptyState(clock.id()));
  await low.read();
  const history = await openHistory(join(folder, 'history'), clock.now, backups);
  let current = low.data;
  let durable = current;
  let waiting: PromiseWithResolvers<void>[] = [];
  let isWriting = false;

  function commit(next: State): Promise<void> {
    if (next === current) return Promise.resolve();
    current = next;
    const saved = Promise.withResolvers<void>();
    waiting.push(saved);
    if (!isWriting) void writeAll();
    return saved.promise;
  }

  async function writeAll(): Promise<void> {
    isWriting = true;
    while (waiting.length > 0) {
      const batch = waiting;
      waiting = [];
      low.data = current;
      try {
        await low.write();
        durable = low.data;
        for (const { resolve } of batch) resolve();
      } catch (error) {
        await restore();
        takeBack(batch, codeOf(error));
      }
    }
    isWriting = false;
  }

  /** What is not on disk did not happen; later changes were built on it and go with it. */
  function takeBack(batch: readonly PromiseWithResolvers<void>[], code: string): void {
    const all = [...batch, ...waiting];
    waiting = [];
    current = durable;
    for (const { reject } of all) reject(new NotSaved(code));
  }

  /** A write can fail when its content is already in place; what is taken back must not be found there later. */
  async function restore(): Promise<void> {
    low.data = durable;
    await low.write().catch(() => undefined);
  }

  const store: Store = {
    state: () => current,
    post: (id) => current.posts[id],
    async update(id, event) {
      const post = current.posts[id];
      if (post === undefined) return undefined;
      const next = advance(post, event);
      if (!isRefusal(next)) await commit({ ...current, posts: { ...current.posts, [id]: next } });
      return next;
    },
    async reopen(id, event) {
      const filed = await history.find(id);
      const post = current.posts[id] ?? filed;
      if (post === undefined) return undefined;
      const next = advance(post, event);
      if (!isRefusal(next)) await commit({ ...current, posts: { ...current.posts, [id]: next } });
      return next;
    },
    change: (change) => commit(change(current)),
    async finish(id) {
      const post = current.posts[id];
      if (post === undefined) return;
      await history.add(post).catch((error: unknown) => {
        throw new NotSaved(codeOf(error));
      });
      // Something happened to it meanwhile: it stays, and what the history has is replaced later.
      if (current.posts[id] === post) await commit(without(current, post));
    },
    publishedContent: history.publishedContent,
    withdrawnContent: history.withdrawnContent,
    publishedFiles: history.publishedFiles,
    publishedPictures: history.publishedPictures,
    claims: history.claims,
    finished: history.find,
    newestFinished: history.newest,
  };
  return { store, ...file.found(), damagedMonths: history.damaged };
}

/** The state after a post has left it: an archived photo needs no description, a skipped one rests, or comes by itself no more. */
function without(state: State, post: Post): State {
  const { [post.id]: _, ...posts } = state.posts;
  const { contentHash, name } = post.photo;
  if (post.state === 'skipped' && post.isForever) {
    const never = { name, at: post.at, reason: 'never' } as const;
    return { ...state, posts, setAside: { ...state.setAside, [contentHash]: never } };
  }
  if (post.state === 'skipped') {
    const skippedAt = new Date(post.at);
    const until = new Date(skippedAt.getTime() + longRestMs);
    return { ...state, posts, queue: atRest(state.queue, [contentHash], until, skippedAt) };
  }
  if (post.state !== 'archived') return { ...state, posts };
  const { [contentHash]: __, ...descriptions } = state.descriptions;
  return { ...state, posts, descriptions };
}
