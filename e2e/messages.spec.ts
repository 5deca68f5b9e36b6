import { AxeBuilder } from '@axe-core/playwright';
import { expect, test } from './browser-test.ts';
import { picture } from './pictures.ts';
import { written } from './written.ts';

/** Notes that nobody reads, orders that fail, events that are read, and news that nothing keeps. */
const document = {
  format: 1,
  name: 'Post',
  nodes: [
    { id: 'customers', kind: 'client', name: 'Customers', position: { x: 0, y: 0 } },
    {
      ...{ id: 'shop', kind: 'service', name: 'Shop', position: { x: 290, y: 0 } },
      config: {
        routes: ['notes', 'orders', 'events'].map((to) => ({
          ...{ method: 'POST', path: `/${to}` },
          steps: [{ do: 'publish', edge: 'shop-broker', to, key: to }],
        })),
      },
    },
    {
      ...{ id: 'broker', kind: 'broker-redis', name: 'Broker', position: { x: 580, y: 0 } },
      config: {
        queues: [{ name: 'notes' }, { name: 'orders' }],
        streams: [{ name: 'events' }],
        channels: [{ name: 'news' }],
      },
    },
    {
      ...{ id: 'worker', kind: 'service', name: 'Worker', position: { x: 870, y: 0 } },
      config: {
        consumers: [
          {
            ...{ edge: 'broker-worker', from: 'orders', maxAttempts: 1 },
            steps: [{ do: 'call', edge: 'worker-stock', path: '/nowhere' }],
          },
          { edge: 'broker-worker', from: 'events', steps: [{ do: 'call', edge: 'worker-stock', path: '/' }] },
        ],
      },
    },
    {
      ...{ id: 'stock', kind: 'service', name: 'Stock', position: { x: 1160, y: 0 } },
      config: {
        routes: [{ method: 'GET', path: '/', steps: [{ do: 'wait', duration: { type: 'fixed', valueMs: 1 } }] }],
      },
    },
  ],
  edges: [
    { id: 'customers-shop', source: 'customers', target: 'shop' },
    { id: 'shop-broker', source: 'shop', target: 'broker' },
    { id: 'broker-worker', source: 'broker', target: 'worker' },
    { id: 'worker-stock', source: 'worker', target: 'stock' },
  ],
  scenarios: [
    {
      name: 'busy',
      traffic: [
        {
          ...{ executor: 'constant-arrival-rate', client: 'customers', ratePerSec: 60 },
          routes: ['notes', 'orders', 'events'].map((to) => ({ method: 'POST', path: `/${to}` })),
        },
      ],
    },
  ],
};

test('what lies in a broker is listed, read, followed to its trace, and read again', async ({ open, traces }) => {
  const studio = await open(written(traces, 'post', document));
  const { page } = studio;
  await studio.button('Run').click();
  await studio.expectState('broker', 'ready');
  const depth = studio.node('broker').locator('[data-queue="notes"] [data-metric="queue-depth"]');
  await expect.poll(async () => Number(await depth.textContent()), { timeout: 30_000 }).toBeGreaterThan(60);
  await studio.select('broker');
  await studio.inspector.getByRole('tab', { name: 'Live and faults' }).click();
  await studio.inspector.getByRole('button', { name: 'Messages…' }).click();
  const dialog = page.getByRole('dialog', { name: 'Messages in Broker' });
  const choose = async (field: string, option: string | RegExp): Promise<void> => {
    await dialog.getByRole('combobox', { name: field }).click();
    await page.getByRole('option', { name: option }).click();
  };

  // Notes wait, and fill more than a page.
  const rows = dialog.getByRole('list', { name: 'Messages' }).getByRole('button');
  const detail = dialog.getByRole('region', { name: 'Message' });
  await expect(rows).toHaveCount(50);
  await expect(detail).toContainText('waiting');
  await expect(detail.getByTestId('message-payload')).toContainText('"key":"notes"');
  await rows.first().focus();
  await page.keyboard.press('ArrowDown');
  await expect(rows.nth(1)).toBeFocused();
  await expect(rows.nth(1)).toHaveAttribute('aria-current', 'true');
  const first = await rows.first().getAttribute('data-message');
  await picture(page, 'messages');
  await dialog.getByRole('button', { name: 'Next page' }).click();
  await expect(dialog).toContainText('Page 2');
  await expect(rows.first()).not.toHaveAttribute('data-message', first ?? '');
  await dialog.getByRole('button', { name: 'Page before' }).click();
  await expect(rows.first()).toHaveAttribute('data-message', first ?? '');

  // A stream is set back.
  await choose('Queue, stream or topic', 'events');
  await expect(rows.first()).toContainText('read by all groups');
  await dialog.getByRole('button', { name: 'Set a group back…' }).click();
  await expect(dialog).toContainText('This cannot be undone');
  await dialog.getByRole('button', { name: 'Set back', exact: true }).click();
  await expect(dialog.getByRole('status')).toContainText(/^\d+ messages come again/);
  await picture(page, 'messages-set-back');
  // The window has no frames, for which axe would open a page of its own.
  const axe = new AxeBuilder({ page }).setLegacyMode().include('[role="dialog"]');
  const { violations } = await axe.withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']).analyze();
  expect(violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`)).toEqual([]);

  await choose('Queue, stream or topic', 'news');
  await expect(dialog.getByTestId('messages-unseen')).toContainText('A channel keeps nothing');

  // Dead letters can be seen, with why they are, and their traces are kept.
  await choose('Queue, stream or topic', 'orders');
  await choose('State', /^dead-lettered: [1-9]/);
  await expect(rows.first()).toContainText('dead-lettered');
  await expect(detail).toContainText('Why it was set aside');
  await choose('Order', 'Newest first');
  await picture(page, 'messages-dead');
  await detail.getByRole('button', { name: 'Show its trace' }).click();
  await expect(dialog).toBeHidden();
  await expect(page.getByRole('region', { name: 'Trace', exact: true })).toContainText('worker process orders');
});
