import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import definitions from '../renderer/i18n/fr/definitions.json' with { type: 'json' };
import sentences from '../renderer/i18n/fr/sentences.json' with { type: 'json' };
import window from '../renderer/i18n/fr/window.json' with { type: 'json' };
import { expect, test } from './browser-test.ts';
import { root } from './launch.ts';
import { Studio } from './studio.ts';
import { written } from './written.ts';

const shop = join(root, 'examples', 'shop-microservices.archipel.json');
const texts: Readonly<Record<string, string>> = { ...sentences, ...definitions, ...window };

/** Every text of a document is its author's, in whatever language. */
function* textsOf(value: unknown): Generator<string> {
  if (typeof value === 'string') yield value;
  else if (value && typeof value === 'object') for (const inner of Object.values(value)) yield* textsOf(inner);
}

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

/** English words that French has others for, as they stand or with values in them. */
const english = Object.entries(texts)
  .map(([key, text]) => ({ key: key.replace(/_(one|other|noun)$/, ''), text }))
  .filter(({ key, text }) => key !== text && key.replaceAll(/\{\{\w+\}\}/g, '').match(/\p{L}{3,}/gu));
const whole = new Set(english.map(({ key }) => key));
const spoken = new Set(english.map(({ text }) => text));
/** What French says for it, of one and of many. */
const frenchOf = (key: string): string[] =>
  Object.entries(texts).flatMap(([each, text]) => (each.replace(/_(one|other|noun)$/, '') === key ? [text] : []));
const formOf = (text: string): RegExp =>
  new RegExp(
    `^${text
      .split(/\{\{\w+\}\}/)
      .map(escaped)
      .join('.+')}$`,
    's',
  );
const withValues = english
  .filter(({ key }) => key.includes('{{') && key.replaceAll(/\{\{\w+\}\}/g, '').length > 5)
  .map(({ key }) => ({ form: formOf(key), french: frenchOf(key).map(formOf) }));

/** French that has the form of an English text as well, such as "pid 7 : …", is French. */
const isEnglish = (text: string): boolean =>
  !spoken.has(text) &&
  (whole.has(text) || withValues.some(({ form, french }) => form.test(text) && !french.some((own) => own.test(text))));

/** What the page shows and tells in English, the words of the document left out. */
async function englishIn(page: Page, own: ReadonlySet<string>): Promise<string[]> {
  const shown = await page.evaluate(() => {
    const found = new Set<string>();
    const take = (text: string | null) => text?.trim() && found.add(text.trim());
    // Code is nobody's language; English is named in English.
    const isCode = (element: Element | null) =>
      element?.closest('code, pre, .cm-editor, [translate="no"], [lang="en"]') != null;
    const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT | NodeFilter.SHOW_ELEMENT);
    for (let node = walk.nextNode(); node; node = walk.nextNode())
      if (node instanceof Element) {
        if (isCode(node) || node.matches('script, style')) continue;
        for (const name of ['aria-label', 'title', 'placeholder', 'alt', 'aria-roledescription', 'aria-description'])
          take(node.getAttribute(name));
      } else if (!isCode(node.parentElement) && !node.parentElement?.matches('script, style')) take(node.textContent);
    return [...found];
  });
  const long = [...own].filter((text) => text.length > 12);
  const without = (text: string) => long.reduce((rest, one) => rest.replaceAll(one, '…'), text);
  return shown.filter((text) => !own.has(text) && isEnglish(without(text)));
}

/** Words that are cut off where they stand, without the dots that say so. */
const cutIn = (page: Page): Promise<string[]> =>
  page.evaluate(() =>
    [...document.querySelectorAll<HTMLElement>('body *')]
      .filter((element) => [...element.childNodes].some((node) => node.nodeType === 3 && node.textContent?.trim()))
      .filter((element) => element.scrollWidth > element.clientWidth + 1 && element.checkVisibility())
      .filter((element) => {
        const { overflowX, textOverflow } = getComputedStyle(element);
        return overflowX === 'hidden' && textOverflow !== 'ellipsis' && element.clientWidth > 1;
      })
      .map((element) => element.textContent ?? ''),
  );

