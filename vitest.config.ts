import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Files that take minutes begin first, so that the others fill the time beside them. */
const LONGEST = [
  /stories\/chaos\.test\.ts$/,
  /stories\/postgres\.test\.ts$/,
  /stories\/serve-month\.test\.ts$/,
  /stories\/cli-/,
];

/** Files whose libraries settle for the life of a process what the tests of others decide otherwise. */
const ALONE = ['src/config/secrets/key-vault-machine.test.ts'];

class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const place = ({ moduleId }: TestSpecification) => {
      const found = LONGEST.findIndex((pattern) => pattern.test(moduleId));
      return found < 0 ? LONGEST.length : found;
    };
    return (await super.sort(files)).toSorted((a, b) => place(a) - place(b));
  }
}

const limits = { testTimeout: 30_000, hookTimeout: 30_000 };

export default defineConfig({
  test: {
    // Much of a story is waiting for a disk or another process: two at once pay also on two cores.
    maxWorkers: Math.max(2, availableParallelism() - 1),
    sequence: { sequencer: LongestFirst },
    projects: [
      {
        test: {
          ...limits,
          name: 'together',
          include: ['src/**/*.test.ts', 'test/**/*.test.ts'],
          exclude: ALONE,
          globalSetup: ['test/postgres-door.ts'],
          // Modules are read once a worker: reading them for each file took twice as long as the tests themselves.
          isolate: false,
        },
      },
      { test: { ...limits, name: 'alone', include: ALONE } },
    ],
  },
});
