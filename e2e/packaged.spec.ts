import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { launchDesktop, packagedProgram, root } from './launch.ts';
import { createTraces } from './leftovers.ts';
import { Studio } from './studio.ts';

const monolith = ['shoppers', 'shop', 'database'];

test('the packaged app runs a topology from inside its own package', async () => {
  const traces = createTraces();
  const program = packagedProgram();
  const desktop = await launchDesktop({
    packaged: program,
    file: join(root, 'examples/shop-monolith.archipel.json'),
    env: traces.env,
  });
  const studio = new Studio(desktop.window);
  expect(await desktop.app.evaluate(({ app }) => app.isPackaged)).toBe(true);

  await studio.run();
  await studio.expectAll(monolith, 'ready', 60_000);
  await studio.expectFigureAbove('shop', 'requests-per-sec', 20);
  traces.note();

  // Electron's own Node runs every program of ours, and PostgreSQL comes from the package too.
  const commands = [...traces.processes().values()];
  const ours = commands.filter((command) => /dist\/engine\/\w+\.[cm]js/.test(command));
  expect(ours.length).toBeGreaterThanOrEqual(4);
  for (const command of ours) expect(command).toMatch(new RegExp(`^${program} .*app\\.asar\\.unpacked/dist/engine/`));
  expect(commands.some((command) => /postgres/.test(command))).toBe(true);

  await studio.stop();
  await studio.expectConservation();
  await studio.expectAll(monolith, 'stopped');
  await desktop.close();
  await traces.expectNothingLeft(5000);
  traces.remove();
});
