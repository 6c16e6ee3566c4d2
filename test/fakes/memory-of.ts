import { readFile, writeFile } from 'node:fs/promises';

/** Resident memory of a running process in bytes, now and at the most; of that process alone, and only on Linux. */
export async function memoryOf(
  pid: number | 'self' | undefined,
): Promise<{ readonly now: number; readonly peak: number }> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  const of = (name: string) => Number(new RegExp(`${name}:\\s+(\\d+) kB`).exec(status)?.[1]) * 1024;
  return { now: of('VmRSS'), peak: of('VmHWM') };
}

/** From now on the most is that since now. */
export async function forgetPeak(pid: number | undefined): Promise<void> {
  // proc(5): 5 resets the peak resident set size.
  await writeFile(`/proc/${pid}/clear_refs`, '5');
}
