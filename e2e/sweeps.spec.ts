import { readFileSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { Locator, Page } from '@playwright/test';
import { expect, test } from './browser-test.ts';
import { picture } from './pictures.ts';
import { slotShop } from './slot-shop.ts';
import type { Studio } from './studio.ts';
import { written } from './written.ts';

const short = { warmUpMs: 200, measureMs: 700 };

async function openSweeps({ page }: Studio): Promise<Locator> {
  const panel = page.getByRole('region', { name: 'Measurements' });
  await panel.getByRole('tab', { name: 'Sweeps' }).click();
  return panel;
}

const create = async (page: Page, panel: Locator, title: string): Promise<void> => {
  await panel.getByRole('button', { name: 'New sweep' }).click();
  await page.getByRole('menuitem', { name: title }).click();
};

const fill = async (panel: Locator, fields: Record<string, string>): Promise<void> => {
  for (const [label, value] of Object.entries(fields)) await panel.getByRole('textbox', { name: label }).fill(value);
};

/** The panel high enough for plots and tables. */
const enlarge = async (page: Page): Promise<void> => {
  const grip = page.getByRole('separator', { name: 'Height of the panel' });
  for (let step = 0; step < 10; step += 1) await grip.press('ArrowUp');
};

const measured = (panel: Locator): Locator =>
  panel.locator(
    '[data-testid="sweep-result"][data-state="done"], [data-testid="sweep-result"][data-state="inconclusive"]',
  );

test('a sweep is made by a form, runs with its progress, is stopped with everything undone, and shows its result', async ({
  open,
  traces,
}) => {
  const studio = await open(written(traces, 'slots', slotShop()));
  const { page } = studio;
  const panel = await openSweeps(studio);
  await expect(panel).toContainText('A sweep measures the same again and again');

  await create(page, panel, 'Hysteresis');
  await fill(panel, { Title: 'Up and down', Rates: '20, 20', 'Warm-up': '200', Measurement: '700' });
  await expect(panel).toContainText('must rise from each to the next');
  await panel.getByRole('button', { name: 'Measure', exact: true }).click();
  await expect(page.getByText('The document has a problem')).toBeVisible();
  await (await openSweeps(studio)).getByRole('textbox', { name: 'Rates' }).fill('20, 60, 240');

  await panel.getByRole('button', { name: 'Measure', exact: true }).click();
  await expect(panel.getByTestId('sweep-progress')).toContainText(/0 of about 5 measured · now: .* left/);
  await expect(panel.getByTestId('sweep-progress')).toContainText('1 of about 5 measured');
  await panel.getByRole('button', { name: 'Stop measuring' }).click();
  await expect(panel.getByTestId('sweep-result')).toHaveAttribute('data-state', 'stopped');
  await expect(panel.getByTestId('sweep-conclusion')).toContainText('stopped by the user');
  await studio.expectState('shop', 'stopped');

  await panel.getByRole('button', { name: 'Measure', exact: true }).click();
  await expect(measured(panel)).toBeVisible({ timeout: 30_000 });
  await expect(panel.getByRole('img', { name: /^Good answers, up and down/ })).toBeVisible();
  await expect(panel.locator('[data-figure="metastable"]')).toHaveText(/comes back|stays down|cannot be told/);
  await expect(panel.getByRole('table', { name: 'Rates' }).getByRole('row')).toHaveCount(6);
  await studio.expectState('shop', 'stopped');
});

test('a knee, a replica curve and a grid are shown as what they found', async ({ open, traces }) => {
  const sweeps = [
    {
      type: 'knee',
      name: 'knee',
      title: 'The knee',
      scenario: 'calm',
      ...short,
      startRatePerSec: 40,
      growth: 3,
      resolution: 0.5,
    },
    {
      type: 'replicas',
      name: 'curve',
      title: 'The curve',
      scenario: 'calm',
      ...short,
      node: 'shop',
      replicas: [1, 2, 3],
      repetitions: 1,
      usersPerReplica: 2,
    },
    {
      type: 'retries-timeout',
      name: 'grid',
      title: 'The grid',
      scenario: 'calm',
      ...short,
      edge: 'callers-shop',
      timeoutsMs: [10, 200],
      attempts: [1, 2],
    },
  ];
  const studio = await open(written(traces, 'slots', { ...slotShop(), sweeps }));
  const { page } = studio;
  const panel = await openSweeps(studio);
  await enlarge(page);
  const run = async (title: string): Promise<void> => {
    await panel.getByRole('button', { name: title }).click();
    await panel.getByRole('button', { name: 'Measure', exact: true }).click();
    await expect(measured(panel)).toBeVisible({ timeout: 45_000 });
  };
  await run('The knee');
  await expect(panel.getByRole('img', { name: /^Answered: / })).toBeVisible();
  await expect(panel.locator('[data-figure="knee"]')).toHaveText(/\d+(\.\d)?\/s|not found/);
  await picture(page, 'knee');

  await run('The curve');
  await expect(panel.getByRole('img', { name: /^Throughput of shop: measured with 1 to 3 replicas/ })).toBeVisible();
  await expect(panel.locator('[data-figure="lambda"]')).toHaveText(/\d\/s|no fit/);

  await run('The grid');
  const cells = panel.getByTestId('grid').locator('td');
  await expect(cells).toHaveCount(4);
  // A timeout shorter than the work answers nobody.
  await expect(cells.first()).toContainText(/^0\.0 %|left out/);
  // Nothing is best where a busy machine leaves out everything.
  const trusted = await panel.getByTestId('grid').locator('td[data-problem="false"]').count();
  await expect(panel.getByTestId('grid').locator('[data-rank="best"]')).toHaveCount(Math.min(1, trusted));
  await picture(page, 'retries-timeout');
});

test('A/B says in words whether a document is better, and a run is repeated', async ({ open, traces }) => {
  const other = written(traces, 'other', slotShop(2));
  const studio = await open(written(traces, 'slots', slotShop()));
  const { page } = studio;
  const panel = await openSweeps(studio);
  await panel.getByRole('button', { name: 'A/B: two documents' }).click();
  await expect(panel.getByRole('button', { name: 'Measure', exact: true })).toBeDisabled();
  await panel.getByRole('textbox', { name: 'B from a file' }).fill(other);
  await panel.getByRole('button', { name: 'Choose', exact: true }).click();
  await expect(panel.getByTestId('document-b')).toHaveText('B is Slots of 2 (other.archipel.json)');
  await fill(panel, { Blocks: '2', 'Warm-up': '200', Measurement: '700' });
  await panel.getByRole('button', { name: 'Measure', exact: true }).click();
  await expect(measured(panel)).toBeVisible({ timeout: 60_000 });
  await expect(panel.getByTestId('ab-sentence')).toHaveText(
    /^p99: (B better by|B worse by|no difference shown|too few blocks to say)/,
  );

  await expect(panel.getByTestId('sweep-progress')).toHaveCount(0);
  await picture(page, 'a-b');
  await panel.getByRole('button', { name: 'Repetitions' }).click();
  await fill(panel, { Repetitions: '2', 'Warm-up': '0', Measurement: '500' });
  await panel.getByRole('button', { name: 'Measure', exact: true }).click();
  await expect(measured(panel)).toBeVisible({ timeout: 30_000 });
  await expect(panel.getByRole('table', { name: 'Repetitions' }).getByRole('row')).toHaveCount(3);
  await page.close();
});

test('a comparison in a file opens with both documents, is measured, and is saved as it was written', async ({
  open,
  traces,
}) => {
  const [a, b] = [written(traces, 'slots', slotShop()), written(traces, 'other', slotShop(2))];
  const file = join(dirname(a), 'replicas.comparison.json');
  const comparison = {
    ...{ format: 1, title: 'More replicas', a: basename(a), b: basename(b), scenario: 'calm', blocks: 2 },
    ...{ warmUpMs: 0, measureMs: 500, expect: [{ figure: 'processes', better: 'a' }], allowDifferentBudgets: true },
  };
  writeFileSync(file, JSON.stringify(comparison));
  const studio = await open(file);
  const { page } = studio;
  const panel = page.getByRole('region', { name: 'Measurements' });
  await expect(panel).toContainText('A is what is on the canvas: Slots');
  await expect(panel.getByTestId('document-b')).toHaveText('B is Slots of 2 (other.archipel.json)');
  await expect(panel.getByTestId('comparison-file')).toHaveText('replicas.comparison.json');
  await panel.getByRole('button', { name: 'Measure', exact: true }).click();
  await expect(measured(panel)).toBeVisible({ timeout: 60_000 });
  await expect(panel.getByRole('table', { name: 'What was expected' })).toContainText('processes: A bettershown');

  await panel.getByRole('radiogroup', { name: 'What is shown' }).getByText('Settings').click();
  await fill(panel, { 'Title of the comparison': 'Twice as many', Blocks: '3' });
  await expect(panel.getByTestId('comparison-file')).toContainText('edited');
  await panel.getByRole('button', { name: 'Save comparison' }).click();
  await expect(panel.getByTestId('comparison-file')).toHaveText('replicas.comparison.json');
  const saved = { ...comparison, title: 'Twice as many', blocks: 3 };
  expect(readFileSync(file, 'utf8')).toBe(`${JSON.stringify(saved, null, 2)}\n`);

  // What it names is not there: said with its place, and nothing is opened.
  writeFileSync(file, JSON.stringify({ ...comparison, b: 'nowhere.archipel.json', scenario: 'night' }));
  await page.keyboard.press('ControlOrMeta+o');
  await page.getByRole('dialog').getByLabel('Path of the file').fill(file);
  await page.getByRole('dialog').getByRole('button', { name: 'Open', exact: true }).click();
  const error = page.getByRole('dialog', { name: 'replicas.comparison.json was not opened' });
  await expect(error).toContainText(/\$\.b.*there is no file .*nowhere\.archipel\.json/);
  await expect(error).toContainText('document A has no scenario "night"');
  await page.keyboard.press('Escape');

  await page.keyboard.press('ControlOrMeta+o');
  await page.getByRole('button', { name: 'Open comparison A monolith is simple' }).click();
  await expect(studio.node('shop')).toBeVisible();
  await expect(panel.getByTestId('document-b')).toContainText('Shop, microservices');
  await expect(panel.getByTestId('comparison-file')).toHaveText('It is in no file.');
});

test('a job outlives the window, is cancelled, and goes on from what was measured', async ({ open, traces }) => {
  const sweep = {
    ...{ type: 'retries-timeout', name: 'cells', title: 'The cells', scenario: 'calm', ...short },
    ...{ edge: 'callers-shop', timeoutsMs: [100, 200, 300, 400], attempts: [1] },
  };
  const next = { ...sweep, name: 'one more', title: 'One more', timeoutsMs: [100] };
  const studio = await open(written(traces, 'slots', { ...slotShop(), sweeps: [sweep, next] }));
  const { page } = studio;
  await openSweeps(studio).then((panel) => panel.getByRole('button', { name: 'Measure', exact: true }).click());
  const jobs = page.getByTestId('jobs').locator('[data-state]');
  const job = jobs.filter({ hasText: 'cells' });
  await expect(job).toContainText(/cells.*running · 1 of about 4 measured/s);

  await page.reload();
  const panel = await openSweeps(studio);
  await expect(job).toHaveAttribute('data-state', 'running');
  await panel.getByRole('button', { name: 'One more' }).click();
  await panel.getByRole('button', { name: 'Measure after that' }).click();
  const waiting = jobs.filter({ hasText: 'one more' });
  await expect(waiting).toHaveAttribute('data-state', 'waiting');
  await picture(page, 'jobs');
  await job.getByRole('button', { name: 'Cancel the job' }).click();
  await expect(job).toHaveAttribute('data-state', 'cancelled');
  // Its turn has come.
  await expect(waiting).toHaveAttribute('data-state', /done|inconclusive/, { timeout: 30_000 });
  await waiting.getByRole('button', { name: 'Forget the job' }).click();
  await expect(jobs).toHaveCount(1);
  await studio.expectState('shop', 'stopped');

  await panel.getByRole('button', { name: 'Go on from what was measured' }).click();
  await expect(job).toHaveAttribute('data-state', /done|inconclusive/, { timeout: 30_000 });
  await panel.getByRole('button', { name: 'Show the result' }).click();
  await expect(panel.getByTestId('sweep-result')).toContainText('It was interrupted and went on');
  await expect(panel.getByTestId('grid').locator('td')).toHaveCount(4);
  await panel.getByRole('button', { name: 'Forget the job' }).click();
  await expect(page.getByTestId('jobs')).toBeHidden();
});

test('experiments of the document are chosen and run as one job, with the verdict of each', async ({
  open,
  traces,
}) => {
  const probes = [{ name: 'served', measure: { type: 'success-ratio' }, tolerance: { min: 0.5 } }];
  const experiment = (name: string, title: string, min: number) => ({
    ...{ name, title, scenario: 'calm', warmUpMs: 200, steadyStateMs: 2000 },
    steadyStateHypothesis: { title: 'It serves', probes },
    method: [{ type: 'observe', title: 'nothing happens', durationMs: 2000 }],
    during: [{ name: 'served all the same', measure: { type: 'success-ratio' }, tolerance: { min } }],
  });
  const experiments = [
    experiment('one', 'The first', 0.5),
    experiment('two', 'The second', 0.5),
    experiment('three', 'The third', 0.5),
  ];
  const studio = await open(written(traces, 'slots', { ...slotShop(), experiments }));
  const { page } = studio;
  const panel = await openSweeps(studio);
  await panel.getByRole('button', { name: 'Batch of experiments' }).click();
  // The document has come.
  await expect(panel.getByRole('checkbox')).toHaveCount(3);
  await panel.getByRole('button', { name: 'None' }).click();
  await expect(panel.getByRole('checkbox', { checked: true })).toHaveCount(0);
  await expect(panel.getByRole('button', { name: 'Measure', exact: true })).toBeDisabled();
  await panel.getByRole('checkbox', { name: 'The first' }).check();
  await panel.getByRole('checkbox', { name: 'The third' }).check();
  await panel.getByRole('button', { name: 'Measure', exact: true }).click();
  await expect(panel.getByTestId('sweep-progress')).toContainText('1 of about 2 measured', { timeout: 20_000 });
  await expect(measured(panel)).toBeVisible({ timeout: 30_000 });
  const rows = panel.getByRole('table', { name: 'Experiments' }).getByRole('row');
  await expect(rows).toHaveText([/Verdict/, /The first.*(passed|inconclusive)/i, /The third.*(passed|inconclusive)/i]);
  await expect(page.getByTestId('jobs').locator('[data-state]')).toContainText('one, three');
  await picture(page, 'batch');
  await studio.expectState('shop', 'stopped');
});
