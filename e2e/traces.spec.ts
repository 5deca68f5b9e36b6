import { expect, test } from './browser-test.ts';
import { node, ownDocument } from './own-document.ts';
import { picture } from './pictures.ts';

/** Every second request asks for what is not there. */
const half = {
  format: 1,
  name: 'Half',
  nodes: [
    node('callers', 'client', 0),
    node('gateway', 'gateway', 300),
    node('greeter', 'service', 600, {
      routes: [{ path: '/hello', steps: [{ do: 'wait', duration: { type: 'fixed', valueMs: 5 } }] }],
    }),
  ],
  edges: [
    { id: 'callers-gateway', source: 'callers', target: 'gateway' },
    { id: 'gateway-greeter', source: 'gateway', target: 'greeter' },
  ],
  scenarios: [
    {
      name: 'calm',
      traffic: [
        {
          executor: 'constant-arrival-rate',
          client: 'callers',
          ratePerSec: 20,
          routes: [{ path: '/hello' }, { path: '/nowhere' }],
        },
      ],
    },
  ],
};

const file = ownDocument('half', half);

test('a failed request shows on its way through the nodes, and how many are traced is a setting', async ({ open }) => {
  const studio = await open(file);
  const { page } = studio;
  await page.getByRole('tab', { name: 'Traces' }).click();
  await expect(page.getByText('No traces yet')).toBeVisible();

  await page.getByRole('button', { name: 'Tracing settings' }).click();
  const settings = page.getByRole('dialog');
  await settings.getByLabel('Send spans to').fill('nonsense');
  await settings.getByRole('button', { name: 'Apply' }).click();
  await expect(settings).toContainText('it is no URL');
  await settings.getByLabel('Send spans to').fill('');
  await settings.getByLabel('Sampled').fill('100');
  await settings.getByRole('button', { name: 'Apply' }).click();
  await expect(settings).toBeHidden();

  await studio.run();
  await studio.expectFigureAbove('greeter', 'requests-per-sec', 5);
  const rows = page.getByTestId('traces').getByRole('button');
  await page.getByRole('tab', { name: 'Traces' }).click();
  await expect(rows.filter({ hasText: 'GET /hello' }).first()).toBeVisible({ timeout: 40_000 });
  await page.getByRole('checkbox', { name: 'Failed' }).check();
  await expect(rows.filter({ hasText: 'GET /hello' })).toHaveCount(0);
  const failed = rows.filter({ hasText: 'no-route at greeter' });
  await expect(failed.first()).toBeVisible();
  await failed.last().click();

  const spans = page.getByTestId('waterfall').getByRole('button');
  await expect(spans).toHaveCount(5);
  await expect(spans.nth(0)).toContainText('callers GET /nowhere');
  await expect(spans.nth(1)).toContainText('GET → gateway');
  await expect(spans.nth(3)).toContainText('GET → greeter');
  await expect(spans.nth(4).getByLabel('failed: no-route')).toBeVisible();
  await spans.nth(4).click();
  await expect(page.getByTestId('waterfall')).toContainText('http.response.status_code404');
  await picture(page, 'waterfall');
  await studio.button('Use dark colours').click();
  await expect(studio.button('Use light colours')).toBeVisible();
  await picture(page, 'dark');

  await page.getByRole('checkbox', { name: 'Failed' }).uncheck();
  await page.getByLabel('Slower than').fill('600000');
  await expect(rows).toHaveCount(0);
});
