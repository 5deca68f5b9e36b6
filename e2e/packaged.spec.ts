import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { type Desktop, launchDesktop, packagedProgram, root } from './launch.ts';
import { createTraces, type Traces } from './leftovers.ts';
import { Studio } from './studio.ts';

const monolith = ['shoppers', 'shop', 'database'];

let traces: Traces;
let desktop: Desktop;

test.beforeEach(async () => {
  traces = createTraces();
  desktop = await launchDesktop({
    packaged: packagedProgram(),
    file: join(root, 'examples/shop-monolith.archipel.json'),
    env: traces.env,
  });
});
test.afterEach(async () => {
  await desktop.close();
  await traces.expectNothingLeft(5000);
  traces.remove();
});

test('the packaged app runs a topology from inside its own package', async () => {
  const studio = new Studio(desktop.window);
  expect(await desktop.app.evaluate(({ app }) => app.isPackaged)).toBe(true);

  await studio.run();
  await studio.expectAll(monolith, 'ready', 60_000);
  await studio.expectFigureAbove('shop', 'requests-per-sec', 20);
  traces.note();

  // Electron's own Node runs every program of ours.
  const commands = [...traces.processes().values()];
  const ours = commands.filter((command) => /dist[\\/]engine[\\/]\w+\.[cm]js/.test(command));
  expect(ours.length).toBeGreaterThanOrEqual(4);
  const outside = ours.filter((command) => !command.startsWith(packagedProgram()) || !command.includes('.unpacked'));
  expect(outside).toEqual([]);
  expect(commands.some((command) => /postgres/.test(command))).toBe(true);

  await studio.stop();
  await studio.expectConservation();
  await studio.expectAll(monolith, 'stopped');
});
