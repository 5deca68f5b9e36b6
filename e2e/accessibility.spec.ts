import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { expect, test } from './browser-test.ts';
import { slotShop } from './slot-shop.ts';
import type { Studio } from './studio.ts';
import { written } from './written.ts';

const WCAG_22_AA = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];

const panel = 'section[aria-label="Measurements"]';
const inspector = 'aside[aria-label="Inspector"]';

/** What axe finds serious in what is shown now, or in a part of it, each with its place. In the dark only colours can differ. */
async function findings(page: Page, part?: string): Promise<string[]> {
  const found: string[] = [];
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    await expect(page.locator('html')).toHaveAttribute('data-mantine-color-scheme', colorScheme);
    await page.evaluate(settled);
    // The window has no frames, for which axe would open a page of its own.
    const axe = new AxeBuilder({ page }).setLegacyMode().options({ resultTypes: ['violations'] });
    if (part) axe.include(part);
    const { violations } = await (colorScheme === 'light'
      ? axe.withTags(WCAG_22_AA)
      : axe.withRules('color-contrast')
    ).analyze();
    for (const { id, impact, nodes } of violations)
      if (impact === 'serious' || impact === 'critical')
        for (const { target, any, all } of nodes)
          found.push(
            `${colorScheme}: ${id} at ${target.join(' ')}: ${[...any, ...all].map(({ message }) => message).join(' ')}`,
          );
  }
  return found;
}

/** Resolves once nothing is between two colours any more; what changes them begins with the next picture. What turns for ever does not count. */
const settled = async (): Promise<void> => {
  await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
  const ends = document.getAnimations().filter((each) => each.effect?.getComputedTiming().endTime !== Infinity);
  await Promise.all(ends.map((each) => each.finished.catch(() => undefined)));
};

const shop = () => ({
  ...slotShop(),
  groups: [
    {
      id: 'rack',
      kind: 'host',
      name: 'Rack',
      position: { x: 260, y: -80 },
      size: { width: 320, height: 320 },
    },
  ],
  notes: [{ id: 'note', text: 'Two slots of 20 ms.', position: { x: 0, y: 220 }, size: { width: 220, height: 90 } }],
  experiments: [
    {
      name: 'kill-the-shop',
      title: 'Kill the shop',
      scenario: 'calm',
      warmUpMs: 200,
      steadyStateMs: 500,
      steadyStateHypothesis: {
        title: 'Requests are answered',
        probes: [{ name: 'answered', measure: { type: 'success-ratio' }, tolerance: { min: 0.8 } }],
      },
      method: [{ type: 'fault', fault: 'kill', target: { node: 'shop' }, durationMs: 1000 }],
      recoveryWithinMs: 4000,
    },
  ],
  sweeps: [
    {
      type: 'hysteresis',
      name: 'up-and-down',
      title: 'Up and down',
      scenario: 'calm',
      warmUpMs: 100,
      measureMs: 500,
      ratesPerSec: [20, 60],
    },
  ],
});

