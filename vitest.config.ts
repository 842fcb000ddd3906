import { defineConfig } from 'vitest/config';

// Forks, never threads: a second file that loads Temporal's native core in a thread crashes the process.
export default defineConfig({
  test: {
    pool: 'forks',
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          // no module of ours keeps state, so that files can share a process: 14 s less
          isolate: false,
          sequence: { groupOrder: 0 },
          include: ['test/**/*.test.ts'],
          exclude: ['test/**/*.live.test.ts', 'test/**/*.replay.test.ts', 'test/simulation/**'],
          // properties of many runs, on a machine that may be busy
          testTimeout: 30_000,
        },
      },
      {
        extends: true,
        test: {
          name: 'simulation',
          sequence: { groupOrder: 0 },
          include: ['test/simulation/**/*.test.ts'],
          exclude: ['test/**/*.live.test.ts'],
          testTimeout: 300_000,
        },
      },
      {
        extends: true,
        test: {
          name: 'types',
          include: [],
          typecheck: { enabled: true, only: true, include: ['test/**/*.test-d.ts'], tsconfig: 'test/tsconfig.json' },
        },
      },
      {
        extends: true,
        test: {
          name: 'replay',
          sequence: { groupOrder: 1 },
          include: ['test/**/*.replay.test.ts'],
          setupFiles: ['test/support/quiet-temporal.ts'],
          testTimeout: 60_000,
        },
      },
      {
        extends: true,
        test: {
          name: 'live',
          sequence: { groupOrder: 2 },
          include: ['test/**/*.live.test.ts'],
          globalSetup: ['test/support/live-setup.ts'],
          setupFiles: ['test/support/quiet-temporal.ts'],
          testTimeout: 60_000,
          hookTimeout: 120_000,
          // real servers on a busy machine: what is awaited comes, and when it does not, the wait tells
          expect: { poll: { timeout: 20_000 } },
          maxWorkers: 2,
        },
      },
    ],
  },
});
