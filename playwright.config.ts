import { defineConfig } from '@playwright/test';

/** Real windows and real processes, so one test at a time and no second try: a test that fails once has found something. */
export default defineConfig({
  testDir: 'e2e',
  outputDir: 'test-results',
  workers: 1,
  fullyParallel: false,
  retries: 0,
  forbidOnly: true,
  timeout: 90_000,
  expect: { timeout: 20_000 },
  projects: [
    {
      name: 'browser',
      testMatch: [
        'accessibility.spec.ts',
        'authoring.spec.ts',
        'browser.spec.ts',
        'examples.spec.ts',
        'experiments.spec.ts',
        'exports.spec.ts',
        'faults.spec.ts',
        'window-killed.spec.ts',
        'groups.spec.ts',
        'hints.spec.ts',
        'outline.spec.ts',
        'replay.spec.ts',
        'traces.spec.ts',
        'traffic.spec.ts',
        'tour.spec.ts',
        'trust.spec.ts',
        'runs.spec.ts',
        'requests.spec.ts',
        'reports.spec.ts',
        'sweeps.spec.ts',
        'seeing.spec.ts',
      ],
    },
    { name: 'electron', testMatch: ['desktop.spec.ts', 'shell.spec.ts'] },
    { name: 'sudden-death', testMatch: 'sudden-death.spec.ts' },
    { name: 'packaged', testMatch: 'packaged.spec.ts' },
  ],
});
