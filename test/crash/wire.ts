/** What the program under test and the harness say to each other, one JSON text a line, over a local socket. */

/** From the program: a file operation is about to happen, is half done or is done; it waits for `go`. */
export interface AtFile {
  readonly type: 'file';
  readonly id: number;
  readonly label: string;
  /** The how many-th with this label, from 1. */
  readonly count: number;
  readonly phase: 'before' | 'during' | 'after';
}

/** From the program: the times at which its pauses are over, in epoch milliseconds of the world. */
export interface Asleep {
  readonly type: 'asleep';
  readonly until: readonly number[];
}

/** What the program has done so far. */
export interface Effort {
  readonly computedMs: number;
  /** Whether it wants to compute, as far as that is known, and only the machine is busy with something else. */
  readonly isKeptFrom: boolean;
}

/** From the program, as an answer to `how-busy`, where its machine does not tell. */
export interface OwnEffort {
  readonly type: 'effort';
  readonly computedMs: number;
  /** How often it had to stop computing because the machine was busy with something else. */
  readonly preempted: number;
}

/** From the harness: go on with that file operation. */
interface Go {
  readonly type: 'go';
  readonly id: number;
}

/** From the harness: the world's clock is this many milliseconds ahead of the machine's. */
interface Ahead {
  readonly type: 'ahead';
  readonly ms: number;
}

export type FromProgram = AtFile | Asleep | OwnEffort | { readonly type: 'kept' };
/** `keep-compiled`: the program is to keep on disk what was compiled of it, and to answer `kept`. */
export type FromHarness = Go | Ahead | { readonly type: 'how-busy' } | { readonly type: 'keep-compiled' };

/** The environment variables that the program's preload reads. */
export interface PreloadSettings {
  /** Path of the harness's socket. */
  readonly CRASH_SOCKET: string;
  /** The folder whose files count. */
  readonly CRASH_FOLDER: string;
  readonly CRASH_AHEAD_MS: string;
  readonly CRASH_WITHOUT: Guard | '';
}

/**
 * What a control takes out of the program, to show that it is needed and that its lack is seen. Without `intents` what
 * is being sent is saved as still waiting; without `quiet` a lost post is looked for at once, and twice in a row.
 */
export type Guard = 'intents' | 'quiet';

/** How long a service asks for when it is asked too often. Nothing else in the program waits exactly this long. */
export const limitedSeconds = 7;

/** Calls the listener with each line of a stream of text. */
export function lines(listener: (line: string) => void): (chunk: Buffer | string) => void {
  let rest = '';
  return (chunk) => {
    const parts = (rest + String(chunk)).split('\n');
    rest = parts.pop() ?? '';
    for (const part of parts) listener(part);
  };
}
