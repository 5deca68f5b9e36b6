import { describe, expect, it } from 'vitest';
import { parseExpression } from '../model/expression.ts';
import { expressionNames, type Tolerance } from '../model/tolerance.ts';
import { tolerate } from './tolerate.ts';
import { matching, withinTime } from './within-time.ts';

describe('a value against a tolerance', () => {
  it.each<[string, unknown, Tolerance, boolean]>([
    ['the same scalar', 200, { equals: 200 }, true],
    ['a text that looks like the number', '200', { equals: 200 }, false],
    ['one of some', 204, { oneOf: [200, 204] }, true],
    ['none of some', 404, { oneOf: [200, 204] }, false],
    ['the lower bound itself', 1, { min: 1, max: 2 }, true],
    ['beyond the upper bound', 2.01, { min: 1, max: 2 }, false],
    ['a text in a range', '1', { min: 0 }, false],
    ['a pattern somewhere in a text', 'all is well', { regex: 'is' }, true],
    ['a pattern in an object as JSON', { ok: true }, { regex: '"ok":true' }, true],
    ['nothing against a pattern', undefined, { regex: '^null$' }, true],
    ['a path that finds something', { a: [1, 2] }, { jsonPath: '$.a[*]' }, true],
    ['a path that finds nothing', { a: [] }, { jsonPath: '$.a[*]' }, false],
    ['a path that finds exactly this', { a: [1, 2] }, { jsonPath: '$.a[*]', expect: [1, 2] }, true],
    ['a path that finds more than this', { a: [1, 2] }, { jsonPath: '$.a[*]', expect: [1] }, false],
    ['a path that finds so many', { a: [1, 2] }, { jsonPath: '$.a[*]', count: 2 }, true],
    ['none where none is wanted', {}, { jsonPath: '$.a', count: 0 }, true],
    ['an expression that is true', 5, { expression: 'value > before && traffic.ok === 3' }, true],
    ['an expression that is no boolean', 5, { expression: 'value' }, false],
  ])('%s', (_, value, tolerance, holds) => {
    expect(tolerate(value, tolerance, { before: 4, traffic: { ok: 3 } })).toMatchObject({ holds, problem: null });
  });

  it('has a margin where it has bounds, negative outside', () => {
    expect(tolerate(3, { min: 1, max: 10 }).margin).toBe(2);
    expect(tolerate(0.5, { min: 1 }).margin).toBe(-0.5);
    expect(tolerate(1, { equals: 1 }).margin).toBeNull();
  });

  it('that would take for ever is ended, and does not hold', () => {
    const before = performance.now();
    const judged = tolerate(`${'a'.repeat(40)}!`, { regex: '^(a+)+$' });
    expect(judged).toEqual({ holds: false, margin: null, problem: expect.stringMatching(/longer than 200 ms/) });
    expect(performance.now() - before).toBeLessThan(2000);
  });
});

describe('an expression', () => {
  const run = (text: string, scope: Record<string, unknown> = {}) => parseExpression(text, expressionNames)(scope);

  it.each<[string, unknown]>([
    ['1 + 2 * 3', 7],
    ['value === null', false],
    ['traffic.ok / traffic.issued >= 0.9 && !(value < 1)', true],
    ['value > 1 ? "high" : "low"', 'high'],
    ['routes["GET /"].ok', 4],
  ])('computes: %s', (text, wanted) => {
    const scope = { value: 2, traffic: { ok: 9, issued: 10 }, routes: { 'GET /': { ok: 4 } } };
    expect(run(text, scope)).toEqual(wanted);
  });

  it.each([
    'process.exit(1)',
    'value.constructor("return 1")()',
    'globalThis',
    'value = 2',
    '(() => 1)()',
    'new Date()',
    'import("fs")',
    'eval("1")',
    'value;value',
  ])('is refused where it could do anything else: %s', (text) => {
    expect(() => run(text, { value: {} })).toThrow();
  });

  it('sees own fields alone', () => {
    expect(run('value.own', { value: { own: 1 } })).toBe(1);
    for (const text of ['value.constructor', 'value.__proto__', 'value["toString"]'])
      expect(run(text, { value: { own: 1 } }), text).toBeUndefined();
  });
});

describe('work under a time limit', () => {
  it('gives its result, or its own error', () => {
    expect(withinTime(() => 7)).toBe(7);
    expect(() =>
      withinTime(() => {
        throw new Error('its own');
      }),
    ).toThrow('its own');
  });

  it('is ended when it does not end', () => {
    expect(() =>
      withinTime(() => {
        for (;;);
      }, 20),
    ).toThrow('longer than 20 ms');
  });

  it('finds the texts that match', () => {
    expect(matching('^b', ['a', 'b', 'bb'])).toEqual(['b', 'bb']);
  });
});
