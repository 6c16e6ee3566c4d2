import { describeError } from '#flow/tell-trouble.ts';
import type { Log } from '#ports/log.ts';

/** What works with a package that takes long to load. */
export interface Loadable {
  load?(): Promise<unknown>;
}

/** Lets these load what they work with while nobody waits for it. Who needs it then meets the same trouble, and tells. */
export function loadAhead(parts: readonly (Loadable | undefined)[], log: Log): void {
  for (const part of parts) {
    part?.load?.().catch((error: unknown) => {
      log.warn({ error: describeError(error) }, 'Something could not be loaded ahead');
    });
  }
}
