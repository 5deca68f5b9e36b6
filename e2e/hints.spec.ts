import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from './browser-test.ts';
import { picture } from './pictures.ts';
import { slotShop } from './slot-shop.ts';

test('a hint says why, shows the damage by an experiment, is dismissed and brought back', async ({ open }) => {
  const file = join(mkdtempSync(join(tmpdir(), 'archipel-e2e-')), 'slots.archipel.json');
  writeFileSync(file, JSON.stringify(slotShop()));
  const studio = await open(file);
  const { page } = studio;
  const panel = page.getByRole('region', { name: 'Measurements' });
  await panel.getByRole('tab', { name: /^Hints/ }).click();
  const hint = panel.getByRole('listitem').filter({ hasText: 'Single point of failure' });
  await expect(hint).toContainText('Shop is one process, and no route');

  await hint.getByRole('button', { name: 'Show on the canvas: Shop' }).click();
  await expect(studio.node('shop')).toHaveAttribute('data-selected', 'true');

  await hint.getByRole('button', { name: /^Dismiss/ }).click();
  await expect(hint).toHaveCount(0);
  await panel.getByRole('switch', { name: 'Show 1 dismissed' }).click();
  await hint.getByRole('button', { name: /^Bring back/ }).click();
  await expect(panel.getByRole('switch')).toHaveCount(0);

  await picture(page, 'hints');

  // What shows the damage is run beside the document, which stays as it is.
  await studio.expectPassed(async () => {
    await panel.getByRole('tab', { name: /^Hints/ }).click();
    await hint.getByRole('button', { name: /^Prove it/ }).click();
  });
  await panel.getByRole('tab', { name: /^Hints/ }).click();
  await expect(hint.getByTestId('verdict')).toHaveAttribute('data-verdict', 'passed');
  await expect(page.getByTestId('file-state')).toHaveAttribute('data-dirty', 'false');

  await hint.getByRole('button', { name: 'Add to experiments' }).click();
  await expect(panel.getByTestId('step-method.0')).toHaveAccessibleName(/^Kill · Shop/);
  await expect(page.getByTestId('file-state')).toHaveAttribute('data-dirty', 'true');

  // A second replica takes the weakness away.
  await studio.select('shop');
  await studio.inspector.getByRole('textbox', { name: 'Replicas' }).fill('2');
  await panel.getByRole('tab', { name: /^Hints/ }).click();
  await expect(hint).toHaveCount(0);
});
