import { join } from 'node:path';
import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { expect, test } from './browser-test.ts';
import { root } from './launch.ts';
import type { Studio } from './studio.ts';

/** Rules of WCAG 2.2, levels A and AA, that axe can judge. */
const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];

/** What axe finds serious in the window as it is now, and where. */
async function seriousIn(page: Page): Promise<string[]> {
  // What changes its colours has those of its end only then, and begins with the next picture.
  await page.evaluate(async () => {
    await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
    await Promise.allSettled(document.getAnimations().map(({ finished }) => finished));
  });
  const { violations } = await new AxeBuilder({ page }).withTags(tags).setLegacyMode().analyze();
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) =>
      nodes.map(
        ({ target, html, failureSummary = '' }) =>
          `${id} at ${target.join(' ')} (${html.slice(0, 120)}): ${failureSummary.split('\n').slice(1).join(' ').trim()}`,
      ),
    );
}

const tabs = [
  ...['Traffic', 'Experiments', 'Sweeps', 'Results', 'Faults', 'Traces', 'Requests', 'Runs', 'Logs', 'Hints'],
  'Problems',
];

/** Each main view in turn, by its name. */
async function* viewsOf(studio: Studio): AsyncGenerator<string> {
  const { page } = studio;
  const tab = (name: string) => page.getByRole('tab', { name: new RegExp(`^${name}`) }).click();
  const isClosed = () => expect(page.getByRole('dialog')).toHaveCount(0);
  await studio.expectState('gateway', 'stopped');
  await studio.select('orders');
  yield 'a node';
  await page.keyboard.press('ControlOrMeta+i');
  await expect(page.getByRole('dialog', { name: /^Faults on/ })).toBeVisible();
  yield 'faults to choose from';
  await page.keyboard.press('Escape');
  await isClosed();
  await page.keyboard.press('ControlOrMeta+k');
  await expect(page.getByRole('dialog')).toBeVisible();
  yield 'commands';
  await page.keyboard.press('Escape');
  await isClosed();
  await studio.edge('gateway-orders').getByRole('button').first().click();
  for (const name of tabs) {
    await tab(name);
    yield `${name} before a run`;
  }
  await studio.run();
  await studio.expectFigureAbove('gateway', 'requests-per-sec', 1, 40_000);
  for (const name of tabs) {
    await tab(name);
    yield `${name} in a run`;
  }
  await studio.stop();
  await studio.expectState('gateway', 'stopped');
}

test('axe finds nothing serious in any main view, light or dark', async ({ open }) => {
  test.setTimeout(180_000);
  const studio = await open(join(root, 'examples', 'shop-microservices.archipel.json'));
  /** Each finding with the view in which it was met first. */
  const found = new Map<string, string>();
  for await (const view of viewsOf(studio))
    for (const colorScheme of ['light', 'dark'] as const) {
      await studio.page.emulateMedia({ colorScheme });
      for (const finding of await seriousIn(studio.page))
        if (!found.has(finding)) found.set(finding, `${view}, ${colorScheme}`);
    }
  expect(Object.fromEntries(found)).toEqual({});
});
