import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { expect, test } from './browser-test.ts';
import { command, place } from './hand.ts';
import { root } from './launch.ts';
import { picture } from './pictures.ts';
import { hands, liveThroughTheShop } from './shop-story.ts';

const shop = join(root, 'examples/shop-monolith.archipel.json');

test('every action is found by its name, says why it cannot be done, and has a name for undo', async ({ open }) => {
  const studio = await open(shop);
  const { page } = studio;
  await expect(studio.nodes).toHaveCount(3);
  await page.keyboard.press('ControlOrMeta+k');
  await page.getByRole('textbox', { name: 'Search commands' }).fill('align left');
  const row = page.locator('[data-command="align-left"]');
  await expect(row).toContainText('Select at least two cards first.');
  await page.keyboard.press('Enter');
  await expect(row).toBeVisible();
  await picture(page, 'command-palette');
  await page.keyboard.press('Escape');

  await command(page, 'add service', /^Add Service/);
  await expect(studio.node('service')).toHaveAttribute('data-selected', 'true');
  await page.keyboard.press('ControlOrMeta+k');
  await page.getByRole('textbox', { name: 'Search commands' }).fill('undo');
  await expect(page.locator('[data-command="undo"]')).toContainText('Undo: add Service');
  await page.keyboard.press('Enter');
  await expect(studio.node('service')).toHaveCount(0);
  await studio.button('Redo').hover();
  await expect(page.getByRole('tooltip')).toContainText('Redo: add Service');

  await studio.node('shop').click({ position: { x: 60, y: 20 } });
  await page.keyboard.press('?');
  await expect(page.getByRole('dialog', { name: 'Keyboard shortcuts' })).toContainText('Duplicate');
  await picture(page, 'keyboard-shortcuts');
});

test('cards are copied, cut, pasted in another window, moved by keys, locked and lined up', async ({ open }) => {
  const studio = await open(shop);
  const { page } = studio;
  await studio.select('shop');
  await page.keyboard.down('Control');
  await studio.node('database').click({ position: { x: 60, y: 20 } });
  await page.keyboard.up('Control');
  await page.keyboard.press('ControlOrMeta+c');
  await page.keyboard.press('ControlOrMeta+v');
  await expect(studio.nodes).toHaveCount(5);
  await expect(studio.edge('shop-2-database-2')).toBeVisible();
  await expect(studio.node('shop-2')).toContainText('Shop 2');
  await page.keyboard.press('ControlOrMeta+z');
  await expect(studio.nodes).toHaveCount(3);

  // Another window, and another engine.
  const other = await open();
  await other.page.getByRole('main', { name: 'Canvas' }).focus();
  await other.page.keyboard.press('ControlOrMeta+v');
  await expect(other.nodes).toHaveCount(2);
  await expect(other.edge('shop-database')).toBeVisible();
  await other.page.evaluate(() => {
    const clipboardData = new DataTransfer();
    clipboardData.setData('text/plain', '{"nodes": [{"id": "hostile"}]}');
    document.dispatchEvent(new ClipboardEvent('paste', { clipboardData }));
  });
  await expect(other.page.getByRole('alert')).toContainText('JSON of another program');
  await expect(other.nodes).toHaveCount(2);

  await studio.select('shop');
  const before = await place(studio, 'shop');
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('Shift+ArrowRight');
  await expect.poll(async () => (await place(studio, 'shop')).x).toBeGreaterThan(before.x + 30);
  await page.keyboard.press('ControlOrMeta+z');
  await expect.poll(() => place(studio, 'shop')).toEqual(before);

  await page.keyboard.press('ControlOrMeta+Shift+l');
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('Delete');
  await expect(studio.nodes).toHaveCount(3);
  expect(await place(studio, 'shop')).toEqual(before);

  await page.keyboard.press('ControlOrMeta+a');
  await expect(studio.inspector).toContainText('3 nodes and 2 connections selected');
  await page.keyboard.press('Alt+Shift+T');
  await expect.poll(async () => (await place(studio, 'database')).y).toBe((await place(studio, 'shoppers')).y);
  // They were placed by hand, so tidying has to be asked for.
  await command(page, 'tidy up also what was placed');
  // The locked card stays, and its neighbours go to its sides.
  await expect.poll(async () => (await place(studio, 'shop')).x).toBe(before.x);
  await expect
    .poll(async () => (await place(studio, 'database')).x)
    .toBeGreaterThan((await place(studio, 'shoppers')).x + 100);
  await picture(page, 'multi-select');
});

