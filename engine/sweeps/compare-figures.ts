import type { AbFigure, AbFindings } from '../api/types.ts';
import { cliffsDelta } from '../experiments/statistics/effect-size.ts';
import { type Change, difference, type Pair, relativeChange } from '../experiments/statistics/paired-change.ts';
import { figures, repeated } from './figures.ts';

type Runs = AbFindings['runs'];

/**
 * Every figure of both sides. Each block gives one pair, the means of its runs of A and of B, and counts only whole: with one of its
 * runs not to be trusted, what drifted would no longer cancel. Ratios are compared by their difference, all else by its ratio.
 */
export function compareFigures(runs: Runs): AbFigure[] {
  const blocks = [...new Set(runs.map(({ block }) => block))]
    .map((block) => runs.filter((run) => run.block === block))
    .filter((block) => block.length === 4 && block.every(({ problems }) => problems.length === 0));
  return figures.map(({ name, unit, better, isRelative, of }) => {
    const valuesOf = (block: Runs, side: 'a' | 'b'): number[] =>
      block.filter((run) => run.side === side).flatMap((run) => of(run) ?? []);
    const pairs = blocks.flatMap((block): Pair[] => {
      const [a, b] = [valuesOf(block, 'a'), valuesOf(block, 'b')];
      if (a.length < 2 || b.length < 2) return [];
      return [isRelative ? [geometricMean(a), geometricMean(b)] : [mean(a), mean(b)]];
    });
    const [a, b] = (['a', 'b'] as const).map((side) => blocks.flatMap((block) => valuesOf(block, side))) as [
      number[],
      number[],
    ];
    const change = pairs.length === 0 ? null : isRelative ? relativeChange(pairs) : difference(pairs);
    return {
      name,
      unit,
      better,
      a: repeated(name, unit, a),
      b: repeated(name, unit, b),
      change: change && { value: change.value, low: change.low, high: change.high, isRelative },
      effect: cliffsDelta(a, b),
      ...verdictOf(change, better, isRelative),
    };
  });
}

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
const geometricMean = (values: readonly number[]): number => Math.exp(mean(values.map((value) => Math.log(value))));

/** Better or worse only when the whole interval says so. */
function verdictOf(
  change: Change | null,
  better: AbFigure['better'],
  isRelative: boolean,
): Pick<AbFigure, 'verdict' | 'sentence'> {
  if (!change || change.low === null || change.high === null)
    return { verdict: 'inconclusive', sentence: 'too few blocks to say' };
  const { value, low, high } = change;
  const show = (share: number): string => {
    const rounded = Number((100 * share).toFixed(Math.abs(share) < 0.095 ? 1 : 0));
    return `${Object.is(rounded, -0) ? 0 : rounded}`;
  };
  const unit = isRelative ? '%' : 'points';
  if (low <= 0 && high >= 0)
    return {
      verdict: 'no-difference-shown',
      sentence: `no difference shown: B − A is ${show(value)} ${unit} [${show(low)}, ${show(high)}]`,
    };
  const isBetter = value > 0 === (better === 'higher');
  // As a size, the smaller end first.
  const [near, far] = [Math.abs(low), Math.abs(high)].sort((x, y) => x - y) as [number, number];
  return {
    verdict: isBetter ? 'b-better' : 'a-better',
    sentence: `B ${isBetter ? 'better' : 'worse'} by ${show(Math.abs(value))} ${unit} [${show(near)}, ${show(far)}]`,
  };
}
