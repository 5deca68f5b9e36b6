import { readFileSync, rmSync } from 'node:fs';
import type { Page } from '@playwright/test';
import { expect, test } from './browser-test.ts';
import { lineTo } from './line.ts';
import { picture } from './pictures.ts';
import { slotShop } from './slot-shop.ts';
import { Studio } from './studio.ts';
import { written } from './written.ts';

/** Drops a file somewhere on the window, as from a folder of the desktop. */
async function drop(page: Page, selector: string, name: string, text: string): Promise<void> {
  const dataTransfer = await page.evaluateHandle(
    ([fileName, content]) => {
      const transfer = new DataTransfer();
      transfer.items.add(new File([content as string], fileName as string));
      return transfer;
    },
    [name, text],
  );
  await page.locator(selector).dispatchEvent('dragover', { dataTransfer });
  await expect(page.getByText('Drop to open')).toBeVisible();
  await page.locator(selector).dispatchEvent('drop', { dataTransfer });
}

test('what is dropped anywhere is opened, or refused with its reason, and nothing drawn is lost', async ({
  open,
  traces,
}) => {
  const studio = await open(written(traces, 'slots', slotShop()));
  const { page } = studio;
  const alert = page.getByRole('dialog').getByRole('alert');
  await expect(studio.nodes).toHaveCount(2);
  await studio.button('Add Cache').click();
  const inspector = '[data-region="inspector"]';
  const refused: [name: string, text: string, why: RegExp][] = [
    ['holiday.png', '\u0089PNG\r\n\u001a\n\u0000\u0000', /is a binary file, no JSON/],
    ['package.json', '{"name": "left-pad", "version": "1.3.0"}', /format/],
    ['later.archipel.json', '{"format": 99, "name": "x"}', /another version/],
    ['broken.archipel.json', '{"format": 1, "name": "x", "nodes": [{"id": "a"}]}', /problem/],
  ];
  for (const [name, text, why] of refused) {
    await drop(page, inspector, name, text);
    await expect(page.getByRole('dialog', { name: `${name} was not opened` })).toBeVisible();
    await expect(alert).toContainText(why);
    await page.keyboard.press('Escape');
    await expect(alert).toHaveCount(0);
  }
  await expect(studio.nodes).toHaveCount(3);
  await expect(page.getByTestId('file-state')).toHaveAttribute('data-dirty', 'true');
  await expect(studio.button('Undo')).toBeEnabled();

  // What is sound asks for the edits first.
  await drop(
    page,
    '[data-region="palette"]',
    'sound.archipel.json',
    JSON.stringify({ ...slotShop(), name: 'Dropped' }),
  );
  await page.getByRole('dialog', { name: 'Unsaved changes' }).getByRole('button', { name: 'Discard changes' }).click();
  await expect(studio.nodes).toHaveCount(2);
  await expect(page).toHaveTitle(/^Dropped/);
});

test('edits go on while the engine cannot be reached, and nothing of them is lost', async ({
  chrome,
  start,
  traces,
}) => {
  const file = written(traces, 'slots', slotShop());
  const web = await start(file);
  const studio = new Studio(await chrome.newPage({ viewport: { width: 1440, height: 900 } }));
  const { page } = studio;
  const line = await lineTo(web.url);
  await page.goto(line.url);
  const mark = page.getByTestId('connection');
  await expect(mark).toHaveText('Engine ready');
  await studio.run();
  await studio.expectFigureAbove('shop', 'requests-per-sec', 5);

  // The line drops while something is typed.
  await studio.select('shop');
  await studio.inspector.getByLabel('Name').fill('Till');
  line.cut();
  await expect(mark).toHaveText('Engine lost, reconnecting…');
  await studio.inspector.getByLabel('Name').fill('Till at the door');
  await studio.button('Add Cache').click();
  await expect(studio.nodes).toHaveCount(3);
  await page.keyboard.press('ControlOrMeta+z');
  await page.keyboard.press('ControlOrMeta+y');
  line.mend();
  await expect(mark).toHaveText('Engine ready');
  // What ran went on meanwhile, and is shown again.
  await studio.expectFigureAbove('shop', 'requests-per-sec', 5);
  await page.keyboard.press('ControlOrMeta+s');
  await expect(page.getByTestId('file-state')).toHaveAttribute('data-dirty', 'false');
  expect(JSON.parse(readFileSync(file, 'utf8')).nodes.map(({ name }: { name: string }) => name)).toEqual([
    'Callers',
    'Till at the door',
    'Cache',
  ]);

  await studio.stop();
  await studio.expectState('shop', 'stopped');
  await page.close();
  await line.close();
});

