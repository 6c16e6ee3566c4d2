import type { Problem } from '#post/delivery.ts';

/** Whether a service would do its part now. */
export type Check =
  | { readonly state: 'works' }
  | { readonly state: 'broken'; readonly problem: Problem }
  /** Nobody can tell before it is really used. */
  | { readonly state: 'unknown' };

export interface Checkable {
  /**
   * Asks the service with calls that change nothing, cost nothing and sign in nowhere with a password that could be
   * held against the owner. Never throws and may be repeated. Absent: it cannot be asked.
   */
  check?(): Promise<Check>;
}
