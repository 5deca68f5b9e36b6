import type { Locator } from '@playwright/test';
import { expect, test } from './browser-test.ts';
import { command, place } from './hand.ts';
import { node, ownDocument } from './own-document.ts';

const file = ownDocument('steady', {
  format: 1,
  name: 'Steady',
  nodes: [
    node('callers', 'client', 0),
    node('clerk', 'service', 300, {
      routes: [{ path: '/hello', steps: [{ do: 'wait', duration: { type: 'fixed', valueMs: 5 } }] }],
    }),
    node('other', 'service', 900),
    node('third', 'service', 1200),
  ],
  edges: [{ id: 'callers-clerk', source: 'callers', target: 'clerk' }],
  scenarios: [
    {
      name: 'steady',
      traffic: [{ executor: 'constant-arrival-rate', client: 'callers', ratePerSec: 40, routes: [{ path: '/hello' }] }],
    },
  ],
});

/** How far the line under the cursor stands from the left side of its chart. */
const cursorAt = (chart: Locator): Promise<string> =>
  chart.locator('.u-cursor-x').evaluate((line) => getComputedStyle(line).transform);

test('a stretch of the charts is chosen with the brush, and the cursor of one stands in all', async ({ open }) => {
  const studio = await open(file);
  const { page } = studio;
  const throughput = page.getByRole('figure', { name: 'Throughput' });
  const latency = page.getByRole('figure', { name: 'Latency' });
  const goodput = throughput.locator('[data-line="ok"]');
  await studio.run();
  await expect.poll(() => studio.trafficCount('ok')).toBeGreaterThan(300);

  const over = throughput.locator('.u-over');
  const box = await over.boundingBox();
  if (!box) throw new Error('The chart is not shown.');
  const y = box.y + box.height / 2;
  await page.mouse.move(box.x + box.width * 0.92, y);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width * 0.98, y, { steps: 6 });
  await page.mouse.up();
  await expect(studio.button('Live again')).toBeVisible();

  // What was chosen stands still, and so does what the cursor reads there.
  await page.mouse.move(box.x + box.width * 0.5, y);
  await expect(goodput).toHaveText(/^\d/);
  const read = await goodput.textContent();
  const count = await studio.trafficCount('ok');
  expect(await cursorAt(latency)).toBe(await cursorAt(throughput));
  await expect(latency.locator('[data-line="p50"]')).toHaveText(/^\d/);
  await expect.poll(() => studio.trafficCount('ok')).toBeGreaterThan(count + 40);
  expect(await goodput.textContent()).toBe(read);

  await studio.button('Live again').click();
  await expect(page.getByRole('radiogroup', { name: 'Time that the charts show' })).toBeVisible();
  await expect(studio.button('Live again')).toHaveCount(0);
});

test('cards are distributed, all come into view, and the map shows them', async ({ open }) => {
  const studio = await open(file);
  const { page } = studio;
  const map = page.locator('.react-flow__minimap');
  await expect(map.locator('.react-flow__minimap-node')).toHaveCount(4);
  await studio.select('clerk');
  await page.keyboard.press('ControlOrMeta+a');
  /** By how many pixels of the screen the widest gap is wider than the narrowest; positions are whole pixels. */
  const unevenness = async (): Promise<number> => {
    const xs = await Promise.all(['callers', 'clerk', 'other', 'third'].map(async (id) => (await place(studio, id)).x));
    const gaps = xs.slice(1).map((x, index) => x - (xs[index] as number));
    return Math.max(...gaps) - Math.min(...gaps);
  };
  expect(await unevenness()).toBeGreaterThan(50);
  await page.keyboard.press('Alt+Shift+H');
  await expect.poll(unevenness).toBeLessThanOrEqual(2);

  const ends = ['callers', 'third'].map((id) => studio.node(id));
  const seen = async (): Promise<number> => {
    const boxes = await Promise.all(ends.map((card) => card.boundingBox()));
    const { width } = page.viewportSize() ?? { width: 0 };
    return boxes.filter((box) => box && box.x >= 0 && box.x + box.width <= width).length;
  };
  for (let turn = 0; turn < 4; turn += 1) await command(page, 'zoom in');
  await expect.poll(seen).toBeLessThan(2);
  await command(page, 'show everything');
  await expect.poll(seen).toBe(2);
});
