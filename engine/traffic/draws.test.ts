import { expect, test } from 'vitest';
import type { Session } from '../model/executors/fields.ts';
import { createDrawing } from './draws.ts';

type Route = Parameters<typeof createDrawing>[0]['routes'][number];

const route = (path: string, options: Partial<Route> = {}): Route => ({
  method: 'GET',
  path,
  weight: 1,
  parameters: [],
  bodyBytes: { type: 'fixed', sizeBytes: 0 },
  ...options,
});
const session: Session = { order: 'mix', requests: 5, thinkTime: { type: 'exponential', meanMs: 100 } };
const user = route('/users/:id', { parameters: [{ name: 'id', keys: 1000, skew: 1 }] });
const order = route('/orders', { method: 'POST', bodyBytes: { type: 'lognormal', medianBytes: 500, sigma: 1 } });

const keysOf = (routes: Route[], seed: number, member = 0): number[][] => {
  const draws = createDrawing({ seed, routes, session })(member);
  return Array.from({ length: 100 }, () => draws.keys(0));
};

test('the same seed draws the same routes, keys, sizes and think times; another seed others', () => {
  const all = (seed: number, member: number) => {
    const draws = createDrawing({ seed, routes: [user, order], session })(member);
    return Array.from({ length: 50 }, () => [draws.route(), draws.keys(0), draws.bodyBytes(1), draws.thinkMs()]);
  };
  expect(all(1, 0)).toEqual(all(1, 0));
  expect(all(2, 0)).not.toEqual(all(1, 0));
  expect(all(1, 1)).not.toEqual(all(1, 0));
});

test('another route, another weight and other think times shift no key', () => {
  const keys = keysOf([user], 4);
  expect(keysOf([user, order, route('/more')], 4)).toEqual(keys);
  expect(keysOf([{ ...user, weight: 9 }], 4)).toEqual(keys);
  const thinking = createDrawing({ seed: 4, routes: [user], session })(0);
  expect(
    Array.from({ length: 100 }, () => {
      thinking.thinkMs();
      thinking.route();
      return thinking.keys(0);
    }),
  ).toEqual(keys);
});

test('users draw independently of each other, whatever order they come in', () => {
  const drawing = createDrawing({ seed: 9, routes: [user], session });
  const [first, second] = [drawing(1), drawing(2)];
  const interleaved = Array.from({ length: 40 }, () => [first.keys(0), second.keys(0)]);
  expect(interleaved.map(([keys]) => keys)).toEqual(keysOf([user], 9, 1).slice(0, 40));
  expect(interleaved.map(([, keys]) => keys)).toEqual(keysOf([user], 9, 2).slice(0, 40));
});

test('routes are picked by their weights', () => {
  const count = 100_000;
  const shares = [0.6, 0.3, 0.1];
  const routes = shares.map((share, index) => route(`/${index}`, { weight: share * 10 }));
  const draws = createDrawing({ seed: 3, routes, session })(0);
  const counts = [0, 0, 0];
  for (let drawn = 0; drawn < count; drawn += 1) {
    const index = draws.route();
    counts[index] = (counts[index] as number) + 1;
  }
  // Five standard errors, and the seed is fixed.
  for (const [index, share] of shares.entries())
    expect(Math.abs((counts[index] as number) - share * count)).toBeLessThan(
      5 * Math.sqrt(count * share * (1 - share)),
    );
});

test('sizes follow their distribution, in whole bytes', () => {
  const drawn = (bodyBytes: Route['bodyBytes']): number[] => {
    const draws = createDrawing({ seed: 6, routes: [route('/', { method: 'POST', bodyBytes })], session })(0);
    return Array.from({ length: 20_001 }, () => draws.bodyBytes(0)).sort((a, b) => a - b);
  };
  const uniform = drawn({ type: 'uniform', minBytes: 10, maxBytes: 12 });
  expect(new Set(uniform)).toEqual(new Set([10, 11, 12]));
  const lognormal = drawn({ type: 'lognormal', medianBytes: 2000, sigma: 1 });
  expect(lognormal.every(Number.isInteger)).toBe(true);
  expect((lognormal[10_000] as number) / 2000).toBeCloseTo(1, 1);
  expect(Math.log((lognormal[16_826] as number) / 2000)).toBeCloseTo(1, 1);
  expect(drawn({ type: 'lognormal', medianBytes: 16_000_000, sigma: 5 }).at(-1)).toBe(16_777_216);
});
