import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../faults/random.ts';
import { createConsistentHash } from './consistent-hash.ts';
import type { Endpoint, Pick } from './endpoint.ts';
import { createLeastConnections, createPowerOfTwoChoices } from './least-loaded.ts';
import { createRandom } from './random.ts';
import { createRoundRobin } from './round-robin.ts';
import { createSticky } from './sticky.ts';

const endpoints = (...weights: number[]): Endpoint[] =>
  weights.map((weight, replica) => ({
    port: 1000 + replica,
    replica,
    fullWeight: weight,
    weight,
    inFlight: 0,
    requests: 0,
    sinceMs: 0,
  }));

const sequence = (pick: Pick, candidates: Endpoint[], length: number): number[] =>
  Array.from({ length }, () => pick(candidates, undefined).replica);

const counts = (replicas: number[], of: number): number[] =>
  Array.from({ length: of }, (_, replica) => replicas.filter((chosen) => chosen === replica).length);

describe('round-robin', () => {
  it('goes strictly in turn when all weigh the same', () => {
    expect(sequence(createRoundRobin(), endpoints(1, 1, 1), 7)).toEqual([0, 1, 2, 0, 1, 2, 0]);
  });

  it('spreads weights smoothly: 5 : 1 : 1 is a a b a c a a', () => {
    expect(sequence(createRoundRobin(), endpoints(5, 1, 1), 14)).toEqual([0, 0, 1, 0, 2, 0, 0, 0, 0, 1, 0, 2, 0, 0]);
  });

  it('gives each exactly its share in every round of the sum of the weights', () => {
    const pick = createRoundRobin();
    const candidates = endpoints(7, 2, 1);
    for (let round = 0; round < 50; round += 1) expect(counts(sequence(pick, candidates, 10), 3)).toEqual([7, 2, 1]);
  });

  it('shares equally among those that stay when one leaves and returns', () => {
    const pick = createRoundRobin();
    const all = endpoints(1, 1, 1);
    sequence(pick, all, 100);
    const [d, e] = counts(sequence(pick, all.slice(0, 2), 100), 2) as [number, number];
    expect(Math.abs(d - e)).toBeLessThanOrEqual(2);
    const [a, b, c] = counts(sequence(pick, all, 300), 3) as [number, number, number];
    expect(Math.max(a, b, c) - Math.min(a, b, c)).toBeLessThanOrEqual(2);
  });
});

describe('random', () => {
  it('draws in proportion to the weights', () => {
    const [a, b, c] = counts(sequence(createRandom(seededRandom(1)), endpoints(1, 2, 5), 8000), 3) as number[];
    // Binomial with p = 1/8, 2/8 and 5/8: four standard deviations are 118, 155 and 173.
    expect(Math.abs((a as number) - 1000)).toBeLessThan(118);
    expect(Math.abs((b as number) - 2000)).toBeLessThan(155);
    expect(Math.abs((c as number) - 5000)).toBeLessThan(173);
  });
});

describe('least connections', () => {
  it('takes the one with the fewest requests in flight', () => {
    const candidates = endpoints(1, 1, 1);
    (candidates[0] as Endpoint).inFlight = 2;
    (candidates[2] as Endpoint).inFlight = 1;
    expect(sequence(createLeastConnections(), candidates, 4)).toEqual([1, 1, 1, 1]);
  });

  it('goes round where all have the same', () => {
    expect(sequence(createLeastConnections(), endpoints(1, 1, 1), 6)).toEqual([0, 1, 2, 0, 1, 2]);
  });

  it('counts what is in flight against the weight', () => {
    const candidates = endpoints(1, 4);
    (candidates[1] as Endpoint).inFlight = 2;
    expect(sequence(createLeastConnections(), candidates, 2)).toEqual([1, 1]);
    (candidates[1] as Endpoint).inFlight = 4;
    expect(sequence(createLeastConnections(), candidates, 2)).toEqual([0, 0]);
  });
});

