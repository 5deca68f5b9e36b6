import { join } from 'node:path';
import type { Locator, Page } from '@playwright/test';
import { expect, test } from './browser-test.ts';
import { root } from './launch.ts';

test('nodes are dragged into a host, which dies and comes back with all that is in it', async ({ open }) => {
  const studio = await open(join(root, 'examples/shop-monolith.archipel.json'));
  const { page } = studio;
  await studio.select('shop');
  await page.keyboard.down('Control');
  await studio.node('database').click({ position: { x: 60, y: 20 } });
  await page.keyboard.up('Control');
  await studio.button('Add Host').click();
  const host = page.getByTestId('group-host');
  await expect(host).toContainText('2 nodes');

  // The frame takes its nodes along, and a card that is dragged out stays outside.
  const before = await studio.node('shop').boundingBox();
  await drag(page, host.locator('header strong'), { x: 40, y: 90 });
  const after = await studio.node('shop').boundingBox();
  expect(Math.abs((after?.y ?? 0) - (before?.y ?? 0))).toBeGreaterThan(20);
  await page.keyboard.press('ControlOrMeta+z');
  await expect.poll(async () => (await studio.node('shop').boundingBox())?.y).toBe(before?.y);

  await studio.run();
  await studio.expectAll(['shoppers', 'shop', 'database'], 'ready');
  await studio.expectFigureAbove('shop', 'requests-per-sec', 20);
  await expect(host).toContainText(/processes/);

  await host.locator('header').click();
  const kill = studio.inspector.getByTestId('fault-kill');
  await kill.getByRole('button', { name: 'Inject Kill' }).click();
  await studio.expectAll(['shop', 'database'], 'dead');
  await studio.expectState('shoppers', 'ready');
  await expect(host).toHaveAttribute('data-fault', 'true');
  await studio.expectAll(['shop', 'database'], 'ready');
  await expect(host).toHaveAttribute('data-fault', 'false');

  await studio.stop();
  await studio.expectConservation();
});

async function drag(page: Page, from: Locator, by: { x: number; y: number }): Promise<void> {
  const box = await from.boundingBox();
  if (!box) throw new Error('What is to be dragged is not shown.');
  const start = { x: box.x + box.width / 2, y: box.y + box.height / 2 };
  await page.mouse.move(start.x, start.y);
  await page.mouse.down();
  await page.mouse.move(start.x + by.x, start.y + by.y, { steps: 8 });
  await page.mouse.up();
}

test('a host with fewer slots than processes says so, and nothing starts', async ({ open }) => {
  const studio = await open(join(root, 'examples/shop-monolith.archipel.json'));
  await studio.select('shop');
  await studio.page.keyboard.down('Control');
  await studio.node('database').click({ position: { x: 60, y: 20 } });
  await studio.page.keyboard.up('Control');
  await studio.button('Add Host').click();
  await studio.inspector.getByLabel('Slots').fill('1');
  await expect(studio.inspector).toContainText('2 processes are to run in "host", which has 1 slot');
  await studio.run();
  await expect(studio.page.getByText('Nothing was started')).toBeVisible();
  await studio.expectState('shop', 'stopped');
});
