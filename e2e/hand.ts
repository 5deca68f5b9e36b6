import { expect, type Locator, type Page } from '@playwright/test';
import type { Studio } from './studio.ts';

/** Where a card is on the screen, in whole pixels. */
export const place = async (studio: Studio, id: string): Promise<{ x: number; y: number }> => {
  const box = await studio.node(id).boundingBox();
  if (!box) throw new Error(`"${id}" is not shown.`);
  return { x: Math.round(box.x), y: Math.round(box.y) };
};

/** Does an action by its name, by keys alone. */
export async function command(
  page: Page,
  query: string,
  name: string | RegExp = new RegExp(`^${query}`, 'i'),
): Promise<void> {
  await page.keyboard.press('ControlOrMeta+k');
  const search = page.getByRole('textbox', { name: 'Search commands' });
  await search.fill(query);
  await expect(page.getByRole('dialog').getByRole('button', { name }).first()).toBeVisible();
  await page.keyboard.press('Enter');
  await expect(search).toBeHidden();
}

const MOST_STEPS = 80;

/** Goes on with the Tab key, or back, until something has the focus. */
export async function tabTo(page: Page, target: Locator, key: 'Tab' | 'Shift+Tab' = 'Tab'): Promise<void> {
  const isFocused = () => target.evaluate((element) => element === document.activeElement);
  for (let step = 0; step < MOST_STEPS && !(await isFocused()); step += 1) await page.keyboard.press(key);
  await expect(target).toBeFocused();
}
