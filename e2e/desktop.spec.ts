import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { type Desktop, launchDesktop, root } from './launch.ts';
import { createTraces, type Traces } from './leftovers.ts';
import { picture } from './pictures.ts';
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
  await picture(desktop.window, 'desktop');

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
