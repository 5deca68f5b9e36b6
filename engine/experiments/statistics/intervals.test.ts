import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cliffsDelta } from './effect-size.ts';
import { meanInterval } from './mean-interval.ts';
import { difference, relativeChange } from './paired-change.ts';
import { normalFrom, shareOfPlays } from './plays.fixture.ts';
import { ratioDifference } from './ratio-difference.ts';

const PLAYS = 4000;
/** Five standard deviations of a share of 0.95 in so many plays: one test in two million fails by chance. */
const CHANCE = 5 * Math.sqrt((0.95 * 0.05) / PLAYS);

describe('the interval of a mean', () => {
  it('is the one of the textbook', () => {
    // Mean 5, s = √(10/4); t(0.975, 4) = 2.776.
    const interval = meanInterval([3, 4, 5, 6, 7]);
    expect(interval?.mean).toBe(5);
    expect(interval?.low).toBeCloseTo(5 - (2.776 * Math.sqrt(2.5)) / Math.sqrt(5), 3);
  });

  it('says nothing of no value, and has no ends with one', () => {
    expect(meanInterval([])).toBeNull();
    expect(meanInterval([7])).toEqual({ n: 1, mean: 7, standardDeviation: null, low: null, high: null });
  });

  it.each([3, 5, 10])('of %d normal values holds the truth as often as it says', (n) => {
    const share = shareOfPlays(PLAYS, (random) => {
      const normal = normalFrom(random);
      const { low, high } = meanInterval(Array.from({ length: n }, () => 40 + 6 * normal())) ?? {};
      return (low ?? 0) <= 40 && 40 <= (high ?? 0);
    });
    expect(Math.abs(share - 0.95)).toBeLessThan(CHANCE);
  });

  it('narrows as confidence falls and moves with what is added to all values', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: -1e3, max: 1e3, noNaN: true }), { minLength: 2, maxLength: 12 }),
        fc.double({ min: -1e3, max: 1e3, noNaN: true }),
        (values, shift) => {
          const wide = meanInterval(values, 0.99);
          const narrow = meanInterval(values, 0.9);
          const moved = meanInterval(values.map((value) => value + shift));
          const plain = meanInterval(values);
          expect(wide?.low as number).toBeLessThanOrEqual(narrow?.low as number);
          expect(moved?.high as number).toBeCloseTo((plain?.high as number) + shift, 5);
        },
      ),
    );
  });
});

describe("Cliff's delta", () => {
  it('counts who is above whom', () => {
    expect(cliffsDelta([1, 2, 3], [4, 5, 6])).toEqual({ delta: 1, magnitude: 'large' });
    expect(cliffsDelta([1, 2], [1, 2])).toEqual({ delta: 0, magnitude: 'negligible' });
    expect(cliffsDelta([], [1])).toBeNull();
  });

  it('turns its sign with the sides, and does not care for the unit', () => {
    const values = fc.array(fc.integer({ min: 1, max: 50 }), { minLength: 1, maxLength: 10 });
    fc.assert(
      fc.property(values, values, (a, b) => {
        const { delta } = cliffsDelta(a, b) ?? { delta: Number.NaN };
        expect(cliffsDelta(b, a)?.delta).toBeCloseTo(-delta, 12);
        expect(
          cliffsDelta(
            a.map((x) => x ** 3),
            b.map((x) => x ** 3),
          )?.delta,
        ).toBeCloseTo(delta, 12);
      }),
    );
  });
});

describe('a change between pairs', () => {
  it('is a ratio, and its inverse the other way round', () => {
    const figure = fc.double({ min: 0.01, max: 1e4, noNaN: true });
    fc.assert(
      fc.property(fc.array(fc.tuple(figure, figure), { minLength: 2, maxLength: 8 }), (pairs) => {
        const there = relativeChange(pairs);
        const back = relativeChange(pairs.map(([a, b]) => [b, a] as const));
        expect((1 + (there?.value ?? 0)) * (1 + (back?.value ?? 0))).toBeCloseTo(1, 6);
      }),
    );
  });

  it.each([3, 6])('holds the truth as often as it says with %d pairs, whatever hits both halves alike', (n) => {
    const share = shareOfPlays(PLAYS, (random) => {
      const normal = normalFrom(random);
      const pairs = Array.from({ length: n }, () => {
        const busy = Math.exp(normal());
        return [busy * Math.exp(0.05 * normal()), 1.12 * busy * Math.exp(0.05 * normal())] as const;
      });
      const { low, high } = relativeChange(pairs) ?? {};
      return (low ?? 1) <= 0.12 && 0.12 <= (high ?? 0);
    });
    expect(Math.abs(share - 0.95)).toBeLessThan(CHANCE);
  });

  it('has no ratio to something that is not positive, but a difference', () => {
    expect(relativeChange([[0, 1]])).toBeNull();
    expect(
      difference([
        [0.5, 0.75],
        [0.5, 0.75],
      ]),
    ).toEqual({ value: 0.25, low: 0.25, high: 0.25, pairs: 2 });
    expect(difference([[0, 1]])).toEqual({ value: 1, low: null, high: null, pairs: 1 });
  });
});

describe('the difference of two ratios', () => {
  it('is the one of the textbook', () => {
    // Newcombe (1998), table II, method 10: 56/70 − 48/80 = 0.2, interval 0.0524 to 0.3339.
    const { value, low, high } = ratioDifference(
      { successes: 48, samples: 80 },
      { successes: 56, samples: 70 },
      1.959964,
    );
    expect([value, low, high].map((x) => Number(x.toFixed(4)))).toEqual([0.2, 0.0524, 0.3339]);
  });

  it('holds the truth nearly as often as it says, near 1 as well', () => {
    const drawn = (random: () => number, share: number, samples: number) => ({
      samples,
      successes: Array.from({ length: samples }, () => (random() < share ? 1 : 0)).reduce<number>((x, y) => x + y, 0),
    });
    const share = shareOfPlays(PLAYS, (random) => {
      const { low, high } = ratioDifference(drawn(random, 0.99, 120), drawn(random, 0.9, 120), 1.959964);
      return low <= -0.09 && -0.09 <= high;
    });
    expect(share).toBeGreaterThan(0.935);
    expect(share).toBeLessThan(0.985);
  });

  it('says nothing without samples', () => {
    expect(ratioDifference({ successes: 0, samples: 0 }, { successes: 1, samples: 1 })).toMatchObject({
      low: -1,
      high: 1,
    });
  });
});
