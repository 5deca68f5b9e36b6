import { type Browser, test as base, chromium } from '@playwright/test';
import { findChromium } from '../scripts/chromium.mjs';
import { isRoot } from '../scripts/electron-runtime.mjs';
import { launchWeb, type Web } from './launch.ts';
import { createTraces, type Traces } from './leftovers.ts';
import { Studio } from './studio.ts';

interface InBrowser {
  traces: Traces;
  /** Starts Archipel for a browser; ended with the test. */
  start(file?: string): Promise<Web>;
  /** Starts Archipel and opens it in a tab of its own. */
  open(file?: string): Promise<Studio>;
}

/** A test in a real browser, after which nothing of Archipel is left. */
export const test = base.extend<InBrowser, { chrome: Browser }>({
  chrome: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright demands it.
    async ({}, use) => {
      const chrome = await chromium.launch({
        executablePath: findChromium() ?? undefined,
        chromiumSandbox: !isRoot(),
      });
      await use(chrome);
      await chrome.close();
    },
    { scope: 'worker' },
  ],
  // biome-ignore lint/correctness/noEmptyPattern: Playwright demands it.
  traces: async ({}, use) => {
    const traces = createTraces();
    await use(traces);
    await traces.expectNothingLeft(5000);
    traces.remove();
  },
  start: async ({ traces }, use) => {
    const started: Web[] = [];
    await use(async (file) => {
      const web = await launchWeb({ file, env: traces.env });
      started.push(web);
      return web;
    });
    for (const web of started) await web.close();
  },
  open: async ({ chrome, start }, use) => {
    const pages: Studio[] = [];
    await use(async (file) => {
      const web = await start(file);
      const page = await chrome.newPage({ viewport: { width: 1440, height: 900 } });
      await page.goto(web.url);
      const studio = new Studio(page);
      pages.push(studio);
      return studio;
    });
    for (const { page } of pages) await page.close();
  },
});

export { expect } from '@playwright/test';
