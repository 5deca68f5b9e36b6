import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser, Page } from '@playwright/test';
import { renderReport } from '../engine/reports/formats.ts';
import { experimentReport, HOSTILE } from '../engine/reports/report.fixture.ts';
import { expect, test } from './browser-test.ts';
import { root } from './launch.ts';
import { picture } from './pictures.ts';
import { slotShop } from './slot-shop.ts';
import { written } from './written.ts';

/** Opens a page from the disk without a network. `said`: all that it says, asks for, and does not find. */
async function openOffline(chrome: Browser, file: string): Promise<{ page: Page; said: string[] }> {
  const context = await chrome.newContext({ offline: true });
  const page = await context.newPage();
  const said: string[] = [];
  page.on('console', (message) => said.push(message.text()));
  page.on('pageerror', (error) => said.push(error.message));
  page.on('dialog', (dialog) => said.push(dialog.message()));
  page.on('request', (request) => said.push(...(request.url() === pathToFileURL(file).href ? [] : [request.url()])));
  page.on('requestfailed', (request) => said.push(`${request.url()} failed`));
  await page.goto(pathToFileURL(file).href);
  return { page, said };
}

test('the page of a run opens from a disk, without a network, a script or a message', async ({ chrome, traces }) => {
  const file = join(traces.env.TMPDIR as string, 'report.html');
  writeFileSync(file, (await renderReport(experimentReport(HOSTILE), 'html')).content);
  const { page, said } = await openOffline(chrome, file);
  await expect(page.getByRole('heading', { level: 2 })).toHaveCount(14);
  await expect(page.getByRole('status')).toContainText('failed');
  await expect(page.getByRole('img', { name: /^Throughput: sent between/ })).toBeVisible();
  await expect(page.locator('script')).toHaveCount(0);
  // Its style is let in by the policy.
  await expect(page.locator('main')).toHaveCSS('max-width', '1080px');
  expect(said).toEqual([]);
  await page.context().close();
});

test('so does the one that the command line writes', async ({ chrome, traces }) => {
  const document = written(traces, 'slots', slotShop());
  const file = join(traces.env.TMPDIR as string, 'report.html');
  const args = [join(root, 'dist/engine/cli.mjs'), 'run', document, '--duration', '2s', '--report', file];
  execFileSync(process.execPath, args, { env: { ...process.env, ...traces.env }, stdio: 'ignore' });
  const { page, said } = await openOffline(chrome, file);
  await expect(page.getByRole('heading', { level: 1 })).toContainText('Slots');
  await picture(page, 'report');
  await expect(page.getByRole('img', { name: /^Throughput: sent between/ })).toBeVisible();
  await expect(page.locator('main')).toHaveCSS('max-width', '1080px');
  expect(said).toEqual([]);
  await page.context().close();
});
