import type { Page } from '@playwright/test';
import { median } from './figures.ts';
import { openWindowBrowser } from './window-browser.ts';

/*
 * How smooth the canvas of the window is, beside the same scene drawn by React Flow alone, whose nodes stand still and
 * say nothing. The window's own stores and components draw frames in the engine's format, ten a second, which a load
 * generator for drawing makes (bench/window-page/load.ts): no figure on these cards was measured.
 */

const ROUNDS = 5;
const MEASURED_MS = 1000;
const SETTLE_MS = 300;

type Scene = 'window' | 'bare';
type Gesture = 'rest' | 'pan' | 'drag';

interface Case {
  nodes: number;
  edges: number;
  /** Null: all in view. */
  zoom: number | null;
  gesture: Gesture;
}

async function framesPerSec(page: Page, gesture: Gesture): Promise<number> {
  await page.bringToFront();
  await page.evaluate(() => globalThis.windowBench?.feed(true));
  await page.waitForTimeout(SETTLE_MS);
  const rate = await page.evaluate(([what, durationMs]) => globalThis.windowBench?.[what](durationMs), [
    gesture,
    MEASURED_MS,
  ] as const);
  await page.evaluate(() => globalThis.windowBench?.feed(false));
  return rate?.framesPerSec ?? 0;
}

/** Frame rates of two scenes in turns, so that a busy moment of the computer meets both. */
async function inTurns(pages: Record<Scene, Page>, { zoom, gesture }: Case): Promise<Record<Scene, number[]>> {
  const rates: Record<Scene, number[]> = { window: [], bare: [] };
  for (const page of Object.values(pages)) {
    await page.bringToFront();
    await page.evaluate((at) => globalThis.windowBench?.look(at), zoom);
  }
  for (let round = 0; round < ROUNDS; round += 1)
    for (const scene of ['bare', 'window'] as const) rates[scene].push(await framesPerSec(pages[scene], gesture));
  return rates;
}

const nameOf = ({ nodes, zoom, gesture }: Case): string =>
  `${gesture === 'rest' ? 'at rest' : `while ${gesture === 'pan' ? 'panning' : 'dragging a card'}`}, ${nodes} nodes ${
    zoom === null ? 'all in view' : `at zoom ${zoom}`
  }`;

const told = (values: readonly number[]): string => values.map((value) => value.toFixed(1)).join(', ');

const many = (nodes: number, edges: number, gestures: readonly Gesture[], zooms: readonly (number | null)[]): Case[] =>
  zooms.flatMap((zoom) => gestures.map((gesture) => ({ nodes, edges, zoom, gesture })));

/** Frame rate of the canvas as a share of that of a bare scene, and of the display's. */
export default async function canvas() {
  const browser = await openWindowBrowser();
  if (!browser)
    return { name: 'canvas', skipped: 'no Chromium is installed (ARCHIPEL_CHROMIUM names one)', results: [] };
  try {
    const results = [];
    for (const [nodes, edges, zooms] of [
      [200, 300, [null, 0.65, 1]],
      [1000, 1500, [null]],
    ] as const) {
      const pages = {
        bare: await browser.open({ scene: 'bare', nodes, edges }),
        window: await browser.open({ scene: 'window', nodes, edges }),
      };
      for (const one of many(nodes, edges, ['pan', 'drag'], zooms)) {
        const rates = await inTurns(pages, one);
        const ratio = median(rates.window.map((rate, round) => rate / (rates.bare[round] ?? 1)));
        results.push({
          metric: `frame rate ${nameOf(one)}, window / bare React Flow`,
          value: ratio,
          limit: 0.9,
          comparison: '>=' as const,
          holds: ratio >= 0.9,
          detail: `window ${told(rates.window)}; bare ${told(rates.bare)} frames/s; ${ROUNDS} rounds of ${MEASURED_MS} ms`,
        });
      }
      for (const page of Object.values(pages)) await page.close();
    }
    const pages = {
      bare: await browser.open({ scene: 'bare', nodes: 0, edges: 0 }),
      window: await browser.open({ scene: 'window', nodes: 1000, edges: 1500 }),
    };
    for (const one of many(1000, 1500, ['rest'], [1, null])) {
      const rates = await inTurns(pages, one);
      const ratio = median(rates.window.map((rate, round) => rate / (rates.bare[round] ?? 1)));
      results.push({
        metric: `frame rate ${nameOf(one)}, window / display`,
        value: ratio,
        limit: 0.95,
        comparison: '>=' as const,
        holds: ratio >= 0.95,
        detail: `window ${told(rates.window)}; an empty scene ${told(rates.bare)} frames/s; ${ROUNDS} rounds of ${MEASURED_MS} ms`,
      });
    }
    return { name: 'canvas', results };
  } finally {
    await browser.close();
  }
}

if (process.argv[1] === import.meta.filename) console.log(JSON.stringify(await canvas(), null, 2));
