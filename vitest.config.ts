import {defineConfig} from 'vitest/config';

/** Pure tests first; then those with real servers (x.pg.test.ts, test/e2e), two files at a time: they wait more than they work. */
export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'pure',
          setupFiles: ['test/support/fixed-seed.ts'],
          include: ['test/**/*.test.ts', 'test/**/*.test.tsx'],
          exclude: ['test/**/*.pg.test.ts', 'test/e2e/**'],
          // No test waits so long; a machine that is busy with others' servers does.
          testTimeout: 60_000,
        },
      },
      {
        test: {
          name: 'servers',
          include: ['test/**/*.pg.test.ts', 'test/e2e/**/*.test.ts'],
          testTimeout: 180_000,
          hookTimeout: 180_000,
          maxWorkers: 2,
          sequence: {groupOrder: 1},
        },
      },
    ],
  },
});
