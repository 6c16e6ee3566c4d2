/**
 * How every outside call is disturbed, each operation the first time that it is called in a run:
 * - `dropped-before`, `dropped-after`: the connection is reset before or after the service has done its work.
 * - `broken-before`, `broken-after`: the service answers with a fault of its own without its work, or after it.
 * - `limited`: 429 with a wait of some seconds.
 * - `delayed`: the connection is reset, and the service does its work a minute later.
 * - `garbage`: 200 with a text that means nothing, the work done; `garbage-for-nothing`: not done.
 */
export const modes = [
  'calm',
  'dropped-before',
  'dropped-after',
  'broken-before',
  'broken-after',
  'limited',
  'delayed',
  'garbage',
  'garbage-for-nothing',
] as const;
export type Mode = (typeof modes)[number];

/**
 * Where in a call or in the writing of a file. Calls: `before` the service does its work, `applied` when it has and
 * nothing is answered, `answering` with half of the answer sent, `answered`. Files: `before`, `during`, `after`.
 */
export type Phase = 'before' | 'during' | 'after' | 'applied' | 'answering' | 'answered';

/** One moment of a run at which the program can be killed. */
export interface Moment {
  /** What happens, as "telegram sendPhoto to channel" or "rename to darkroom.json". */
  readonly label: string;
  /** The how many-th with this label since the program was started, from 1. */
  readonly count: number;
  readonly phase: Phase;
}

export function nameOf({ label, count, phase }: Moment): string {
  return `${label}#${count} ${phase}`;
}

export function momentOf(name: string): Moment {
  const [, label, count, phase] = /^(.+)#(\d+) (\w+)$/.exec(name) ?? [];
  if (label === undefined || phase === undefined) throw new Error(`"${name}" is no moment`);
  return { label, count: Number(count), phase: phase as Phase };
}

/** Numbers what happens. */
export interface Counter {
  next(label: string): number;
}

export function createCounter(): Counter {
  const counts = new Map<string, number>();
  return {
    next(label) {
      const count = (counts.get(label) ?? 0) + 1;
      counts.set(label, count);
      return count;
    },
  };
}
