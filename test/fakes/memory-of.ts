import { readFile } from 'node:fs/promises';

/** Resident memory of a running process in bytes, now and at the most; of that process alone, and only on Linux. */
export async function memoryOf(
  pid: number | 'self' | undefined,
): Promise<{ readonly now: number; readonly peak: number }> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  const of = (name: string) => Number(new RegExp(`${name}:\\s+(\\d+) kB`).exec(status)?.[1]) * 1024;
  return { now: of('VmRSS'), peak: of('VmHWM') };
}
