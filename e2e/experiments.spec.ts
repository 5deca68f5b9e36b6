import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from './browser-test.ts';
import { root } from './launch.ts';
import { picture } from './pictures.ts';
import { slotShop } from './slot-shop.ts';
import { written } from './written.ts';

const microservices = join(root, 'examples/shop-microservices.archipel.json');

test('an experiment is built on the timeline, with mouse, keys and text, and undone step by step', async ({ open }) => {
  const studio = await open(microservices);
  const { page } = studio;
  const panel = await studio.openExperiments();
  const kill = panel.getByTestId('step-method.0');
  await expect(kill).toHaveAccessibleName(/^Kill · Orders, from 7 s for 4 s/);

  await panel.getByRole('button', { name: 'Add step' }).click();
  await page.getByRole('menuitem', { name: 'Scale' }).click();
  const scale = panel.getByTestId('step-method.1');
  await expect(scale).toHaveAccessibleName(/to 2 replicas, from 11 s for 5 s/);
  await studio.inspector.getByTestId('step-form').getByRole('textbox', { name: 'Replicas' }).fill('3');
  await expect(scale).toHaveAccessibleName(/to 3 replicas/);

  // The end of the bar is dragged, then the bar itself.
  const box = await scale.boundingBox();
  if (!box) throw new Error('The step is not shown.');
  await page.mouse.move(box.x + box.width - 3, box.y + 12);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width + 60, box.y + 12, { steps: 5 });
  await page.mouse.up();
  await expect(scale).not.toHaveAccessibleName(/for 5 s/);
  await page.keyboard.press('ControlOrMeta+z');
  await expect(scale).toHaveAccessibleName(/from 11 s for 5 s/);

  await scale.focus();
  await page.keyboard.press('ArrowRight');
  await expect(scale).not.toHaveAccessibleName(/from 11 s/);
  await page.keyboard.press('ArrowLeft');
  await expect(scale).toHaveAccessibleName(/from 11 s/);
  await page.keyboard.press('Alt+ArrowLeft');
  await expect(panel.getByTestId('step-method.0')).toHaveAccessibleName(/to 3 replicas, from 7 s/);
  await expect(panel.getByTestId('step-method.0')).toBeFocused();
  await studio.button('Undo').hover();
  await expect(page.getByRole('tooltip', { name: /^Undo: reorder .* to 3 replicas/ })).toBeVisible();
  await page.keyboard.press('ControlOrMeta+z');

  // The same experiment as text: what is valid there is on the timeline, what is not is said and changes nothing.
  await panel.getByText('JSON', { exact: true }).click();
  const text = panel.getByRole('textbox', { name: 'Experiment as JSON' });
  await text.click();
  await page.keyboard.press('ControlOrMeta+a');
  await page.keyboard.type('{');
  await expect(panel.getByTestId('json-state')).toContainText('Not applied');
  await page.keyboard.press('ControlOrMeta+a');
  await page.keyboard.insertText(
    JSON.stringify({
      name: 'typed',
      title: 'Typed as text',
      scenario: 'steady',
      steadyStateHypothesis: {
        title: 'works',
        probes: [{ name: 'ok', measure: { type: 'success-ratio' }, tolerance: { min: 0.9 } }],
      },
      method: [
        { type: 'parallel', branches: [[{ type: 'wait', durationMs: 1000 }], [{ type: 'wait', durationMs: 2000 }]] },
      ],
    }),
  );
  await expect(panel.getByTestId('json-state')).toContainText('the same experiment');
  await panel.getByText('Timeline', { exact: true }).click();
  await expect(panel.getByTestId('step-method.0.branches.1.0')).toHaveAccessibleName(/^Wait 2 s/);
  await panel.getByTestId('step-method.0.branches.1.0').click();
  await page.keyboard.press('Delete');
  await expect(panel.getByTestId('step-method.0.branches.1.0')).toHaveCount(0);
  await expect(panel.getByTestId('step-method.0.branches.0.0')).toBeVisible();

  const list = panel.getByRole('navigation', { name: 'Experiments' });
  await list.getByRole('button', { name: 'Duplicate the experiment' }).click();
  await expect(list.getByRole('button', { name: 'Typed as text (copy)' })).toHaveAttribute('aria-current', 'true');
  await list.getByRole('button', { name: 'Delete the experiment' }).click();
  await expect(list.getByRole('button', { name: 'Typed as text (copy)' })).toHaveCount(0);

  // Out as a file, and in again.
  await list.getByRole('button', { name: 'Typed as text', exact: true }).click();
  const exported = async (format: string) => {
    await list.getByRole('button', { name: 'Export the experiment' }).click();
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('menuitem', { name: format }).click(),
    ]);
    return download;
  };
  const file = await exported('Archipel');
  expect(file.suggestedFilename()).toBe('typed.experiment.json');
  await list.getByRole('button', { name: 'Import experiments' }).click();
  const form = page.getByRole('dialog', { name: 'Import experiments' });
  await form.getByRole('textbox').fill('{"name": "x"}');
  await expect(form).toContainText('$.title');
  await form.getByRole('textbox').fill(readFileSync(await file.path(), 'utf8'));
  await form.getByRole('button', { name: 'Import', exact: true }).click();
  await expect(list.getByRole('button', { name: 'Typed as text' })).toHaveCount(2);

  // And in the words of Chaos Toolkit, with what another tool wrote.
  const toolkit = await exported('Chaos Toolkit');
  expect(toolkit.suggestedFilename()).toBe('typed-2.chaostoolkit.json');
  const words = JSON.parse(readFileSync(await toolkit.path(), 'utf8'));
  expect(words).toMatchObject({ title: 'Typed as text', 'steady-state-hypothesis': { title: 'works' } });
  words.title = 'Out of a toolkit';
  words.method.push({ type: 'action', name: 'restart', provider: { type: 'python', module: 'k8s', func: 'restart' } });
  await list.getByRole('button', { name: 'Import experiments' }).click();
  await form.locator('input[type=file]').setInputFiles({
    name: 'toolkit.json',
    mimeType: 'application/json',
    buffer: Buffer.from(JSON.stringify(words)),
  });
  await expect(form.getByTestId('import-reports')).toContainText(
    /k8s\.restart cannot be run here.*it is kept in its place/,
  );
  await form.getByRole('button', { name: 'Import', exact: true }).click();
  await expect(list.getByRole('button', { name: 'Out of a toolkit' })).toHaveAttribute('aria-current', 'true');
  await expect(panel.getByTestId('step-method.1')).toHaveAccessibleName(/^restart/);
});

