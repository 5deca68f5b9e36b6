import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { WebSocket } from 'ws';
import { expect, test } from './browser-test.ts';
import { root } from './launch.ts';

test('a topology is drawn, edited, undone, saved and opened again', async ({ open }) => {
  const folder = mkdtempSync(join(tmpdir(), 'e2e-documents-'));
  const file = join(folder, 'drawn.archipel.json');
  const studio = await open();
  const { page } = studio;

  await studio.dragFromPalette('client', { x: 0.15, y: 0.3 });
  await studio.dragFromPalette('service', { x: 0.5, y: 0.3 });
  await studio.dragFromPalette('database', { x: 0.5, y: 0.75 });
  await expect(studio.nodes).toHaveCount(3);

  await studio.connect('client', 'service');
  await expect(studio.edges).toHaveCount(1);

  // A client speaks HTTP, which a database does not answer.
  await studio.connect('client', 'database');
  await expect(page.getByRole('alert').filter({ hasText: 'This connection is not possible' })).toBeVisible();
  await expect(studio.edges).toHaveCount(1);

  await studio.select('service');
  await studio.inspector.getByLabel('Name', { exact: true }).fill('Orders');
  await expect(studio.node('service')).toContainText('Orders');
  await studio.inspector.getByLabel('Name', { exact: true }).blur();

  await page.keyboard.press('ControlOrMeta+z');
  await expect(studio.node('service')).not.toContainText('Orders');
  await page.keyboard.press('ControlOrMeta+z');
  await expect(studio.edges).toHaveCount(0);
  await page.keyboard.press('ControlOrMeta+Shift+z');
  await page.keyboard.press('ControlOrMeta+Shift+z');
  await expect(studio.edges).toHaveCount(1);
  await expect(studio.node('service')).toContainText('Orders');

  await page.keyboard.press('ControlOrMeta+s');
  await page.getByLabel('Path of the file').fill(file);
  await page.getByRole('dialog').getByRole('button', { name: 'Save', exact: true }).click();
  await expect(page.getByText('Saved drawn.archipel.json')).toBeVisible();
  const saved = JSON.parse(readFileSync(file, 'utf8')) as { nodes: { name: string }[]; edges: unknown[] };
  expect(saved.nodes.map(({ name }) => name)).toContain('Orders');
  expect(saved.edges).toHaveLength(1);
  await page.close();

  const again = await open(file);
  await expect(again.nodes).toHaveCount(3);
  await expect(again.edges).toHaveCount(1);
  await expect(again.node('service')).toContainText('Orders');
  rmSync(folder, { recursive: true, force: true });
});

test('the shop runs in a browser tab, and a slow edge shows in its latency', async ({ open, traces }) => {
  const studio = await open(join(root, 'examples/shop-monolith.archipel.json'));
  await expect(studio.nodes).toHaveCount(3);
  await studio.run();
  await studio.expectAll(['shoppers', 'shop', 'database'], 'ready');
  await studio.expectFigureAbove('shop', 'requests-per-sec', 20);
  traces.note();

  const edge = 'shop-database';
  await studio.button(new RegExp(`^Select connection ${edge}`)).click();
  await studio.edge(edge).getByRole('textbox').fill('120');
  await studio
    .edge(edge)
    .getByRole('button', { name: /^(Slow|Latency)/ })
    .click();
  await expect(studio.edge(edge)).toHaveAttribute('data-fault', 'true');
  await studio.expectFigureAbove('shop', 'p99', 120);

  await studio.stop();
  await studio.expectConservation();
  await studio.expectAll(['shoppers', 'shop', 'database'], 'stopped');
});

test('an experiment runs from the window to its verdict', async ({ open }) => {
  const studio = await open(join(root, 'examples/shop-monolith.archipel.json'));
  await studio.expectPassed(async () => {
    await studio.button('Experiment').click();
    await studio.page.getByRole('menuitem').first().click();
    await expect(studio.page.getByTestId('experiment-progress')).toBeVisible();
  });
  await expect(studio.page.getByTestId('verdict-panel')).toContainText('passed');
  await studio.expectConservation();
});

test('a wrong token and a foreign origin are turned away', async ({ start }) => {
  const web = await start();
  const { port, hash } = new URL(web.url);
  const token = new URLSearchParams(hash.slice(1)).get('token') ?? '';
  const address = `ws://127.0.0.1:${port}/api`;

  const knock = (url: string, origin?: string) =>
    new Promise<string>((resolve) => {
      const socket = new WebSocket(url, { origin });
      socket.once('open', () => {
        socket.close();
        resolve('open');
      });
      socket.once('unexpected-response', (_request, response) => {
        response.resume();
        resolve(String(response.statusCode));
      });
      socket.on('error', () => {});
    });

  expect(await knock(`${address}?token=${token}`, `http://127.0.0.1:${port}`)).toBe('open');
  expect(await knock(`${address}?token=wrong`, `http://127.0.0.1:${port}`)).toBe('401');
  expect(await knock(address, `http://127.0.0.1:${port}`)).toBe('401');
  expect(await knock(`${address}?token=${token}`, 'https://example.com')).toBe('403');
  expect(await knock(`${address}?token=${token}`, 'archipel://app')).toBe('403');
});
