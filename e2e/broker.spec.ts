import { expect, test } from './browser-test.ts';
import { picture } from './pictures.ts';
import { written } from './written.ts';

/** What is published faster than one worker takes it, and a second queue that nobody reads. */
const document = {
  format: 1,
  name: 'Orders',
  nodes: [
    { id: 'customers', kind: 'client', name: 'Customers', position: { x: 0, y: 0 } },
    {
      ...{ id: 'shop', kind: 'service', name: 'Shop', position: { x: 290, y: 0 } },
      config: {
        routes: [
          { method: 'POST', path: '/orders', steps: [{ do: 'publish', edge: 'shop-broker', to: 'orders' }] },
          { method: 'POST', path: '/notes', steps: [{ do: 'publish', edge: 'shop-broker', to: 'notes' }] },
        ],
      },
    },
    {
      ...{ id: 'broker', kind: 'broker-redis', name: 'Broker', position: { x: 580, y: 0 } },
      config: { queues: [{ name: 'orders' }, { name: 'notes' }] },
    },
    {
      ...{ id: 'worker', kind: 'service', name: 'Worker', position: { x: 870, y: 0 } },
      config: {
        consumers: [
          { edge: 'broker-worker', from: 'orders', steps: [{ do: 'wait', duration: { type: 'fixed', valueMs: 200 } }] },
        ],
      },
    },
  ],
  edges: [
    { id: 'customers-shop', source: 'customers', target: 'shop' },
    { id: 'shop-broker', source: 'shop', target: 'broker' },
    { id: 'broker-worker', source: 'broker', target: 'worker' },
  ],
  scenarios: [
    {
      name: 'busy',
      traffic: [
        {
          ...{ executor: 'constant-arrival-rate', client: 'customers', ratePerSec: 20 },
          routes: [
            { method: 'POST', path: '/orders' },
            { method: 'POST', path: '/notes' },
          ],
        },
      ],
    },
  ],
};

test('the card and the inspector of a broker show each of its queues', async ({ open, traces }) => {
  const studio = await open(written(traces, 'orders', document));
  const card = studio.node('broker');
  await expect(card.locator('[data-queue]')).toHaveCount(2);
  await expect(studio.edge('shop-broker')).toBeAttached();
  await expect(studio.edge('broker-worker')).toBeAttached();
  // What a broker delivers is drawn like any other connection.
  await studio.select('worker');
  await studio.button('Remove Worker').click();
  await expect(studio.edges).toHaveCount(2);
  await studio.button('Undo').click();
  await expect(studio.edge('broker-worker')).toBeAttached();
  await studio.button('Run').click();
  await studio.expectState('broker', 'ready');
  const depthOf = async (queue: string): Promise<number> =>
    Number(await card.locator(`[data-queue="${queue}"] [data-metric="queue-depth"]`).textContent());
  // More comes than one worker takes, and nobody takes the notes.
  await expect.poll(() => depthOf('orders'), { timeout: 20_000 }).toBeGreaterThan(5);
  await expect.poll(() => depthOf('notes'), { timeout: 20_000 }).toBeGreaterThan(5);
  await expect(card.locator('[data-queue="orders"] [data-metric="queue-flow"]')).toContainText(
    /\d\/s in · [1-9].*\/s out/,
  );
  await expect(card.locator('[data-queue="notes"] [data-metric="queue-flow"]')).toContainText(/\d\/s in · 0\/s out/);

  await card.click();
  await studio.inspector.getByRole('tab', { name: 'Live and faults' }).click();
  const orders = studio.inspector.locator('[data-queue="orders"]');
  for (const figure of ['Depth', 'In', 'Out', 'Lag', 'Oldest', 'Unacked', 'Redelivered', 'Dead-lettered', 'Lost'])
    await expect(orders).toContainText(figure);
  await picture(studio.page, 'broker');
});
