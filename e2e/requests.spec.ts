import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from './browser-test.ts';
import { node, ownDocument } from './own-document.ts';
import { picture } from './pictures.ts';
import { slotShop } from './slot-shop.ts';

test('a request is sent by hand, its answer and its way are seen, and it is changed and sent again', async ({
  open,
}) => {
  const file = join(mkdtempSync(join(tmpdir(), 'archipel-e2e-')), 'slots.archipel.json');
  writeFileSync(file, JSON.stringify(slotShop()));
  const studio = await open(file);
  const { page, inspector } = studio;
  const panel = page.getByRole('region', { name: 'Measurements' });
  await studio.select('shop');
  await inspector.getByRole('tab', { name: 'Live and faults' }).click();
  await inspector.getByRole('button', { name: 'Send a request…' }).click();
  const send = panel.getByRole('button', { name: 'Send', exact: true });
  await expect(send).toBeDisabled();
  await expect(panel).toContainText('Nothing runs. Press Run, then send.');

  await studio.run();
  await studio.expectFigureAbove('shop', 'requests-per-sec', 15);
  await panel.getByRole('tab', { name: 'Requests' }).click();
  await panel.getByRole('textbox', { name: 'Headers' }).fill('x-wish: gift');
  await send.click();
  await expect(panel.getByTestId('request-status')).toHaveText('200');
  await expect(panel.getByTestId('request-latency')).toHaveText(/ms$/);
  // Sampled for certain: client and shop, whatever share of the traffic is.
  await expect(panel.getByTestId('waterfall').getByRole('button')).toHaveCount(3);
  await panel.getByRole('button', { name: 'Show its way on the canvas' }).click();
  await expect(studio.node('callers')).toHaveAttribute('data-lit', 'on');
  await expect(studio.node('shop')).toHaveAttribute('data-lit', 'on');
  await picture(page, 'request-by-hand');

  await panel.getByRole('combobox', { name: 'Path' }).fill('/nowhere');
  await page.keyboard.press('Enter');
  await expect(panel.getByTestId('request-failure')).toContainText('no-route at shop');
  await panel.getByRole('combobox', { name: 'Path' }).fill('nowhere');
  await page.keyboard.press('Enter');
  await expect(panel.getByTestId('request-error')).toContainText('must start with "/"');

  const before = panel.getByRole('region', { name: 'Requests that were sent' }).getByRole('listitem');
  await expect(before).toHaveCount(3);
  await before.last().getByRole('button').click();
  await expect(panel.getByRole('combobox', { name: 'Path' })).toHaveValue('/');
  await expect(panel.getByTestId('request-status')).toHaveText('200');
  await send.click();
  await expect(before).toHaveCount(4);

  await studio.stop();
  await studio.expectConservation();
});

const orders = ownDocument('orders', {
  format: 1,
  name: 'Orders',
  nodes: [
    node('shop', 'service', 0, {
      routes: [{ path: '/', steps: [{ do: 'publish', edge: 'shop-broker', to: 'orders' }] }],
    }),
    node('broker', 'broker-redis', 300, { queues: [{ name: 'orders' }, { name: 'unread' }] }),
    node('worker', 'service', 600, {
      consumers: [
        { edge: 'broker-worker', from: 'orders', steps: [{ do: 'wait', duration: { type: 'fixed', valueMs: 5 } }] },
      ],
    }),
  ],
  edges: [
    { id: 'shop-broker', source: 'shop', target: 'broker' },
    { id: 'broker-worker', source: 'broker', target: 'worker' },
  ],
});

test('a message is published by hand, who took it is seen, and it is changed and sent again', async ({ open }) => {
  const studio = await open(orders);
  const { page, inspector } = studio;
  const panel = page.getByRole('region', { name: 'Measurements' });
  await studio.run();
  await studio.expectAll(['shop', 'broker', 'worker'], 'ready');
  await studio.select('broker');
  await inspector.getByRole('tab', { name: 'Live and faults' }).click();
  await inspector.getByRole('button', { name: 'Publish a message…' }).click();
  const publish = panel.getByRole('button', { name: 'Publish', exact: true });
  await panel.getByRole('textbox', { name: 'Message key' }).fill('customer-7');
  await panel.getByRole('textbox', { name: 'Contents' }).fill('{"order":7}');
  // A queue reads no routing key.
  await expect(panel.getByRole('textbox', { name: 'Routing key' })).toHaveCount(0);
  await publish.click();
  await expect(panel.getByTestId('message-status')).toHaveText('confirmed');
  await expect(panel.getByRole('button', { name: /^Received by worker/ })).toBeVisible();
  await expect(studio.edge('broker-worker')).toHaveAttribute('data-lit', 'on');
  const queue = studio.node('broker').locator('[data-queue="orders"]');
  await expect(queue.locator('[data-metric="queue-depth"]')).toHaveText('0');
  await picture(page, 'message-by-hand');

  await panel.getByRole('combobox', { name: 'To' }).selectOption('unread');
  await publish.click();
  await expect(panel.getByText('Nobody has taken it yet')).toBeVisible();
  await expect(studio.node('broker').locator('[data-queue="unread"] [data-metric="queue-depth"]')).toHaveText('1');

  const before = panel.getByRole('region', { name: 'Requests that were sent' }).getByRole('listitem');
  await expect(before).toHaveCount(2);
  await before.last().getByRole('button').click();
  await expect(panel.getByRole('combobox', { name: 'To' })).toHaveValue('orders');
  await expect(panel.getByRole('textbox', { name: 'Contents' })).toHaveValue('{"order":7}');
  await publish.click();
  await expect(before).toHaveCount(3);
  await expect(panel.getByTestId('message-status')).toHaveText('confirmed');
  await studio.stop();
});
