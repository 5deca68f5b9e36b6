import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createFifo } from './fifo.ts';

test('gives back what was put in, in order, as an array would', () => {
  const steps = fc.array(fc.oneof(fc.constant('shift' as const), fc.constant('remove' as const), fc.nat()), {
    maxLength: 200,
  });
  fc.assert(
    fc.property(steps, (all) => {
      const fifo = createFifo<number>();
      let model: number[] = [];
      for (const step of all) {
        if (step === 'shift') expect(fifo.shift()).toBe(model.shift());
        else if (step === 'remove') {
          expect(fifo.remove((item) => item % 3 === 0)).toEqual(model.filter((item) => item % 3 === 0));
          model = model.filter((item) => item % 3 !== 0);
        } else {
          fifo.push(step);
          model.push(step);
        }
        expect([fifo.length, fifo.first()]).toEqual([model.length, model[0]]);
      }
    }),
  );
});

test('stays in order while thousands pass through it', () => {
  const fifo = createFifo<number>();
  let pushed = 0;
  let taken = 0;
  for (let round = 0; round < 10_000; round += 1) {
    fifo.push(pushed++);
    fifo.push(pushed++);
    expect(fifo.shift()).toBe(taken++);
  }
  expect(fifo.length).toBe(10_000);
  while (fifo.length > 0) expect(fifo.shift()).toBe(taken++);
});