/** What is English or cut off in these views, but for the words of the document. */
async function untrue(page: Page, views: AsyncIterable<string>, own: ReadonlySet<string>) {
  const found = new Map<string, string>();
  for await (const view of views) {
    if (process.env.ARCHIPEL_SCREENSHOTS_TO)
      await page.screenshot({ path: join(process.env.ARCHIPEL_SCREENSHOTS_TO, `${view}.png`) });
    for (const text of await englishIn(page, own)) if (!found.has(text)) found.set(text, `English in ${view}`);
    for (const text of await cutIn(page)) if (!found.has(text)) found.set(text, `cut in ${view}`);
  }
  return Object.fromEntries(found);
}

const tabs = [
  ...['Trafic', 'Expériences', 'Balayages', 'Résultats', 'Pannes', 'Traces', 'Requêtes', 'Exécutions', 'Journaux'],
  ...['Conseils', 'Problèmes'],
];

/** Each main view in turn, by its name. */
async function* viewsOf(studio: Studio): AsyncGenerator<string> {
  const { page } = studio;
  const dialog = async (keys: string) => {
    await page.keyboard.press(keys);
    await expect(page.getByRole('dialog')).toBeVisible();
  };
  const close = async () => {
    await page.keyboard.press('Escape');
    await expect(page.getByRole('dialog')).toHaveCount(0);
  };
  await studio.expectState('gateway', 'stopped');
  yield 'the document';
  await studio.select('orders');
  yield 'a node';
  await dialog('ControlOrMeta+i');
  yield 'faults to choose from';
  await close();
  await studio.edge('gateway-orders').getByRole('button').first().click();
  yield 'an edge';
  await dialog('ControlOrMeta+k');
  yield 'commands';
  await page.getByRole('dialog').getByRole('textbox').fill('modèles');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('button', { name: 'Ouvrir le modèle Boutique en microservices' })).toBeVisible();
  yield 'templates';
  await close();
  await dialog('?');
  yield 'shortcuts';
  await close();
  for (const name of tabs) {
    await page.getByRole('tab', { name: new RegExp(`^${name}`) }).click();
    yield `${name} before a run`;
  }
  await studio.button('Lancer').click();
  await studio.expectFigureAbove('gateway', 'requests-per-sec', 1, 40_000);
  for (const name of tabs) {
    await page.getByRole('tab', { name: new RegExp(`^${name}`) }).click();
    yield `${name} in a run`;
  }
  await studio.button('Arrêter').click();
  await studio.expectState('gateway', 'stopped');
}

test('the window speaks French when it is told to, in every main view, and remembers it', async ({ open }) => {
  test.setTimeout(180_000);
  const studio = await open(shop);
  const { page } = studio;
  await studio.button('Language').click();
  await page.getByRole('menuitem', { name: 'Français' }).click();
  await expect(page.locator('html')).toHaveAttribute('lang', 'fr');
  await expect(studio.button('Lancer')).toBeVisible();
  await page.reload();
  await expect(studio.button('Lancer')).toBeVisible();

  const own = new Set(textsOf(JSON.parse(readFileSync(shop, 'utf8'))));
  expect(await untrue(page, viewsOf(studio), own)).toEqual({});
});

