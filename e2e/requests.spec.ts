import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from './browser-test.ts';
import { picture } from './pictures.ts';
import { slotShop } from './slot-shop.ts';

test('a request is sent by hand, its answer and its way are seen, and it is changed and sent again', async ({
  open,
}) => {
  const file = join(mkdtempSync(join(tmpdir(), 'archipel-e2e-')), 'slots.archipel.json');
  writeFileSync(file, JSON.stringify(slotShop()));
  const studio = await open(file);
  const { page, inspector } = studio;
  const panel = page.getByRole('region', { name: 'Measurements' });
  await studio.select('shop');
  await inspector.getByRole('tab', { name: 'Live and faults' }).click();
  await inspector.getByRole('button', { name: 'Send a request…' }).click();
  const send = panel.getByRole('button', { name: 'Send', exact: true });
  await expect(send).toBeDisabled();
  await expect(panel).toContainText('Nothing runs. Press Run, then send.');

  await studio.run();
  await studio.expectFigureAbove('shop', 'requests-per-sec', 15);
  await panel.getByRole('tab', { name: 'Requests' }).click();
  await panel.getByRole('textbox', { name: 'Headers' }).fill('x-wish: gift');
  await send.click();
  await expect(panel.getByTestId('request-status')).toHaveText('200');
  await expect(panel.getByTestId('request-latency')).toHaveText(/ms$/);
  // Sampled for certain: client and shop, whatever share of the traffic is.
  await expect(panel.getByTestId('waterfall').getByRole('button')).toHaveCount(3);
  await panel.getByRole('button', { name: 'Show its way on the canvas' }).click();
  await expect(studio.node('callers')).toHaveAttribute('data-lit', 'on');
  await expect(studio.node('shop')).toHaveAttribute('data-lit', 'on');
  await picture(page, 'request-by-hand');

  await panel.getByRole('combobox', { name: 'Path' }).fill('/nowhere');
  await page.keyboard.press('Enter');
  await expect(panel.getByTestId('request-failure')).toContainText('no-route at shop');
  await panel.getByRole('combobox', { name: 'Path' }).fill('nowhere');
  await page.keyboard.press('Enter');
  await expect(panel.getByTestId('request-error')).toContainText('must start with "/"');

  const before = panel.getByRole('region', { name: 'Requests that were sent' }).getByRole('listitem');
  await expect(before).toHaveCount(3);
  await before.last().getByRole('button').click();
  await expect(panel.getByRole('combobox', { name: 'Path' })).toHaveValue('/');
  await expect(panel.getByTestId('request-status')).toHaveText('200');
  await send.click();
  await expect(before).toHaveCount(4);

  await studio.stop();
  await studio.expectConservation();
});
