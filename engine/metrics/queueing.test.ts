import { describe, expect, it } from 'vitest';
import { createRandom } from '../traffic/random.ts';
import { playQueue, type Queue, waitingTimeOf } from './played-queue.fixture.ts';
import { erlangC, exponentialService, fixedService, littlesLaw } from './queueing.ts';

/** P(W ≤ t) of M/D/1 as Erlang gave it: exact, and numerically sound as long as few terms alternate. */
function erlangFixed(utilisation: number, t: number): number {
  let sum = 0;
  let factorial = 1;
  for (let k = 0; k <= Math.floor(t); k += 1) {
    if (k > 0) factorial *= k;
    sum += ((utilisation * (k - t)) ** k / factorial) * Math.exp(-utilisation * (k - t));
  }
  return (1 - utilisation) * sum;
}

describe('Erlang C', () => {
  it.each([
    // Tables in Gross, Shortle, Thompson, Harris, Fundamentals of Queueing Theory, and by hand for one and two slots.
    [0.5, 1, 0.5],
    [1, 2, 1 / 3],
    [8, 10, 0.4092],
    [90, 100, 0.2165],
  ])('of %f in %i slots is %f', (offered, slots, probability) => {
    expect(erlangC(offered, slots)).toBeCloseTo(probability, 3);
  });
});

describe('waiting times', () => {
  it('of M/M/1 are those of every textbook', () => {
    const waits = exponentialService({ ratePerSec: 80, meanMs: 10, slots: 1 });
    expect(waits.meanMs).toBeCloseTo(40, 10);
    expect(waits.shareAbove(0)).toBeCloseTo(0.8, 10);
    expect(waits.percentileMs(95)).toBeCloseTo(50 * Math.log(16), 10);
    expect(waits.percentileMs(20)).toBe(0);
  });

  it('of M/D/1 are half of that on average, and none for those that find it free', () => {
    const waits = fixedService({ ratePerSec: 80, serviceMs: 10 });
    expect(waits.meanMs).toBeCloseTo(20, 10);
    expect(waits.shareAbove(0)).toBeCloseTo(0.8, 12);
    expect(waits.percentileMs(20)).toBe(0);
  });

  it.each([0.3, 0.5, 0.7, 0.9])(
    'of M/D/1 at %f agree with the alternating formula where that is sound',
    (utilisation) => {
      const waits = fixedService({ ratePerSec: 1000 * utilisation, serviceMs: 1 });
      for (const t of [0, 0.5, 1, 1.7, 3, 4.2, 7.9])
        expect(1 - waits.shareAbove(t)).toBeCloseTo(erlangFixed(utilisation, t), 9);
    },
  );

  it.each([0.3, 0.6, 0.9, 0.98])('of M/D/1 at %f: the area above the distribution is the mean', (utilisation) => {
    const waits = fixedService({ ratePerSec: 1000 * utilisation, serviceMs: 1 });
    const STEP = 0.02;
    let area = 0;
    for (let t = STEP / 2; waits.shareAbove(t) > 1e-12; t += STEP) area += waits.shareAbove(t) * STEP;
    expect(area / waits.meanMs).toBeCloseTo(1, 3);
  });

  it.each<[string, Queue]>([
    ['M/M/1', { ratePerSec: 70, slots: 1, service: 'exponential', meanServiceMs: 10 }],
    ['M/M/4', { ratePerSec: 320, slots: 4, service: 'exponential', meanServiceMs: 10 }],
    ['M/D/1', { ratePerSec: 80, slots: 1, service: 'fixed', meanServiceMs: 10 }],
  ])('of %s are those of a queue that is played through', (_, queue) => {
    const theory = waitingTimeOf(queue);
    const durationMs = (600_000 * 1000) / queue.ratePerSec;
    const played = playQueue(queue, { warmUpMs: 10_000, durationMs }, createRandom(7));
    // 600,000 requests of one seed: a few per cent is what chance leaves.
    expect(played.meanMs / theory.meanMs).toBeCloseTo(1, 1);
    expect(played.p95Ms / theory.percentileMs(95)).toBeCloseTo(1, 1);
    expect(played.p99Ms / theory.percentileMs(99)).toBeCloseTo(1, 1);
  });

  it('do not exist where more arrives than can be handled', () => {
    expect(() => exponentialService({ ratePerSec: 100, meanMs: 10, slots: 1 })).toThrow(/without bound/);
    expect(() => fixedService({ ratePerSec: 101, serviceMs: 10 })).toThrow(RangeError);
  });
});

it("Little's law: 50 a second that stay 200 ms are 10", () => {
  expect(littlesLaw(50, 200)).toBe(10);
});
