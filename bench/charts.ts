import type { Page } from '@playwright/test';
import { median } from './figures.ts';
import { openWindowBrowser } from './window-browser.ts';

/** Of five the median still swung between 0.96 and 1.47. */
const ROUNDS = 13;
const UPDATES = 12;
/** A little more than the pace at which charts of the window draw at most, so that each update is drawn. */
const INTERVAL_MS = 260;
const MAX_RATIO = 1.3;

/** Time of the page's main thread for each update of all charts. */
async function costMs(page: Page): Promise<number> {
  await page.bringToFront();
  const client = await page.context().newCDPSession(page);
  await client.send('Performance.enable');
  const busyMs = async (): Promise<number> => {
    const { metrics } = await client.send('Performance.getMetrics');
    return (metrics.find(({ name }) => name === 'TaskDuration')?.value ?? 0) * 1000;
  };
  const beforeMs = await busyMs();
  for (let update = 0; update < UPDATES; update += 1) {
    await page.evaluate(() => globalThis.windowBench?.updateCharts());
    await page.waitForTimeout(INTERVAL_MS);
  }
  const cost = ((await busyMs()) - beforeMs) / UPDATES;
  await client.detach();
  return cost;
}

/** Twenty live charts of the window, four updates a second, beside as many plots of uPlot alone with the same points. */
export default async function charts() {
  const browser = await openWindowBrowser();
  if (!browser)
    return { name: 'charts', skipped: 'no Chromium is installed (ARCHIPEL_CHROMIUM names one)', results: [] };
  try {
    const open = async (scene: string): Promise<Page> => {
      const page = await browser.open({ show: 'charts', scene, nodes: 0, edges: 0 });
      // A whole minute of points.
      await page.evaluate(() => globalThis.windowBench?.frames(700));
      return page;
    };
    const [bare, ours] = [await open('bare'), await open('window')];
    const costs = { bare: [] as number[], window: [] as number[] };
    for (let round = 0; round <= ROUNDS; round += 1) {
      const [bareMs, windowMs] = [await costMs(bare), await costMs(ours)];
      // The first round warms up.
      if (round === 0) continue;
      costs.bare.push(bareMs);
      costs.window.push(windowMs);
    }
    const ratio = median(costs.window.map((cost, round) => cost / (costs.bare[round] ?? 1)));
    const told = (values: readonly number[]): string => values.map((value) => value.toFixed(1)).join(', ');
    return {
      name: 'charts',
      results: [
        {
          metric: 'main thread for an update of twenty live charts, window / bare uPlot',
          value: ratio,
          limit: MAX_RATIO,
          comparison: '<=' as const,
          holds: ratio <= MAX_RATIO,
          detail: `window ${told(costs.window)}; bare ${told(costs.bare)} ms; ${ROUNDS} rounds of ${UPDATES} updates, 300 points of 4 lines each, from a load generator for drawing`,
        },
      ],
    };
  } finally {
    await browser.close();
  }
}

if (process.argv[1] === import.meta.filename) console.log(JSON.stringify(await charts(), null, 2));
