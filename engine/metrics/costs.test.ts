import { expect, test } from 'vitest';
import { lambdaDefinition } from '../kinds/function-lambda/definition.ts';
import { pricesSchema } from '../model/price-sheet.ts';
import { type CostedNode, costsOf } from './costs.ts';

const HOUR_MS = 3_600_000;

const lambda = (grown: Record<string, number>, replicaMs = HOUR_MS): CostedNode => ({
  ...{ id: 'fn', kind: 'function-lambda', grown, replicaMs },
  billed: lambdaDefinition.billed ?? [],
});
const service = (replicaMs: number): CostedNode => ({
  ...{ id: 'orders', kind: 'service', grown: {}, replicaMs, billed: [] },
});

test('the example of the price list comes to what the price list says', () => {
  // Three million requests of 120 ms at 1536 MB: 540,000 GB-seconds, 9.00 and 0.60 dollars, before the free tier.
  const grown = { invocations: 3e6, onDemandMbMs: 3e6 * 120 * 1536 };
  const costs = costsOf([lambda(grown)], HOUR_MS, undefined);
  const { lines, amount } = costs?.nodes.fn ?? { lines: [], amount: 0 };
  expect(lines.map(({ quantity }) => quantity)).toEqual([3e6, 540_000, 0, 0]);
  expect(lines[0]?.amount).toBeCloseTo(0.6);
  expect(lines[1]?.amount).toBeCloseTo(9);
  expect(amount).toBeCloseTo(9.6);
  expect(lines[1]?.from).toBe('onDemandMbMs 552960000000 / 1024000');
});

test('replicas are billed by the time that they ran, at the price of their kind or their own', () => {
  const prices = pricesSchema.parse({ hourly: { cache: 1 }, nodes: { orders: 0.5 } });
  const cache: CostedNode = { ...service(HOUR_MS / 2), id: 'cache', kind: 'cache' };
  const client: CostedNode = { ...service(HOUR_MS), id: 'client', kind: 'client' };
  const costs = costsOf([service(2 * HOUR_MS), cache, client], HOUR_MS, prices);
  expect(costs).toMatchObject({
    amount: 1.5,
    perMonth: 1.5 * 730,
    sheet: { isEdited: true },
    nodes: { orders: { amount: 1 }, cache: { amount: 0.5 } },
  });
  expect(Object.keys(costs?.nodes ?? {})).toEqual(['orders', 'cache']);
});

test('at the rate where the curves meet, both cost the same; below it the function costs less, above it more', () => {
  const grown = { invocations: 1000, onDemandMbMs: 1000 * 50 * 1769, provisionedCapacityMbMs: HOUR_MS * 512 };
  const found = costsOf([lambda(grown)], HOUR_MS, undefined)?.breakEven.fn;
  if (!found?.ratePerSec) throw new Error('they never meet');
  // An hour at that rate, as a run of its own.
  const requests = Math.round(found.ratePerSec * 3600);
  const hour = costsOf(
    [lambda({ ...grown, invocations: requests, onDemandMbMs: requests * 50 * 1769 }), service(HOUR_MS)],
    HOUR_MS,
    undefined,
  );
  expect(hour?.nodes.fn?.amount).toBeCloseTo(hour?.nodes.orders?.amount ?? 0, 5);
  for (const { ratePerSec, functionPerMonth, alwaysOnPerMonth } of found.curve)
    if (Math.abs(ratePerSec - found.ratePerSec) > 1e-9)
      expect(functionPerMonth < alwaysOnPerMonth).toBe(ratePerSec < found.ratePerSec);
});

test('where what is provisioned costs more than a machine that is always on, there is no such rate', () => {
  const grown = { invocations: 10, onDemandMbMs: 10, provisionedCapacityMbMs: HOUR_MS * 10_240 * 10 };
  expect(costsOf([lambda(grown)], HOUR_MS, undefined)?.breakEven.fn?.ratePerSec).toBeNull();
  expect(costsOf([lambda({})], HOUR_MS, undefined)?.breakEven).toEqual({});
});

test('nothing with a price costs nothing at all', () => {
  expect(costsOf([{ ...service(HOUR_MS), kind: 'client' }], HOUR_MS, undefined)).toBeNull();
});
