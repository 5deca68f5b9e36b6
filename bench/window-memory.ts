import { openWindowBrowser } from './window-browser.ts';

/** Time of the topology, played as fast as the window takes it. `ARCHIPEL_SOAK_MINUTES=60` for an hour. */
const MINUTES = Number(process.env.ARCHIPEL_SOAK_MINUTES ?? 12);
const FRAMES = MINUTES * 600;
const SAMPLES = 20;
/** The window keeps five minutes of points, and fills them first. */
const MAX_GROWTH = 0.05;

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

/** Canvas and dashboard of the window under a topology that runs on and on: what they hold stays what it was. */
export default async function windowMemory() {
  const browser = await openWindowBrowser();
  if (!browser)
    return { name: 'window-memory', skipped: 'no Chromium is installed (ARCHIPEL_CHROMIUM names one)', results: [] };
  try {
    const page = await browser.open({ show: 'panels', scene: 'window', nodes: 30, edges: 45 });
    const client = await page.context().newCDPSession(page);
    await client.send('Performance.enable');
    const samples = { heapBytes: [] as number[], elements: [] as number[], listeners: [] as number[] };
    const perSample = Math.ceil(FRAMES / SAMPLES);
    for (let sample = 0; sample < SAMPLES; sample += 1) {
      for (let frame = 0; frame < perSample; frame += 10) {
        await page.evaluate(() => globalThis.windowBench?.frames(10));
        await page.waitForTimeout(5);
      }
      await client.send('HeapProfiler.collectGarbage');
      const { metrics } = await client.send('Performance.getMetrics');
      const metric = (name: string): number => metrics.find((one) => one.name === name)?.value ?? 0;
      samples.heapBytes.push(metric('JSHeapUsedSize'));
      samples.elements.push(metric('Nodes'));
      samples.listeners.push(metric('JSEventListeners'));
    }
    const growthOf = (values: readonly number[]): number =>
      mean(values.slice(-5)) / mean(values.slice(SAMPLES / 2, SAMPLES / 2 + 5)) - 1;
    return {
      name: 'window-memory',
      results: Object.entries(samples).map(([what, values]) => ({
        metric: `growth of the window's ${what} while a topology runs`,
        value: growthOf(values),
        limit: MAX_GROWTH,
        comparison: '<=' as const,
        holds: growthOf(values) <= MAX_GROWTH,
        detail: `${MINUTES} minutes of ten frames a second, from a load generator for drawing: ${values
          .map((value) => (what === 'heapBytes' ? (value / 2 ** 20).toFixed(1) : value))
          .join(', ')}`,
      })),
    };
  } finally {
    await browser.close();
  }
}

if (process.argv[1] === import.meta.filename) console.log(JSON.stringify(await windowMemory(), null, 2));
