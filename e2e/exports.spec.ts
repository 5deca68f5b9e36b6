import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { expect, test } from './browser-test.ts';
import { root } from './launch.ts';
import type { Studio } from './studio.ts';

const file = join(root, 'examples/shop-microservices.archipel.json');
const shop: {
  name: string;
  nodes: { id: string; name: string; kind: string }[];
  edges: { source: string; target: string }[];
} = JSON.parse(readFileSync(file, 'utf8'));

async function command(page: Page, query: string): Promise<void> {
  await page.keyboard.press('ControlOrMeta+k');
  await page.getByRole('textbox', { name: 'Search commands' }).fill(query);
  await page.keyboard.press('Enter');
}

/** Exports the topology and reads the file that came of it. */
async function exported({ page }: Studio, format: string): Promise<{ name: string; bytes: Buffer }> {
  const [download] = await Promise.all([page.waitForEvent('download'), command(page, `export as ${format}`)]);
  return { name: download.suggestedFilename(), bytes: readFileSync(await download.path()) };
}

/** Lines as Mermaid's grammar has them for flowcharts. */
const mermaidNode = /^ {2}(n\d+)\["([^"\][]*)<br\/>([^"\][]*)"\]$/;
const mermaidEdge = /^ {2}(n\d+) --> (n\d+)$/;
const plain = (text: string): string => text.replace(/#(\d+);/g, (_, code) => String.fromCodePoint(Number(code)));

test('a topology is exported as SVG, PNG and Mermaid with all its parts, and shared as an address', async ({
  open,
}) => {
  const studio = await open(file);
  const { page } = studio;
  await expect(studio.nodes).toHaveCount(shop.nodes.length);

  const svg = await exported(studio, 'svg');
  expect(svg.name).toBe('shop-microservices.svg');
  const drawn = await page.evaluate((text) => {
    const picture = new DOMParser().parseFromString(text, 'image/svg+xml').documentElement;
    return {
      root: picture.tagName,
      size: ['width', 'height'].map((side) => Number(picture.getAttribute(side))),
      texts: [...picture.querySelectorAll('text')].map(({ textContent }) => textContent),
    };
  }, svg.bytes.toString('utf8'));
  expect(drawn.root).toBe('svg');
  expect(drawn.texts).toEqual(expect.arrayContaining(shop.nodes.map(({ name }) => name)));

  const png = await exported(studio, 'png');
  expect(png.name).toBe('shop-microservices.png');
  const picture = await page.evaluate(async (content) => {
    const bytes = Uint8Array.from(atob(content), (sign) => sign.charCodeAt(0));
    const bitmap = await createImageBitmap(new Blob([bytes], { type: 'image/png' }));
    const canvas = new OffscreenCanvas(bitmap.width, bitmap.height);
    const context = canvas.getContext('2d') as OffscreenCanvasRenderingContext2D;
    context.drawImage(bitmap, 0, 0);
    const colours = new Set(new Uint32Array(context.getImageData(0, 0, canvas.width, canvas.height).data.buffer));
    return { width: bitmap.width, height: bitmap.height, colours: colours.size };
  }, png.bytes.toString('base64'));
  // As the SVG, twice as fine.
  expect([picture.width, picture.height]).toEqual(drawn.size.map((side) => Math.round(side * 2)));
  expect(picture.colours).toBeGreaterThan(20);

  const mermaid = await exported(studio, 'mermaid');
  expect(mermaid.name).toBe('shop-microservices.mmd');
  const [head, ...lines] = mermaid.bytes.toString('utf8').trimEnd().split('\n');
  expect(head).toBe('flowchart LR');
  expect(lines.filter((line) => !mermaidNode.test(line) && !mermaidEdge.test(line))).toEqual([]);
  const ids = new Map(
    lines.flatMap((line) => {
      const [, id, name, kind] = mermaidNode.exec(line) ?? [];
      const node = shop.nodes.find((each) => each.name === plain(name ?? '') && each.kind === plain(kind ?? ''));
      return id && node ? [[id, node.id] as const] : [];
    }),
  );
  expect([...ids.values()].sort()).toEqual(shop.nodes.map(({ id }) => id).sort());
  const edges = lines.flatMap((line) => {
    const [, source, target] = mermaidEdge.exec(line) ?? [];
    return source && target ? [`${ids.get(source)} ${ids.get(target)}`] : [];
  });
  expect(edges.sort()).toEqual(shop.edges.map(({ source, target }) => `${source} ${target}`).sort());

  await page.context().grantPermissions(['clipboard-read']);
  await command(page, 'share as an address');
  await expect(page.getByText('The address is on the clipboard')).toBeVisible();
  const address = await page.evaluate(() => navigator.clipboard.readText());
  expect(address.length).toBeLessThanOrEqual(8000);
  const other = await open();
  await other.page.goto(`${other.page.url()}&${address.slice(address.indexOf('share='))}`);
  await other.page.reload();
  await expect(other.nodes).toHaveCount(shop.nodes.length);
  await expect(other.edges).toHaveCount(shop.edges.length);
  await expect(other.page.getByTestId('file-state')).toHaveText('no file');
  expect(other.page.url()).not.toContain('share=');
});