test('a connection let go over the empty canvas offers what it may lead to; targets light up; cards snap', async ({
  open,
}) => {
  const studio = await open(shop);
  const { page } = studio;
  const dot = studio.node('shop').locator('.react-flow__handle.source');
  // It stands still once all is in view.
  await dot.hover();
  const handle = await dot.boundingBox();
  if (!handle) throw new Error('Nothing is shown.');
  await page.mouse.down();
  await page.mouse.move(handle.x + 60, handle.y + 120, { steps: 6 });
  await expect(page.locator('[data-id="shoppers"][data-connect="illegal"]')).toBeVisible();
  await picture(page, 'connecting');
  await page.mouse.up();
  const menu = page.getByRole('dialog', { name: 'Connect Shop to' });
  await expect(menu.getByRole('option', { name: 'New Client' })).toHaveCount(0);
  await menu.getByRole('combobox').fill('serv');
  await picture(page, 'quick-add');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await expect(studio.edge('shop-service')).toBeVisible();
  await expect(studio.node('service')).toHaveAttribute('data-selected', 'true');
  await page.keyboard.press('ControlOrMeta+z');
  await expect(studio.node('service')).toHaveCount(0);
  await expect(studio.edges).toHaveCount(2);

  const from = await studio.node('database').boundingBox();
  const to = await studio.node('shoppers').boundingBox();
  if (!from || !to) throw new Error('Nothing is shown.');
  await page.mouse.move(from.x + 60, from.y + 20);
  await page.mouse.down();
  // A drag begins with its first small step.
  await page.mouse.move(from.x + 60, from.y + 24);
  await page.mouse.move(to.x + 63, to.y + 160, { steps: 10 });
  await expect(page.getByTestId('snap-line').first()).toBeVisible();
  await page.mouse.up();
  await expect(page.getByTestId('snap-line')).toHaveCount(0);
  expect((await place(studio, 'database')).x).toBe(Math.round(to.x));
});

test('groups nest and collapse to one card with the sum of what is in them; notes are written on the canvas', async ({
  open,
}) => {
  const studio = await open(shop);
  const { page } = studio;
  await studio.select('shop');
  await page.keyboard.down('Control');
  await studio.node('database').click({ position: { x: 60, y: 20 } });
  await page.keyboard.up('Control');
  await page.keyboard.press('ControlOrMeta+g');
  await expect(page.getByTestId('group-host')).toBeVisible();
  await command(page, 'add team', /^Add Team/);
  await expect(page.getByTestId('group-team')).toContainText('2 nodes');
  await studio.run();
  await studio.expectAll(['shoppers', 'shop', 'database'], 'ready');
  await studio.button('Collapse Team').click();
  await expect(studio.node('shop')).toHaveCount(0);
  await expect(page.getByTestId('group-team').locator('[data-metric="replicas"]')).toHaveText('2/2');
  await expect(studio.edge('shoppers-shop')).toBeVisible();
  await expect
    .poll(async () =>
      Number(await page.getByTestId('group-team').locator('[data-metric="requests-per-sec"]').textContent()),
    )
    .toBeGreaterThan(20);
  await picture(page, 'collapsed-team');
  await studio.stop();
  await studio.button('Expand Team').click();
  await expect(studio.node('shop')).toBeVisible();

  await studio.button('Add Note').click();
  await studio.inspector.getByLabel('Text').fill('The database is the bottleneck.');
  await expect(page.getByTestId('note-note')).toContainText('bottleneck');
  await picture(page, 'groups-and-notes');
});

