import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** They put other modules in the place of real ones, which elsewhere are loaded already. */
const replacing = ['migrations', 'power-cut', 'ten-years'].map((name) => `test/adapters/${name}.test.ts`);

const longest = /test\/(crash|pages|main|stories\/(secrets|services))/;

/** So none of the longest runs alone at the end. By itself vitest takes the largest files first. */
class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    const isLong = ({ moduleId }: TestSpecification) => longest.test(moduleId);
    return [...sorted.filter(isLong), ...sorted.filter((file) => !isLong(file))];
  }
}

// biome-ignore lint/style/noDefaultExport: vitest reads its settings from the default export
export default defineConfig({
  test: {
    globalSetup: './test/made-once.ts',
    sequence: { sequencer: LongestFirst },
    reporters: ['default', './test/reporter.ts'],
    // One more than there are cores: half of a story is waiting, for the disk and for other processes.
    maxWorkers: availableParallelism() + 1,
    // Much is made and thrown away at once, and the cores have other tests to run: a tenth less of them all.
    execArgv: [
      ...['--max-semi-space-size=64', '--min-semi-space-size=32'],
      ...['--single-threaded-gc', '--no-concurrent-recompilation'],
    ],
    // What hangs fails; a machine that is busy is no reason.
    testTimeout: 240_000,
    hookTimeout: 240_000,
    expect: { poll: { timeout: 60_000 } },
    // Loading the program takes longer than most files of tests, so that they share what is loaded.
    projects: [
      {
        extends: true,
        test: { name: 'shared', include: ['test/**/*.test.ts'], exclude: replacing, isolate: false },
      },
      { extends: true, test: { name: 'alone', include: replacing } },
    ],
  },
});
