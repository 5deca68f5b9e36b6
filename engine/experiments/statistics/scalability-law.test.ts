import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { scalabilityLaw } from '../../model/scalability-law.ts';
import { createRandom } from '../../traffic/random.ts';
import { normalFrom, shareOfPlays } from './plays.fixture.ts';
import { fitScalabilityLaw } from './scalability-law.ts';

const SIZES = [1, 2, 4, 8, 16, 32];

const pointsOf = (lambda: number, sigma: number, kappa: number, noise: () => number = () => 1, repeats = 1) =>
  SIZES.flatMap((replicas) =>
    Array.from({ length: repeats }, () => ({
      replicas,
      perSec: scalabilityLaw(replicas, lambda, sigma, kappa) * noise(),
    })),
  );

describe('the fit of the Universal Scalability Law', () => {
  it('recovers the parameters of an exact curve, and its peak', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0.1, max: 1e5, noNaN: true }),
        fc.double({ min: 0, max: 0.6, noNaN: true }),
        fc.double({ min: 0.0001, max: 0.05, noNaN: true }),
        (lambda, sigma, kappa) => {
          const fit = fitScalabilityLaw(pointsOf(lambda, sigma, kappa));
          expect((fit?.lambda.value ?? 0) / lambda).toBeCloseTo(1, 4);
          expect(fit?.sigma.value).toBeCloseTo(sigma, 4);
          expect(fit?.kappa.value).toBeCloseTo(kappa, 5);
          expect((fit?.peak?.replicas ?? 0) / Math.sqrt((1 - sigma) / kappa)).toBeCloseTo(1, 2);
          expect(fit?.worstFit).toBeLessThan(1e-4);
        },
      ),
    );
  });

  it('recovers them within bounds from noisy measurements', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 1e6 }),
        fc.double({ min: 0.02, max: 0.3, noNaN: true }),
        fc.double({ min: 0.0005, max: 0.01, noNaN: true }),
        (seed, sigma, kappa) => {
          const random = createRandom(seed);
          const noise = (): number => 0.98 + 0.04 * random();
          const fit = fitScalabilityLaw(pointsOf(100, sigma, kappa, noise, 3));
          expect(Math.abs((fit?.lambda.value ?? 0) / 100 - 1)).toBeLessThan(0.06);
          expect(Math.abs((fit?.sigma.value ?? 0) - sigma)).toBeLessThan(0.05);
          expect(Math.abs((fit?.kappa.value ?? 0) - kappa)).toBeLessThan(0.004);
        },
      ),
    );
  });

  it.each([
    [0.05, 0.002],
    [0, 0],
    [0.2, 0],
  ])('σ = %d, κ = %d lie within their intervals as often as they say', (sigma, kappa) => {
    const held = { lambda: 0, sigma: 0, kappa: 0 };
    const plays = 1500;
    shareOfPlays(plays, (random) => {
      const normal = normalFrom(random);
      const fit = fitScalabilityLaw(pointsOf(50, sigma, kappa, () => Math.exp(0.03 * normal()), 2));
      for (const [name, truth] of Object.entries({ lambda: 50, sigma, kappa }) as [keyof typeof held, number][])
        if ((fit?.[name].low ?? 1) <= truth && truth <= (fit?.[name].high ?? -1)) held[name] += 1;
      return true;
    });
    for (const count of Object.values(held)) {
      expect(count / plays).toBeGreaterThan(0.92);
      // At the edge of what is possible a one-sided interval holds more often.
      expect(count / plays).toBeLessThan(0.99);
    }
  });

  it('finds no coherency where adding replicas never costs, and says no peak', () => {
    const fit = fitScalabilityLaw(SIZES.map((replicas) => ({ replicas, perSec: 50 * replicas * 1.01 ** replicas })));
    expect(fit).toMatchObject({ sigma: { value: 0 }, kappa: { value: 0 }, peak: null });
  });

  it('says nothing of too few points, and no interval where none is left over', () => {
    expect(
      fitScalabilityLaw([
        { replicas: 1, perSec: 10 },
        { replicas: 2, perSec: 19 },
      ]),
    ).toBeNull();
    expect(fitScalabilityLaw([1, 2, 4].map((replicas) => ({ replicas, perSec: 0 })))).toBeNull();
    const fit = fitScalabilityLaw([1, 2, 4].map((n) => ({ replicas: n, perSec: scalabilityLaw(n, 10, 0.1, 0.01) })));
    expect(fit?.sigma).toEqual({ value: expect.closeTo(0.1, 6), low: null, high: null });
  });
});