test('each view is usable by everyone, in light and in dark, as far as axe can tell', async ({ open, traces }) => {
  test.setTimeout(180_000);
  const found: Record<string, string[]> = {};
  const studio: Studio = await open();
  const { page } = studio;
  const look = async (view: string, part?: string): Promise<void> => {
    const here = await findings(page, part);
    if (here.length > 0) found[view] = here;
  };
  const command = async (query: string): Promise<void> => {
    await page.keyboard.press('ControlOrMeta+k');
    await page.getByRole('textbox', { name: 'Search commands' }).fill(query);
    await page.keyboard.press('Enter');
  };
  const tab = (name: string) => page.getByRole('region', { name: 'Measurements' }).getByRole('tab', { name }).click();
  const close = () => page.keyboard.press('Escape');
  const pane = () => page.getByRole('main', { name: 'Canvas' }).click({ position: { x: 20, y: 20 } });

  await expect(page.getByRole('button', { name: /^New here/ })).toBeVisible();
  await look('start');
  await page.keyboard.press('ControlOrMeta+k');
  await expect(page.getByRole('textbox', { name: 'Search commands' })).toBeVisible();
  await look('commands');
  await close();
  await command('keyboard shortcuts');
  await expect(page.getByRole('dialog', { name: 'Keyboard shortcuts' })).toBeVisible();
  await look('shortcuts');
  await close();
  await command('templates…');
  await expect(page.getByRole('dialog', { name: 'Templates' })).toBeVisible();
  await look('templates');
  await close();
  await command('take the tour');
  await expect(page.getByRole('dialog', { name: /^Tour/ })).toBeVisible();
  await look('tour');
  await close();
  await command('open…');
  await page.getByLabel('Path of the file').fill(written(traces, 'slots', shop()));
  await look('open');
  await page.keyboard.press('Enter');
  await expect(studio.nodes).toHaveCount(2);
  await look('document');
  await studio.select('shop');
  await look('node');
  await page.getByRole('button', { name: 'Select connection callers-shop' }).click();
  await look('edge', inspector);
  await page.getByTestId('group-rack').locator('header').click();
  await look('group', inspector);
  await page.getByTestId('note-note').click();
  await look('note', inspector);
  await pane();
  await page.keyboard.press('ControlOrMeta+a');
  await look('several', inspector);
  await pane();
  for (const name of [
    'Traffic',
    'Experiments',
    'Sweeps',
    'Results',
    'Faults',
    'Traces',
    'Requests',
    'Runs',
    'Logs',
    'Hints',
    'Problems',
    'Outline',
  ]) {
    await tab(name);
    await look(`${name}, empty`, panel);
  }
  await tab('Experiments');
  await page.getByTestId('step-method.0').click();
  await look('step', inspector);
  await pane();

  await studio.run();
  await studio.expectAll(['callers', 'shop'], 'ready');
  await studio.expectFigureAbove('shop', 'requests-per-sec', 10);
  await tab('Traffic');
  await look('running');
  await studio.select('shop');
  await page.getByRole('tab', { name: 'Live and faults' }).click();
  await look('live', inspector);
  await studio.openFaults();
  await look('fault menu');
  await close();
  await page.getByTestId('node-shop').click({ position: { x: 60, y: 20 } });
  await studio.button('Kill Shop').click();
  await studio.expectState('shop', 'dead');
  await look('dead');
  for (const name of ['Outline', 'Faults', 'Traces', 'Logs', 'Requests']) {
    await tab(name);
    await look(`${name}, running`, panel);
  }
  await page.getByRole('main', { name: 'Canvas' }).press('p');
  await look('presentation');
  await page.keyboard.press('p');
  await studio.stop();
  await studio.expectConservation();
  await look('Results', panel);
  await tab('Runs');
  await page.getByTestId('records').getByRole('listitem').first().getByRole('button').click();
  await look('record', panel);
  await studio.button('Replay on the canvas').click();
  await expect(page.getByTestId('replay')).toBeVisible();
  await look('replay');
  await page.getByTestId('replay').getByRole('button', { name: 'Leave' }).click();
  const experiments = await studio.openExperiments();
  await experiments.getByRole('button', { name: /^Run “Kill the shop/ }).click();
  await expect(experiments.getByTestId('verdict').first()).toBeVisible({ timeout: 40_000 });
  await look('experiment', panel);
  await experiments.getByText('Verdict', { exact: true }).click();
  await look('verdict', panel);
  await tab('Sweeps');
  await page.getByRole('button', { name: 'Measure', exact: true }).click();
  await expect(
    page.locator('[data-testid="sweep-result"]:is([data-state="done"], [data-state="inconclusive"])'),
  ).toBeVisible({ timeout: 40_000 });
  await look('sweep', panel);
  await studio.select('shop');
  await page.keyboard.press('ControlOrMeta+d');
  await command('new document');
  await expect(page.getByRole('dialog', { name: 'Unsaved changes' })).toBeVisible();
  await look('unsaved');
  await page.close();
  expect(found).toEqual({});
});
