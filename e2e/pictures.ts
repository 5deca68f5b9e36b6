import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { root } from './launch.ts';

const documented = join(root, 'docs/screenshots');
const others = join(root, 'test-results/screenshots');

/** A picture of the window. With `--screenshots` those that the documentation shows are renewed. */
export const picture = async (page: Page, name: string): Promise<void> => {
  const file = `${name}.png`;
  const renewed = process.env.ARCHIPEL_SCREENSHOTS !== undefined && existsSync(join(documented, file));
  await page.screenshot({ path: join(renewed ? documented : others, file) });
};
