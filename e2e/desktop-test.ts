import { join } from 'node:path';
import { test as base } from '@playwright/test';
import { type Desktop, launchDesktop, root } from './launch.ts';
import { createTraces, type Traces } from './leftovers.ts';
import { Studio } from './studio.ts';

interface OnDesktop {
  traces: Traces;
  /** The app with the monolith open; ended with the test. */
  desktop: Desktop;
  studio: Studio;
}

/** A test in the real window, after which nothing of Archipel is left. */
export const test = base.extend<OnDesktop>({
  // biome-ignore lint/correctness/noEmptyPattern: Playwright demands it.
  traces: async ({}, use) => {
    const traces = createTraces();
    await use(traces);
    await traces.expectNothingLeft(5000);
    traces.remove();
  },
  desktop: async ({ traces }, use) => {
    const desktop = await launchDesktop({ file: join(root, 'examples/shop-monolith.archipel.json'), env: traces.env });
    await use(desktop);
    await desktop.close();
  },
  studio: async ({ desktop }, use) => use(new Studio(desktop.window)),
});

export { expect } from '@playwright/test';
