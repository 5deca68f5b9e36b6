import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findJsonProblem } from './json-problem.ts';

describe('findJsonProblem', () => {
  it.each([
    ['{\n  "a": 1,\n}', 3, 1, '"}" stands where a name in double quotes should', false],
    ['{"a" 1}', 1, 6, '"1" stands where ":" should', false],
    ['[1 2]', 1, 4, '"2" stands where "," or "]" should', false],
    ["{'a': 1}", 1, 2, '"\'" stands where a name in double quotes should', false],
    ['[1]\n[2]', 2, 1, '"[" stands where the end of the file should', false],
    ['[01]', 1, 2, '"0" stands where a value should', false],
    ['{"a": [1, 2', 1, 12, 'the file ends where "," or "]" should stand', true],
    ['{"a": "half', 1, 7, 'the file ends where a value should stand', true],
    ['  ', 1, 3, 'the file ends where a value should stand', true],
  ])('reads %j', (text, line, column, message, truncated) => {
    expect(findJsonProblem(text)).toEqual({ line, column, message, truncated });
  });

  it('agrees with JSON.parse on what is JSON, whatever was cut out or put in', () => {
    const damaged = fc
      .tuple(
        fc.json(),
        fc.nat(),
        fc.nat(4),
        fc.constantFrom('', ',', '"', '{', ']', ':', '\\', '0', '-', 'e', ' ', '\n'),
      )
      .map(
        ([text, at, cut, put]) =>
          text.slice(0, at % (text.length + 1)) + put + text.slice((at % (text.length + 1)) + cut),
      );
    fc.assert(
      fc.property(fc.oneof(damaged, fc.string()), (text) => {
        let valid = true;
        try {
          JSON.parse(text);
        } catch {
          valid = false;
        }
        expect(findJsonProblem(text) === null).toBe(valid);
      }),
      { seed: 4, numRuns: 3000 },
    );
  });

  it('manages deep nesting and long strings', () => {
    expect(findJsonProblem('['.repeat(200_000))?.truncated).toBe(true);
    expect(findJsonProblem(`["${'x'.repeat(5_000_000)}", ]`)?.column).toBe(5_000_006);
  });
});
