import { expect, it } from 'vitest';
import { largest, linesFor } from './chart-lines.ts';

it('lines keep their order and no two of a chart look alike', () => {
  const names = Array.from({ length: 12 }, (_, index) => `cpu:orders#${11 - index}`);
  const lines = linesFor(names);
  expect(lines[0]).toMatchObject({ name: 'cpu:orders#0', label: 'orders#0' });
  expect(lines[10]?.label).toBe('orders#10');
  expect(new Set(lines.map(({ color, dash }) => `${color} ${dash}`)).size).toBe(12);
});

it('of too many the largest are drawn', () => {
  const newest = (name: string) => ({ a: 1, b: null, c: 3, d: 2 })[name] ?? null;
  expect(largest(['a', 'b', 'c', 'd'], newest, 2)).toEqual(['c', 'd']);
  expect(largest(['a', 'b'], newest, 2)).toEqual(['a', 'b']);
});
