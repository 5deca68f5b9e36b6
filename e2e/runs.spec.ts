import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from './browser-test.ts';
import { root } from './launch.ts';
import { reportFormats } from './report-formats.ts';
import { slotShop } from './slot-shop.ts';
import { Studio } from './studio.ts';
import { written } from './written.ts';

test('runs are kept, opened, handed on in each format, compared and deleted', async ({ open }) => {
  const studio = await open(join(root, 'examples/shop-monolith.archipel.json'));
  const { page } = studio;
  for (let run = 0; run < 2; run += 1) {
    await studio.run();
    await studio.expectFigureAbove('shop', 'requests-per-sec', 20, 40_000);
    await studio.stop();
    await studio.expectState('shop', 'stopped');
    await studio.expectConservation();
  }
  await page.getByRole('tab', { name: 'Runs' }).click();
  const records = page.getByTestId('records').getByRole('listitem');
  await expect(records).toHaveCount(2);

  await records.first().getByRole('button').click();
  await expect(page.getByRole('list', { name: 'What happened' })).toContainText('ready, process');
  await studio.expectConservation();

  for (const [title, [ending, content]] of Object.entries(reportFormats)) {
    await studio.button('Save report as …').click();
    const [file] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('menuitem', { name: title, exact: true }).click(),
    ]);
    expect(file.suggestedFilename()).toMatch(new RegExp(`^archipel-[0-9a-fT-]+\\.${ending}$`));
    expect(readFileSync(await file.path(), 'latin1')).toMatch(content);
  }
  await expect(page.getByRole('status').filter({ hasText: /^Saved archipel-.*\.png$/ })).toBeVisible();
  const [report] = await Promise.all([page.context().waitForEvent('page'), studio.button('Open report').click()]);
  await expect(report.getByRole('heading', { level: 1 })).toContainText('Shop, monolith');
  await report.close();

  for (const record of await records.all()) await record.getByRole('checkbox').check();
  await studio.button('Compare two').click();
  await expect(page.getByTestId('comparison')).toContainText('p50');

  await records.last().getByRole('checkbox').uncheck();
  await studio.button('Delete').click();
  await studio.button('Delete this run for good').click();
  await expect(records).toHaveCount(1);
});

test('a run that was cut off is shown as such, with what was written down until then', async ({
  chrome,
  start,
  traces,
}) => {
  const file = written(traces, 'slots', slotShop());
  const first = await start(file);
  const cut = new Studio(await chrome.newPage());
  await cut.page.goto(first.url);
  await cut.run();
  await cut.expectFigureAbove('shop', 'requests-per-sec', 5);
  first.child.kill('SIGKILL');
  await cut.page.close();

  const studio = new Studio(await chrome.newPage({ viewport: { width: 1440, height: 900 } }));
  await studio.page.goto((await start(file)).url);
  await studio.page.getByRole('tab', { name: 'Runs' }).click();
  const record = studio.page.getByTestId('records').getByRole('listitem');
  await expect(record.locator('[data-record-state="interrupted"]')).toHaveText('cut off');
  await record.getByRole('button').click();
  await expect(studio.page.getByText('This run was cut off.')).toBeVisible();
  await expect(studio.page.getByRole('list', { name: 'What happened' })).toContainText('ready, process');
  // Its report says so too.
  const [report] = await Promise.all([
    studio.page.context().waitForEvent('page'),
    studio.button('Open report').click(),
  ]);
  await expect(report.locator('main')).toContainText(/cut off/);
  await report.close();
  await studio.page.close();
});