const probe = (name: string, tolerance: object) => ({ name, measure: { type: 'success-ratio' }, tolerance });

/** Writes a line for each request. */
const telling = { do: 'code', source: '() => { console.log("sold one"); }' };

const killTheShop = {
  name: 'kill-the-shop',
  title: 'Kill the shop under load',
  statement: 'While its only process is dead nothing is answered; then all is again.',
  scenario: 'calm',
  warmUpMs: 500,
  steadyStateMs: 2000,
  steadyStateHypothesis: { title: 'Requests are answered', probes: [probe('requests are answered', { min: 0.8 })] },
  method: [
    { type: 'fault', fault: 'kill', target: { node: 'shop' }, durationMs: 5000 },
    {
      type: 'probe',
      probe: { name: 'it sold', measure: { type: 'log', node: 'shop', pattern: '^sold' }, tolerance: { min: 1 } },
      windowMs: 10_000,
    },
  ],
  during: [probe('requests fail', { max: 0.5 })],
  recoveryWithinMs: 6000,
};

test('a run goes along the timeline, and its verdict says what it did to the users', async ({ open, traces }) => {
  const studio = await open(written(traces, 'slots', { ...slotShop(1, [telling]), experiments: [killTheShop] }));
  const { page } = studio;
  await studio.button('Trust and enable editing').click();
  const panel = await studio.openExperiments();
  await studio.untilFaultOn('shop', async () => {
    await panel.getByRole('button', { name: /^Run “Kill the shop/ }).click();
    await expect(panel.getByTestId('now-line')).toBeVisible({ timeout: 60_000 });
    await expect(panel.getByTestId('time-left')).toContainText(/left|nearly done/);
  });
  await expect(panel.getByTestId('step-method.0')).toHaveAttribute('data-state', 'running');
  const fails = panel.getByTestId('probe-board').getByRole('listitem').filter({ hasText: 'requests fail' });
  await expect(fails).toContainText(/0\.0 %at most 50\.0 % · \+ 50\.0 %/);
  await picture(page, 'experiment');

  await expect(panel.getByTestId('verdict').first()).toHaveAttribute('data-verdict', /passed|inconclusive/, {
    timeout: 60_000,
  });
  await expect(panel.getByTestId('step-method.0')).toHaveAttribute('data-state', 'done');
  await expect(panel.getByTestId('probe-board')).toContainText('requests are answered');
  await panel.getByText('Verdict', { exact: true }).click();
  const verdict = panel.getByTestId('verdict-panel');
  const impact = verdict.getByTestId('impact');
  await expect(impact).toContainText(/Time to detect\d+ ms|Time to detect\d+\.\d m?s/);
  await expect(impact).toContainText(/Time to recover\d/);
  await expect(impact).toContainText(/Availability\d+\.\d %\d+ of \d+ requests failed/);
  await expect(impact).toContainText(/Error budget spent\d+.*may at an objective of 80\.0 %/);
  await expect(impact).toContainText(/Routes affected.*GET \//);
  await picture(page, 'verdict');

  // What a probe rests on: counts, the time in the run, what happened then, and traces of it.
  await verdict.getByRole('button', { name: 'Evidence of requests fail, during' }).click();
  const evidence = verdict.getByTestId('evidence');
  await expect(evidence).toContainText(/Measured from \+\d.* to \+\d.* of the run/);
  await expect(evidence).toContainText(/failed\d+/);
  await expect(evidence.getByRole('list', { name: 'What happened then' })).toContainText('effect proven');
  await expect(evidence.getByRole('img', { name: /^Throughput, with that time marked/ })).toBeVisible();
  await evidence
    .getByRole('list', { name: 'Recorded traces' })
    .getByRole('button', { name: /failed/ })
    .first()
    .click();
  await expect(evidence.getByTestId('waterfall')).toContainText('callers');

  await panel.getByRole('button', { name: 'Save report as …' }).click();
  const [report] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('menuitem', { name: 'Test results (JUnit XML)' }).click(),
  ]);
  expect(readFileSync(await report.path(), 'utf8')).toContain('requests fail');

  // The lines that a probe found are marked in the log of the record, where the rest of it is as well.
  await verdict.getByRole('button', { name: 'Evidence of it sold, method' }).click();
  await expect(evidence.getByRole('list', { name: 'What the log says' })).toContainText('sold one');
  await evidence.getByRole('button', { name: 'Show these lines in the log' }).click();
  const log = page.getByRole('log');
  await expect(log.locator('[data-found]').first()).toBeInViewport();
  await expect(log.locator('[data-found]')).toHaveCount(20);
  await page.getByLabel('Search the log').fill('"killed by a fault"');
  await expect(log).toContainText('ended: killed by a fault');
  await page.close();
});

test('an experiment that is stopped in the middle of a fault is aborted, with everything undone', async ({ open }) => {
  const studio = await open(microservices);
  const panel = await studio.openExperiments();
  await studio.untilFaultOn('orders', () => panel.getByRole('button', { name: /^Run “Kill the orders/ }).click());
  await panel.getByRole('button', { name: 'Stop experiment' }).click();
  await expect(panel.getByTestId('verdict').first()).toHaveAttribute('data-verdict', 'aborted', { timeout: 40_000 });
  await studio.expectNoFaults();
  await studio.expectState('orders', 'stopped');
});