test('what was opened last is offered again, and says when it is gone', async ({ open, traces }) => {
  const gone = written(traces, 'gone', slotShop());
  const studio = await open(gone);
  const { page } = studio;
  await expect(studio.nodes).toHaveCount(2);
  await drop(
    page,
    '[data-region="palette"]',
    'sound.archipel.json',
    JSON.stringify({ ...slotShop(), name: 'Dropped' }),
  );
  await expect(page).toHaveTitle(/^Dropped/);
  const recent = async () => {
    await studio.button('File menu').click();
    await page.getByRole('menuitem', { name: 'Recent files' }).click();
    return page.getByRole('menuitem', { name: /gone\.archipel\.json/ });
  };
  await (await recent()).click();
  await expect(page.getByTestId('file-state')).toHaveText('gone.archipel.json');

  rmSync(gone);
  await page.reload();
  // It is also what this Archipel was started with.
  await expect(page.getByRole('dialog', { name: 'gone.archipel.json was not opened' })).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('dialog')).toHaveCount(0);
  const missing = await recent();
  await expect(missing).toContainText('any more. Click to take it off the list.');
  await picture(page, 'recent-files');
  await missing.click();
  await expect(missing).toHaveCount(0);
});

test('an engine that does not answer is shown as such, edits go on, and all comes back once it answers', async ({
  chrome,
  start,
  traces,
}) => {
  const file = written(traces, 'slots', slotShop());
  const web = await start(file);
  const studio = new Studio(await chrome.newPage({ viewport: { width: 1440, height: 900 } }));
  const { page } = studio;
  await page.goto(web.url);
  const mark = page.getByTestId('connection');
  const fileState = page.getByTestId('file-state');
  await studio.run();
  await studio.expectFigureAbove('shop', 'requests-per-sec', 5);
  web.child.kill('SIGSTOP');
  try {
    await expect(mark).toHaveText('Engine does not answer…', { timeout: 10_000 });
    await expect(studio.button('Run')).toBeDisabled();
    await studio.select('shop');
    await studio.inspector.getByLabel('Name').fill('Till');
    await studio.button('Add Cache').click();
    await expect(studio.nodes).toHaveCount(3);
    await page.keyboard.press('ControlOrMeta+s');
    await mark.hover();
    await expect(page.getByRole('tooltip')).toContainText('Your edits are kept');
    await picture(page, 'engine-silent');
    await expect(fileState).toHaveAttribute('data-dirty', 'true');
  } finally {
    web.child.kill('SIGCONT');
  }
  await expect(mark).toHaveText('Engine ready');
  // What it was asked meanwhile is done now, and what ran is shown again.
  await expect(fileState).toHaveAttribute('data-dirty', 'false');
  expect(JSON.parse(readFileSync(file, 'utf8')).nodes.map(({ name }: { name: string }) => name)).toEqual([
    'Callers',
    'Till',
    'Cache',
  ]);
  await studio.expectFigureAbove('shop', 'requests-per-sec', 5);
  await studio.stop();
  await studio.expectState('shop', 'stopped');
  await page.close();
});

test('what is drawn while the first file is still on its way is kept until somebody decides', async ({
  chrome,
  start,
  traces,
}) => {
  const web = await start(written(traces, 'slots', slotShop()));
  const studio = new Studio(await chrome.newPage({ viewport: { width: 1440, height: 900 } }));
  const { page } = studio;
  let letThrough = (): void => {};
  const drawn = new Promise<void>((resolve) => {
    letThrough = resolve;
  });
  let isAsked = false;
  // The way to the engine is slow for this one question.
  await page.routeWebSocket(/\/api/, (near) => {
    const far = near.connectToServer();
    near.onMessage(async (message) => {
      if (String(message).includes('"documents.open"')) {
        isAsked = true;
        await drawn;
      }
      far.send(message);
    });
  });
  await page.goto(web.url);
  await expect.poll(() => isAsked).toBe(true);
  await studio.button('Add Cache').click();
  await studio.select('cache');
  await studio.inspector.getByLabel('Name').fill('Mine');
  letThrough();
  const question = page.getByRole('dialog', { name: 'Unsaved changes' });
  await question.getByRole('button', { name: 'Cancel' }).click();
  await expect(studio.node('cache')).toContainText('Mine');
  await expect(page.getByTestId('file-state')).toHaveAttribute('data-dirty', 'true');
  await page.close({ runBeforeUnload: false });
});
