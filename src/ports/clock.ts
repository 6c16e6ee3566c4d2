/** Time and chance, as arguments. */
export interface Clock {
  now(): Date;
  /** Resolves after this time, or rejects with the signal's reason when it is aborted first. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
  /** A short random name of lower-case letters and digits, different each time. */
  id(): string;
}
