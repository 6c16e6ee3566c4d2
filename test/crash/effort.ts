import { readdirSync, readFileSync } from 'node:fs';
import type { Effort } from './wire.ts';

/**
 * What a process has done so far, as Linux tells of its threads, and whether one of them computes right now, or would if
 * the machine were not busy with something else. Undefined: this machine does not tell, or the process is gone.
 */
export function effortOf(pid: number): Effort | undefined {
  try {
    const threads = readdirSync(`/proc/${pid}/task`).map((thread) => threadOf(`/proc/${pid}/task/${thread}`));
    const computedMs = threads.reduce((sum, thread) => sum + thread.computedMs, 0);
    return { computedMs, isKeptFrom: threads.some(({ isAwake }) => isAwake) };
  } catch {
    return undefined;
  }
}

/** The time in which it wanted to compute and could not counts as well (Linux, sched-stats.rst and proc.rst). */
function threadOf(folder: string): { readonly computedMs: number; readonly isAwake: boolean } {
  const [ran = 0, waited = 0] = readFileSync(`${folder}/schedstat`, 'utf8').split(' ').map(Number);
  // Its name stands in brackets before it and may hold anything.
  const state = /\) (\w)[^)]*$/.exec(readFileSync(`${folder}/stat`, 'utf8'))?.[1];
  return { computedMs: (ran + waited) / 1e6, isAwake: state === 'R' || state === 'D' };
}
