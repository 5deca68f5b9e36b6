import type { Page } from '@playwright/test';
import { openWindowBrowser, type WindowBrowser } from './window-browser.ts';

/*
 * How smooth the canvas of the window is, beside the same scene drawn by React Flow alone, whose nodes stand still and
 * say nothing. The window's own stores and components draw frames in the engine's format, ten a second, which a load
 * generator for drawing makes (bench/window-page/load.ts): no figure on these cards was measured.
 */

const ROUNDS = 3;
const MEASURED_MS = 2500;
const SETTLE_MS = 700;

type Scene = 'window' | 'bare';
type Gesture = 'rest' | 'pan' | 'drag';

interface Case {
  nodes: number;
  edges: number;
  /** Null: all in view. */
  zoom: number | null;
  gesture: Gesture;
}

async function framesPerSec(page: Page, { zoom, gesture }: Case): Promise<number> {
  await page.evaluate((at) => globalThis.windowBench?.look(at), zoom);
  await page.waitForTimeout(SETTLE_MS);
  const rate = await page.evaluate(([what, durationMs]) => globalThis.windowBench?.[what](durationMs), [
    gesture,
    MEASURED_MS,
  ] as const);
  return rate?.framesPerSec ?? 0;
}

const median = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;

/** Frame rates of both scenes, in turns; each scene is opened once a round and all its cases are measured in it. */
async function inTurns(browser: WindowBrowser, cases: readonly Case[]): Promise<Record<Scene, number[]>[]> {
  const rates = cases.map((): Record<Scene, number[]> => ({ window: [], bare: [] }));
  for (let round = 0; round < ROUNDS; round += 1)
    for (const scene of ['bare', 'window'] as const) {
      const [first] = cases;
      const page = await browser.open({ scene, nodes: first?.nodes ?? 0, edges: first?.edges ?? 0 });
      await page.waitForTimeout(1500);
      for (const [index, one] of cases.entries()) rates[index]?.[scene].push(await framesPerSec(page, one));
    }
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
    const empty = await browser.open({ scene: 'bare', nodes: 0, edges: 0 });
    const display = await framesPerSec(empty, { nodes: 0, edges: 0, zoom: 1, gesture: 'rest' });
    const small = many(200, 300, ['pan', 'drag'], [null, 0.65, 1]);
    const large = many(1000, 1500, ['rest', 'pan', 'drag'], [null]);
    for (const cases of [small, large])
      for (const [index, rates] of (await inTurns(browser, cases)).entries()) {
        const ratio = median(rates.window) / median(rates.bare);
        results.push({
          metric: `frame rate ${nameOf(cases[index] as Case)}, window / bare React Flow`,
          value: ratio,
          limit: 0.9,
          comparison: '>=' as const,
          holds: ratio >= 0.9,
          detail: `window ${told(rates.window)}; bare ${told(rates.bare)} frames/s; ${ROUNDS} rounds of ${MEASURED_MS} ms`,
        });
      }
    for (const near of many(1000, 1500, ['rest', 'pan'], [1])) {
      const page = await browser.open({ scene: 'window', nodes: near.nodes, edges: near.edges });
      await page.waitForTimeout(1500);
      const rates: number[] = [];
      for (let round = 0; round < ROUNDS; round += 1) rates.push(await framesPerSec(page, near));
      const ratio = median(rates) / display;
      results.push({
        metric: `frame rate ${nameOf(near)}, window / display`,
        value: ratio,
        limit: 0.95,
        comparison: '>=' as const,
        holds: ratio >= 0.95,
        detail: `window ${told(rates)}; display ${display.toFixed(1)} frames/s; ${ROUNDS} rounds of ${MEASURED_MS} ms`,
      });
    }
    return { name: 'canvas', results };
  } finally {
    await browser.close();
  }
}

if (process.argv[1] === import.meta.filename) console.log(JSON.stringify(await canvas(), null, 2));
