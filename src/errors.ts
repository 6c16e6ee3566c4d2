import type { Problem } from '#post/delivery.ts';

/** The outside services that Darkroom reads from or drafts with. */
export type ServiceName = 'Dropbox' | 'Replicate' | 'OpenAI' | 'Telegram';

/**
 * A service failed while reading or drafting. Thrown by adapters only, and without the SDK's own error as a
 * cause, because those hold tokens; `problem.detail` is what may be shown and logged.
 */
export class ServiceError extends Error {
  readonly service: ServiceName;
  readonly problem: Problem;
  /** The wait that the service itself asked for, in milliseconds. */
  readonly waitMs: number | undefined;

  constructor(service: ServiceName, problem: Problem, waitMs?: number) {
    super(`${service}: ${problem.kind}${problem.detail === undefined ? '' : ` (${problem.detail})`}`);
    this.name = 'ServiceError';
    this.service = service;
    this.problem = problem;
    this.waitMs = waitMs;
  }
}

/** The next call to an AI would not fit into the month's budget; it was not made. */
export class OverBudget extends Error {
  constructor() {
    super('The call would not fit into the budget of the month');
    this.name = 'OverBudget';
  }
}

/** The picture cannot be decoded: broken, empty, too large or of an unknown format. */
export class UnreadablePicture extends Error {
  constructor(reason: string) {
    super(`The picture cannot be read: ${reason}`);
    this.name = 'UnreadablePicture';
  }
}

/** The photo is no longer in the library, or no longer what it was. */
export class PhotoGone extends Error {
  constructor() {
    super('The photo is no longer in the library');
    this.name = 'PhotoGone';
  }
}

/** Whether a photo cannot be had, or cannot be read: no mistake of ours. */
export function isAboutPhoto(error: unknown): error is ServiceError | PhotoGone | UnreadablePicture {
  return error instanceof ServiceError || error instanceof PhotoGone || error instanceof UnreadablePicture;
}

/**
 * Something that only the person who runs Darkroom can mend; its message is shown to them as it is. The exit code
 * tells a supervisor what kind it is: 78 for settings and 75 for "busy" as in BSD's sysexits, 3 for a lost state.
 */
export class SetupError extends Error {
  readonly exitCode: number;

  constructor(message: string, exitCode = 78) {
    super(message);
    this.name = 'SetupError';
    this.exitCode = exitCode;
  }
}

/** Nothing could be saved: no intent on disk, so nothing may leave the house. */
export class NotSaved extends Error {
  readonly code: string;

  constructor(code: string) {
    super(`The state could not be saved (${code})`);
    this.name = 'NotSaved';
    this.code = code;
  }
}
