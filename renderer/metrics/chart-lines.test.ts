import { expect, it } from 'vitest';
import { createLargest, linesFor } from './chart-lines.ts';

it('lines keep their order and no two of a chart look alike', () => {
  const names = Array.from({ length: 12 }, (_, index) => `cpu:orders#${11 - index}`);
  const lines = linesFor(names);
  expect(lines[0]).toMatchObject({ name: 'cpu:orders#0', label: 'orders#0' });
  expect(lines[10]?.label).toBe('orders#10');
  expect(new Set(lines.map(({ color, dash }) => `${color} ${dash}`)).size).toBe(12);
});

it('of too many the largest are drawn, and stay for a while unless one of them is gone', () => {
  const values: Record<string, number | null> = { a: 1, b: null, c: 3, d: 2 };
  const newest = (name: string) => values[name] ?? null;
  const largest = createLargest(2);
  expect(largest(['a', 'b'], newest, 0)).toEqual(['a', 'b']);
  expect(largest(['a', 'b', 'c', 'd'], newest, 0)).toEqual(['c', 'd']);
  values.a = 9;
  expect(largest(['a', 'b', 'c', 'd'], newest, 5000)).toEqual(['c', 'd']);
  expect(largest(['a', 'b', 'c'], newest, 6000)).toEqual(['a', 'c']);
  expect(largest(['a', 'b', 'c', 'd'], newest, 22_000)).toEqual(['a', 'c']);
});