/** Drops a file on the canvas, as from a folder of the desktop. */
async function dropFile(page: Page, name: string, text: string): Promise<void> {
  const dataTransfer = await page.evaluateHandle(
    ([fileName, content]) => {
      const transfer = new DataTransfer();
      transfer.items.add(new File([content as string], fileName as string));
      return transfer;
    },
    [name, text],
  );
  await page.getByRole('main', { name: 'Canvas' }).dispatchEvent('drop', { dataTransfer });
}

const compose = `
services:
  web: { image: nginx, ports: ["80:80"], depends_on: [api] }
  api: { build: ./api, environment: { DB: "postgres://db/x" } }
  db: { image: "postgres:16" }
  store: { image: mongo }
`;

test('a compose file is dropped, rubbish is refused, and what is drawn is shared, exported and kept as a template', async ({
  open,
}) => {
  const studio = await open();
  const { page } = studio;
  await dropFile(page, 'holiday.json', 'not a document');
  await expect(page.getByRole('alert')).toContainText('is no JSON');
  await studio.button('Close').last().click();
  await dropFile(page, 'newer.archipel.json', '{"format": 99, "name": "x"}');
  await expect(page.getByRole('alert')).toContainText('is of another version');
  await studio.button('Close').last().click();
  await dropFile(page, 'docker-compose.yml', compose);
  await expect(page.getByRole('dialog', { name: 'Imported' })).toContainText('it speaks the protocol of MongoDB');
  await picture(page, 'imported');
  await studio.button('Go on').click();
  await expect(studio.nodes).toHaveCount(4);
  await expect(studio.edge('api-db')).toBeVisible();

  const download = page.waitForEvent('download');
  await command(page, 'export as svg');
  expect((await download).suggestedFilename()).toBe('docker-compose.svg');

  await studio.select('api');
  await command(page, 'save as template');
  const form = page.getByRole('dialog', { name: 'Save as template' });
  await form.getByLabel('Name').fill('One API');
  await form.getByRole('button', { name: 'Save template' }).click();
  await expect(page.getByText('“One API” is in the templates')).toBeVisible();
  await command(page, 'templates…', 'Templates…');
  const gallery = page.getByRole('dialog', { name: 'Templates' });
  await expect(gallery.getByRole('button', { name: 'Open template One API' }).locator('img')).toBeVisible();
  await picture(page, 'templates');
  await gallery.getByRole('button', { name: 'Insert here: One API' }).click();
  await expect(studio.node('api-2')).toHaveAttribute('data-selected', 'true');

  await command(page, 'share as an address');
  await expect(page.getByText('The address is on the clipboard')).toBeVisible();
  const other = await open();
  await other.page.getByRole('main', { name: 'Canvas' }).focus();
  await other.page.keyboard.press('ControlOrMeta+v');
  await expect(other.nodes).toHaveCount(5);
});

test('edits that no file has come back after the engine was killed', async ({ start, chrome, traces }) => {
  const web = await start();
  const page = await chrome.newPage();
  await page.goto(web.url);
  await page.getByRole('button', { name: 'Add Cache', exact: true }).click();
  const recovery = join(traces.env.ARCHIPEL_DATA as string, 'recovery');
  await expect.poll(() => (existsSync(recovery) ? readdirSync(recovery).length : 0)).toBe(1);
  await page.close({ runBeforeUnload: false });
  web.child.kill('SIGKILL');

  const again = await start();
  const next = await chrome.newPage();
  await next.goto(again.url);
  const notice = next.getByRole('region', { name: 'Unsaved edits' });
  await expect(notice).toContainText('Untitled');
  await notice.getByRole('button', { name: 'Restore' }).click();
  await expect(next.getByTestId('node-cache')).toBeVisible();
  await expect(next.getByTestId('file-state')).toHaveAttribute('data-dirty', 'true');
  await next.close({ runBeforeUnload: false });
});

