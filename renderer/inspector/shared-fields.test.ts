import { expect, it } from 'vitest';
import { sharedValue, shortValue } from './shared-fields.ts';

it('tells values that are the same from values that differ', () => {
  expect(sharedValue([{ a: 1 }, { a: 1 }], 'a')).toEqual({ mixed: false, value: 1 });
  expect(sharedValue([{ a: { b: 1 } }, { a: { b: 1 } }], 'a')).toEqual({ mixed: false, value: { b: 1 } });
  expect(sharedValue([{ a: 1 }, { a: 3 }, { a: 1 }], 'a')).toEqual({ mixed: true, values: [1, 3] });
  expect(sharedValue([{ a: 1 }, {}], 'a')).toEqual({ mixed: true, values: [1, undefined] });
});

it('writes a value in a few signs', () => {
  expect(shortValue(undefined, 2000)).toBe('2000');
  expect(shortValue(null, 1)).toBe('none');
  expect(shortValue(false, true)).toBe('off');
  expect(shortValue([{}], [])).toBe('1 entry');
});
