/** DARKROOM_LONG_TESTS=1: tests do all that they can, and not only what fits into a few minutes. */
export const isLong = process.env['DARKROOM_LONG_TESTS'] !== undefined;
