import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Delivery, Unacked } from './unacked.ts';

test('deliveries are settled in any order, one by one, up to one, or all', () => {
  const step = fc.tuple(fc.constantFrom('push', 'push', 'push', 'take', 'upTo', 'all', 'restore'), fc.nat(400));
  fc.assert(
    fc.property(fc.array(step, { maxLength: 300 }), (steps) => {
      const unacked = new Unacked();
      let model: number[] = [];
      let next = 1;
      const tags = (deliveries: readonly Delivery[] | undefined): number[] | undefined =>
        deliveries?.map(({ tag }) => tag);
      for (const [action, n] of steps) {
        const tag = n % (next + 1);
        if (action === 'push') {
          // Some tags are never kept: those of deliveries without acknowledgement.
          if (n % 4 > 0) {
            unacked.push({ tag: next } as Delivery);
            model.push(next);
          }
          next += 1;
        } else if (action === 'take') {
          expect(unacked.take(tag)?.tag).toBe(model.includes(tag) ? tag : undefined);
          model = model.filter((each) => each !== tag);
        } else if (action === 'upTo') {
          const is = model.includes(tag);
          expect(tags(unacked.takeUpTo(tag))).toEqual(is ? model.filter((each) => each <= tag) : undefined);
          if (is) model = model.filter((each) => each > tag);
        } else if (action === 'all' && n % 10 === 0) {
          expect(tags(unacked.takeAll())).toEqual(model);
          model = [];
        } else if (action === 'restore' && model.includes(tag)) {
          const taken = unacked.takeUpTo(tag) ?? [];
          unacked.restore([...taken].reverse());
        }
        expect([unacked.length, unacked.first()?.tag]).toEqual([model.length, model[0]]);
      }
    }),
    { numRuns: 500 },
  );
});
