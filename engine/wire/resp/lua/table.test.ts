import fc from 'fast-check';
import { expect, test } from 'vitest';
import { LuaTable, type LuaValue } from './table.ts';

const walked = (table: LuaTable): [LuaValue, LuaValue][] => {
  const pairs: [LuaValue, LuaValue][] = [];
  for (let pair = table.next(undefined); pair; pair = table.next(pair[0])) pairs.push(pair);
  return pairs;
};

test('a table holds what was set last, however many keys it has, and next meets each of them once', () => {
  const key = fc.oneof(
    fc.integer({ min: -3, max: 12 }),
    fc.constantFrom(...'abcdefghijklmnop', 'a long key', '1', '2', 1.5, true, false),
  );
  const step = fc.tuple(key, fc.option(fc.integer(), { nil: undefined, freq: 2 }));
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const table = new LuaTable();
      const expected = new Map<LuaValue, LuaValue>();
      for (const [at, value] of steps) {
        table.set(at, value);
        if (value === undefined) expected.delete(at);
        else expected.set(at, value);
        expect(table.get(at)).toBe(value);
      }
      for (const [at, value] of expected) expect(table.get(at)).toBe(value);
      const pairs = walked(table);
      expect(pairs).toHaveLength(expected.size);
      expect(new Map(pairs)).toEqual(expected);
    }),
    { numRuns: 500 },
  );
});

test('a key may be set to nil while the table is walked', () => {
  for (const size of [3, 40]) {
    const table = new LuaTable();
    for (let i = 0; i < size; i += 1) table.set(`k${i}`, i);
    const met: LuaValue[] = [];
    for (let pair = table.next(undefined); pair; pair = table.next(pair[0])) {
      met.push(pair[1]);
      table.set(pair[0], undefined);
    }
    expect(met).toEqual(Array.from({ length: size }, (_, i) => i));
    expect(table.next(undefined)).toBeUndefined();
  }
});
