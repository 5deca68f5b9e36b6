import { expect, test } from './browser-test.ts';
import { picture } from './pictures.ts';
import type { Studio } from './studio.ts';
import { written } from './written.ts';

/** A scheduler that calls a Worker, and callers of a route handler. */
const styles = {
  format: 1,
  name: 'Styles of functions',
  nodes: [
    {
      ...{ id: 'clock', kind: 'scheduler', name: 'Clock', position: { x: 0, y: 0 } },
      config: {
        schedules: [
          {
            ...{ name: 'tick', expression: 'rate(200 milliseconds)' },
            steps: [{ do: 'call', edge: 'clock-worker', method: 'GET', path: '/{name}' }],
          },
        ],
      },
    },
    { id: 'callers', kind: 'client', name: 'Callers', position: { x: 0, y: 300 } },
    {
      ...{ id: 'worker', kind: 'function-workers', name: 'Greeter', position: { x: 420, y: 0 } },
      config: {
        source:
          'export default {\n  async fetch(request) {\n    return new Response(new URL(request.url).pathname);\n  },\n};\n',
      },
    },
    {
      ...{ id: 'next', kind: 'function-next', name: 'Items', position: { x: 420, y: 300 } },
      config: {
        routeHandlers: [
          {
            path: '/api/items/[id]',
            source:
              'export async function GET(request, { params }) {\n  const { id } = await params;\n  return Response.json({ id });\n}\n',
          },
        ],
      },
    },
  ],
  edges: [
    { id: 'clock-worker', source: 'clock', target: 'worker' },
    { id: 'callers-next', source: 'callers', target: 'next' },
  ],
  scenarios: [
    {
      name: 'some',
      durationMs: 60_000,
      traffic: [
        {
          ...{ executor: 'constant-arrival-rate', client: 'callers', ratePerSec: 10 },
          routes: [{ path: '/api/items/7' }],
        },
      ],
    },
  ],
};

const total = async (studio: Studio, measure: string): Promise<number> =>
  Number((await studio.inspector.locator(`[data-measure="${measure}"]`).textContent())?.replaceAll(',', ''));

test('a scheduler calls a Worker, callers a route handler; what runs, and what each took, is shown', async ({
  open,
  traces,
}) => {
  const studio = await open(written(traces, 'styles', styles));
  const { page, inspector } = studio;
  await page.getByRole('button', { name: 'Trust and enable editing' }).click();
  await expect(studio.nodes).toHaveCount(4);
  await studio.select('clock');
  await inspector.getByRole('button', { name: 'tick' }).first().click();
  await expect(inspector.getByRole('textbox', { name: 'When' })).toHaveValue('rate(200 milliseconds)');
  await picture(page, 'styles-scheduler');
  await studio.select('next');
  await inspector.getByRole('button', { name: '/api/items/[id]' }).first().click();
  await expect(inspector.getByRole('textbox', { name: 'Code' })).toContainText('export async function GET');
  await picture(page, 'styles-next');
  await studio.select('worker');
  await expect(inspector.getByRole('textbox', { name: 'Code' })).toContainText('async fetch(request)');
  await picture(page, 'styles-worker');
  await studio.run();
  await studio.expectAll(['clock', 'callers', 'worker', 'next'], 'ready');
  await expect(studio.node('worker').locator('[data-metric="environments"] [data-environment]').first()).toBeVisible();
  await expect(studio.node('next').locator('[data-metric="environments"] [data-environment]').first()).toBeVisible();
  await expect(studio.node('worker').locator('[data-metric="runsWorkerd"]')).toHaveText(/^(workerd|isolates)$/);
  await expect(studio.node('next').locator('[data-metric="runsNext"]')).toHaveText('own');
  await inspector.getByRole('tab', { name: 'Live and faults' }).click();
  await expect.poll(() => total(studio, 'invocations')).toBeGreaterThan(10);
  await picture(page, 'styles-worker-live');
  await studio.select('next');
  await expect.poll(() => total(studio, 'invocations')).toBeGreaterThan(10);
  await picture(page, 'styles-next-live');
  await studio.select('clock');
  await expect.poll(() => total(studio, 'fired')).toBeGreaterThan(10);
  expect(await total(studio, 'failed')).toBe(0);
  await picture(page, 'styles-scheduler-live');
  await studio.stop();
  await studio.expectConservation();
  await picture(page, 'styles-stopped');
});
