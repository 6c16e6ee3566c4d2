import { join } from 'node:path';

/** Where the programs that tests start keep what Node has compiled, so that not each of them does that anew. */
export const compileCache = {
  NODE_COMPILE_CACHE: join(import.meta.dirname, '../node_modules/.cache/compiled'),
};