test('a card stays where it was dropped, also on a canvas that was brought into view while it was empty', async ({
  open,
}) => {
  const studio = await open();
  const canvas = await studio.page.getByRole('main', { name: 'Canvas' }).boundingBox();
  if (!canvas) throw new Error('The canvas is not shown.');
  await studio.button('Fit View').click();
  await studio.dragFromPalette('client', { x: 0.14, y: 0.18 });
  // The second one is drawn after the view would have moved under the first.
  await studio.dragFromPalette('gateway', { x: 0.14, y: 0.72 });
  await expect(studio.node('gateway')).toBeVisible();
  const client = await place(studio, 'client');
  expect(client.x).toBeGreaterThan(canvas.x);
  expect(client.x).toBeLessThan(canvas.x + 0.14 * canvas.width);
  expect(client.y).toBeLessThan(canvas.y + 0.18 * canvas.height);
  expect(client.x).toBe((await place(studio, 'gateway')).x);
});

for (const hand of hands)
  test(`the microservices shop is built from nothing with the ${hand} alone, run, broken, understood, saved and opened again`, async ({
    open,
    traces,
  }) => {
    test.setTimeout(180_000);
    const studio = await open();
    const { page } = studio;
    const file = join(traces.env.TMPDIR as string, 'my-shop.archipel.json');
    await liveThroughTheShop(studio, hand, {
      async save() {
        const path = page.getByRole('dialog', { name: 'Save as' }).getByLabel('Path of the file');
        await expect(path).toBeFocused();
        await page.keyboard.press('ControlOrMeta+a');
        await page.keyboard.type(file);
        await page.keyboard.press('Enter');
      },
      async open() {
        const path = page.getByRole('dialog', { name: 'Open a document' }).getByLabel('Path of the file');
        await expect(path).toBeFocused();
        await page.keyboard.type(file);
        await page.keyboard.press('Enter');
      },
    });
    await page.close();
  });

test('settings of several nodes are seen and set at once, in one step of undo', async ({ open }) => {
  const studio = await open(join(root, 'examples/shop-microservices.archipel.json'));
  const { page, inspector } = studio;
  await studio.select('orders');
  const replicas = inspector.getByRole('textbox', { name: 'Replicas' });
  const own = await replicas.inputValue();
  await replicas.fill('3');
  await studio.select('users');
  const others = await replicas.inputValue();
  const both = async () => {
    await studio.select('orders');
    await page.keyboard.down('Control');
    await studio.node('users').click({ position: { x: 60, y: 20 } });
    await page.keyboard.up('Control');
  };
  await both();
  await expect(inspector.getByTestId('mixed-replicas')).toContainText(/Mixed: (3, 1|1, 3)/);
  await inspector.getByRole('button', { name: 'Set Replicas in all' }).click();
  await replicas.fill('5');
  for (const [id, other] of [
    ['orders', 'users'],
    ['users', 'orders'],
  ] as const) {
    await studio.select(id);
    // A click on one of several means that one.
    await expect(studio.node(other)).toHaveAttribute('data-selected', 'false');
    await expect(replicas).toHaveValue('5');
  }
  await page.getByRole('main', { name: 'Canvas' }).focus();
  await page.keyboard.press('ControlOrMeta+z');
  await expect(replicas).toHaveValue(others);
  await page.keyboard.press('ControlOrMeta+z');
  await studio.select('orders');
  await expect(replicas).toHaveValue(own);

  // Of several kinds, each has its own part.
  await both();
  await page.keyboard.down('Control');
  await studio.node('gateway').click({ position: { x: 60, y: 20 } });
  await page.keyboard.up('Control');
  await expect(inspector.getByRole('button', { name: 'Settings of 2 × Service' })).toBeVisible();
  await expect(inspector.getByRole('button', { name: 'Settings of 1 × Gateway' })).toBeVisible();
});
