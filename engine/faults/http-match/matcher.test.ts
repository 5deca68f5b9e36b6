import { expect, test } from 'vitest';
import { createHttpMatcher } from './matcher.ts';

const match = { method: 'any' as const, path: '', header: '', first: 0, everyNth: 1 };
const request = (target: string, headers: [string, string][] = []) => ({ method: 'GET', target, headers });

test('a pattern that would keep a regular expression busy for years is over in a moment', () => {
  const matcher = createHttpMatcher({ ...match, path: `/${'a*'.repeat(200)}b` }, 1, Math.random);
  const startedMs = performance.now();
  expect(matcher.acts(request(`/${'a'.repeat(5000)}`))).toBe(false);
  expect(performance.now() - startedMs).toBeLessThan(2000);
});

test('brackets and backslashes in a path mean themselves, and the query does not count', () => {
  const matcher = createHttpMatcher({ ...match, path: '/a[1]\\?/*' }, 1, Math.random);
  expect(matcher.acts(request('/a[1]\\x/y?z=/'))).toBe(true);
  expect(matcher.acts(request('/a1x/y'))).toBe(false);
});

test('a header counts by its name alone, or by its value', () => {
  const named = createHttpMatcher({ ...match, header: 'X-Beta' }, 1, Math.random);
  expect([named.acts(request('/', [['x-beta', '']])), named.acts(request('/'))]).toEqual([true, false]);
  const valued = createHttpMatcher({ ...match, header: 'x-beta: yes*' }, 1, Math.random);
  expect(
    [['yes'], ['yes, no'], ['no']].map(([value]) => valued.acts(request('/', [['x-beta', value as string]]))),
  ).toEqual([true, true, false]);
});
