import { describe, expect, it } from 'vitest';
import type { AbFigure, AbFindings } from '../api/types.ts';
import { normalFrom, shareOfPlays } from '../experiments/statistics/plays.fixture.ts';
import { createRandom } from '../traffic/random.ts';
import { compareFigures } from './compare-figures.ts';
import { measuredAt } from './measured.fixture.ts';

/** ABBA blocks in which a p99 of A is 100 ms, of B so many times that; both drift, and both are noisy. */
function runsOf(blocks: number, ratio: number, random: () => number): AbFindings['runs'] {
  const normal = normalFrom(random);
  return Array.from({ length: blocks }, (_, block) =>
    (['a', 'b', 'b', 'a'] as const).map((side, place) => {
      const drift = 1 + 0.1 * (4 * block + place);
      const p99 = 100 * drift * (side === 'b' ? ratio : 1) * Math.exp(0.02 * normal());
      return { ...measuredAt(50, { latencyMs: { p50: 10, p95: 20, p99 } }), side, block };
    }),
  ).flat();
}

const p99Of = (runs: AbFindings['runs']): AbFigure =>
  compareFigures(runs).find(({ name }) => name === 'p99') as AbFigure;

describe('two documents in turns', () => {
  it('says by how much one is better, whatever drifts', () => {
    const { verdict, sentence, change } = p99Of(runsOf(6, 0.88, createRandom(3)));
    expect(verdict).toBe('b-better');
    expect(sentence).toMatch(/^B better by 1[1-3] % \[\d+(\.\d)?, \d+(\.\d)?\]$/);
    expect(change?.value).toBeCloseTo(-0.12, 1);
    expect(p99Of(runsOf(6, 1.3, createRandom(3)))).toMatchObject({
      verdict: 'a-better',
      sentence: expect.stringMatching(/^B worse by (29|3\d) %/),
    });
  });

  it('finds a difference where there is none in one of twenty comparisons, as 95 % say', () => {
    const plays = 2000;
    const wrong = shareOfPlays(plays, (random) => p99Of(runsOf(4, 1, random)).verdict !== 'no-difference-shown');
    expect(Math.abs(wrong - 0.05)).toBeLessThan(5 * Math.sqrt((0.05 * 0.95) / plays));
  });

  it('leaves a block with a run that cannot be trusted out, and says nothing of a single block', () => {
    const runs = runsOf(2, 0.5, createRandom(1));
    expect(p99Of(runs).verdict).toBe('b-better');
    Object.assign(runs[5] as object, { problems: ['The machine was too busy.'] });
    expect(p99Of(runs)).toMatchObject({
      verdict: 'inconclusive',
      sentence: 'too few blocks to say',
    });
  });

  it('compares a success ratio by its difference', () => {
    const runs = runsOf(3, 1, createRandom(1)).map((run, index) => ({
      ...run,
      successRatio: (run.side === 'b' ? 0.99 : 0.9) + 0.0001 * index,
    }));
    const success = compareFigures(runs).find(({ name }) => name === 'success');
    expect(success).toMatchObject({ verdict: 'b-better', change: { isRelative: false }, effect: { delta: 1 } });
    expect(success?.sentence).toMatch(/^B better by 9(\.0)? points/);
  });
});
