import { expect } from '@playwright/test';
import { command, place, tabTo } from './hand.ts';
import { picture } from './pictures.ts';
import type { Studio } from './studio.ts';

export const hands = ['mouse', 'keyboard'] as const;
export type Hand = (typeof hands)[number];

/** Answers the question for a file, once it is asked: a form in the browser, a dialog of the system on the desktop. */
export interface FileQuestions {
  save(): Promise<void>;
  open(): Promise<void>;
}

/** What a person does with the shop, by one hand. Each begins where the one before ended. */
interface Story {
  build(): Promise<void>;
  /** Everything goes to the first service: a gateway with two edges needs a rule for each path. */
  addRule(): Promise<void>;
  run(): Promise<void>;
  breakService(): Promise<void>;
  readReason(): Promise<void>;
  stop(): Promise<void>;
  removeAndUndo(): Promise<void>;
  save(): Promise<void>;
  startAnew(): Promise<void>;
  open(): Promise<void>;
}

const nodes = ['client', 'gateway', 'service', 'service-2', 'database', 'database-2'];
const edges = ['client-gateway', 'gateway-service', 'gateway-service-2', 'service-database', 'service-2-database-2'];

/** The microservices shop: a gateway before two services with a database each. */
async function expectShop(studio: Studio): Promise<void> {
  await expect(studio.nodes).toHaveCount(nodes.length);
  await expect(studio.edges).toHaveCount(edges.length);
  for (const edge of edges) await expect(studio.edge(edge)).toBeAttached();
}

const byMouse = (studio: Studio): Story => {
  const { page, inspector } = studio;
  return {
    async build() {
      const places: [string, number, number][] = [
        ['client', 0.14, 0.18],
        ['gateway', 0.14, 0.72],
        ['service', 0.48, 0.18],
        ['service', 0.48, 0.72],
        ['database', 0.83, 0.18],
        ['database', 0.83, 0.72],
      ];
      for (const [kind, x, y] of places) await studio.dragFromPalette(kind, { x, y });
      await studio.connect('client', 'gateway');
      await studio.connect('gateway', 'service');
      await studio.connect('gateway', 'service-2');
      await studio.connect('service', 'database');
      await studio.connect('service-2', 'database-2');
      await studio.select('gateway');
    },
    async addRule() {
      await studio.button('Add rule').click();
      await inspector.getByRole('combobox', { name: 'Edge' }).click();
      await page.getByRole('option').first().click();
    },
    run: () => studio.run(),
    async breakService() {
      await studio.select('service');
      await studio.button('Kill Service').first().click();
    },
    readReason: () => page.locator('[data-metric="failure-reasons"] button').first().click(),
    stop: () => studio.stop(),
    async removeAndUndo() {
      await studio.select('database-2');
      await studio.button('Remove Database 2').click();
      await expect(studio.nodes).toHaveCount(nodes.length - 1);
      await studio.button('Undo').click();
    },
    save: () => studio.button('Save').click(),
    async startAnew() {
      await studio.button('File menu').click();
      await page.getByRole('menuitem', { name: /^New document/ }).click();
    },
    async open() {
      await studio.button('File menu').click();
      await page.getByRole('menuitem', { name: /^Open…/ }).click();
    },
  };
};

