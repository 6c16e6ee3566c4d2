import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

// biome-ignore lint/style/noDefaultExport: vitest reads its settings from the default export
export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: './test/made-once.ts',
    reporters: ['default', './test/reporter.ts'],
    // By itself vitest leaves one of two cores idle, and much of these tests is waiting.
    maxWorkers: Math.max(2, availableParallelism() - 1),
    // What hangs fails; a machine that is busy is no reason.
    testTimeout: 90_000,
    hookTimeout: 90_000,
    expect: { poll: { timeout: 20_000 } },
  },
});
