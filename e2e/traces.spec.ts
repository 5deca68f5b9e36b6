import { expect, test } from './browser-test.ts';
import { node, ownDocument } from './own-document.ts';
import { picture } from './pictures.ts';

/** Every second request asks for what is not there. */
const half = {
  format: 1,
  name: 'Half',
  nodes: [
    node('callers', 'client', 0),
    node('gateway', 'gateway', 300),
    node('greeter', 'service', 600, {
      routes: [{ path: '/hello', steps: [{ do: 'wait', duration: { type: 'fixed', valueMs: 5 } }] }],
    }),
  ],
  edges: [
    { id: 'callers-gateway', source: 'callers', target: 'gateway' },
    { id: 'gateway-greeter', source: 'gateway', target: 'greeter' },
  ],
  scenarios: [
    {
      name: 'calm',
      traffic: [
        {
          executor: 'constant-arrival-rate',
          client: 'callers',
          ratePerSec: 20,
          routes: [{ path: '/hello' }, { path: '/nowhere' }],
        },
      ],
    },
  ],
};

const file = ownDocument('half', half);

test('a failed request shows on its way through the nodes, and how many are traced is a setting', async ({ open }) => {
  const studio = await open(file);
  const { page } = studio;
  await page.getByRole('tab', { name: 'Traces' }).click();
  await expect(page.getByText('No traces yet')).toBeVisible();

  await page.getByRole('button', { name: 'Tracing settings' }).click();
  const settings = page.getByRole('dialog');
  await settings.getByLabel('Send spans to').fill('nonsense');
  await settings.getByRole('button', { name: 'Apply' }).click();
  await expect(settings).toContainText('it is no URL');
  await settings.getByLabel('Send spans to').fill('');
  await settings.getByLabel('Sampled').fill('100');
  await settings.getByRole('button', { name: 'Apply' }).click();
  await expect(settings).toBeHidden();

  await studio.run();
  await studio.expectFigureAbove('greeter', 'requests-per-sec', 5);
  const rows = page.getByTestId('traces').getByRole('button');
  await page.getByRole('tab', { name: 'Traces' }).click();
  await expect(rows.filter({ hasText: 'GET /hello' }).first()).toBeVisible({ timeout: 40_000 });
  await page.getByRole('checkbox', { name: 'Failed' }).check();
  await expect(rows.filter({ hasText: 'GET /hello' })).toHaveCount(0);
  const failed = rows.filter({ hasText: 'no-route at greeter' });
  await expect(failed.first()).toBeVisible();
  await failed.last().click();

  const spans = page.getByTestId('waterfall').getByRole('button');
  await expect(spans).toHaveCount(5);
  await expect(spans.nth(0)).toContainText('callers GET /nowhere');
  await expect(spans.nth(1)).toContainText('GET → gateway');
  await expect(spans.nth(3)).toContainText('GET → greeter');
  await expect(spans.nth(4).getByLabel('failed: no-route')).toBeVisible();
  await spans.nth(4).click();
  await expect(page.getByTestId('waterfall')).toContainText('http.response.status_code404');
  await picture(page, 'waterfall');
  await studio.button('Use dark colours').click();
  await expect(studio.button('Use light colours')).toBeVisible();
  await picture(page, 'dark');

  await page.getByRole('checkbox', { name: 'Failed' }).uncheck();
  await page.getByLabel('Slower than').fill('600000');
  await expect(rows).toHaveCount(0);
});

/** What is ordered is told to all who want to know, and lies in a queue besides. */
const told = {
  format: 1,
  name: 'Told',
  nodes: [
    node('customers', 'client', 0),
    node('shop', 'service', 300, {
      routes: [
        {
          ...{ method: 'POST', path: '/orders' },
          steps: [{ do: 'publish', edge: 'shop-broker', to: 'orders' }],
        },
      ],
    }),
    node('broker', 'broker-redis', 600, { streams: [{ name: 'orders' }] }),
    ...['billing', 'mailing'].map((id) =>
      node(id, 'service', 900, {
        consumers: [
          { edge: `broker-${id}`, from: 'orders', steps: [{ do: 'wait', duration: { type: 'fixed', valueMs: 5 } }] },
        ],
      }),
    ),
  ].map((one) => (one.id === 'mailing' ? { ...one, position: { x: 900, y: 220 } } : one)),
  edges: [
    { id: 'customers-shop', source: 'customers', target: 'shop' },
    { id: 'shop-broker', source: 'shop', target: 'broker' },
    { id: 'broker-billing', source: 'broker', target: 'billing' },
    { id: 'broker-mailing', source: 'broker', target: 'mailing' },
  ],
  scenarios: [
    {
      name: 'calm',
      traffic: [
        {
          ...{ executor: 'constant-arrival-rate', client: 'customers', ratePerSec: 5 },
          routes: [{ method: 'POST', path: '/orders' }],
        },
      ],
    },
  ],
};

const toldFile = ownDocument('told', told);

test('from who took a message to who sent it and back, its way lit on the canvas', async ({ open }) => {
  const studio = await open(toldFile);
  const { page } = studio;
  // What is opened is brought into view as a whole.
  for (const id of ['customers', 'mailing']) await expect(studio.node(id)).toBeInViewport({ ratio: 0.99 });
  await studio.run();
  await studio.expectAll(['shop', 'broker', 'billing', 'mailing'], 'ready');
  // By then the window has shown what the run brings.
  await studio.expectFigureAbove('billing', 'requests-per-sec', 1);
  await page.getByRole('tab', { name: 'Requests' }).click();
  await page.getByRole('combobox', { name: 'Method' }).selectOption('POST');
  await studio.button('Send').click();
  await expect(page.getByTestId('request-status')).toHaveText('200');
  const waterfall = page.getByTestId('waterfall');
  const sent = waterfall.locator('button[data-span-kind="producer"]');
  const taken = waterfall.locator('button[data-span-kind="consumer"]');
  await expect(sent).toHaveCount(1);
  await expect(taken).toHaveCount(2);
  await expect(sent.getByLabel('message sent')).toBeVisible();

  await waterfall.getByRole('button', { name: /^Received by billing/ }).click();
  const billing = taken.filter({ hasText: 'billing' });
  await expect(billing).toBeFocused();
  await expect(billing).toHaveAttribute('aria-expanded', 'true');
  await expect(studio.edge('shop-broker')).toHaveAttribute('data-lit', 'on');
  await expect(studio.edge('broker-billing')).toHaveAttribute('data-lit', 'on');
  await expect(studio.edge('broker-mailing')).not.toHaveAttribute('data-lit', 'on');
  await expect(studio.edge('customers-shop')).not.toHaveAttribute('data-lit', 'on');
  await picture(page, 'message-in-a-trace');

  await waterfall
    .getByRole('button', { name: /^Sent by shop/ })
    .first()
    .press('Enter');
  await expect(sent).toBeFocused();
  await expect(studio.edge('broker-mailing')).toHaveAttribute('data-lit', 'on');
  await sent.press('Enter');
  await expect(sent).toHaveAttribute('aria-expanded', 'false');
  await expect(studio.edge('customers-shop')).toHaveAttribute('data-lit', 'on');
  await studio.stop();
});
