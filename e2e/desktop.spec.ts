import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from './desktop-test.ts';
import { picture } from './pictures.ts';
import { reportFormats } from './report-formats.ts';

const monolith = ['shoppers', 'shop', 'database'];

test('runs the monolith, shows what killing its one server does, and sums up', async ({ traces, desktop, studio }) => {
  await expect(studio.nodes).toHaveCount(3);
  await expect.poll(() => desktop.window.title()).toContain('Shop, monolith');

  await studio.run();
  await studio.expectAll(monolith, 'ready');
  await studio.expectFigureAbove('shop', 'requests-per-sec', 20);
  expect(traces.note().processes).toBeGreaterThan(5);

  await studio.select('shop');
  await studio.button('Kill Shop').first().click();
  await studio.expectState('shop', 'dead', 2000);
  await expect.poll(() => studio.failedBecause('refused')).toBeGreaterThan(10);
  // The lease of the fault ends by itself, and a new process takes the place of the dead one.
  await studio.expectState('shop', 'ready', 20_000);

  // The picture in the README: the damage and the recovery, in the real window.
  await expect.poll(() => studio.trafficCount('ok'), { timeout: 30_000 }).toBeGreaterThan(1200);
  await desktop.window.mouse.move(640, 440);
  await expect(desktop.window.getByRole('tooltip')).toHaveCount(0);
  await picture(desktop.window, 'desktop');

  await studio.stop();
  await studio.expectConservation();
  await studio.expectAll(monolith, 'stopped');
});

test('a process that is killed from outside shows as dead within a second', async ({ traces, studio }) => {
  await studio.run();
  await studio.expectAll(monolith, 'ready');
  const servers = [...traces.processes()].filter(([, command]) => command.includes('server.cjs'));
  expect(servers).toHaveLength(1);
  process.kill(servers[0]?.[0] as number, 'SIGKILL');
  await studio.expectState('shop', 'dead', 1000);
  await studio.stop();
  await studio.expectAll(monolith, 'stopped');
});

test('the menu takes all faults off, and reports and experiments go where the dialogs of the system say', async ({
  desktop,
  studio,
}) => {
  const folder = mkdtempSync(join(tmpdir(), 'e2e-files-'));
  const page = desktop.window;
  await studio.run();
  await studio.expectAll(monolith, 'ready');
  await desktop.chooseMenu('faults');
  const menu = page.getByRole('dialog', { name: /^Faults on/ });
  await menu.getByTestId('fault-latency').getByRole('button', { name: 'Inject Latency' }).click();
  await page.keyboard.press('Escape');
  await expect(studio.button('Take off all faults')).toContainText('(1)');
  await desktop.chooseMenu('take-off-all');
  const taken = page.getByRole('list', { name: 'Faults that were taken off' });
  await expect(taken.locator('[data-proof="removal"]')).toHaveAttribute('data-holds', 'true');
  await studio.expectNoFaults();
  await studio.stop();
  await studio.expectConservation();

  // Under the name that the dialog suggests, but without its ending, as people type names.
  await desktop.app.evaluate(({ dialog, shell }, to) => {
    const opened: string[] = [];
    Object.assign(globalThis, { opened });
    dialog.showSaveDialog = (async (_window: unknown, { defaultPath }: { defaultPath: string }) => ({
      canceled: false,
      filePath: `${to}/${defaultPath.slice(0, defaultPath.indexOf('.'))}`,
    })) as unknown as typeof dialog.showSaveDialog;
    shell.openPath = async (path) => {
      opened.push(path);
      return '';
    };
  }, folder);
  for (const [title, [ending, content]] of Object.entries(reportFormats)) {
    await studio.button('Save report as …').click();
    await page.getByRole('menuitem', { name: title, exact: true }).click();
    await expect(page.getByRole('status').filter({ hasText: /^Saved / })).toContainText(`.${ending}`);
    const saved = readdirSync(folder).find((name) => name.endsWith(`.${ending}`));
    expect(readFileSync(join(folder, saved ?? ''), 'latin1')).toMatch(content);
  }
  await studio.button('Open report').click();
  const opened = () => desktop.app.evaluate(() => (globalThis as unknown as { opened: string[] }).opened);
  await expect.poll(opened).toEqual([expect.stringMatching(/report\.html$/)]);

  const panel = await studio.openExperiments();
  const experiments = panel.getByRole('navigation', { name: 'Experiments' });
  await experiments.getByRole('button', { name: 'Export the experiment' }).click();
  await page.getByRole('menuitem', { name: 'Chaos Toolkit' }).click();
  await expect(page.getByText(/^Saved .*\.chaostoolkit\.json$/)).toBeVisible();
  const exported = join(folder, readdirSync(folder).find((name) => name.endsWith('.chaostoolkit.json')) ?? '');
  expect(JSON.parse(readFileSync(exported, 'utf8'))).toMatchObject({ version: '1.0.0', method: [{ type: 'action' }] });

  await experiments.getByRole('button', { name: 'Import experiments' }).click();
  const form = page.getByRole('dialog', { name: 'Import experiments' });
  const [chooser] = await Promise.all([
    page.waitForEvent('filechooser'),
    form.getByRole('button', { name: 'Choose a file…' }).click(),
  ]);
  await chooser.setFiles(exported);
  await expect(form.getByTestId('import-reports')).toContainText('all of it can be run here');
  const before = await experiments.locator('[aria-current]').count();
  await form.getByRole('button', { name: 'Import', exact: true }).click();
  await expect(experiments.locator('[aria-current]')).toHaveCount(before + 1);
  // An unsaved change would ask before the window closes.
  await desktop.chooseMenu('undo');
  await expect(experiments.locator('[aria-current]')).toHaveCount(before);
  rmSync(folder, { recursive: true, force: true });
});

test('the menus speak the language that was chosen in the window', async ({ desktop, studio }) => {
  const saveItem = () => desktop.app.evaluate(({ Menu }) => Menu.getApplicationMenu()?.getMenuItemById('save')?.label);
  await expect.poll(saveItem).toBe('Save');
  await studio.button('Language').click();
  await studio.page.getByRole('menuitem', { name: 'Français' }).click();
  await expect(studio.button('Lancer')).toBeVisible();
  await expect.poll(saveItem).toBe('Enregistrer');
  await studio.button('Langue').click();
  await studio.page.getByRole('menuitem', { name: 'English' }).click();
  await expect.poll(saveItem).toBe('Save');
});
