import { expect, test } from './browser-test.ts';
import { picture } from './pictures.ts';
import type { Studio } from './studio.ts';
import { written } from './written.ts';

/** Callers who come for some seconds, and then nobody. */
const callers = {
  format: 1,
  name: 'Greetings',
  nodes: [{ id: 'callers', kind: 'client', name: 'Callers', position: { x: 0, y: 0 } }],
  edges: [],
  scenarios: [
    {
      name: 'come and go',
      durationMs: 70_000,
      traffic: [
        {
          executor: 'ramping-arrival-rate',
          client: 'callers',
          startRatePerSec: 20,
          stages: [
            { durationMs: 10_000, ratePerSec: 20 },
            { durationMs: 0, ratePerSec: 0 },
            { durationMs: 60_000, ratePerSec: 0 },
          ],
          routes: [{ path: '/hello' }],
        },
      ],
    },
  ],
};

const handler = `export const handler = async (event) => {
  await new Promise((resolve) => setTimeout(resolve, 80));
  return { statusCode: 200, body: event.rawPath };
};
`;

/** A total in the inspector. */
const total = async (studio: Studio, measure: string): Promise<number> =>
  Number((await studio.inspector.locator(`[data-measure="${measure}"]`).textContent())?.replaceAll(',', ''));

test('a function is placed, connected, written and run: cold, then warm, and gone once nobody asks', async ({
  open,
  traces,
}) => {
  const studio = await open(written(traces, 'greetings', callers));
  const { page, inspector } = studio;
  await expect(studio.nodes).toHaveCount(1);
  await studio.dragFromPalette('function-lambda', { x: 0.88, y: 0.5 });
  await studio.connect('callers', 'function-lambda');
  await expect(studio.edge('callers-function-lambda')).toBeVisible();
  await studio.select('function-lambda');
  await page.getByRole('button', { name: 'Fit View' }).click();
  await expect(inspector.getByLabel('Name', { exact: true })).toHaveValue('Function');
  await inspector.getByRole('textbox', { name: 'Idle timeout' }).fill('1500');
  // What is not set is empty, and so it is again once it is cleared.
  const deadLetters = inspector.getByRole('textbox', { name: 'Dead-letter edge' });
  await expect(deadLetters).toHaveValue('');
  await deadLetters.fill('gone');
  await deadLetters.fill('');
  await inspector.getByRole('textbox', { name: 'Code' }).click();
  await page.keyboard.press('ControlOrMeta+a');
  await page.keyboard.insertText(handler);

  await studio.run();
  await studio.expectState('function-lambda', 'ready');
  const card = studio.node('function-lambda');
  const environments = card.locator('[data-metric="environments"]');
  await expect(environments.locator('[data-environment="busy"]').first()).toBeVisible();
  await expect(card.locator('[data-metric="init"]')).toHaveText(/ms$/);
  await expect(card.locator('[data-metric="coldStartShare"]')).toHaveText(/%$/);
  await expect(card.locator('[data-metric="cost-per-hour"]')).toHaveText(/^\$0\.\d*[1-9]/);
  await inspector.getByRole('tab', { name: 'Live and faults' }).click();
  // The first had to wait for an environment each; most meet one that is there already.
  await expect.poll(() => total(studio, 'coldStarts')).toBeGreaterThan(0);
  await expect
    .poll(async () => (await total(studio, 'invocations')) / (await total(studio, 'coldStarts')))
    .toBeGreaterThan(2);
  await expect(inspector.getByTestId('environments')).toContainText(/pid \d+ · .* · INIT .* invocations/);
  await picture(page, 'function-runs');

  // Nobody comes any more, and each environment is ended.
  await expect(environments).toHaveText('0', { timeout: 30_000 });
  await expect(inspector.getByTestId('environments')).toContainText('None runs: nothing is asked.');
  await expect(card.locator('[data-metric="cost-per-hour"]')).toHaveText('$0');
  await expect(card).toHaveAttribute('data-state', 'ready');
  await studio.stop();
  await studio.expectConservation();
  await studio.expectAll(['callers', 'function-lambda'], 'stopped');

  // What it cost, and from which rate on a machine would have been cheaper, by what the run counted.
  const costs = page.getByTestId('costs');
  const issued = /issued (\d+)/.exec((await page.getByTestId('conservation').textContent()) ?? '')?.[1] as string;
  await expect(costs).toContainText(`invocations ${issued}`);
  const breakEven = page.getByTestId('break-even-function-lambda');
  await expect(breakEven.getByRole('img', { name: /requests per second all month long/ })).toBeVisible();
  await expect(breakEven.locator('[data-figure="requests"]')).toHaveText(issued);
  const rateOf = async (): Promise<number> =>
    Number.parseFloat((await breakEven.locator('[data-figure="rate"]').textContent()) ?? '');
  const rate = await rateOf();
  const perRequest = Number((await breakEven.locator('[data-figure="per-request"]').textContent())?.replace('$', ''));
  expect(rate * perRequest * 3600).toBeCloseTo(0.04937, 3);
  await breakEven.scrollIntoViewIfNeeded();
  await picture(page, 'function-costs');

  // Other prices are written beside those of the sheet, and the next run goes by them.
  await page.getByRole('main', { name: 'Canvas' }).click({ position: { x: 30, y: 30 } });
  await inspector.getByRole('button', { name: 'Prices' }).click();
  const price = inspector.getByRole('textbox', { name: 'Lambda, a request', exact: true });
  await expect(price).toHaveAttribute('placeholder', '$0.0000002');
  await price.fill('0.0000004');
  await picture(page, 'function-prices');
  await studio.run();
  await expect(environments.locator('[data-environment="busy"]').first()).toBeVisible();
  await studio.stop();
  await expect(costs).toContainText('changed in the document');
  await expect(costs.getByRole('row', { name: 'Lambda, a request' })).toContainText('$0.000000400');
});

