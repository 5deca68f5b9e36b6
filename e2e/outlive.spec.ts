import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { launchDesktop, root } from './launch.ts';
import { createTraces } from './leftovers.ts';
import { Studio } from './studio.ts';

test.skip(process.platform !== 'linux', 'it finds the processes of a run in /proc, which only Linux has');

for (const victim of ['Electron', 'the engine'] as const)
  test(`when ${victim} is killed in the middle of a run, nothing of it is left after 3 seconds`, async () => {
    const traces = createTraces();
    const desktop = await launchDesktop({
      file: join(root, 'examples/shop-microservices.archipel.json'),
      env: traces.env,
    });
    const studio = new Studio(desktop.window);
    await studio.run();
    await expect
      .poll(() => studio.page.locator('[data-testid^="node-"][data-state="ready"]').count(), { timeout: 60_000 })
      .toBe(await studio.nodes.count());
    await studio.expectFigureAbove('gateway', 'requests-per-sec', 20);
    const { processes, ports } = traces.note();
    expect(processes).toBeGreaterThan(10);
    expect(ports).toBeGreaterThan(10);

    if (victim === 'Electron') {
      process.kill(desktop.pid, 'SIGKILL');
    } else {
      const [engine] = [...traces.processes()].filter(([, command]) => command.includes('host.mjs'));
      // Its owner would start another one at once; so it is the last thing that its owner sees.
      process.kill(engine?.[0] as number, 'SIGKILL');
      process.kill(desktop.pid, 'SIGKILL');
    }
    await traces.expectNothingLeft(3000);
    traces.remove();
  });
