import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from './desktop-test.ts';
import { root } from './launch.ts';

const monolith = ['shoppers', 'shop', 'database'];

test('the window has no Node, no way out, and speaks to nobody but the engine', async ({ desktop }) => {
  const page = desktop.window;
  const inside = await page.evaluate(async () => ({
    node: [typeof process, typeof require, typeof Buffer],
    desktop: Object.keys(window.archipel ?? {}).sort(),
    popup: window.open('https://example.com/'),
    fetched: await fetch('http://127.0.0.1:9/').then(
      () => 'answered',
      () => 'refused',
    ),
    // In a turn of its own: what the test driver evaluates is exempt from the policy.
    evaluated: await new Promise((resolve) =>
      setTimeout(() => {
        try {
          resolve(new Function('return 1')());
        } catch {
          resolve('refused');
        }
      }),
    ),
  }));
  expect(inside.node).toEqual(['undefined', 'undefined', 'undefined']);
  expect(inside.desktop).toEqual(
    [
      'engine',
      'onEngine',
      'onMenu',
      'onOpenPath',
      'openDialog',
      'openReport',
      'pathOf',
      'saveDialog',
      'saveFileDialog',
      'setDirty',
      'setRecent',
      'setLanguage',
    ].sort(),
  );
  expect(inside).toMatchObject({ popup: null, fetched: 'refused', evaluated: 'refused' });

  await page.evaluate(() => {
    location.href = 'https://example.com/';
  });
  await expect.poll(() => page.url()).toBe('archipel://app/index.html');
  expect(desktop.app.windows()).toHaveLength(1);
});

test('an engine that dies is started again, and the window goes on with the new one', async ({ traces, studio }) => {
  await expect(studio.nodes).toHaveCount(3);
  const engines = () => [...traces.processes()].filter(([, command]) => command.includes('host.mjs'));
  const first = engines()[0]?.[0] as number;
  process.kill(first, 'SIGKILL');
  await expect.poll(() => engines().filter(([pid]) => pid !== first).length, { timeout: 10_000 }).toBe(1);
  await studio.run();
  await studio.expectAll(monolith, 'ready');
  await studio.stop();
  await studio.expectAll(monolith, 'stopped');
});

test('the menu reaches the window, and closing with unsaved changes asks first', async ({ desktop, studio }) => {
  await expect(studio.nodes).toHaveCount(3);
  await studio.button('Add Gateway').click();
  await expect(studio.nodes).toHaveCount(4);
  await desktop.chooseMenu('undo');
  await expect(studio.nodes).toHaveCount(3);
  await desktop.chooseMenu('redo');
  await expect(studio.nodes).toHaveCount(4);

  // The person answers "Cancel", then "Discard changes".
  await desktop.app.evaluate(({ dialog, BrowserWindow }) => {
    const asked: string[] = [];
    Object.assign(globalThis, { asked });
    dialog.showMessageBox = (async (_window: unknown, options: { message: string }) => {
      asked.push(options.message);
      return { response: asked.length === 1 ? 2 : 1, checkboxChecked: false };
    }) as unknown as typeof dialog.showMessageBox;
    BrowserWindow.getAllWindows()[0]?.close();
  });
  const asked = () => desktop.app.evaluate(() => (globalThis as unknown as { asked: string[] }).asked);
  await expect.poll(asked).toEqual(['Save the changes to this document?']);
  await expect(studio.nodes).toHaveCount(4);
  const closed = desktop.app.waitForEvent('close');
  await desktop.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.close()).catch(() => {});
  await closed;
});

test('a document that is opened while the app runs comes into the same window', async ({ desktop, studio }) => {
  await expect(studio.nodes).toHaveCount(3);
  await desktop.startAgain(join(root, 'examples/shop-microservices.archipel.json'));
  await expect.poll(() => desktop.window.title()).toContain('Shop, microservices');
  expect(desktop.app.windows()).toHaveLength(1);
});

test('the dialogs of the system choose where a document is saved and which one is opened', async ({
  desktop,
  studio,
}) => {
  const folder = mkdtempSync(join(tmpdir(), 'e2e-documents-'));
  const file = join(folder, 'copy.archipel.json');
  await desktop.app.evaluate(
    ({ dialog }, { save, open }) => {
      const saveAnswer = async () => ({ canceled: false, filePath: save });
      const openAnswer = async () => ({ canceled: false, filePaths: [open] });
      dialog.showSaveDialog = saveAnswer as unknown as typeof dialog.showSaveDialog;
      dialog.showOpenDialog = openAnswer as unknown as typeof dialog.showOpenDialog;
    },
    // Without its ending, as people type names.
    { save: file.replace('.archipel.json', ''), open: join(root, 'examples/shop-microservices.archipel.json') },
  );
  await expect(studio.nodes).toHaveCount(3);
  await desktop.chooseMenu('save-as');
  await expect(desktop.window.getByTestId('file-state')).toHaveText('copy.archipel.json');
  expect(JSON.parse(readFileSync(file, 'utf8'))).toMatchObject({ format: 1, name: 'Shop, monolith' });

  await desktop.chooseMenu('open');
  await expect.poll(() => desktop.window.title()).toContain('Shop, microservices');

  // What was opened last is in the menu, and says when it is gone.
  const recent = () =>
    desktop.app.evaluate(({ Menu }) =>
      Menu.getApplicationMenu()
        ?.getMenuItemById('recent')
        ?.submenu?.items.map(({ label, enabled }) => `${label}${enabled ? '' : ' -'}`),
    );
  await expect.poll(recent).toContainEqual(expect.stringMatching(/copy\.archipel\.json$/));
  rmSync(folder, { recursive: true, force: true });
  await desktop.chooseMenu('open');
  await expect.poll(recent).toContainEqual(expect.stringMatching(/copy\.archipel\.json \(missing\) -$/));
  await desktop.chooseMenu('clear-recent');
  await expect.poll(recent).not.toContainEqual(expect.stringMatching(/archipel\.json/));
});
