import { expect, type Page } from '@playwright/test';

/** Drags files of the disk from elsewhere onto the window and lets go, through the browser's own handling of drags. */
export async function dragFilesOnto(page: Page, files: readonly string[], at: { x: number; y: number }): Promise<void> {
  const session = await page.context().newCDPSession(page);
  const data = { items: [], files: [...files], dragOperationsMask: 1 };
  const drag = (type: 'dragEnter' | 'dragOver' | 'drop') =>
    session.send('Input.dispatchDragEvent', { type, ...at, data });
  const dropped = await page.evaluateHandle(() => {
    const drops = { count: 0 };
    window.addEventListener('drop', () => (drops.count += 1), { capture: true, once: true });
    return drops;
  });
  // Only what the window has agreed to take can be let go there; the browser takes an answer that comes late for a no.
  await expect(async () => {
    await drag('dragEnter');
    await drag('dragOver');
    await expect(page.getByText('Drop to open')).toBeVisible({ timeout: 500 });
    await drag('dragOver');
    await drag('drop');
    await expect.poll(() => dropped.evaluate(({ count }) => count), { timeout: 1000 }).toBe(1);
  }).toPass();
  await session.detach();
}
