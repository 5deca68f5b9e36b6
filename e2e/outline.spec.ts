import { expect, test } from './browser-test.ts';
import { picture } from './pictures.ts';
import { slotShop } from './slot-shop.ts';
import { written } from './written.ts';

const rack = {
  id: 'rack',
  kind: 'host',
  name: 'Rack',
  position: { x: 260, y: -80 },
  size: { width: 320, height: 320 },
};

test('the canvas is read and changed as a list, by keys alone', async ({ open, traces }) => {
  const shop = slotShop() as { nodes: { id: string }[] };
  const nodes = shop.nodes.map((node) => (node.id === 'shop' ? { ...node, group: 'rack' } : node));
  const studio = await open(written(traces, 'slots', { ...shop, nodes, groups: [rack] }));
  const { page } = studio;
  const focused = page.locator(':focus');
  await page.getByRole('region', { name: 'Measurements' }).getByRole('tab', { name: 'Outline' }).click();
  const outline = page.getByRole('treegrid', { name: 'Outline of the canvas' });
  const row = (name: string | RegExp) => outline.getByRole('row', { name });
  await expect(outline.getByRole('row')).toHaveCount(6);

  // What is selected on the canvas is where the keyboard enters.
  await studio.select('shop');
  await expect(row(/^Shop Service/)).toHaveAttribute('aria-selected', 'true');
  await expect(row(/^Shop Service/)).toHaveAttribute('aria-level', '2');
  await row(/^Shop Service/).focus();
  await page.keyboard.press('ArrowDown');
  await expect(focused).toHaveAccessibleName(/^called by Callers callers-shop/);
  await expect(studio.inspector).toContainText('callers-shop');
  await page.keyboard.press('Home');
  await expect(focused).toHaveAccessibleName(/^Rack Host/);
  await page.keyboard.press('ArrowLeft');
  await expect(row(/^Shop Service/)).toHaveCount(0);
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('ArrowRight');

  // Renamed, connected, deleted, and all of it undone.
  await page.keyboard.press('F2');
  await expect(studio.inspector.getByLabel('Name')).toBeFocused();
  await page.keyboard.type('Till');
  await row(/^Till Service/).focus();
  await page.keyboard.press('ControlOrMeta+j');
  await expect(page.getByRole('combobox', { name: 'Search what to connect' })).toBeFocused();
  await page.keyboard.type('new database');
  await page.keyboard.press('Enter');
  await expect(row(/^Database Database/)).toBeFocused();
  await expect(row(/^calls Database/)).toHaveCount(1);
  await page.keyboard.press('Delete');
  await expect(studio.nodes).toHaveCount(2);
  await expect(focused).toHaveAttribute('data-row', /./);
  await page.keyboard.press('ControlOrMeta+z');
  await expect(studio.nodes).toHaveCount(3);
  await page.keyboard.press('ControlOrMeta+z');
  await page.keyboard.press('ControlOrMeta+z');

  // What is heard is what runs.
  await page.keyboard.press('ControlOrMeta+Enter');
  const figure = async () =>
    Number(
      await row(/^Shop Service/)
        .locator('[data-metric="requests-per-sec"]')
        .textContent(),
    );
  await expect(row(/^Shop Service ready/)).toBeVisible({ timeout: 20_000 });
  await expect.poll(figure).toBeGreaterThan(10);
  const told = page.getByTestId('tidings');
  await expect(told).toContainText('Everything runs.');
  await row(/^Shop Service/).focus();
  await page.keyboard.press('Enter');
  await expect(studio.inspector.getByLabel('Name')).toBeFocused();
  await picture(page, 'outline');
  await studio.button('Kill Shop').click();
  await expect(row(/^Shop Service dead/)).toContainText('Fault: Kill');
  await expect(told).toContainText('Fault on: Kill on Shop');
  await expect(told).toContainText('Shop is dead');
  await expect(told).toContainText('Fault off: Kill on Shop', { timeout: 20_000 });
  await studio.stop();
  await studio.expectState('shop', 'stopped');
  await expect(row(/^Shop Service stopped/)).toBeVisible();
});
