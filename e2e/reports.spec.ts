import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { renderReport } from '../engine/reports/formats.ts';
import { experimentReport, HOSTILE } from '../engine/reports/report.fixture.ts';
import { expect, test } from './browser-test.ts';

test('the page of a run opens from a disk, without a network, a script or a message', async ({ chrome }) => {
  const folder = mkdtempSync(join(tmpdir(), 'e2e-report-'));
  const file = join(folder, 'report.html');
  writeFileSync(file, (await renderReport(experimentReport(HOSTILE), 'html')).content);
  const context = await chrome.newContext({ offline: true });
  const page = await context.newPage();
  const said: string[] = [];
  page.on('console', (message) => said.push(message.text()));
  page.on('pageerror', (error) => said.push(error.message));
  page.on('dialog', (dialog) => said.push(dialog.message()));
  page.on('request', (request) => said.push(...(request.url().startsWith('file:') ? [] : [request.url()])));
  await page.goto(pathToFileURL(file).href);

  await expect(page.getByRole('heading', { level: 2 })).toHaveCount(13);
  await expect(page.getByRole('status')).toContainText('failed');
  await expect(page.getByRole('img', { name: /^Throughput: sent between/ })).toBeVisible();
  await expect(page.locator('script')).toHaveCount(0);
  // Its style is let in by the policy.
  await expect(page.locator('main')).toHaveCSS('max-width', '1080px');
  expect(said).toEqual([]);
  await context.close();
  rmSync(folder, { recursive: true, force: true });
});
