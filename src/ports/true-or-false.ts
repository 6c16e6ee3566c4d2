import { z } from 'zod';

/** A setting that is `true` or `false`, and nothing that merely looks like it. */
export const TrueOrFalse = z.stringbool({
  truthy: ['true'],
  falsy: ['false'],
  error: 'is neither true nor false',
});
