import { join } from 'node:path';
import { expect, test } from './browser-test.ts';
import { root } from './launch.ts';

test('virtual users are set up in the inspector, pictured, and seen at work', async ({ open }) => {
  const studio = await open(join(root, 'examples/shop-monolith.archipel.json'));
  const { page, inspector } = studio;
  await inspector.getByRole('tab', { name: 'Traffic' }).click();
  const preview = inspector.getByTestId('scenario-preview');
  await expect(preview).toHaveAttribute('data-unit', 'iterations/s');
  await expect(preview).toContainText('at most 120/s');

  await inspector.getByRole('button', { name: /^constant-arrival-rate/ }).click();
  await inspector.getByRole('combobox', { name: 'Traffic' }).click();
  await page.getByRole('option', { name: 'Ramping VUs' }).click();
  await expect(preview).toHaveAttribute('data-unit', 'VUs');
  await expect(preview).toContainText('at most 10 VUs');

  // The stage that came with it, and what a person would type first by mistake.
  await inspector.getByRole('button', { name: /^(empty|5000|10)/ }).click();
  const users = inspector.getByLabel('VUs', { exact: true });
  await users.fill('-3');
  await expect(inspector.getByText('must be at least 0. Write a number of at least 0.')).toBeVisible();
  await users.fill('8');
  await users.blur();
  await expect(preview).toContainText('at most 8 VUs');

  await studio.run();
  await studio.expectAll(['shoppers', 'shop', 'database'], 'ready');
  const figures = page.getByTestId('traffic-figures');
  await expect
    .poll(async () => Number(await figures.locator('[data-metric="vus"]').textContent()), { timeout: 15_000 })
    .toBeGreaterThan(4);
  await expect(figures.locator('[data-metric="uncorrected-p99"]')).toContainText('ms');
  // The stages are over by themselves; what they came to is shown on Stop.
  await studio.stop();
  await studio.expectConservation();
});
