import fc from 'fast-check';
import { expect, test } from 'vitest';
import { HashValue } from './hash.ts';

test('a hash holds what was set last, in order, before it is large and after', () => {
  const field = fc.integer({ min: 0, max: 29 }).map((i) => `field ${i}`);
  const step = fc.tuple(field, fc.option(fc.string({ maxLength: 5 }), { freq: 3 }));
  fc.assert(
    fc.property(fc.array(step, { maxLength: 120 }), (steps) => {
      const hash = new HashValue();
      const expected = new Map<string, string>();
      for (const [name, text] of steps) {
        const known = expected.has(name);
        if (text === null) {
          expect(hash.delete(name)).toBe(known);
          expected.delete(name);
        } else {
          expect(hash.set(name, text)).toBe(!known);
          expected.set(name, text);
        }
        expect(hash.size).toBe(expected.size);
        expect(hash.get(name)).toBe(text ?? undefined);
      }
      expect([...hash.entries()]).toEqual([...expected]);
      expect(hash.flat()).toEqual([...expected].flat());
      const fresh = new HashValue();
      for (const [name, text] of expected) fresh.set(name, text);
      expect(hash.bytes).toBe(fresh.bytes);
    }),
    { numRuns: 300 },
  );
});
