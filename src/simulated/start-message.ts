import { z } from 'zod';

/**
 * What Darkroom in a process of its own is told at its start. It comes as a message and not as environment
 * variables, so that nothing hidden can ever configure the real program.
 */
export const StartMessage = z.object({
  /** The settings by name, as in the environment. */
  values: z.record(z.string(), z.string().optional()),
  /** For its state. */
  folder: z.string(),
  /** Where the services are that no setting points elsewhere. */
  endpoints: z.object({
    dropbox: z.string(),
    replicate: z.string(),
    instagram: z.string(),
    graph: z.string(),
    certificate: z.string(),
  }),
  /** Whether it makes a draft right away, so that there is something to see. */
  draftAtOnce: z.boolean(),
});
export type StartMessage = Readonly<z.infer<typeof StartMessage>>;

/** What it answers when it is up. */
export const ready = 'ready';
