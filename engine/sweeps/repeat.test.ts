import { describe, expect, it } from 'vitest';
import type { ExperimentResult, Verdict } from '../api/types.ts';
import { combinedVerdict, concludeRepeat, type Repetition } from './repeat.ts';

const repeat = (repetitions: number) => ({ of: { type: 'experiment' as const, name: 'kill' }, repetitions });

/** Of the result of an experiment, what the conclusion looks at. */
const repetition = (verdict: Verdict, value: number): Repetition => ({
  seed: 1,
  measured: null,
  experiment: {
    verdict,
    reasons: [`it ${verdict}`],
    record: null,
    recoveryMs: 100,
    probes: [{ name: 'served', phase: 'during', fault: 'fault-1', unit: 'ratio', value }],
  } as unknown as ExperimentResult,
});

describe('repetitions of an experiment', () => {
  it('pass together when all of them passed, with the share of passes that this speaks for', () => {
    const { findings, conclusion, isConclusive } = concludeRepeat(
      repeat(5),
      [0.9, 0.92, 0.91, 0.93, 0.9].map((value) => repetition('passed', value)),
    );
    expect(findings.verdict).toBe('passed');
    // Wilson: 5 of 5, 95 %.
    expect(findings.passed).toMatchObject({ count: 5, of: 5, low: expect.closeTo(0.5655, 3), high: 1 });
    expect(conclusion).toBe('All 5 repetitions passed: the share of passes lies in [57, 100] %.');
    expect(isConclusive).toBe(true);
    expect(findings.figures[0]).toMatchObject({
      name: 'during: served',
      mean: expect.closeTo(0.912),
      values: [0.9, 0.92, 0.91, 0.93, 0.9],
    });
    expect(findings.figures[1]).toMatchObject({ name: 'recovery', unit: 'ms', mean: 100, low: 100, high: 100 });
  });

  it('have intervals that end where a figure cannot be', () => {
    const { findings } = concludeRepeat(repeat(2), [repetition('passed', 1), repetition('passed', 0.5)]);
    expect(findings.figures[0]).toMatchObject({ mean: 0.75, low: 0, high: 1 });
  });

  it('fail together when one of them failed, and say how many passed', () => {
    const { findings, conclusion } = concludeRepeat(repeat(3), [
      repetition('passed', 0.9),
      repetition('failed', 0.2),
      repetition('inconclusive', 0.1),
    ]);
    expect(findings.verdict).toBe('failed');
    expect(findings.figures[0]?.values).toEqual([0.9, 0.2]);
    expect(conclusion).toMatch(/^1 of 3 repetitions passed: .* 1 gave no verdict to count\.$/);
  });

  it.each([
    [['passed', 'inconclusive'], 'inconclusive'],
    [['passed', 'aborted', 'inconclusive'], 'aborted'],
    [['aborted', 'failed'], 'failed'],
    [[], 'inconclusive'],
  ] as const)('%j are %s together', (verdicts, combined) => {
    expect(combinedVerdict(verdicts)).toBe(combined);
  });

  it('are inconclusive when there are fewer than were wanted', () => {
    expect(concludeRepeat(repeat(3), [repetition('passed', 1)]).isConclusive).toBe(false);
  });
});
