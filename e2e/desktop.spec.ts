import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { type Desktop, launchDesktop, root } from './launch.ts';
import { createTraces, type Traces } from './leftovers.ts';
import { Studio } from './studio.ts';

const monolith = ['shoppers', 'shop', 'database'];

let traces: Traces;
let desktop: Desktop;
let studio: Studio;

test.beforeEach(async () => {
  traces = createTraces();
  desktop = await launchDesktop({ file: join(root, 'examples/shop-monolith.archipel.json'), env: traces.env });
  studio = new Studio(desktop.window);
});
test.afterEach(async () => {
  await desktop.close();
  await traces.expectNothingLeft(5000);
  traces.remove();
});

test('runs the monolith, shows what killing its one server does, and sums up', async () => {
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
  const pictures = join(root, process.env.ARCHIPEL_SCREENSHOTS ? 'docs/screenshots' : 'test-results/screenshots');
  await desktop.window.screenshot({ path: join(pictures, 'desktop.png') });

  await studio.stop();
  await studio.expectConservation();
  await studio.expectAll(monolith, 'stopped');
});

test('a process that is killed from outside shows as dead within a second', async () => {
  await studio.run();
  await studio.expectAll(monolith, 'ready');
  const servers = [...traces.processes()].filter(([, command]) => command.includes('server.cjs'));
  expect(servers).toHaveLength(1);
  process.kill(servers[0]?.[0] as number, 'SIGKILL');
  await studio.expectState('shop', 'dead', 1000);
  await studio.stop();
  await studio.expectAll(monolith, 'stopped');
});

test('the window has no Node, no way out, and speaks to nobody but the engine', async () => {
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
    ['engine', 'onEngine', 'onMenu', 'onOpenPath', 'openDialog', 'saveDialog', 'setDirty'].sort(),
  );
  expect(inside).toMatchObject({ popup: null, fetched: 'refused', evaluated: 'refused' });

  await page.evaluate(() => {
    location.href = 'https://example.com/';
  });
  await expect.poll(() => page.url()).toBe('archipel://app/index.html');
  expect(desktop.app.windows()).toHaveLength(1);
});

test('an engine that dies is started again, and the window goes on with the new one', async () => {
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

test('the menu reaches the window, and closing with unsaved changes asks first', async () => {
  await expect(studio.nodes).toHaveCount(3);
  await studio.button('Add Gateway').click();
  await expect(studio.nodes).toHaveCount(4);
  const choose = (id: string) =>
    desktop.app.evaluate(({ Menu }, item) => Menu.getApplicationMenu()?.getMenuItemById(item)?.click(), id);
  await choose('undo');
  await expect(studio.nodes).toHaveCount(3);
  await choose('redo');
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
