/** Node's own setting, in MB: little of what is thrown away soon is kept until then. */
const flags = ['--max-semi-space-size=2'];

/** Those of glibc's allocator: the memory of a photo is given back when it is done with. */
const allocator = {
  MALLOC_ARENA_MAX: '2',
  MALLOC_MMAP_THRESHOLD_: '131072',
  MALLOC_TRIM_THRESHOLD_: '131072',
};

/** What a process that goes on running is started with on Linux, so that it holds half as much (`npm run bench`). */
export const littleMemory = { flags, allocator } as const;

/**
 * Begins this process again with settings that can only be made at its start, as the same process. Nothing happens where
 * it has them, where there is no such thing as beginning again, and where another process has a channel to this one.
 */
export function keepLittle(): void {
  const { execArgv, execPath, argv, env } = process;
  const isKept = flags.every((flag) => execArgv.includes(flag));
  if (isKept || process.platform !== 'linux' || process.send !== undefined) return;
  try {
    process.execve?.(execPath, [execPath, ...execArgv, ...flags, ...argv.slice(1)], { ...allocator, ...env });
  } catch {
    // It runs as it is, with more memory.
  }
}
