import { join } from 'node:path';
import type { Locator, Page } from '@playwright/test';
import { expect, test } from './browser-test.ts';
import { root } from './launch.ts';
import { picture } from './pictures.ts';
import { slotShop } from './slot-shop.ts';
import { written } from './written.ts';

const monolith = join(root, 'examples/shop-monolith.archipel.json');

const choose = async (page: Page, within: Locator, field: string, option: string): Promise<void> => {
  await within.getByRole('combobox', { name: field, exact: true }).click();
  await page.getByRole('option', { name: option, exact: true }).click();
};

test('a fault is searched for, given a schedule, waits for its turn, and comes off with all others', async ({
  open,
}) => {
  const studio = await open(monolith);
  const { page } = studio;
  await studio.run();
  await studio.expectAll(['shoppers', 'shop', 'database'], 'ready');
  await studio.expectFigureAbove('shop', 'requests-per-sec', 20);

  await studio.select('shop');
  const menu = await studio.openFaults();
  await expect(menu.getByRole('textbox', { name: 'Search faults' })).toBeFocused();
  await page.keyboard.type('handler fail');
  await expect(menu.getByTestId('fault-kill')).toHaveCount(0);
  const fault = menu.getByTestId('fault-handler-error');
  await fault.getByRole('button', { name: 'Handler error', exact: true }).click();
  await fault.getByRole('button', { name: 'When: all the time' }).click();
  await fault.getByRole('switch', { name: 'Schedule' }).click();
  await choose(page, fault, 'Type', 'Every so often');
  await fault.getByRole('textbox', { name: 'Period' }).fill('1000');
  await expect(fault).toContainText('would never go off');
  await expect(fault.getByRole('button', { name: 'Inject Handler error as set' })).toBeDisabled();
  await fault.getByRole('textbox', { name: 'Period' }).fill('4000');
  await choose(page, fault, 'For', 'Until taken off');
  await fault.getByRole('button', { name: 'Inject Handler error as set' }).click();

  // It acts, and what it does is measured; then it waits for its next turn.
  await expect(fault).toContainText(/acting now · 1 ×/);
  await expect(fault.locator('[data-proof="effect"]')).toHaveAttribute('data-holds', 'true');
  await picture(page, 'fault-menu');
  await page.keyboard.press('Escape');
  await expect(studio.node('shop')).toHaveAttribute('data-fault', 'true');
  await expect(studio.node('shop')).toContainText(/next in \d s · \d+ ×/);
  await expect.poll(() => studio.failedBecause('handler-error')).toBeGreaterThan(0);

  const quick = studio.button('Kill Database');
  await studio.select('database');
  await quick.click();
  await studio.expectState('database', 'dead', 5000);
  await expect(studio.button('Take off all faults')).toContainText('(2)');
  await page.keyboard.press('ControlOrMeta+.');
  await studio.expectNoFaults();
  // Each is shown to be off by what was measured.
  const taken = page.getByRole('list', { name: 'Faults that were taken off' }).getByRole('listitem');
  await expect(taken).toHaveCount(2);
  await expect(taken.locator('[data-proof="removal"][data-holds="true"]')).toHaveCount(2);
  await picture(page, 'faults-taken-off');
  await expect(studio.node('shop')).toHaveAttribute('data-fault', 'false');
  await expect(studio.node('shop').locator('[data-proof="removal"]')).toHaveAttribute('data-holds', 'true');
  await studio.expectState('database', 'ready');

  await page.getByRole('tab', { name: /^Faults/ }).click();
  const row = page.locator('[data-testid^="panel-handler-error"]');
  await expect(row).toContainText('taken off');
  await expect(row).toContainText('2 s of every 4 s');
  await studio.stop();
  await studio.expectConservation();
});

test('several connections and everything are targets too, and members that are drawn are named', async ({ open }) => {
  const studio = await open(monolith);
  const { page } = studio;
  await studio.run();
  await studio.expectAll(['shoppers', 'shop', 'database'], 'ready');

  await studio.select('shop');
  await page.keyboard.down('Control');
  await studio.node('database').click({ position: { x: 60, y: 20 } });
  await page.keyboard.up('Control');
  const slow = studio.inspector.getByTestId('fault-latency');
  await slow.getByRole('button', { name: 'Inject Latency' }).click();
  // Around the two nodes there is one connection; the one between them is not cut.
  await expect(studio.edge('shoppers-shop')).toHaveAttribute('data-fault', 'true');
  await expect(studio.edge('shop-database')).toHaveAttribute('data-fault', 'false');
  await slow.getByRole('button', { name: /^Take off .* Latency$/ }).click();
  await expect(studio.edge('shoppers-shop')).toHaveAttribute('data-fault', 'false');

  await page.getByRole('main', { name: 'Canvas' }).click({ position: { x: 20, y: 20 } });
  const menu = await studio.openFaults();
  await menu.getByTestId('fault-latency').getByRole('button', { name: 'Inject Latency' }).click();
  await page.keyboard.press('Escape');
  await page.getByRole('tab', { name: /^Faults/ }).click();
  const row = page.locator('[data-testid^="panel-latency"][data-state="on"]');
  await expect(row).toContainText('everything (one)');
  await expect(row).toContainText(/shoppers-shop|shop-database/);
  await expect(page.locator('[data-testid^="edge-"][data-fault="true"]')).toHaveCount(1);
  await studio.stop();
});

test('a mystery shows that it is on, and tells what it did only at its end', async ({ open, traces }) => {
  const studio = await open(written(traces, 'slots', slotShop()));
  const { page } = studio;
  await studio.run();
  await studio.expectAll(['callers', 'shop'], 'ready');
  await page.getByRole('main', { name: 'Canvas' }).click({ position: { x: 20, y: 20 } });
  const menu = await studio.openFaults();
  await expect(menu.getByRole('textbox', { name: 'Search faults' })).toBeFocused();
  await page.keyboard.type('mystery');
  const mystery = menu.getByTestId('fault-mystery');
  await mystery.getByRole('button', { name: 'Mystery', exact: true }).click();
  await mystery.getByRole('textbox', { name: 'Each for' }).fill('1000');
  await choose(page, mystery, 'For', '5 s');
  await mystery.getByRole('button', { name: 'Inject Mystery as set' }).click();
  await page.keyboard.press('Escape');
  await page.getByRole('tab', { name: /^Faults/ }).click();
  const row = page.locator('[data-testid^="panel-mystery"]');
  await expect(row).toContainText('which is told at the end');
  const parts = row.getByTestId('parts');
  await expect(parts).toHaveCount(0);
  await expect(
    page.locator('[data-testid^="node-"][data-fault="true"], [data-testid^="edge-"][data-fault="true"]'),
  ).toHaveCount(0);
  await expect(row).toHaveAttribute('data-state', 'off', { timeout: 30_000 });
  await expect(parts).toContainText(/(shop|callers).* · \d+\.\d s/);
  await studio.stop();
});
