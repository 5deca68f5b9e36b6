import { expect, type Locator, type Page, test } from '@playwright/test';

/** How often an experiment is tried. */
const MOST_RUNS = 4;

export type State = 'starting' | 'ready' | 'degraded' | 'paused' | 'dead' | 'stopping' | 'stopped';

/** The interface as a person uses it, whichever door it came through. */
export class Studio {
  readonly page: Page;

  constructor(page: Page) {
    this.page = page;
  }

  node(id: string): Locator {
    return this.page.getByTestId(`node-${id}`);
  }

  edge(id: string): Locator {
    return this.page.getByTestId(`edge-${id}`);
  }

  get nodes(): Locator {
    return this.page.locator('[data-testid^="node-"]');
  }

  get edges(): Locator {
    return this.page.locator('[data-testid^="edge-"]');
  }

  button(name: string | RegExp): Locator {
    return this.page.getByRole('button', typeof name === 'string' ? { name, exact: true } : { name });
  }

  get inspector(): Locator {
    return this.page.getByRole('complementary', { name: 'Inspector' });
  }

  async expectState(id: string, state: State, withinMs = 20_000): Promise<void> {
    await expect(this.node(id)).toHaveAttribute('data-state', state, { timeout: withinMs });
  }

  async expectAll(ids: readonly string[], state: State, withinMs = 40_000): Promise<void> {
    for (const id of ids) await this.expectState(id, state, withinMs);
  }

  /** The figure on a card, e.g. `requests-per-sec`, as a number; null while there is none. */
  async figure(id: string, metric: string): Promise<number | null> {
    const text = (await this.node(id).locator(`[data-metric="${metric}"]`).textContent()) ?? '';
    const [, number, thousands] = /^([\d.]+)(k?)/.exec(text) ?? [];
    return number === undefined ? null : Number(number) * (thousands ? 1000 : 1);
  }

  async expectFigureAbove(id: string, metric: string, least: number, withinMs = 15_000): Promise<void> {
    await expect.poll(() => this.figure(id, metric), { timeout: withinMs }).toBeGreaterThan(least);
  }

  /** A count of the running traffic, e.g. `ok`. */
  async trafficCount(metric: 'issued' | 'ok' | 'failed' | 'dropped'): Promise<number> {
    const text = await this.page.getByTestId('traffic-figures').locator(`[data-metric="${metric}"]`).textContent();
    return Number(text?.replaceAll(',', ''));
  }

  /** How many requests failed for a reason, e.g. `refused`; 0 while none did. */
  async failedBecause(reason: string): Promise<number> {
    const row = this.page.getByTestId('failure-reasons').locator(`[data-reason="${reason}"] dd`);
    return (await row.count()) === 0 ? 0 : Number((await row.textContent())?.replaceAll(',', ''));
  }

  /** The sum of a finished run is shown, and it adds up. */
  async expectConservation(): Promise<void> {
    const conservation = this.page.getByTestId('conservation');
    await expect(conservation).toContainText(/issued \d+ = ok \d+/);
    await expect(conservation).toHaveAttribute('data-holds', 'true');
  }

  /** Drags a kind from the palette to a place on the canvas, given as a share of its width and height. */
  async dragFromPalette(kind: string, place: { x: number; y: number }): Promise<void> {
    const canvas = this.page.getByRole('main', { name: 'Canvas' });
    const box = await canvas.boundingBox();
    if (!box) throw new Error('The canvas is not shown.');
    const targetPosition = { x: box.width * place.x, y: box.height * place.y };
    await this.page.getByTestId(`palette-${kind}`).dragTo(canvas, { targetPosition });
  }

  /** Draws a connection from the right handle of a card to another card. */
  async connect(source: string, target: string): Promise<void> {
    const dot = this.node(source).locator('.react-flow__handle.source');
    // Waits until it stands still.
    await dot.hover();
    const from = await dot.boundingBox();
    const card = await this.node(target).boundingBox();
    if (!from || !card) throw new Error(`"${source}" has no outgoing handle, or "${target}" is not shown.`);
    const handle = await this.handleInto(target);
    await this.page.mouse.down();
    const end = handle ?? { x: card.x + card.width / 2, y: card.y + card.height / 2 };
    await this.page.mouse.move((from.x + end.x) / 2, (from.y + end.y) / 2, { steps: 5 });
    await expect(this.page.locator('.react-flow__connection')).toBeVisible();
    await this.page.mouse.move(end.x, end.y, { steps: 5 });
    await this.page.mouse.up();
  }

  /** Null for a kind that nothing may call: its card has no handle there. */
  private async handleInto(target: string): Promise<{ x: number; y: number } | null> {
    const handle = this.node(target).locator('.react-flow__handle.target');
    if ((await handle.count()) === 0) return null;
    const box = await handle.boundingBox();
    return box && { x: box.x + box.width / 2, y: box.y + box.height / 2 };
  }

  async select(id: string): Promise<void> {
    await this.node(id).click({ position: { x: 60, y: 20 } });
    await expect(this.node(id)).toHaveAttribute('data-selected', 'true');
  }

  /** The menu of all faults over the canvas, for what is selected. */
  async openFaults(): Promise<Locator> {
    await this.page.keyboard.press('ControlOrMeta+i');
    const menu = this.page.getByRole('dialog', { name: /^Faults on/ });
    await expect(menu).toBeVisible();
    return menu;
  }

  /** No fault is on; where nothing runs the button that takes them off is gone. */
  async expectNoFaults(): Promise<void> {
    await expect(this.page.locator('[aria-label="Take off all faults"]:not([data-on="0"])')).toHaveCount(0);
  }

  /** The panel with the timeline of the experiments. */
  async openExperiments(): Promise<Locator> {
    const panel = this.page.getByRole('region', { name: 'Measurements' });
    await panel.getByRole('tab', { name: 'Experiments' }).click();
    return panel;
  }

  /** Has an experiment pass. Where the machine disturbed it, it says so, and nothing about its statement: it runs again. */
  async expectPassed(start: () => Promise<void>): Promise<void> {
    test.setTimeout(MOST_RUNS * 90_000);
    for (let run = 1; run <= MOST_RUNS; run += 1) {
      await start();
      await expect(this.button('Stop')).toBeVisible();
      await expect(this.button('Run')).toBeVisible({ timeout: 75_000 });
      const verdict = this.page.getByTestId('verdict').first();
      if (run < MOST_RUNS && (await verdict.getAttribute('data-verdict')) === 'inconclusive') continue;
      return expect(verdict).toHaveAttribute('data-verdict', 'passed');
    }
  }

  /** Has an experiment run until its fault is on the node. Where the machine is too busy it ends before, and is run again. */
  async untilFaultOn(id: string, start: () => Promise<void>): Promise<void> {
    test.setTimeout(MOST_RUNS * 90_000);
    const harmed = this.page.locator(`[data-testid="node-${id}"][data-fault="true"]`);
    for (let run = 1; run <= MOST_RUNS; run += 1) {
      await start();
      await expect(this.button('Stop')).toBeVisible();
      await expect(harmed.or(this.button('Run')).first()).toBeVisible({ timeout: 75_000 });
      if (await harmed.isVisible()) return;
      // Any other end before its fault is a failure.
      await expect(this.page.getByTestId('verdict').first()).toHaveAttribute('data-verdict', 'inconclusive');
    }
    throw new Error(`No fault came on ${id} in ${MOST_RUNS} runs of the experiment.`);
  }

  async run(): Promise<void> {
    await this.button('Run').click();
  }

  async stop(): Promise<void> {
    await this.button('Stop').click();
  }
}
