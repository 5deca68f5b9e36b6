import { join } from 'node:path';
import { expect, test } from './browser-test.ts';
import { root } from './launch.ts';

test('runs are kept, opened, compared and deleted', async ({ open }) => {
  const studio = await open(join(root, 'examples/shop-monolith.archipel.json'));
  const { page } = studio;
  for (let run = 0; run < 2; run += 1) {
    await studio.run();
    await studio.expectFigureAbove('shop', 'requests-per-sec', 20, 40_000);
    await studio.stop();
    await studio.expectConservation();
  }
  await page.getByRole('tab', { name: 'Runs' }).click();
  const records = page.getByTestId('records').getByRole('listitem');
  await expect(records).toHaveCount(2);

  await records.first().getByRole('button').click();
  await expect(page.getByRole('list', { name: 'What happened' })).toContainText('ready, process');
  await studio.expectConservation();

  for (const record of await records.all()) await record.getByRole('checkbox').check();
  await studio.button('Compare two').click();
  await expect(page.getByTestId('comparison')).toContainText('p50');

  await records.last().getByRole('checkbox').uncheck();
  await studio.button('Delete').click();
  await studio.button('Delete this run for good').click();
  await expect(records).toHaveCount(1);
});
