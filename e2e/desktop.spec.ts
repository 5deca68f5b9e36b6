import { expect, test } from './desktop-test.ts';
import { picture } from './pictures.ts';

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
