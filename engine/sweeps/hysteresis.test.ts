import { describe, expect, it } from 'vitest';
import type { HysteresisFindings } from '../api/types.ts';
import { concludeHysteresis } from './hysteresis.ts';
import { judge } from './judge.ts';
import { measuredAt } from './measured.fixture.ts';

const sweep = { ratesPerSec: [20, 40, 100], goodputShare: 0.95, slo: null };

/** Success ratios on the way up and down again. */
const stepsOf = (...ratios: number[]): HysteresisFindings['steps'] =>
  ratios.map((ratio, index) => {
    const ratePerSec = [20, 40, 100, 40, 20][index] as number;
    const measured = measuredAt(ratePerSec, { ok: Math.round(ratePerSec * 5 * ratio) });
    return { ...measured, ...judge(measured, null, sweep), ratePerSec, way: index <= 2 ? 'up' : 'down' };
  });

describe('a load that goes up and down again', () => {
  it('shows a metastable failure when a rate that was served well is not on the way down', () => {
    const { findings, isConclusive, conclusion } = concludeHysteresis(sweep, stepsOf(1, 1, 0.4, 0.3, 0.98));
    expect(findings.metastable).toBe(true);
    expect(isConclusive).toBe(true);
    expect(findings.rates).toEqual([
      { ratePerSec: 20, successChange: expect.anything(), differs: false },
      { ratePerSec: 40, successChange: expect.objectContaining({ value: expect.closeTo(-0.7) }), differs: true },
    ]);
    expect(conclusion).toMatch(/^Metastable: at 40 per second .* −70\.0 points/);
  });

  it('shows none when all rates recover after too much load', () => {
    expect(concludeHysteresis(sweep, stepsOf(1, 1, 0.4, 1, 1))).toMatchObject({
      findings: { metastable: false },
      isConclusive: true,
    });
  });

  it.each([
    ['the load never was too much', stepsOf(1, 1, 1, 1, 1)],
    ['no rate was served well even on the way up', stepsOf(0.5, 0.5, 0.4, 0.5, 0.5)],
    ['it did not come to its end', stepsOf(1, 1, 0.4)],
  ])('says nothing when %s', (why, steps) => {
    const { findings, isConclusive, conclusion } = concludeHysteresis(sweep, steps);
    expect(findings.metastable).toBeNull();
    expect(isConclusive).toBe(false);
    expect(conclusion).toContain(why);
  });

  it('says nothing of the rest when a step cannot be trusted', () => {
    const steps = stepsOf(1, 1, 0.4, 1, 1);
    Object.assign(steps[3] as object, { side: 'inconclusive', reasons: ['The machine was too busy.'] });
    const { findings, warnings } = concludeHysteresis(sweep, steps);
    expect(findings.metastable).toBeNull();
    expect(warnings).toEqual(['1 of 5 steps say nothing: The machine was too busy.']);
  });
});