/** One function that lets in one at a time, and one whose module does not load. */
const failing = {
  format: 1,
  name: 'Limits',
  nodes: [
    { id: 'callers', kind: 'client', name: 'Callers', position: { x: 0, y: 120 } },
    {
      ...{ id: 'narrow', kind: 'function-lambda', name: 'Narrow', position: { x: 400, y: 0 } },
      config: { source: handler.replace('80', '400'), reservedConcurrency: 1 },
    },
    {
      ...{ id: 'broken', kind: 'function-lambda', name: 'Broken', position: { x: 400, y: 300 } },
      config: { source: "throw new Error('the key is missing');\nexport const handler = async () => 'never';" },
    },
  ],
  edges: [
    { id: 'callers-narrow', source: 'callers', target: 'narrow' },
    { id: 'callers-broken', source: 'callers', target: 'broken' },
  ],
  scenarios: [
    {
      name: 'both',
      traffic: ['narrow', 'broken'].map((target) => ({
        ...{ executor: 'constant-arrival-rate', client: 'callers', ratePerSec: 6 },
        routes: [{ path: `/${target}`, edge: `callers-${target}` }],
      })),
    },
  ],
};

test('a throttle and an INIT that fails say why, on the card and in the log', async ({ open, traces }) => {
  const studio = await open(written(traces, 'limits', failing));
  const { page } = studio;
  const trust = page.getByRole('button', { name: 'Trust and enable editing' });
  await trust.click();
  await studio.run();
  await expect(studio.node('narrow').locator('[data-metric="failure-reasons"]')).toContainText('throttled');
  await expect(studio.node('broken').locator('[data-metric="failure-reasons"]')).toContainText('crash');
  await expect.poll(() => studio.figure('narrow', 'throttles')).toBeGreaterThan(0);
  // Its callers see what is throttled fail.
  await expect.poll(() => studio.figure('narrow', 'errors-per-sec')).toBeGreaterThan(0);
  await studio.select('broken');
  await studio.inspector.getByRole('tab', { name: 'Live and faults' }).click();
  await picture(page, 'function-fails');
  await studio.inspector.getByRole('button', { name: 'Logs' }).click();
  await expect(page.getByRole('region', { name: 'Measurements' })).toContainText('the key is missing');
  await studio.stop();
  await studio.expectConservation();
});
