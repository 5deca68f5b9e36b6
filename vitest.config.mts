import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['{engine,renderer,electron,scripts,bench}/**/*.test.{ts,tsx,mts}'],
    globalSetup: ['scripts/vitest-setup.mts'],
    pool: 'forks',
    // Tests start real processes and measure them: more files at once than cores would only measure each other.
    maxWorkers: 2,
    testTimeout: 30_000,
    hookTimeout: 30_000,
    passWithNoTests: false,
  },
});
