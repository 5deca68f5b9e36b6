import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from './desktop-test.ts';
import { dragFilesOnto } from './dropped-files.ts';
import { root } from './launch.ts';
import { picture } from './pictures.ts';
import { isAlive } from './processes.ts';

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
      'restartEngine',
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

test('the app ends although its engine has just ended', async ({ traces, desktop, studio }) => {
  await expect(studio.nodes).toHaveCount(3);
  const [engine] = [...traces.processes()].filter(([, command]) => command.includes('host.mjs'));
  const ended = new Promise((resolve) => desktop.app.process().once('exit', resolve));
  process.kill(engine?.[0] as number, 'SIGKILL');
  await expect.poll(() => isAlive(engine?.[0] as number)).toBe(false);
  await desktop.app.evaluate(({ app }) => app.quit());
  await ended;
});

test('an engine that does not answer is shown as such, and another is started when asked; edits stay', async ({
  traces,
  desktop,
  studio,
}) => {
  await expect(studio.nodes).toHaveCount(3);
  const mark = desktop.window.getByTestId('connection');
  const engines = () => [...traces.processes()].filter(([, command]) => command.includes('host.mjs'));
  await studio.run();
  await studio.expectAll(monolith, 'ready');
  process.kill(engines()[0]?.[0] as number, 'SIGSTOP');
  await expect(mark).toHaveText('Engine does not answer…', { timeout: 10_000 });
  await studio.button('Add Cache').click();
  await picture(desktop.window, 'engine-silent-desktop');
  await studio.button('Start the engine again').click();
  await expect(mark).toHaveText('Engine ready');
  await expect(studio.nodes).toHaveCount(4);
  // Nothing of it outlived the engine that was ended.
  await expect
    .poll(() => [...traces.processes().values()].filter((command) => command.includes('server.cjs')))
    .toEqual([]);
  await desktop.window.keyboard.press('ControlOrMeta+z');
  await studio.run();
  await studio.expectAll(monolith, 'ready');
  await studio.stop();
  await studio.expectAll(monolith, 'stopped');
});

test('rubbish that is dropped on the window is refused with its reason, and a document is opened with its file', async ({
  traces,
  desktop,
  studio,
}) => {
  const page = desktop.window;
  await expect(studio.nodes).toHaveCount(3);
  await studio.button('Add Cache').click();
  const folder = mkdtempSync(join(traces.env.TMPDIR as string, 'dropped-'));
  const rubbish: [name: string, bytes: string | Buffer, why: RegExp][] = [
    ['holiday.png', Buffer.from('\x89PNG\r\n\x1a\n\0\0', 'latin1'), /is a binary file, no JSON/],
    ['package.json', '{"name": "left-pad", "version": "1.3.0"}', /format/],
    ['later.archipel.json', '{"format": 99, "name": "x"}', /newer Archipel/],
    ['broken.archipel.json', '{"format": 1, "name": "x", "nodes": [{"id": "a"}]}', /problem/],
    ['empty.archipel.json', '', /is empty/],
  ];
  const alert = page.getByRole('dialog').getByRole('alert');
  for (const [name, bytes, why] of rubbish) {
    writeFileSync(join(folder, name), bytes);
    await dragFilesOnto(page, [join(folder, name)], { x: 600, y: 300 });
    // Of a file that has a place, the edits are asked for first.
    const question = page.getByRole('dialog', { name: 'Unsaved changes' });
    if (name.endsWith('.json')) await question.getByRole('button', { name: 'Discard changes' }).click();
    await expect(page.getByRole('dialog', { name: `${name} was not opened` })).toBeVisible();
    await expect(alert).toContainText(why);
    await page.keyboard.press('Escape');
    await expect(alert).toHaveCount(0);
    await expect(studio.nodes).toHaveCount(4);
  }
  // A folder is no file.
  await dragFilesOnto(page, [folder], { x: 600, y: 300 });
  await expect(page.getByRole('dialog', { name: /was not opened$/ })).toBeVisible();
  await page.keyboard.press('Escape');
  expect(page.url()).toBe('archipel://app/index.html');

  const sound = join(folder, 'sound.archipel.json');
  copyFileSync(join(root, 'examples/shop-microservices.archipel.json'), sound);
  await page.keyboard.press('ControlOrMeta+z');
  await dragFilesOnto(page, [sound], { x: 600, y: 300 });
  await expect(page.getByTestId('file-state')).toHaveText('sound.archipel.json');
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
