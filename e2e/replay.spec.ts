import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from './browser-test.ts';
import { picture } from './pictures.ts';
import { slotShop } from './slot-shop.ts';

test('a recorded run is shown again on the canvas, scrubbed by keys, and leaves no trace', async ({ open }) => {
  const file = join(mkdtempSync(join(tmpdir(), 'archipel-e2e-')), 'slots.archipel.json');
  writeFileSync(file, JSON.stringify(slotShop()));
  const studio = await open(file);
  const { page } = studio;
  const panel = page.getByRole('region', { name: 'Measurements' });
  await studio.run();
  await studio.expectFigureAbove('shop', 'requests-per-sec', 15);
  await studio.select('shop');
  await studio.button('Kill Shop').click();
  await studio.expectState('shop', 'dead');
  // Until a sample of a second later holds it, too.
  await expect.poll(() => studio.failedBecause('refused')).toBeGreaterThan(40);
  await studio.stop();
  await studio.expectConservation();

  // Another document than the one that ran.
  await studio.dragFromPalette('service', { x: 0.5, y: 0.8 });
  await expect(studio.nodes).toHaveCount(3);
  await panel.getByRole('tab', { name: 'Runs' }).click();
  await page.getByTestId('records').getByRole('listitem').first().getByRole('button').click();
  await studio.button('Replay on the canvas').click();

  const bar = page.getByTestId('replay');
  await expect(bar).toContainText('Replay, not live');
  await expect(studio.nodes).toHaveCount(2);
  await expect(studio.button('Run')).toHaveCount(0);
  await expect(page.getByRole('slider', { name: 'Time in the run' })).toBeFocused();
  await page.keyboard.press('Home');
  await studio.expectState('shop', 'ready');
  await expect(bar.getByRole('listitem').filter({ hasText: 'kill on shop#0' })).toHaveCount(1);

  // To the fault and on from there, sample by sample, until its victim was seen dead.
  await page.keyboard.press(']');
  await expect(page.getByTestId('replay-told')).toHaveText('kill on shop#0');
  await page.keyboard.press('ArrowRight');
  await studio.expectState('shop', 'dead');
  await page.keyboard.press('Home');
  await studio.expectState('shop', 'ready');
  await bar.getByLabel('Speed').selectOption('10');
  await page.getByRole('button', { name: 'Play (Space)' }).click();
  await studio.expectState('shop', 'dead');
  await expect(page.getByTestId('traffic-figures')).toBeVisible();

  await page.mouse.move(700, 560);
  await expect(page.getByRole('tooltip')).toHaveCount(0);
  await picture(page, 'replay');

  await panel.getByRole('tab', { name: 'Traces' }).click();
  await expect(page.getByRole('list', { name: 'Recorded traces' })).toContainText('GET /');
  await panel.getByRole('tab', { name: 'Logs' }).click();
  await expect(page.getByRole('log')).toContainText('ended: killed by a fault');
  await page.getByRole('slider', { name: 'Time in the run' }).focus();
  await page.keyboard.press('Home');
  await expect(page.getByRole('log')).toContainText('ready after');
  await expect(page.getByRole('log')).not.toContainText('ended: killed by a fault');

  // The past takes no orders.
  await studio.node('shop').click({ position: { x: 60, y: 20 } });
  await page.keyboard.press('Delete');
  await expect(studio.nodes).toHaveCount(2);

  await bar.getByRole('button', { name: 'Leave' }).click();
  await expect(bar).toHaveCount(0);
  await expect(studio.nodes).toHaveCount(3);
  await studio.expectState('shop', 'stopped');
  await expect(studio.button('Run')).toBeEnabled();
  await page.keyboard.press('ControlOrMeta+z');
  await expect(studio.nodes).toHaveCount(2);
  await expect(page.getByTestId('file-state')).toHaveAttribute('data-dirty', 'false');
});