describe('power of two choices', () => {
  it('never takes the most loaded, since it compares it with another', () => {
    const candidates = endpoints(1, 1, 1, 1);
    (candidates[3] as Endpoint).inFlight = 5;
    expect(counts(sequence(createPowerOfTwoChoices(seededRandom(7)), candidates, 1000), 4)[3]).toBe(0);
  });

  it('keeps the fullest far below random placement: about log log n above the mean', () => {
    const fullest = (pick: Pick): number => {
      const candidates = endpoints(...Array.from({ length: 50 }, () => 1));
      for (let ball = 0; ball < 50 * 20; ball += 1) pick(candidates, undefined).inFlight += 1;
      return Math.max(...candidates.map(({ inFlight }) => inFlight));
    };
    expect(fullest(createPowerOfTwoChoices(seededRandom(3)))).toBeLessThanOrEqual(23);
    expect(fullest(createRandom(seededRandom(3)))).toBeGreaterThanOrEqual(28);
  });

  it('works with a single replica', () => {
    expect(sequence(createPowerOfTwoChoices(seededRandom(1)), endpoints(1), 3)).toEqual([0, 0, 0]);
  });
});

describe('consistent hash', () => {
  const keys = Array.from({ length: 20_000 }, (_, n) => `/products/${n}`);
  const pick = createConsistentHash(createRoundRobin());
  const owners = (candidates: Endpoint[]): number[] => keys.map((key) => pick(candidates, key).replica);

  it('spreads keys evenly', () => {
    const shares = counts(owners(endpoints(1, 1, 1, 1, 1)), 5);
    // χ² with 4 degrees of freedom exceeds 18.5 in one of a thousand uniform hashes.
    const chiSquare = shares.reduce((sum, share) => sum + (share - 4000) ** 2 / 4000, 0);
    expect(chiSquare).toBeLessThan(18.5);
  });

  it('moves one key in n + 1 when a replica comes, all of them to the new one', () => {
    for (const n of [1, 2, 4, 8, 16]) {
      const before = owners(endpoints(...Array.from({ length: n }, () => 1)));
      const after = owners(endpoints(...Array.from({ length: n + 1 }, () => 1)));
      const moved = keys.flatMap((_, index) => (before[index] === after[index] ? [] : [after[index]]));
      expect(moved.every((owner) => owner === n)).toBe(true);
      expect(Math.abs(moved.length / keys.length - 1 / (n + 1))).toBeLessThan(0.01);
    }
  });

  it('moves only the keys of a replica that goes, to all of the others', () => {
    const all = endpoints(1, 1, 1, 1);
    const before = owners(all);
    const after = owners(all.filter(({ replica }) => replica !== 2));
    const heirs = keys.flatMap((_, index) => (before[index] === 2 ? [after[index]] : []));
    expect(keys.every((_, index) => before[index] === 2 || before[index] === after[index])).toBe(true);
    for (const heir of [0, 1, 3])
      expect(heirs.filter((owner) => owner === heir).length / heirs.length).toBeCloseTo(1 / 3, 1);
  });

  it('gives a replica of twice the weight twice the keys', () => {
    const [a, b] = counts(owners(endpoints(1, 2)), 2) as [number, number];
    expect(b / a).toBeGreaterThan(1.9);
    expect(b / a).toBeLessThan(2.1);
  });

  it('leaves requests without a key to round-robin', () => {
    expect(sequence(pick, endpoints(1, 1), 4)).toEqual([0, 1, 0, 1]);
  });
});

describe('sticky', () => {
  it('stays with the replica of the key, and chooses another when that is gone', () => {
    const pick = createSticky(createRoundRobin());
    const all = endpoints(1, 1, 1);
    expect(Array.from({ length: 3 }, () => pick(all, '2').replica)).toEqual([2, 2, 2]);
    expect(pick(all.slice(0, 2), '2').replica).toBe(0);
    expect(pick(all, 'nonsense').replica).toBe(1);
  });
});
