import { defineConfig } from 'vitest/config';

/** Verdicts are only given on a machine that has time for them: nothing else runs beside these. */
const measuring = [
  'engine/cli/{cli,cut-off,ends,examples,hints,probes,reports,sweeps}.test.ts',
  'engine/api/{fault-timing,faults-after-death,sweeps,queue-theory,deploys,scaling}.test.ts',
];

const common = {
  pool: 'forks' as const,
  globalSetup: ['scripts/vitest-setup.mts'],
  // What is waited for comes when the machine has time for it: these say no more than that something hangs.
  testTimeout: 60_000,
  hookTimeout: 60_000,
  expect: { poll: { timeout: 15_000 } },
};

export default defineConfig({
  test: {
    passWithNoTests: false,
    projects: [
      {
        test: {
          ...common,
          name: 'together',
          include: ['{engine,renderer,electron,scripts,bench}/**/*.test.{ts,tsx,mts}'],
          exclude: measuring,
          // Tests start real processes and measure them: more files at once than cores would only measure each other.
          maxWorkers: 2,
          sequence: { groupOrder: 1 },
        },
      },
      { test: { ...common, name: 'alone', include: measuring, maxWorkers: 1, sequence: { groupOrder: 2 } } },
    ],
  },
});
