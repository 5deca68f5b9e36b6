import { expect, test } from 'vitest';
import { lambdaDefinition } from '../kinds/function-lambda/definition.ts';
import { costsOf } from '../metrics/costs.ts';
import { breakEvenWords, costTotal, money } from './costs.ts';
import { renderReport } from './formats.ts';
import { runReport } from './report.fixture.ts';

const HOUR_MS = 3_600_000;

const costs = costsOf(
  [
    {
      ...{ id: 'orders', kind: 'function-lambda', replicaMs: HOUR_MS, billed: lambdaDefinition.billed ?? [] },
      grown: { invocations: 3000, onDemandMbMs: 3000 * 40 * 1769 },
    },
  ],
  HOUR_MS,
  undefined,
);

test.each([
  [0, '$0'],
  [0.0000166667, '$0.0000167'],
  [0.2, '$0.2'],
  [36.0412, '$36.04'],
  [1234.5, '$1235'],
])('an amount of %s reads %s', (amount, text) => expect(money(amount)).toBe(text));

test('a report tells each quantity, the counter that it is from, and where the curves meet', async () => {
  const report = runReport();
  report.result.costs = costs;
  const [html, markdown] = await Promise.all(
    (['html', 'md'] as const).map(async (format) => String((await renderReport(report, format)).content)),
  );
  const { ratePerSec } = costs?.breakEven.orders ?? {};
  for (const text of [html, markdown]) {
    expect(text).toContain('onDemandMbMs 212280000 / 1024000');
    expect(text).toContain('207.3 GB-s');
    expect(text).toContain('AWS, US East (N. Virginia), Cloudflare Workers and Vercel, 2025-08-01');
    expect(text).toContain(`up to ${Number(ratePerSec?.toPrecision(4))} requests per second`);
  }
  expect(html).toContain('against an always-on replica, a month');
  // Two curves of straight lines.
  const section = html?.slice(html.indexOf('id="costs"'), html.indexOf('id="changes"'));
  expect(section?.match(/p-line p-(sent|ok)" d="M/g)?.length).toBe(2);
});

test('a run of which no cost is known says nothing of any', async () => {
  const report = runReport();
  expect(String((await renderReport(report, 'html')).content)).not.toContain('id="costs"');
});

test('it is told in words which of the two is cheaper at any rate', () => {
  const found = costs?.breakEven.orders;
  if (!found || !costs) throw new Error('there is none');
  expect(breakEvenWords('orders', { ...found, ratePerSec: null, standingPerHour: 1 })).toContain(
    'is cheaper at any rate',
  );
  expect(costTotal(costs)).toMatch(/^\$0\.00\d+ in all, \$\d/);
});
