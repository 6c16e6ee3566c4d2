import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { account } from './dropbox/account.ts';
import { isRefusal, refuseByFault, refuseInput } from './dropbox/failures.ts';
import type { FileItem } from './dropbox/items.ts';
import { latestCursor, listFolder, listFolderContinue, longpoll } from './dropbox/listing.ts';
import { metadataOf } from './dropbox/metadata.ts';
import { download, findItem, followLink, temporaryLink, thumbnail } from './dropbox/reading.ts';
import { createScopes } from './dropbox/scopes.ts';
import { appKey, appSecret, openTokens, refreshToken } from './dropbox/tokens.ts';
import { openTree, type Tree } from './dropbox/tree.ts';
import { createFolder, move, remove, upload } from './dropbox/writing.ts';
import type { Faults } from './faults.ts';
import {
  type HttpService,
  type RunningService,
  type SimulatedAnswer,
  type SimulatedRequest,
  serve,
} from './http.ts';

/** A file as tests and the page see it. */
export interface SimulatedFile {
  readonly path: string;
  readonly id: string;
  readonly name: string;
  readonly size: number;
  readonly contentHash: string;
  readonly rev: string;
}

/** The hosts of Dropbox are the paths `/api`, `/content` and `/notify` of `url`. */
export interface SimulatedDropbox extends RunningService {
  readonly appKey: string;
  readonly appSecret: string;
  readonly refreshToken: string;
  /** Every file, by path. */
  files(): readonly SimulatedFile[];
  /** As if the photographer saved a file: creates or overwrites. */
  put(path: string, bytes: Buffer): SimulatedFile;
  read(path: string): Buffer | undefined;
  remove(path: string): void;
  move(from: string, to: string): void;
  /** Adds `picture-00001.jpg` ... to a folder: small on disk, each with a content of its own. */
  fill(folder: string, count: number, base: Buffer): void;
  /** Every cursor given out so far is answered with `reset`. */
  invalidateCursors(): void;
  /** Every long poll answers that it is to stay away this long; 0 takes that back. */
  setBackoff(seconds: number): void;
  /** Every access token given out so far is expired. */
  expireTokens(): void;
  /** What the owner does in the browser with the address of oauth2/authorize: the code that the page shows. */
  authorize(address: string): string;
  /** The owner disconnects the app: neither access nor refresh tokens work. */
  revoke(): void;
  /** Takes a revocation back. */
  allow(): void;
  /** The owner has not ticked these permissions of the app, in place of those set before. */
  withholdScopes(scopes: readonly string[]): void;
  /** Called after each change of the files; the result ends it. */
  onChange(listener: () => void): () => void;
}

export interface DropboxOptions {
  readonly faults: Faults;
  /** Where the files live between two starts. */
  readonly folder: string;
  /** A folder of files that stand in `/Photos` at the first start. */
  readonly samples?: string;
  readonly port?: number;
  readonly now?: () => Date;
  /** How long a second of a long poll lasts, in milliseconds; 1000 unless given. */
  readonly longpollSecondMs?: number;
}

