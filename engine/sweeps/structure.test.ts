import { expect, it } from 'vitest';
import { documentOf, node } from '../api/fixtures.ts';
import { catalogue } from '../catalogue.ts';
import { structureOf } from './structure.ts';

const edge = (source: string, target: string, config: Record<string, unknown> = {}) => ({
  ...{ id: `${source}-${target}`, source, target, config },
});
const calls = (...edges: ReturnType<typeof edge>[]) =>
  structureOf(
    documentOf({
      nodes: [
        node('callers', 'client'),
        node('shop', 'service', { replicas: 2 }),
        node('stock', 'service'),
        node('auth', 'service'),
      ],
      edges,
    }),
    catalogue.kinds,
  );

it('counts the edges on the longest way from a client, and processes without clients', () => {
  expect(calls(edge('callers', 'shop'))).toMatchObject({ hops: 1, processes: 4 });
  expect(calls(edge('callers', 'shop'), edge('shop', 'stock'), edge('shop', 'auth'), edge('auth', 'stock')).hops).toBe(
    3,
  );
});

it('ends a way that comes back to where it was', () => {
  expect(calls(edge('callers', 'shop'), edge('shop', 'stock'), edge('stock', 'shop')).hops).toBe(2);
});

it('counts what is to be looked after: values of configs, and an address for each edge', () => {
  const one = calls(edge('callers', 'shop')).settings;
  const two = calls(edge('callers', 'shop'), edge('shop', 'stock')).settings;
  // A timeout, a number of connections and keep-alive have defaults, and there is the address.
  expect(two - one).toBeGreaterThanOrEqual(4);
  expect(calls(edge('callers', 'shop', { bulkhead: { maxConcurrent: 3, maxQueued: 0 } })).settings - one).toBe(2);
});
