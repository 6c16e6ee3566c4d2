import { setTimeout as sleep } from 'node:timers/promises';
import { refuse, refuseInput } from './failures.ts';
import type { AnyItem } from './items.ts';
import { metadataOf } from './metadata.ts';
import type { Tree } from './tree.ts';

/** Where a reader stands: what it lists, the last path of its listing, and the changes it has seen. */
interface Cursor {
  readonly path: string;
  readonly isRecursive: boolean;
  readonly withDeleted: boolean;
  readonly limit: number;
  readonly era: number;
  /** Changes up to this one are known. */
  readonly seen: number;
  /** The listing goes on after this path; null: it is complete and only changes follow. */
  readonly after: string | null;
}

interface ListArgument {
  readonly path?: unknown;
  readonly recursive?: boolean;
  readonly include_deleted?: boolean;
  readonly limit?: number;
  readonly cursor?: unknown;
  readonly timeout?: number;
}

const largestPage = 2000;

export function listFolder(tree: Tree, operation: string, given: ListArgument): object {
  return page(tree, startOf(tree, operation, given));
}

export function listFolderContinue(tree: Tree, given: ListArgument): object {
  return page(tree, readCursor(tree, given.cursor));
}

/** A cursor after everything there is. */
export function latestCursor(tree: Tree, operation: string, given: ListArgument): object {
  return { cursor: writeCursor({ ...startOf(tree, operation, given), after: null }) };
}

/** Answers at the first change after the cursor, or at the end of the timeout (30 to 480 s, 30 unless given). */
export async function longpoll(
  tree: Tree,
  given: ListArgument,
  wait: { readonly secondMs: number; readonly signal: AbortSignal; readonly backoff: number },
): Promise<object> {
  // "If present, backoff for at least this many seconds before calling list_folder/longpoll again."
  const more = wait.backoff > 0 ? { backoff: wait.backoff } : {};
  const seconds = given.timeout ?? 30;
  if (!Number.isInteger(seconds) || seconds < 30 || seconds > 480) {
    const side = seconds < 30 ? `${seconds} is not at least 30` : `${seconds} is not at most 480`;
    throw refuseInput('files/list_folder/longpoll', `request body: timeout: ${side}`);
  }
  const cursor = readCursor(tree, given.cursor);
  const hasNews = (): boolean => changesAfter(tree, cursor).length > 0;
  if (hasNews() || cursor.after !== null) return { changes: true, ...more };
  const done = new AbortController();
  const stop = AbortSignal.any([wait.signal, done.signal]);
  const stopListening = tree.onChange(() => {
    if (cursor.era !== tree.era() || hasNews()) done.abort();
  });
  // Ends early when something changes or the client goes away.
  await sleep(seconds * wait.secondMs, undefined, { signal: stop }).catch(() => undefined);
  stopListening();
  readCursor(tree, given.cursor);
  return { changes: hasNews(), ...more };
}

function startOf(tree: Tree, operation: string, given: ListArgument): Cursor {
  const { path, limit = largestPage } = given;
  if (path === '/') {
    throw refuseInput(
      operation,
      'request body: path: Specify the root folder as an empty string rather than as "/".',
    );
  }
  if (typeof path !== 'string' || !/^((\/(.|[\r\n])*)?|id:.*|(ns:[0-9]+(\/.*)?))$/.test(path)) {
    throw refuseInput(
      operation,
      `request body: path: '${String(path)}' did not match pattern '(/(.|[\\r\\n])*)?|id:.*|(ns:[0-9]+(/.*)?)'`,
    );
  }
  if (!Number.isInteger(limit) || limit < 1 || limit > largestPage) {
    const side = limit < 1 ? `${limit} is not at least 1` : `${limit} is not at most ${largestPage}`;
    throw refuseInput(operation, `request body: limit: ${side}`);
  }
  const folder = path === '' ? undefined : tree.find(path.replace(/\/$/, ''));
  if (path !== '' && folder === undefined) throw refuse('path/not_found');
  if (folder?.kind === 'file') throw refuse('path/not_folder');
  return {
    path: folder?.lower ?? '',
    isRecursive: given.recursive ?? false,
    withDeleted: given.include_deleted ?? false,
    limit,
    era: tree.era(),
    seen: tree.changes(),
    after: '',
  };
}

function page(tree: Tree, cursor: Cursor): object {
  return cursor.after === null ? pageOfChanges(tree, cursor) : pageOfListing(tree, cursor, cursor.after);
}

function pageOfListing(tree: Tree, cursor: Cursor, after: string): object {
  const rest = tree
    .all()
    .filter(
      (item) =>
        isInScope(item, cursor) && item.lower > after && (cursor.withDeleted || item.kind !== 'deleted'),
    );
  const entries = rest.slice(0, cursor.limit);
  const hasMore = rest.length > entries.length;
  return answer(entries, { ...cursor, after: hasMore ? (entries.at(-1)?.lower ?? null) : null }, hasMore);
}

function pageOfChanges(tree: Tree, cursor: Cursor): object {
  const rest = changesAfter(tree, cursor);
  const entries = rest.slice(0, cursor.limit);
  const hasMore = rest.length > entries.length;
  const seen = hasMore ? (entries.at(-1)?.change ?? cursor.seen) : tree.changes();
  return answer(entries, { ...cursor, seen }, hasMore);
}

function changesAfter(tree: Tree, cursor: Cursor): AnyItem[] {
  return tree
    .all()
    .filter((item) => item.change > cursor.seen && isInScope(item, cursor))
    .sort((a, b) => a.change - b.change);
}

function isInScope(item: AnyItem, cursor: Cursor): boolean {
  if (cursor.isRecursive && item.lower === cursor.path) return true;
  if (!item.lower.startsWith(`${cursor.path}/`)) return false;
  return cursor.isRecursive || !item.lower.slice(cursor.path.length + 1).includes('/');
}

function answer(entries: readonly AnyItem[], cursor: Cursor, hasMore: boolean): object {
  return {
    entries: entries.map((item) => metadataOf(item)),
    cursor: writeCursor(cursor),
    has_more: hasMore,
  };
}

function writeCursor(cursor: Cursor): string {
  return `AAH${Buffer.from(JSON.stringify(cursor)).toString('base64url')}`;
}

function readCursor(tree: Tree, given: unknown): Cursor {
  const cursor = parse(given);
  if (cursor.era !== tree.era()) throw refuse('reset');
  if (cursor.path !== '' && tree.find(cursor.path) === undefined && !cursor.isRecursive)
    throw refuse('path/not_found');
  return cursor;
}

function parse(given: unknown): Cursor {
  try {
    return JSON.parse(Buffer.from(String(given).slice(3), 'base64url').toString()) as Cursor;
  } catch {
    throw refuseInput('files/list_folder/continue', 'Invalid "cursor" parameter.');
  }
}