const byKeyboard = (studio: Studio): Story => {
  const { page } = studio;
  const { keyboard } = page;
  /** Connects what is selected to something that is called so, which is then selected. */
  const connect = async (to: string): Promise<void> => {
    await keyboard.press('ControlOrMeta+j');
    await expect(page.getByRole('combobox', { name: 'Search what to connect' })).toBeFocused();
    await keyboard.type(to);
    await keyboard.press('Enter');
    await expect(page.getByRole('dialog')).toHaveCount(0);
  };
  /** Selects a card by the keys of the outline. */
  const select = async (id: string): Promise<void> => {
    await command(page, 'show outline', /Outline/);
    await tabTo(page, page.getByRole('treegrid', { name: 'Outline of the canvas' }).locator('[tabindex="0"]'));
    const row = page.locator(`[data-row="${id}"]`);
    await keyboard.press('Home');
    for (let step = 0; step < 30; step += 1) {
      if (await row.evaluate((element) => element === document.activeElement)) break;
      await keyboard.press('ArrowDown');
    }
    await expect(studio.node(id)).toHaveAttribute('data-selected', 'true');
  };
  return {
    async build() {
      await command(page, 'add client', /^Add Client/);
      await connect('new gateway');
      await connect('new service');
      await connect('new database');
      await expect(studio.node('database')).toHaveAttribute('data-selected', 'true');
      await keyboard.press('Alt+ArrowLeft');
      await keyboard.press('Alt+ArrowLeft');
      await expect(studio.node('gateway')).toHaveAttribute('data-selected', 'true');
      await connect('new service');
      await connect('new database');

      const before = await place(studio, 'database-2');
      await keyboard.press('ArrowDown');
      await expect.poll(() => place(studio, 'database-2')).not.toEqual(before);
      await keyboard.press('F2');
      await expect(studio.inspector.getByLabel('Name', { exact: true })).toBeFocused();
      await keyboard.type('Orders data');
      await expect(studio.node('database-2')).toContainText('Orders data');
      await keyboard.press('Shift+F6');
      await expect(page.locator('[data-id="database-2"]')).toBeFocused();
      await keyboard.press('ControlOrMeta+d');
      await expect(studio.nodes).toHaveCount(nodes.length + 1);
      await keyboard.press('Delete');
      await expect(studio.nodes).toHaveCount(nodes.length);

      await command(page, 'tidy up everything');
      await keyboard.press('F6');
      await tabTo(page, page.locator('.react-flow__node[data-id="gateway"]'));
      await keyboard.press('Enter');
      await expect(studio.node('gateway')).toHaveAttribute('data-selected', 'true');
    },
    async addRule() {
      await keyboard.press('F6');
      await tabTo(page, studio.button('Add rule'));
      await keyboard.press('Enter');
      await tabTo(page, studio.inspector.getByRole('combobox', { name: 'Edge' }));
      await keyboard.press('ArrowDown');
      await page.getByRole('option').first().waitFor();
      await keyboard.press('Enter');
    },
    run: () => keyboard.press('ControlOrMeta+Enter'),
    async breakService() {
      await select('service');
      const menu = await studio.openFaults();
      await expect(menu.getByRole('textbox', { name: 'Search faults' })).toBeFocused();
      await keyboard.type('kill');
      await tabTo(page, menu.getByRole('button', { name: 'Inject Kill', exact: true }));
      await keyboard.press('Enter');
      await keyboard.press('Escape');
      await expect(menu).toHaveCount(0);
    },
    async readReason() {
      // From the outline back to the card, and from there to the connection that leads to it.
      await keyboard.press('Shift+F6');
      await keyboard.press('Shift+F6');
      await expect(page.locator('.react-flow__node[data-id="service"]')).toBeFocused();
      await tabTo(page, page.locator('[data-metric="failure-reasons"] button').first(), 'Shift+Tab');
      await keyboard.press('Enter');
    },
    stop: () => keyboard.press('ControlOrMeta+Shift+Enter'),
    async removeAndUndo() {
      await select('database-2');
      await keyboard.press('Delete');
      await expect(studio.nodes).toHaveCount(nodes.length - 1);
      await keyboard.press('ControlOrMeta+z');
    },
    save: () => keyboard.press('ControlOrMeta+s'),
    startAnew: () => command(page, 'new document', /^New document/),
    open: () => keyboard.press('ControlOrMeta+o'),
  };
};

/** From nothing to a shop that ran, broke, was understood, saved, and opened again; with the mouse, or with the keyboard alone. */
export async function liveThroughTheShop(studio: Studio, hand: Hand, files: FileQuestions): Promise<void> {
  const { page } = studio;
  const story = hand === 'mouse' ? byMouse(studio) : byKeyboard(studio);
  const fileState = page.getByTestId('file-state');
  await expect(studio.nodes).toHaveCount(0);
  await story.build();
  await expectShop(studio);
  await story.addRule();
  await picture(page, `built-with-the-${hand}`);

  await story.run();
  await studio.expectAll(nodes, 'ready');
  await studio.expectFigureAbove('service', 'requests-per-sec', 20);
  await story.breakService();
  await studio.expectState('service', 'dead', 5000);
  // A request that was under way is reset; soon those that are refused are more.
  await expect(page.locator('[data-metric="failure-reasons"] button').first()).toHaveAttribute(
    'data-reason',
    'refused',
  );
  await story.readReason();
  await expect(page.getByRole('tab', { name: 'Traces' })).toHaveAttribute('aria-selected', 'true');
  await expect(page.getByTestId('traces').locator('[aria-pressed="true"]')).toContainText('refused at gateway-service');
  await expect(page.getByTestId('waterfall')).toContainText('gateway');
  await expect(studio.edge('gateway-service')).toHaveAttribute('data-lit', /./);
  await picture(page, `understood-with-the-${hand}`);
  // The fault ends by itself, and a new process takes the place of the dead one.
  await studio.expectState('service', 'ready', 20_000);
  await story.stop();
  await studio.expectAll(nodes, 'stopped');

  await story.removeAndUndo();
  await expectShop(studio);
  await story.save();
  await files.save();
  await expect(fileState).toHaveText('my-shop.archipel.json');
  await story.startAnew();
  await expect(studio.nodes).toHaveCount(0);
  await story.open();
  await files.open();
  await expect(fileState).toHaveText('my-shop.archipel.json');
  await expectShop(studio);
  await expect(studio.button('Undo')).toBeDisabled();
}
