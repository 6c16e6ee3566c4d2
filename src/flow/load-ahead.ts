import { describeError } from '#flow/tell-trouble.ts';
import type { Ports } from '#ports/ports.ts';

/** Loads what a draft is made with, while the library is still asked for the photo. Nobody waits for it. */
export function loadForDraft({ renderer, captionWriter, log }: LoadPorts): void {
  loadAll([renderer, captionWriter], log);
}

/** Loads what is published with, while the owner looks at the draft. Nobody waits for it. */
export function loadForPublishing({ platforms, log }: Pick<Ports, 'platforms' | 'log'>): void {
  loadAll(platforms, log);
}

type LoadPorts = Pick<Ports, 'renderer' | 'captionWriter' | 'log'>;

function loadAll(
  parts: readonly ({ readonly load?: () => Promise<unknown> } | undefined)[],
  log: Ports['log'],
): void {
  for (const part of parts) {
    // Who needs it then meets the same trouble, and tells.
    part?.load?.().catch((error: unknown) => {
      log.warn({ error: describeError(error) }, 'Something could not be loaded ahead');
    });
  }
}
