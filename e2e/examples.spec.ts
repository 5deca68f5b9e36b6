import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from './browser-test.ts';
import { root } from './launch.ts';

/** Each as a person runs it: opened, started from the canvas, watched, stopped. */
for (const name of ['shop-microservices', 'scaling', 'deploys', 'resilience-patterns', 'polyglot']) {
  test(`the example ${name} runs from the canvas`, async ({ open }) => {
    const file = join(root, 'examples', `${name}.archipel.json`);
    const { nodes, edges, scenarios } = JSON.parse(readFileSync(file, 'utf8')) as {
      nodes: { id: string; kind: string }[];
      edges: { id: string; source: string; target: string }[];
      scenarios: { traffic: { client: string; routes: { edge?: string }[] }[] }[];
    };
    const studio = await open(file);
    // Room for whole cards: on a canvas that shows much at once, figures are painted and not text.
    await studio.page.setViewportSize({ width: 3200, height: 1800 });
    await studio.button('Fit View').click();
    await expect(studio.edges).toHaveCount(edges.length);
    await studio.run();
    await studio.expectAll(
      nodes.filter(({ kind }) => kind !== 'host' && kind !== 'zone').map(({ id }) => id),
      'ready',
    );
    const traffic = scenarios[0]?.traffic ?? [];
    const called = edges.filter(({ id, source }) =>
      traffic.some(
        ({ client, routes }) => client === source && routes.some(({ edge }) => edge === undefined || edge === id),
      ),
    );
    expect(called.length).toBeGreaterThan(0);
    for (const { target } of called) await studio.expectFigureAbove(target, 'requests-per-sec', 1);
    await expect.poll(() => studio.trafficCount('ok')).toBeGreaterThan(50);
    if (process.env.ARCHIPEL_SHOTS)
      await studio.page.screenshot({ path: join(process.env.ARCHIPEL_SHOTS, `${name}.png`) });
    await studio.stop();
    await studio.expectConservation();
  });
}
