import { expect, test } from 'vitest';
import { catalogue } from '../../catalogue.ts';
import { parseDocument } from '../parse.ts';
import { priceSheets } from '../price-sheet.ts';

const orders = { id: 'orders', kind: 'service', name: 'Orders', position: { x: 0, y: 0 } };
const parse = (prices: unknown) => parseDocument({ format: 1, name: 'test', nodes: [orders], prices }, catalogue);

test('prices may differ from their sheet', () => {
  const parsed = parse({ unit: { lambdaRequest: 0.1 }, hourly: { service: 0.2 }, nodes: { orders: 0 } });
  expect(parsed.ok && parsed.document.prices).toEqual({
    sheet: priceSheets[0]?.id,
    unit: { lambdaRequest: 0.1 },
    hourly: { service: 0.2 },
    nodes: { orders: 0 },
  });
});

test('prices of what there is not are refused, all of them', () => {
  const parsed = parse({ hourly: { servise: 1 }, nodes: { order: 1 }, unit: {} });
  expect(parsed.ok ? [] : parsed.errors).toEqual([
    { path: '$.prices.nodes.order', message: expect.any(String), nextStep: 'Did you mean "orders"?' },
    { path: '$.prices.hourly.servise', message: expect.any(String), nextStep: 'Did you mean "service"?' },
  ]);
  expect(parse({ unit: { lambdaRequests: 1 } }).ok).toBe(false);
  expect(parse({ hourly: { service: -1 } }).ok).toBe(false);
});

test('every sheet says of which day it is and where its prices are published', () => {
  for (const { asOf, sources, unit, hourly } of priceSheets) {
    expect(asOf).toMatch(/^\d{4}-\d{2}-\d{2}$/);
    expect(sources.length).toBeGreaterThan(0);
    expect(Object.values(unit).every((price) => price > 0)).toBe(true);
    expect(Object.keys(hourly).filter((kind) => !catalogue.kinds.some((known) => known.kind === kind))).toEqual([]);
  }
});

test('each price of a sheet that somebody has found again is one of its prices', () => {
  for (const { unit, hourly, confirmed } of priceSheets)
    for (const { prices } of confirmed) for (const price of prices) expect(price in unit || price in hourly).toBe(true);
});
