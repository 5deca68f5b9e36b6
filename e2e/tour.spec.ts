import { expect, test } from './browser-test.ts';
import { picture } from './pictures.ts';

test('newcomers are offered a tour that keys walk through, and it is remembered', async ({ open }) => {
  const studio = await open();
  const { page } = studio;
  await page.getByRole('button', { name: /^New here\? Take the tour/ }).click();
  const card = page.getByRole('dialog', { name: /^Tour/ });
  await expect(card).toBeFocused();
  await expect(card).toHaveAccessibleName('Tour, 1 of 5: Draw');
  await page.keyboard.press('ArrowRight');
  await expect(card).toHaveAccessibleName('Tour, 2 of 5: Run');
  await picture(page, 'tour');
  await page.keyboard.press('ArrowLeft');
  await expect(card).toHaveAccessibleName('Tour, 1 of 5: Draw');
  for (let step = 0; step < 4; step += 1) await card.getByRole('button', { name: 'Next' }).click();
  await expect(card).toHaveAccessibleName('Tour, 5 of 5: Prove');
  await page.keyboard.press('Escape');
  await expect(card).toHaveCount(0);
  await page.reload();
  await expect(page.getByRole('button', { name: 'Take the tour', exact: true })).toBeVisible();
});