/** Dropbox's HTTP API for one account and one app. */
export async function startDropbox(options: DropboxOptions): Promise<SimulatedDropbox> {
  const now = options.now ?? (() => new Date());
  const { samples } = options;
  const tree = openTree(options.folder, now, (fresh) => {
    if (samples !== undefined) seed(fresh, samples);
  });
  const tokens = openTokens(options.folder, now);
  const scopes = createScopes();
  let backoff = 0;

  const prepared = new WeakMap<SimulatedRequest, Promise<SimulatedAnswer>>();
  const service: HttpService = {
    name: 'dropbox',
    operation: operationOf,
    async prepare(request) {
      if (operationOf(request) !== 'files/get_thumbnail_v2') return;
      const answered = answer(request);
      prepared.set(request, answered);
      await answered;
    },
    async answer(request) {
      try {
        return await (prepared.get(request) ?? answer(request));
      } catch (error) {
        if (isRefusal(error)) return error.answer;
        throw error;
      }
    },
    refuse: (fault, request) => refuseByFault(fault, operationOf(request)),
  };

  async function answer(request: SimulatedRequest): Promise<SimulatedAnswer> {
    const operation = operationOf(request);
    if (operation === 'oauth2/token') return { status: 200, body: tokens.grant(request) };
    if (operation === 'temporary_link') return followLink(tree, request, now());
    // The long poll is the one call without a token.
    if (operation !== 'files/list_folder/longpoll') tokens.check(operation, request);
    scopes.check(operation);
    const [, host] = request.path.split('/');
    if (host === 'content') return answerContent(operation, request);
    const given = parse(operation, request.body.toString());
    const body =
      host === 'notify' ? await answerNotify(operation, given, request) : answerApi(operation, given);
    return { status: 200, body };
  }

  function answerApi(operation: string, given: Record<string, unknown>): object {
    switch (operation) {
      case 'check/user':
        return { result: given['query'] ?? '' };
      case 'users/get_current_account':
        return account;
      case 'files/list_folder':
        return listFolder(tree, operation, given);
      case 'files/list_folder/continue':
        return listFolderContinue(tree, given);
      case 'files/list_folder/get_latest_cursor':
        return latestCursor(tree, operation, given);
      case 'files/get_metadata':
        return metadataOf(findItem(tree, given['path']));
      case 'files/get_temporary_link':
        return temporaryLink(tree, given['path'], { url: running.url, now: now() });
      case 'files/move_v2':
        return move(tree, given);
      case 'files/create_folder_v2':
        return createFolder(tree, given);
      case 'files/delete_v2':
        return remove(tree, given);
      default:
        throw unknownFunction(operation);
    }
  }

  async function answerNotify(
    operation: string,
    given: Record<string, unknown>,
    request: SimulatedRequest,
  ): Promise<object> {
    if (operation !== 'files/list_folder/longpoll') throw unknownFunction(operation);
    const { longpollSecondMs: secondMs = 1000 } = options;
    return longpoll(tree, given, { secondMs, backoff, signal: request.signal });
  }

  async function answerContent(operation: string, request: SimulatedRequest): Promise<SimulatedAnswer> {
    const given = parse(
      operation,
      String(request.headers['dropbox-api-arg'] ?? request.query.get('arg') ?? ''),
    );
    switch (operation) {
      case 'files/download':
        return download(tree, given['path'], request);
      case 'files/get_thumbnail_v2':
        return thumbnail(tree, given);
      case 'files/upload':
        return { status: 200, body: upload(tree, given, request.body) };
      default:
        throw unknownFunction(operation);
    }
  }

  const running = await serve(service, options.faults, options.port);
  return {
    ...running,
    withholdScopes: scopes.withhold,
    appKey,
    appSecret,
    refreshToken,
    files: () => filesOf(tree).map(shown),
    put: (path, bytes) => shown(tree.put(path, bytes)),
    read(path) {
      const item = tree.find(path);
      return item?.kind === 'file' ? tree.bytesOf(item) : undefined;
    },
    remove: (path) => tree.remove(path),
    move: (from, to) => void tree.move(from, to),
    fill: (folder, count, base) => tree.fill(folder, count, base),
    invalidateCursors: () => tree.nextEra(),
    setBackoff(seconds) {
      backoff = seconds;
    },
    expireTokens: () => tokens.expire(),
    authorize: (address) => tokens.authorize(address),
    revoke: () => tokens.revoke(),
    allow: () => tokens.allow(),
    onChange: (listener) => tree.onChange(listener),
  };
}

function operationOf(request: SimulatedRequest): string {
  if (request.path.startsWith('/content/link/')) return 'temporary_link';
  return request.path.replace(/^\/(api|content|notify)\//, '').replace(/^2\//, '');
}

function seed(tree: Tree, samples: string): void {
  for (const name of readdirSync(samples).sort()) {
    if (!name.startsWith('.')) tree.put(`/Photos/${name}`, readFileSync(join(samples, name)));
  }
}

function filesOf(tree: Tree): FileItem[] {
  return tree.all().filter((item) => item.kind === 'file');
}

function shown({ path, id, name, size, contentHash, rev }: FileItem): SimulatedFile {
  return { path, id, name, size, contentHash, rev };
}

function parse(operation: string, text: string): Record<string, unknown> {
  if (text === '' || text === 'null') return {};
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null) return value as Record<string, unknown>;
  } catch {
    // Reported below in Dropbox's words.
  }
  throw refuseInput(operation, 'request body: could not decode input as JSON');
}

function unknownFunction(operation: string): object {
  const body = `Unknown API function: "${operation}"`;
  return { answer: { status: 400, headers: { 'content-type': 'text/plain; charset=utf-8' }, body } };
}
