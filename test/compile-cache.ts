import { startSettings } from '#begin-again.ts';

/** Where the programs that tests start keep what Node has compiled, so that not each of them does that anew. */
export const compileCache = { NODE_COMPILE_CACHE: startSettings.environment.NODE_COMPILE_CACHE };
