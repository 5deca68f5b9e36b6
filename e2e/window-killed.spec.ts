import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Locator, Page } from '@playwright/test';
import { expect, test } from './browser-test.ts';
import { root } from './launch.ts';
import { Studio } from './studio.ts';

const choose = async (page: Page, within: Locator, field: string, option: string): Promise<void> => {
  await within.getByRole('combobox', { name: field, exact: true }).click();
  await page.getByRole('option', { name: option, exact: true }).click();
};

test('a window that is killed leaves its fault to the lease, also one that it would have kept on', async ({
  chrome,
  start,
  traces,
}) => {
  const document = JSON.parse(readFileSync(join(root, 'examples/shop-monolith.archipel.json'), 'utf8'));
  for (const scenario of document.scenarios) scenario.durationMs = 600_000;
  const file = join(traces.env.TMPDIR as string, 'long.archipel.json');
  writeFileSync(file, JSON.stringify(document));
  const web = await start(file);
  const newStudio = async (): Promise<Studio> => {
    const page = await chrome.newPage({ viewport: { width: 1440, height: 900 } });
    await page.goto(web.url);
    return new Studio(page);
  };
  const studio = await newStudio();
  const { page } = studio;
  await studio.run();
  await studio.expectAll(['shoppers', 'shop', 'database'], 'ready');
  await page.getByRole('main', { name: 'Canvas' }).click({ position: { x: 20, y: 20 } });
  await studio.select('shop');
  const menu = await studio.openFaults();
  await menu.getByRole('textbox', { name: 'Search faults' }).fill('pause');
  const fault = menu.getByTestId('fault-pause');
  await fault.getByRole('button', { name: 'Pause', exact: true }).click();
  await choose(page, fault, 'For', 'Until taken off');
  await fault.getByRole('button', { name: 'Inject Pause as set' }).click();
  await expect(studio.node('shop')).toHaveAttribute('data-fault', 'true');

  const next = await newStudio();
  await expect(next.node('shop')).toHaveAttribute('data-fault', 'true');
  // The process of the page ends at once, and says nothing to anybody.
  const session = await page.context().newCDPSession(page);
  const crashed = page.waitForEvent('crash');
  session.send('Page.crash').catch(() => {});
  await crashed;

  await expect(next.node('shop')).toHaveAttribute('data-fault', 'false', { timeout: 60_000 });
  await expect(next.node('shop').locator('[data-proof="removal"]')).toHaveAttribute('data-holds', 'true');
  await next.page.getByRole('tab', { name: /^Faults/ }).click();
  await expect(next.page.locator('[data-testid^="panel-pause"]')).toContainText('off by itself');
  await next.expectState('shop', 'ready');
  // A window that is loaded again goes on with what runs.
  await next.page.reload();
  await next.expectState('shop', 'ready');
  await expect(next.page.getByText('long.archipel.json')).toBeVisible();
  await next.expectFigureAbove('shop', 'requests-per-sec', 20);
  await next.stop();
  await next.expectConservation();
  await page.close();
  await next.page.close();
});
