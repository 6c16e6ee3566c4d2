import type * as FileSystem from 'node:fs/promises';
import { mkdir, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { Chance } from './chance.ts';

/** A file by a number, or a folder. */
type Entry = number | 'folder';

/** What was done to the disk, in order, besides marks of the test. */
type Step =
  | { readonly done: 'written'; readonly file: number; readonly bytes: Buffer }
  | { readonly done: 'file-synced'; readonly file: number }
  | { readonly done: 'named'; readonly folder: string; change(names: Map<string, Entry>): void }
  | { readonly done: 'folder-synced'; readonly folder: string }
  | { readonly done: 'marked' };

/**
 * Records what a program does to a disk, and makes folders as a power cut can leave them: what was not synced is there,
 * gone, or half there. Only what happens below `root` counts.
 */
export interface RecordedDisk {
  /** The functions of node:fs/promises that write, working and recording. */
  wrap(real: typeof FileSystem): typeof FileSystem;
  begin(root: string): void;
  /** Lets the so many-th call from now on fail with this code, once. */
  failAt(call: number, code: string): void;
  /** From now on none fails; whether one has. */
  stopFailing(): boolean;
  /** Marks this moment among the steps. */
  mark(): void;
  readonly steps: readonly Step[];
  /** Forgets that anything was ever synced, as if the program had not asked for it. */
  forgetSyncs(): void;
  /** Makes the folder as it can be after the power went before step `at`. */
  afterCut(at: number, chance: Chance, folder: string): Promise<void>;
}

export function createRecordedDisk(): RecordedDisk {
  const steps: Step[] = [];
  const names = new Map<string, number>();
  let root: string | undefined;
  let files = 0;
  let failing: { call: number; readonly code: string } | undefined;

  const isOurs = (path: unknown): path is string =>
    root !== undefined && typeof path === 'string' && (path === root || path.startsWith(`${root}/`));

  /** Each call that writes comes by here first. */
  function pass(path: unknown): void {
    if (failing === undefined || !isOurs(path)) return;
    failing.call -= 1;
    if (failing.call > 0) return;
    const { code } = failing;
    failing = undefined;
    throw Object.assign(new Error(`${code}: the disk fails`), { code });
  }

  function name(path: string, entry: Entry | undefined): void {
    if (typeof entry === 'number') names.set(path, entry);
    else names.delete(path);
    const change = (there: Map<string, Entry>) =>
      entry === undefined ? there.delete(basename(path)) : there.set(basename(path), entry);
    steps.push({ done: 'named', folder: dirname(path), change });
  }

  /** The file at this path, made empty. */
  function emptied(path: string): number {
    let file = names.get(path);
    if (file === undefined) {
      files += 1;
      file = files;
      name(path, file);
    }
    steps.push({ done: 'written', file, bytes: Buffer.alloc(0) });
    return file;
  }

  function wrap(real: typeof FileSystem): typeof FileSystem {
    return {
      ...real,
      async open(path, flags, mode) {
        pass(path);
        const handle = await real.open(path, flags, mode);
        if (!isOurs(path)) return handle;
        const folder = flags === 'r' ? path : undefined;
        const file = flags === 'r' ? undefined : emptied(path);
        const { sync, writeFile: write } = handle;
        return Object.assign(handle, {
          async sync() {
            pass(path);
            await sync.call(handle);
            if (folder !== undefined) steps.push({ done: 'folder-synced', folder });
            else if (file !== undefined) steps.push({ done: 'file-synced', file });
          },
          async writeFile(data: string | Buffer) {
            pass(path);
            await write.call(handle, data);
            if (file !== undefined) steps.push({ done: 'written', file, bytes: Buffer.from(data) });
          },
        });
      },
      async writeFile(path, data, options) {
        pass(path);
        await real.writeFile(path, data, options);
        if (isOurs(path))
          steps.push({ done: 'written', file: emptied(path), bytes: Buffer.from(String(data)) });
      },
      async copyFile(from, to) {
        pass(to);
        await real.copyFile(from, to);
        if (isOurs(to)) steps.push({ done: 'written', file: emptied(to), bytes: await real.readFile(from) });
      },
      async link(from, to) {
        pass(to);
        await real.link(from, to);
        if (isOurs(to)) name(to, names.get(String(from)));
      },
      async rename(from, to) {
        pass(to);
        await real.rename(from, to);
        if (!isOurs(from) || !isOurs(to)) return;
        const entry = names.get(from);
        names.delete(from);
        if (entry !== undefined) names.set(to, entry);
        // Both names change in one step of the file system's journal.
        const change = (there: Map<string, Entry>) => {
          there.delete(basename(from));
          if (entry !== undefined) there.set(basename(to), entry);
        };
        steps.push({ done: 'named', folder: dirname(to), change });
      },
      async rm(path, options) {
        pass(path);
        await real.rm(path, options);
        if (isOurs(path)) name(path, undefined);
      },
      async mkdir(path: string, options?: object) {
        pass(path);
        const made = await real.mkdir(path, options);
        if (isOurs(path) && path !== root) {
          for (let each = path; each !== root; each = dirname(each)) name(each, 'folder');
        }
        return made;
      },
    } as typeof FileSystem;
  }

  async function restore(from: string, to: string, at: number, chance: Chance): Promise<void> {
    await mkdir(to, { recursive: true });
    for (const [each, entry] of namesAfter(steps.slice(0, at), from, chance)) {
      if (entry === 'folder') await restore(join(from, each), join(to, each), at, chance);
      else await writeFile(join(to, each), bytesAfter(steps.slice(0, at), entry, chance));
    }
  }

  return {
    wrap,
    steps,
    begin(at) {
      root = at;
    },
    failAt(call, code) {
      failing = { call, code };
    },
    stopFailing() {
      const hasFailed = failing === undefined;
      failing = undefined;
      return hasFailed;
    },
    forgetSyncs() {
      const others = steps.filter(({ done }) => done !== 'file-synced' && done !== 'folder-synced');
      steps.splice(0, steps.length, ...others);
    },
    mark: () => steps.push({ done: 'marked' }),
    async afterCut(at, chance, folder) {
      if (root === undefined) throw new Error('Nothing is recorded');
      await restore(root, folder, at, chance);
    },
  };
}

/** What was synced, and of the rest as many as chance lets through, in order, but for one that it may leave out. */
function namesAfter(steps: readonly Step[], folder: string, chance: Chance): ReadonlyMap<string, Entry> {
  const synced = steps.findLastIndex((step) => step.done === 'folder-synced' && step.folder === folder);
  const changes = (part: readonly Step[]) =>
    part.flatMap((step) => (step.done === 'named' && step.folder === folder ? [step] : []));
  const sure = changes(steps.slice(0, synced + 1));
  const open = changes(steps.slice(synced + 1));
  const through = open.slice(0, chance.number(0, open.length));
  const lost = chance.oneOf([-1, -1, chance.number(0, 4)]);
  const names = new Map<string, Entry>();
  for (const { change } of [...sure, ...through.filter((_, index) => index !== lost)]) change(names);
  return names;
}

function bytesAfter(steps: readonly Step[], file: number, chance: Chance): Buffer {
  const ofFile = (step: Step) => 'file' in step && step.file === file;
  const synced = steps.findLastIndex((step) => step.done === 'file-synced' && ofFile(step));
  const contents = (part: readonly Step[]) =>
    part.flatMap((step) => (step.done === 'written' && ofFile(step) ? [step.bytes] : []));
  const sure = contents(steps.slice(0, synced + 1)).at(-1);
  const open = contents(steps.slice(synced + 1)).at(-1);
  if (open === undefined) return sure ?? Buffer.alloc(0);
  return chance.oneOf([sure ?? Buffer.alloc(0), Buffer.alloc(0), open.subarray(0, open.length / 2), open]);
}