/** Functions of all three styles, beside what calls them. */
function functions() {
  const document = JSON.parse(readFileSync(join(root, 'examples', 'functions-by-events.archipel.json'), 'utf8'));
  const [scenario] = document.scenarios;
  const callers = { executor: 'constant-arrival-rate', client: 'shoppers', ratePerSec: 5 };
  return {
    ...document,
    nodes: [
      ...document.nodes,
      {
        ...{ id: 'workers', kind: 'function-workers', name: 'Prices', position: { x: 350, y: 340 } },
        config: { source: "export default { fetch: () => new Response('9.99') };" },
      },
      {
        ...{ id: 'next', kind: 'function-next', name: 'Pages', position: { x: 350, y: 620 } },
        config: {
          routeHandlers: [{ path: '/api/pages', source: "export const GET = () => new Response('a page');" }],
        },
      },
    ],
    edges: [
      ...document.edges,
      { id: 'shoppers-workers', source: 'shoppers', target: 'workers' },
      { id: 'shoppers-next', source: 'shoppers', target: 'next' },
    ],
    scenarios: [
      {
        ...scenario,
        traffic: ['workers', 'next', 'shop'].map((target) => ({
          ...callers,
          routes: [
            {
              edge: `shoppers-${target}`,
              method: target === 'shop' ? 'POST' : 'GET',
              path: target === 'shop' ? '/orders/1' : '/api/pages',
            },
          ],
        })),
      },
    ],
  };
}

/** What a function is and does, on its card and in its inspector, and what it cost. */
async function* functionViews(studio: Studio): AsyncGenerator<string> {
  const { page } = studio;
  const inspector = page.getByRole('complementary', { name: 'Inspecteur' });
  const each = ['fulfil', 'workers', 'next', 'clock'];
  for (const id of each) {
    await studio.select(id);
    for (const fold of await inspector.locator('button[aria-expanded="false"]').all()) await fold.click();
    yield `the settings of ${id}`;
  }
  await studio.button('Lancer').click();
  for (const id of each.slice(0, 3))
    await expect(studio.node(id).locator('[data-metric="environments"] [data-environment]').first()).toBeVisible();
  yield 'cards of functions that run';
  // What has answered nothing yet has cost nothing yet, and breaks even nowhere.
  for (const id of each.slice(0, 3))
    await expect(studio.node(id).locator('[data-metric="p99"]')).toHaveText(/\d/, { timeout: 15_000 });
  await inspector.getByRole('tab', { name: 'Direct et pannes' }).click();
  for (const id of each) {
    await studio.select(id);
    yield `${id} as it runs`;
  }
  await studio.button('Arrêter').click();
  await studio.expectState('fulfil', 'stopped');
  await page.getByRole('tab', { name: /^Résultats/ }).click();
  await page.getByTestId('costs').scrollIntoViewIfNeeded();
  yield 'what functions cost';
  await page.getByTestId('break-even-fulfil').scrollIntoViewIfNeeded();
  yield 'their break-even';
  await page.getByRole('main', { name: 'Canevas' }).click({ position: { x: 20, y: 20 } });
  await inspector.getByRole('button', { name: 'Prix' }).click();
  yield 'prices';
}

test('functions speak French too: cards, settings, what runs, what it cost', async ({ open, traces }) => {
  const document = functions();
  const studio = await open(written(traces, 'functions', document));
  const { page } = studio;
  await page.setViewportSize({ width: 1440, height: 2000 });
  await page.getByRole('button', { name: 'Trust and enable editing' }).click();
  await studio.button('Language').click();
  await page.getByRole('menuitem', { name: 'Français' }).click();
  await expect(studio.button('Lancer')).toBeVisible();
  await page.keyboard.press('Escape');
  expect(await untrue(page, functionViews(studio), new Set(textsOf(document)))).toEqual({});
});

test('a browser whose user reads French gets it without a word, and English when that is chosen', async ({
  start,
  chrome,
}) => {
  const { url } = await start(shop);
  const page = await chrome.newPage({ locale: 'fr-CA' });
  try {
    await page.goto(url);
    const studio = new Studio(page);
    await expect(page.locator('html')).toHaveAttribute('lang', 'fr');
    await expect(studio.button('Lancer')).toBeVisible();
    await page.keyboard.press('ControlOrMeta+k');
    await page.getByRole('dialog').getByRole('textbox').fill('english');
    await expect(
      page
        .getByRole('dialog')
        .getByRole('button', { name: /English/ })
        .first(),
    ).toBeVisible();
    await page.keyboard.press('Enter');
    await expect(page.locator('html')).toHaveAttribute('lang', 'en');
    await expect(studio.button('Run')).toBeVisible();
  } finally {
    await page.close();
  }
});
