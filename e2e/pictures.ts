import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { root } from './launch.ts';

const folder = join(root, process.env.ARCHIPEL_SCREENSHOTS ? 'docs/screenshots' : 'test-results/screenshots');

/** A picture of the window; with `--screenshots` it goes into the documentation. */
export const picture = async (page: Page, name: string): Promise<void> => {
  await page.screenshot({ path: join(folder, `${name}.png`) });
};
