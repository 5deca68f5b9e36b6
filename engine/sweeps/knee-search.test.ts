import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Measurement } from '../api/types.ts';
import { normalFrom } from '../experiments/statistics/plays.fixture.ts';
import { createRandom } from '../traffic/random.ts';
import { judge } from './judge.ts';
import { nextRate, type RateStep, type SearchPlan } from './knee-search.ts';
import { measuredAt } from './measured.fixture.ts';

const plan: SearchPlan = { startRatePerSec: 10, maxRatePerSec: 5000, growth: 1.6, resolution: 0.05 };

function search(look: (ratePerSec: number) => Omit<RateStep, 'ratePerSec'>, searched = plan): RateStep[] {
  const steps: RateStep[] = [];
  for (;;) {
    const ratePerSec = nextRate(searched, steps);
    if (ratePerSec === null) return steps;
    steps.push({ ratePerSec, ...look(ratePerSec) });
    if (steps.length > 200) throw new Error('the search does not end');
  }
}

const kneeOf = (steps: readonly RateStep[]): number => {
  const beyond = Math.min(...steps.filter(({ side }) => side === 'beyond').map(({ ratePerSec }) => ratePerSec));
  return Math.max(
    ...steps.filter(({ side, ratePerSec }) => side === 'within' && ratePerSec < beyond).map((s) => s.ratePerSec),
  );
};

const sharp = (knee: number) => (ratePerSec: number) => ({
  side: ratePerSec > knee ? ('beyond' as const) : ('within' as const),
  sure: true,
});

describe('the search of a knee', () => {
  it('finds a sharp one to its resolution, wherever it lies, in a few steps', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0.5, max: 4900, noNaN: true }),
        fc.double({ min: 0.01, max: 0.3, noNaN: true }),
        (knee, resolution) => {
          const steps = search(sharp(knee), { ...plan, resolution });
          expect(kneeOf(steps)).toBeLessThanOrEqual(knee);
          expect(kneeOf(steps) * (1 + resolution) * 1.000001).toBeGreaterThanOrEqual(knee);
          expect(steps.length).toBeLessThan(28);
        },
      ),
    );
  });

  it('finds it where measurements are noisy: goodput on a curve with a plateau, judged by its rule', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1e6 }), fc.integer({ min: 40, max: 2000 }), (seed, capacity) => {
        const normal = normalFrom(createRandom(seed));
        const steps = search((ratePerSec) => {
          // What a single slot answers in five seconds, with 1 % of noise of its own.
          const answered = Math.min(ratePerSec, capacity * (1 + 0.01 * normal())) * 5;
          const arrivals = Math.round(ratePerSec * 5);
          const measured = measuredAt(ratePerSec, { ok: Math.min(arrivals, Math.round(answered)) });
          const limits: Measurement['limits'] =
            ratePerSec > 0.9 * capacity ? { shop: { limit: 'slots', edge: null, detail: 'busy' } } : {};
          return judge({ ...measured, limits }, null, { goodputShare: 0.95, slo: null });
        });
        // By its rule the knee lies at capacity / 0.95; resolution and noise come on top.
        expect(kneeOf(steps) / (capacity / 0.95)).toBeGreaterThan(0.9);
        expect(kneeOf(steps) / (capacity / 0.95)).toBeLessThan(1.05);
        expect(steps.length).toBeLessThanOrEqual(60);
      }),
      { numRuns: 60 },
    );
  });

  it('looks on where chance may have decided, until the nearest sure rates are close', () => {
    const steps = search((ratePerSec) => ({
      side: ratePerSec > 100 ? 'beyond' : 'within',
      sure: ratePerSec < 90 || ratePerSec > 120,
    }));
    const sure = steps.filter((step) => step.sure).map(({ ratePerSec }) => ratePerSec);
    expect(Math.max(...sure.filter((rate) => rate < 100))).toBeGreaterThan(75);
    expect(Math.min(...sure.filter((rate) => rate > 100))).toBeLessThan(140);
  });

  it('goes down where the first rate is too much, and gives up when there is nothing', () => {
    expect(kneeOf(search(sharp(3)))).toBeGreaterThan(2.8);
    const steps = search(sharp(0));
    expect(steps.every(({ side }) => side === 'beyond')).toBe(true);
    expect(Math.min(...steps.map(({ ratePerSec }) => ratePerSec))).toBeGreaterThanOrEqual(10 / 64);
  });

  it('ends at the highest rate where there is no knee', () => {
    const steps = search(sharp(1e9));
    expect(steps[steps.length - 1]).toEqual({ ratePerSec: 5000, side: 'within', sure: true });
  });

  it('tries a rate that says nothing again, and ends after the third time', () => {
    const rates = search((ratePerSec) =>
      ratePerSec > 20 ? { side: 'inconclusive', sure: false } : { side: 'within', sure: true },
    ).map(({ ratePerSec }) => Number(ratePerSec.toFixed(1)));
    expect(rates).toEqual([10, 16, 25.6, 25.6, 25.6]);
  });
});
